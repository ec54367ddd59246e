"""How far a crowd of points is from a Gaussian, whatever the size of the crowd.

The Frechet distance of N points hangs on N: by chance alone, fewer points seem further off, in
proportion to 1/N. Chong and Forsyth 2020 ("Effectively Unbiased FID", section 4) therefore read the
distance off a straight line over 1/N, where 1/N is 0: as of infinitely many points. Here the line
goes through the distance of all N points and the mean distance of those that are left when one of
`GROUPS` groups is left out, so that every point has the same say; the end of that line is
Quenouille's jackknife, which tells in the same go how far the next N points may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

GROUPS: Final = 20
"""Twice as many narrow the intervals by 3%, for twice the work."""
MIN_CROWD: Final = 3
"""Points, of which one can be left out and there still is a covariance."""
_T: Final[tuple[float, ...]] = (
    *(12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23),
    *(2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09),
)
"""Two-sided 95% of Student's t, for 1 to `GROUPS` - 1 degrees of freedom."""

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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A distance as of infinitely many points, and the ends of its 95% interval.

    None of the three is cut at zero, where a true distance ends: a crowd that is as good as real
    comes out below as often as above.
    """

    distance: float
    low: float
    high: float


class Reference:
    """The Gaussian that crowds are compared with: its root is taken once for all of them."""

    def __init__(self, gaussian: Gaussian) -> None:
        self._mean, self._spread = gaussian.mean, np.trace(gaussian.covariance)
        values, vectors = np.linalg.eigh(gaussian.covariance)
        self._root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T

    def distance(self, crowd: Gaussian) -> float:
        """|mean_a - mean_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)) (Dowson and Landau 1982, eq. 3).

        The trace of the root is the sum of the roots of the eigenvalues of A^(1/2) C_b A^(1/2) with
        A = C_a, which is symmetric, so that no complex number ever appears.
        """
        product = np.linalg.eigvalsh(self._root @ crowd.covariance @ self._root)
        difference = crowd.mean - self._mean
        apart = difference @ difference + self._spread + np.trace(crowd.covariance)
        return float(apart - 2 * np.sqrt(np.clip(product, 0, None)).sum())

    def extrapolated(self, features: NDArray[np.floating], seed: int = 0) -> Estimate:
        """The distance of infinitely many points of the kind of `features` [N, D].

        N is at least `MIN_CROWD`; of fewer than some D points, even the line is not to be trusted.
        `seed` sorts the points into groups: by chance, because they may come in order.
        """
        order = np.random.default_rng(seed).permutation(len(features))
        points = features[order].astype(np.float64)
        parts = np.array_split(points, min(GROUPS, len(points)))
        sums = [_Sums(len(part), part.sum(axis=0), part.T @ part) for part in parts]
        whole = sum(sums, start=_Sums.none(points.shape[1]))
        distance, groups = self.distance(whole.gaussian), len(sums)
        without = np.array([self.distance((whole - part).gaussian) for part in sums])
        ends = groups * distance - (groups - 1) * without
        return _around(float(ends.mean()), float(ends.var(ddof=1) / groups), groups)


def mean_of(estimates: Sequence[Estimate]) -> Estimate:
    """The mean of `estimates`, of crowds that share no point."""
    count = len(estimates)
    distance = sum(one.distance for one in estimates) / count
    reach = sum((one.high - one.distance) ** 2 for one in estimates) ** 0.5 / count
    return Estimate(distance, distance - reach, distance + reach)


def _around(distance: float, variance: float, groups: int) -> Estimate:
    reach = _T[groups - 2] * variance**0.5
    return Estimate(distance, distance - reach, distance + reach)


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """The distance of two Gaussians, at the sizes of the crowds that they were fitted to."""
    return Reference(a).distance(b)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """What a crowd of points adds up to, so that a part can be taken out again."""

    count: int
    points: Features
    products: Features

    @classmethod
    def none(cls, size: int) -> _Sums:
        return cls(0, np.zeros(size), np.zeros((size, size)))

    def __add__(self, other: _Sums) -> _Sums:
        points, products = self.points + other.points, self.products + other.products
        return _Sums(self.count + other.count, points, products)

    def __sub__(self, other: _Sums) -> _Sums:
        points, products = self.points - other.points, self.products - other.products
        return _Sums(self.count - other.count, points, products)

    @property
    def gaussian(self) -> Gaussian:
        mean = self.points / self.count
        scatter = self.products - self.count * np.outer(mean, mean)
        return Gaussian(mean, scatter / (self.count - 1))
