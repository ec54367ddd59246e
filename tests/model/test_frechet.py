"""The Frechet distance against SciPy, against known answers; and that it does not hang on N."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, stats

from gan.model.frechet import (
    GROUPS,
    MIN_CROWD,
    Estimate,
    Gaussian,
    Reference,
    _around,
    frechet_distance,
    mean_of,
)


def _gaussian(seed: int, size: int = 8) -> Gaussian:
    random = np.random.default_rng(seed)
    return Gaussian.fit(random.normal(size=(50, size)) @ random.normal(size=(size, size)) + seed)


def test_frechet_distance_against_scipy() -> None:
    a, b = _gaussian(1), _gaussian(2)
    root = linalg.sqrtm(a.covariance @ b.covariance).real
    expected = np.sum((a.mean - b.mean) ** 2) + np.trace(a.covariance + b.covariance - 2 * root)
    np.testing.assert_allclose(frechet_distance(a, b), expected, rtol=1e-6)
    np.testing.assert_allclose(frechet_distance(b, a), expected, rtol=1e-6)


def test_frechet_distance_by_hand() -> None:
    a = Gaussian(np.array([1.0, 0.0]), np.diag([4.0, 1.0]))
    b = Gaussian(np.array([0.0, 2.0]), np.diag([9.0, 1.0]))
    # 1 + 4 from the means; (2 - 3)^2 from the spreads
    assert frechet_distance(a, b) == pytest.approx(6.0, abs=1e-9)
    assert frechet_distance(a, a) == pytest.approx(0.0, abs=1e-9)


def test_frechet_distance_of_flat_crowds() -> None:
    """One repeated picture has no covariance: collapse must give a number, not an error."""
    flat = Gaussian(np.zeros(3), np.zeros((3, 3)))
    assert frechet_distance(flat, Gaussian(np.ones(3), np.eye(3))) == pytest.approx(6.0)


SIZE = 16
SPREADS = np.linspace(0.5, 4.0, SIZE)
REFERENCE = Reference(Gaussian(np.zeros(SIZE), np.diag(SPREADS**2)))


def _crowd(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    """`count` points whose true distance from `REFERENCE` is the square of `shift`."""
    points = np.random.default_rng(seed).normal(size=(count, SIZE)) * SPREADS
    points[:, 0] += shift
    return points


@pytest.mark.parametrize("shift", [0.0, 1.5, 6.0])
@pytest.mark.parametrize("count", [250, 1000, 4000])
def test_the_distance_does_not_hang_on_the_number_of_points(count: int, shift: float) -> None:
    drawn = [REFERENCE.extrapolated(_crowd(count, seed, shift)).distance for seed in range(60)]
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert np.mean(drawn) == pytest.approx(shift**2, abs=3 * error + 0.02)
    if shift == 0.0:  # the plain distance is off by the error of the mean alone, and more
        plain = REFERENCE.distance(Gaussian.fit(_crowd(count, 0)))
        assert plain > SPREADS @ SPREADS / count


@pytest.mark.parametrize("shift", [0.0, 1.5, 6.0])
def test_the_interval_holds_the_true_distance_as_often_as_it_says(shift: float) -> None:
    """It is meant for 95%; near 0, where the spread is overestimated, it holds it more often."""
    held = []
    for seed in range(200):
        found = REFERENCE.extrapolated(_crowd(500, seed, shift))
        held.append(found.low <= shift**2 <= found.high)
    assert 0.92 <= np.mean(held) <= (1.0 if shift == 0.0 else 0.99)


def test_the_order_of_points_does_not_matter() -> None:
    """Digits often come class by class: groups of neighbours would not be alike."""
    points = _crowd(1000, 1, 2.0)
    points[:500] += 3.0
    sorted_ones = REFERENCE.extrapolated(points)
    mixed = REFERENCE.extrapolated(np.random.default_rng(2).permutation(points))
    assert sorted_ones.distance == pytest.approx(mixed.distance, rel=0.02)
    assert REFERENCE.extrapolated(points) == sorted_ones, "the same each time"
    assert REFERENCE.extrapolated(points, seed=1) != sorted_ones


def test_the_line_is_read_at_its_end() -> None:
    """Through the distance of all, and the mean of those with a group left out, over 1/N."""
    points = _crowd(60, 3)
    order = np.random.default_rng(0).permutation(60)
    without = [
        REFERENCE.distance(Gaussian.fit(np.delete(points[order], group, axis=0)))
        for group in np.array_split(np.arange(60), GROUPS)
    ]
    places, heights = (
        [1 / 60, 1 / 57],
        [
            REFERENCE.distance(Gaussian.fit(points)),
            float(np.mean(without)),
        ],
    )
    slope, end = np.polyfit(places, heights, 1)
    assert slope > 0
    assert REFERENCE.extrapolated(points).distance == pytest.approx(end, rel=1e-6)


@pytest.mark.parametrize("groups", [2, 3, 10, GROUPS])
def test_intervals_are_those_of_students_t(groups: int) -> None:
    reach = stats.t.ppf(0.975, groups - 1)
    assert _around(1.0, 4.0, groups).high == pytest.approx(1.0 + 2 * reach, rel=0.005)
    assert _around(1.0, 4.0, groups).low == pytest.approx(1.0 - 2 * reach, abs=0.05)


def test_crowds_that_say_little_give_numbers() -> None:
    for points in (np.zeros((250, SIZE)), _crowd(MIN_CROWD, 4), _crowd(10, 5)):
        found = REFERENCE.extrapolated(points)
        assert np.isfinite([found.distance, found.low, found.high]).all()
    collapsed = REFERENCE.extrapolated(np.zeros((250, SIZE)))
    assert collapsed.low == pytest.approx(SPREADS @ SPREADS, rel=1e-6), "the same each time"


def test_the_mean_of_separate_crowds_is_surer_than_each() -> None:
    mean = mean_of([Estimate(1.0, 0.0, 2.0), Estimate(2.0, 1.0, 3.0)])
    expected = (1.5, 1.5 - 2**0.5 / 2, 1.5 + 2**0.5 / 2)
    assert (mean.distance, mean.low, mean.high) == pytest.approx(expected, abs=1e-12)
