"""Digits as arrays, and what is said when there are none to be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 28  # pixels


class DataError(ValueError):
    """A data set that cannot be used, with what to do about it."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images uint8 [N, 28, 28] (ink = 255) and their classes uint8 [N]; None if they have none."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8] | None

    def __len__(self) -> int:
        return len(self.images)
