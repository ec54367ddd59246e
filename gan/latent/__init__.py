"""The geometry of noise: drawing latent vectors, moving between them, spelling them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.network_file import hashing

Array = NDArray[np.float32]
Hundredths = NDArray[np.float64]
"""A latent vector as an address carries it: numbers from -RANGE to RANGE in steps of 0.01."""

RANGE: Final = 3.0
"""Sliders reach from -RANGE to RANGE: 99.7% of a standard normal's draws."""
_MOST: Final = round(100 * RANGE)
_MOST_CHANGES: Final = 16  # beyond that, the whole vector is as short
_SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class LatentError(ValueError):
    """A latent vector that does not fit the network."""


def sample(count: int, latent_dim: int, seed: int) -> Array:
    """`count` standard normal latent vectors, float32 [count, latent_dim], fixed by `seed`."""
    generator = np.random.Generator(np.random.Philox(seed))
    return generator.standard_normal((count, latent_dim), dtype=np.float32)


def even_classes(count: int, classes: Sequence[int]) -> NDArray[np.int32]:
    """`count` classes, int32 [count], that take turns: what a conditional network is asked for."""
    return np.resize(np.array(classes, np.int32), count)


def lerp(start: Array, end: Array, fraction: float) -> Array:
    """Straight line from `start` (fraction 0) to `end` (1). Its middle has too small a norm."""
    return (start + np.float32(fraction) * (end - start)).astype(np.float32)


def slerp(start: Array, end: Array, fraction: float) -> Array:
    """Great-circle path between two vectors of shape [latent_dim] (Shoemake 1985).

    Direction turns at constant speed and length changes evenly, so that every point on the way
    is as probable a draw as the ends. Falls back to `lerp` where no single great circle is
    defined: a zero vector, or two that point the same or the opposite way.
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) == 0.0:
        return lerp(start, end, fraction)
    cosine = float(np.clip(np.dot(start / lengths[0], end / lengths[1]), -1.0, 1.0))
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return lerp(start, end, fraction)
    direction = (
        np.sin((1 - fraction) * angle) * start / lengths[0]
        + np.sin(fraction * angle) * end / lengths[1]
    ) / np.sin(angle)
    length = (1 - fraction) * lengths[0] + fraction * lengths[1]
    return np.asarray(direction * length, dtype=np.float32)


def normals(seed: int, latent_dim: int) -> Hundredths:
    """`latent_dim` normal numbers in hundredths from -RANGE to RANGE, fixed by `seed` (32 bits).

    The browser's `web/latent` draws the same, so that an address needs only the seed. Salmon et al.
    2011 call it a counter-based generator: a number is a hash of its place. The numbers come by Box
    and Muller 1958.
    """
    bits = hashing.mixed(seed, 2 * latent_dim).astype(np.float64)
    radius = np.sqrt(-2 * np.log((bits[::2] + 1) / 2**32))
    return _levels(radius * np.cos(2 * np.pi * bits[1::2] / 2**32)) / 100


def spelled(z: NDArray[np.floating], seed: int | None = None) -> str:
    """`z` [latent_dim], rounded to hundredths, as the page's address carries it.

    ``s1f3kz`` is what that seed (in base 36) draws, ``s1f3kz_3.-120`` the same with its third
    number at -1.2, ``o_3.-120`` all zeros but that; a vector with more changes than those allow is
    ``v`` and two characters a number. `seed` is the one that `z` was drawn from, if there is one.
    """
    levels = _levels(np.asarray(z, np.float64))
    base = np.zeros(len(levels)) if seed is None else _levels(normals(seed, len(levels)))
    changed = np.flatnonzero(levels != base)
    if len(changed) <= _MOST_CHANGES:
        start = "o" if seed is None else "s" + np.base_repr(seed, 36).lower()
        return start + "".join(f"_{place + 1}.{levels[place]:.0f}" for place in changed)
    return "v" + "".join(_SIGNS[up >> 6] + _SIGNS[up & 63] for up in (levels + _MOST).astype(int))


def from_text(text: str, latent_dim: int) -> tuple[Hundredths, int | None]:
    """What `spelled` was given, for a network of `latent_dim` numbers: the vector and its seed.

    Reads numbers with commas between them as well, as addresses were once. Raises `LatentError`
    for a wrong length, a number outside [-RANGE, RANGE], and what is none of these.
    """
    if text.startswith("v"):
        return _from_signs(text[1:], latent_dim), None
    start, *changes = text.split("_")
    seed = int(start[1:], 36) if re.fullmatch("s[0-9a-z]{1,7}", start) else None
    if (seed is None and start != "o") or (seed or 0) >= 2**32:
        return _from_numbers(text, latent_dim), None
    z = np.zeros(latent_dim) if seed is None else normals(seed, latent_dim)
    for change in changes:
        found = re.fullmatch(r"([0-9]{1,4})\.(-?[0-9]{1,3})", change)
        if not found:
            raise LatentError("The noise vector cannot be read: it is damaged.")
        place, level = map(int, found.groups())
        if not 1 <= place <= latent_dim:
            raise LatentError(
                f"The noise vector has its number {place} changed; this network takes {latent_dim}."
            )
        z[place - 1] = _within(np.array(level)) / 100
    return z, seed


def _from_signs(text: str, latent_dim: int) -> Hundredths:
    if len(text) % 2 or not set(text) <= set(_SIGNS):
        raise LatentError("The noise vector cannot be read: it is damaged.")
    _check_length(len(text) // 2, latent_dim)
    signs = np.array([_SIGNS.index(sign) for sign in text])
    return _within(64 * signs[::2] + signs[1::2] - _MOST) / 100


def _from_numbers(text: str, latent_dim: int) -> Hundredths:
    parts = text.split(",")
    if not all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", part) for part in parts):
        raise LatentError(
            "This is no noise vector: it is neither a seed with changes nor a row of numbers."
        )
    _check_length(len(parts), latent_dim)
    return _levels(_within(100 * np.array([float(part) for part in parts])) / 100) / 100


def _levels(z: Hundredths) -> Hundredths:
    """`z` in whole hundredths inside the range, halves upwards, as JavaScript rounds."""
    hundredths = 100 * np.clip(z, -RANGE, RANGE)
    below = np.floor(hundredths)
    rounded: Hundredths = below + (hundredths - below >= 0.5) + 0.0  # no -0
    return rounded


def _within(levels: NDArray[Any]) -> NDArray[Any]:
    if np.any(np.abs(levels) > _MOST):
        raise LatentError(f"The noise vector has numbers outside -{RANGE:g} to {RANGE:g}.")
    return levels


def _check_length(found: int, latent_dim: int) -> None:
    if found != latent_dim:
        raise LatentError(f"The noise vector has {found} numbers; this network takes {latent_dim}.")
