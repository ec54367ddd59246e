"""The judge is judged: against SciPy, against known answers, against real digits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from gan import data
from gan.data import to_network
from gan.events import Quality
from gan.model import classifier
from gan.model.quality import Gaussian, Judge, frechet_distance

pytestmark = pytest.mark.tensorflow


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


def test_the_classifier_reads_real_digits() -> None:
    digits = data.load("builtin")
    _, probabilities = classifier.judge(to_network(digits.images))
    assert (probabilities.argmax(axis=1) == digits.labels).mean() > 0.99
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def _judged(images: np.ndarray, samples: int = 250) -> Quality:
    """A generator that draws given pictures, whatever the noise, before the judge."""
    judge = Judge(data.load("builtin").images, samples)
    return judge.quality(
        lambda noise: to_network(images[: len(noise)]), np.zeros((samples, 4)), step=1, seconds=2.0
    )


def test_real_digits_score_about_the_floor() -> None:
    digits = data.load("builtin")
    order = np.random.default_rng(9).permutation(len(digits))
    quality = _judged(digits.images[order])
    assert 0.5 < quality.frechet_distance / quality.floor < 2.0
    assert quality.confidence > 0.97
    np.testing.assert_allclose(quality.coverage, [0.1] * 10, atol=0.06)


def test_one_class_and_one_picture_are_seen_through() -> None:
    digits = data.load("builtin")
    threes = _judged(digits.images[digits.labels == 3])
    assert threes.coverage[3] > 0.98
    assert threes.frechet_distance > 10 * threes.floor
    collapsed = _judged(np.repeat(digits.images[:1], 250, axis=0))
    assert collapsed.frechet_distance > threes.frechet_distance
    assert max(collapsed.coverage) == 1.0


def test_the_sample_size_is_cut_to_half_the_real_digits() -> None:
    images = data.load("builtin").images[:300]
    assert Judge(images, 1000).samples == 150
