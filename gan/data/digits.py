"""Digits as arrays, and what is said when there are none to be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 28  # pixels
Split = Literal["train", "test"]
"""The part of a data set that networks learn from, and the part that they never see."""


class DataError(ValueError):
    """A data set that cannot be used, with what to do about it."""


class NotDownloaded(DataError):
    """A data set that can be fetched is not on this machine yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images uint8 [N, 28, 28] (ink = 255) and their classes uint8 [N]; None if they have none."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8] | None

    def __len__(self) -> int:
        return len(self.images)
