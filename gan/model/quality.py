"""Is it any good? Generated digits, judged by a small digit classifier of this project's own.

The Frechet distance here is between Gaussians fitted to that classifier's features. It is not FID,
which uses Inception features of natural photographs; its scale is this classifier's own, so it is
always given beside a floor: the distance of real digits from other real digits at the same size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from gan.data import Digits, from_network, to_network
from gan.events import Quality
from gan.model import bundle, classifier

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """Mean [D] and covariance [D, D] of features [N, D]."""

    mean: Features
    covariance: Features

    @classmethod
    def fit(cls, features: NDArray[np.floating]) -> Gaussian:
        """The Gaussian with the mean and covariance of `features` [N, D]."""
        wide = features.astype(np.float64)
        return cls(wide.mean(axis=0), np.cov(wide, rowvar=False))


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """|mean_a - mean_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)) (Dowson and Landau 1982, eq. 3).

    The trace of the root is the sum of the roots of the eigenvalues of A^(1/2) C_b A^(1/2) with
    A = C_a, which is symmetric, so that no complex number ever appears.
    """
    values, vectors = np.linalg.eigh(a.covariance)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    product = np.clip(np.linalg.eigvalsh(root @ b.covariance @ root), 0, None)
    difference = a.mean - b.mean
    distance = difference @ difference + np.trace(a.covariance) + np.trace(b.covariance)
    return float(distance - 2 * np.sqrt(product).sum())


class Judge:
    """Compares generators with one set of real digits, at one sample size.

    `samples` is cut to half the real digits, because the floor compares two halves of them.
    """

    def __init__(self, real: NDArray[np.uint8], samples: int, seed: int = 0) -> None:
        self.samples = min(samples, len(real) // 2)
        order = np.random.default_rng(seed).permutation(len(real))[: 2 * self.samples]
        self._real, self._other_real = np.split(real[order], 2)

    @cached_property
    def reference(self) -> Gaussian:
        """The Gaussian of the real digits that generated ones are compared with."""
        return Gaussian.fit(classifier.judge(to_network(self._real))[0])

    @cached_property
    def floor(self) -> float:
        """Frechet distance of real digits from other real digits."""
        other = Gaussian.fit(classifier.judge(to_network(self._other_real))[0])
        return frechet_distance(self.reference, other)

    def quality(
        self, generate: bundle.Generate, noise: NDArray[np.float32], step: int, seconds: float
    ) -> Quality:
        """Judge the digits that `generate` makes of `noise` [samples, latent_dim]."""
        # Rounded to eight bits and back, as the real digits are: a distance must not measure that.
        digits = to_network(from_network(generate(noise)))
        features, probabilities = classifier.judge(digits)
        classes = np.bincount(probabilities.argmax(axis=1), minlength=10)
        return Quality(
            step=step,
            seconds=seconds,
            samples=self.samples,
            frechet_distance=frechet_distance(Gaussian.fit(features), self.reference),
            floor=self.floor,
            coverage=tuple(float(share) for share in classes / self.samples),
            confidence=float(probabilities.max(axis=1).mean()),
        )


@lru_cache(maxsize=2)
def judge_of(digits: Digits, samples: int) -> Judge:
    """A `Judge` that remembers what it measured of `digits`, for one run after the other."""
    return Judge(digits.images, samples)
