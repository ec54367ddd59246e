"""The hash that stands for chance wherever Python and the browser have to draw the same."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

WORD: Final = np.uint64(0xFFFFFFFF)
_SPREAD: Final = np.uint64(0x9E3779B9)


def hashed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of MurmurHash3 (Appleby 2011), of 32 bits in 64."""
    bits = ((bits ^ (bits >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & WORD
    bits = ((bits ^ (bits >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & WORD
    return bits ^ (bits >> np.uint64(16))


def mixed(seed: int, count: int) -> NDArray[np.uint64]:
    """`count` words of 32 bits, fixed by `seed`, each a hash of its place."""
    places = np.arange(count, dtype=np.uint64) * _SPREAD
    return hashed((hashed(np.array([seed], np.uint64)) + places) & WORD)
