"""The real digits that all runs on MNIST's digits are judged against, as the classifier sees them.

They are MNIST's 10,000 test digits: neither the classifier nor any run has learned from them. What
is kept of each class, beside the classifier in ``assets/``, is what a Gaussian needs, so that a run
on a few classes is judged against these, and nobody has to download anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data import registry
from gan.data.array_files import read_npz
from gan.model.frechet import Gaussian, Reference
from gan.settings.config import CLASSES, TrainConfig

PATH: Final = Path(__file__).parents[2] / "assets" / "reference.npz"
_COUNTS, _MEANS, _COVARIANCES = "counts", "means", "covariances"


def classes_of(config: TrainConfig) -> tuple[int, ...]:
    """The classes of MNIST that a run is judged against; none for a run on other pictures."""
    return config.chosen_classes if registry.has_digits(config.data) else ()


@cache
def reference(classes: tuple[int, ...]) -> Reference:
    """The test digits of `classes`, each as often as it comes among them.

    Raises `gan.data.datasets.DataError` if the file is missing or damaged.
    """
    kept = read(PATH)
    chosen = list(classes)
    counts, means = kept[_COUNTS][chosen].astype(float), kept[_MEANS][chosen].astype(float)
    covariances = kept[_COVARIANCES][chosen].astype(float)
    return Reference(_mixture(counts, means, covariances))


def read(path: Path) -> Mapping[str, NDArray[Any]]:
    """What `write` kept. Raises `gan.data.datasets.DataError` if the file is missing or damaged."""
    return read_npz(path, (_COUNTS, _MEANS, _COVARIANCES))


def write(features: NDArray[np.float32], labels: NDArray[np.integer], path: Path = PATH) -> None:
    """Keep what `reference` needs of digits' features [N, 64] and their classes [N]."""
    parts = [features[labels == digit].astype(float) for digit in range(CLASSES)]
    counts = np.array([len(part) for part in parts], np.int32)
    means = np.stack([part.mean(axis=0) for part in parts]).astype(np.float32)
    covariances = np.stack([np.cov(part, rowvar=False) for part in parts]).astype(np.float32)
    arrays = {_COUNTS: counts, _MEANS: means, _COVARIANCES: covariances}
    np.savez_compressed(path, **arrays)
    reference.cache_clear()


def _mixture(
    counts: NDArray[np.float64], means: NDArray[np.float64], covariances: Sequence[np.ndarray]
) -> Gaussian:
    """The Gaussian of all digits, from those of their classes."""
    mean = counts @ means / counts.sum()
    scatter = sum(
        (count - 1) * covariance + count * np.outer(own - mean, own - mean)
        for count, own, covariance in zip(counts, means, covariances, strict=True)
    )
    return Gaussian(mean, scatter / (counts.sum() - 1))
