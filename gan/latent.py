"""The geometry of noise: drawing latent vectors and moving between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

RANGE: Final = 3.0
"""Sliders reach from -RANGE to RANGE: 99.7% of a standard normal's draws."""


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


def to_text(z: Array | list[float]) -> str:
    """`z` as an address carries it: two decimals, separated by commas."""
    return ",".join(f"{value:.2f}".removesuffix(".00") for value in z)


def from_text(text: str, latent_dim: int) -> list[float]:
    """Read what `to_text` wrote, for a network of `latent_dim` numbers.

    Raises `LatentError` for a wrong length, something that is not a finite number, or a number
    outside [-RANGE, RANGE].
    """
    parts = text.split(",")
    if len(parts) != latent_dim:
        raise LatentError(
            f"This address carries a noise vector of {len(parts)} numbers; this network takes "
            f"{latent_dim}."
        )
    try:
        values = [float(part) for part in parts]
    except ValueError:
        raise LatentError("This address carries a noise vector that is not numbers.") from None
    if not all(abs(value) <= RANGE for value in values):  # a NaN compares false
        raise LatentError(
            f"This address carries a noise vector with numbers outside -{RANGE:g} to {RANGE:g}."
        )
    return values
