"""How pictures look, in few numbers: where their outlines run in which direction. No label enters.

Pictures are set upright by their moments, so that handwriting loses its slant; then each of 7 x 7
places says how much outline of each of eight directions it has (histograms of oriented gradients,
Dalal and Triggs 2005), and of these numbers the principal components are kept.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan.data.digits import SIDE

COMPONENTS: Final = 50
PLACES: Final = 7
"""Along each side, each twice as wide as the distance from one to the next."""
MOST_SLANT: Final = 1.0
"""How many pixels to the side for each up a picture may be sheared."""
AT_ONCE: Final = 500
"""Pictures whose arrays stay in a processor's cache."""
_AXIS: Final = np.arange(SIDE, dtype=np.float32)


def upright(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pictures [N, 28, 28], their mass in the middle column and their axis upright.

    Rows are moved to the side: by the slope of the least squares line through the ink, which is the
    covariance of its coordinates over the variance of its heights.
    """
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)
    mass = rows.sum(axis=1) + np.float32(1e-6)
    y, x = rows @ _AXIS / mass, columns @ _AXIS / mass
    variance = rows @ _AXIS**2 / mass - y * y
    covariance = (ink @ _AXIS) @ _AXIS / mass - x * y
    slope = np.clip(covariance / np.maximum(variance, 1e-3), -MOST_SLANT, MOST_SLANT)
    moves = slope[:, None] * (_AXIS - y[:, None]) + (x - (SIDE - 1) / 2)[:, None]
    whole = np.floor(moves)
    part = (moves - whole)[:, :, None].astype(np.float32)
    places = whole.astype(np.intp)[:, :, None] + np.arange(SIDE + 1) + SIDE
    wide = np.pad(ink, ((0, 0), (0, 0), (SIDE, SIDE)))
    moved = np.take_along_axis(wide, np.clip(places, 0, wide.shape[2] - 1), axis=2)
    straight: NDArray[np.float32] = moved[:, :, :-1] * (1 - part) + moved[:, :, 1:] * part
    return straight


def outlines(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outlines [N, 8 * PLACES * PLACES] of pictures [N, 28, 28]: square roots of their lengths.

    A gradient counts for the two of the eight directions that it lies between, as the sum of two
    vectors along them.
    """
    right, down = np.zeros_like(ink), np.zeros_like(ink)
    right[:, :, 1:-1] = ink[:, :, 2:] - ink[:, :, :-2]
    down[:, 1:-1] = ink[:, 2:] - ink[:, :-2]
    diagonals = [np.minimum(sx * right, sy * down) for sx in (1, -1) for sy in (1, -1)]
    towards = (
        *(sign * right - abs(down) for sign in (1, -1)),
        *(sign * down - abs(right) for sign in (1, -1)),
        *(np.float32(np.sqrt(2)) * each for each in diagonals),
    )
    near = _nearness()
    pooled = [near @ (np.maximum(each, 0) @ near.T) for each in towards]
    lengths: NDArray[np.float32] = np.stack(pooled, axis=1).reshape(len(ink), -1)
    return np.sqrt(lengths)


def features(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The principal components [N, `COMPONENTS`] of the outlines of `images` uint8 [N, 28, 28]."""
    parts = [
        outlines(upright(images[start : start + AT_ONCE].astype(np.float32) / np.float32(255)))
        for start in range(0, len(images), AT_ONCE)
    ]
    values = np.concatenate(parts)
    values -= values.mean(axis=0)
    _, axes = np.linalg.eigh(values.T @ values / np.float32(len(values)))
    kept: NDArray[np.float32] = values @ axes[:, ::-1][:, :COMPONENTS]
    return kept


def _nearness() -> NDArray[np.float32]:
    """How near each pixel of a row is to each place, [PLACES, 28]: 1 there, 0 at the next."""
    width = SIDE / PLACES
    centres = (np.arange(PLACES) + 0.5) * width - 0.5
    near: NDArray[np.float32] = np.maximum(1 - abs(_AXIS - centres[:, None]) / width, 0)
    return near.astype(np.float32)
