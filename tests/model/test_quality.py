"""The judge is judged: against SciPy, against known answers, against real digits."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import linalg
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from gan import data
from gan.data import Digits, to_network
from gan.events import Quality
from gan.model import classifier
from gan.model.quality import (
    Gaussian,
    Judge,
    TrainingPictures,
    frechet_distance,
    precision_recall,
)
from gan.model.schedules import Affordable

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


def test_precision_and_recall_by_hand() -> None:
    """On a line, k = 1: real digits reach 1, 1, 1 and 8 far, generated ones 4.5, 4.5, 1 and 1."""
    real, fake = np.zeros((4, 2)), np.zeros((4, 2))
    real[:, 0], fake[:, 0] = (0, 1, 2, 10), (0.5, 5, 30, 31)
    # 0.5 is by 0, 5 within 8 of 10; 30 and 31 are far off. 0, 1 and 2 are by 0.5; 10 by none.
    assert precision_recall(real, fake, k=1) == pytest.approx((0.5, 0.75), abs=1e-12)
    assert precision_recall(fake, real, k=1) == pytest.approx((0.75, 0.5), abs=1e-12)
    # k = 2: real ones reach 2, 1, 2 and 9; 0.5 and 5 stay the only ones within.
    # Generated ones reach 29.5, 25, 25 and 26: all are within.
    assert precision_recall(real, fake, k=2) == pytest.approx((0.5, 1.0), abs=1e-12)


def _by_trees(real: np.ndarray, fake: np.ndarray, k: int) -> tuple[float, float]:
    """Precision and recall as the paper defines them, by other means: k-d trees, float64."""

    def share_within(points: np.ndarray, crowd: np.ndarray) -> float:
        radii = cKDTree(crowd).query(crowd, k + 1)[0][:, k]
        return float(np.mean([(row <= radii).any() for row in cdist(points, crowd)]))

    return share_within(fake, real), share_within(real, fake)


@pytest.mark.parametrize(("count", "k", "shift"), [(300, 3, 0.5), (1500, 3, 1.0), (50, 5, 0.0)])
def test_precision_and_recall_against_trees(count: int, k: int, shift: float) -> None:
    """1,500 points make more than one block of rows; far from 0, as features are."""
    random = np.random.default_rng(count)
    real = random.normal(size=(count, 8)) + 20
    fake = random.normal(size=(count, 8)) * 0.8 + 20
    fake[:, 0] += shift
    expected = _by_trees(real, fake, k)
    assert 0.2 < min(expected) <= max(expected) < 0.99, "a case that tells"
    one_point = 1 / count + 1e-9  # the border is where float32 may differ
    assert precision_recall(real, fake, k) == pytest.approx(expected, abs=one_point)


def test_precision_and_recall_of_crowds_that_say_nothing() -> None:
    crowd = np.random.default_rng(0).normal(size=(40, 3))
    assert precision_recall(crowd, crowd) == (1.0, 1.0)
    assert precision_recall(crowd, crowd + 100) == (0.0, 0.0)
    collapsed = np.repeat(crowd[:1], 40, axis=0)
    assert precision_recall(crowd, collapsed) == pytest.approx((1.0, 1 / 40), abs=1e-9)
    assert precision_recall(crowd[:2], crowd[:2], k=3) == (1.0, 1.0)


def test_the_nearest_training_picture_by_hand() -> None:
    pictures = np.zeros((3, 28, 28), np.uint8)
    pictures[1], pictures[2, :14] = 100, 200
    asked = np.zeros((2, 28, 28), np.uint8)
    asked[0], asked[1, :7] = 90, 200  # 10 grey levels from the second; a quarter of it off
    expected = [10.0, math.sqrt(200**2 / 4)]
    np.testing.assert_allclose(TrainingPictures(pictures).distances(asked), expected, rtol=1e-6)
    # Itself left out, the second picture's nearest is the third, 100 away everywhere.
    alone = TrainingPictures(pictures).distances(pictures[1:2], np.array([1]))
    np.testing.assert_allclose(alone, [100.0], rtol=1e-6)


def test_the_search_at_half_the_resolution_finds_what_a_full_one_does() -> None:
    images = data.load("builtin").images
    order = np.random.default_rng(3).permutation(len(images))
    asked, pictures = images[order[:100]], images[order[100:]]
    found = TrainingPictures(pictures).distances(asked)
    flat = (part.reshape(len(part), -1).astype(float) for part in (asked, pictures))
    exact = cdist(*flat).min(axis=1) / 28
    assert (found >= exact - 1e-3).all()
    assert (found <= exact + 8).all()
    assert np.mean(found <= exact + 1e-3) > 0.85
    assert np.median(found) == pytest.approx(np.median(exact), rel=0.02)


def test_the_classifier_reads_real_digits() -> None:
    digits = data.load("builtin")
    _, probabilities = classifier.judge(to_network(digits.images))
    assert (probabilities.argmax(axis=1) == digits.labels).mean() > 0.99
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def _judged(images: np.ndarray, samples: int = 250) -> Quality:
    """The judgement of pictures as if a generator had drawn them."""
    return Judge(data.load("builtin"), samples).quality(images[:samples], step=1, seconds=2.0)


def test_real_digits_score_what_real_digits_score() -> None:
    digits = data.load("builtin")
    order = np.random.default_rng(9).permutation(len(digits))
    quality = _judged(digits.images[order])
    assert (quality.step, quality.seconds, quality.samples) == (1, 2.0, 250)
    assert 0.5 < quality.frechet_distance / quality.floor < 2.0
    np.testing.assert_allclose(quality.coverage, [0.1] * 10, atol=0.06)
    np.testing.assert_allclose(quality.real_coverage, [0.1] * 10, atol=0.06)
    for name, low, high, apart in (
        ("confidence", 0.97, 1.0, 0.02),
        ("precision", 0.75, 0.99, 0.1),
        ("recall", 0.75, 0.99, 0.1),
        ("coverage_spread", 0.02, 0.2, 0.1),
    ):
        value, real = getattr(quality, name), getattr(quality, f"real_{name}")
        assert low < value < high, name
        assert low < real < high, name
        assert value == pytest.approx(real, abs=apart), name


def test_what_real_digits_score_does_not_depend_on_what_is_judged() -> None:
    images = data.load("builtin").images
    a, b = (dataclasses.asdict(_judged(part)) for part in (images, images[::-1]))
    names = [name for name in a if name.startswith("real_") or name == "floor"]
    assert len(names) == 7
    assert {name: a[name] for name in names} == {name: b[name] for name in names}


def test_memorised_pictures_are_seen_through() -> None:
    """Copies of the training pictures are perfect by every measure but one."""
    digits = data.load("builtin")
    order = np.random.default_rng(5).permutation(len(digits))
    copies = _judged(digits.images[order])
    assert copies.nearest_distance == 0.0
    assert copies.precision > 0.75
    assert 35 < copies.real_nearest_distance < 60
    noisy = digits.images[order].astype(int)
    noisy += np.random.default_rng(6).integers(-10, 11, noisy.shape)
    near = _judged(np.clip(noisy, 0, 255).astype(np.uint8))
    assert 3 < near.nearest_distance < 8
    noise = np.random.default_rng(7).integers(0, 256, (250, 28, 28)).astype(np.uint8)
    assert _judged(noise).nearest_distance > 2 * copies.real_nearest_distance


def test_one_class_and_one_picture_are_seen_through() -> None:
    digits = data.load("builtin")
    threes = _judged(digits.images[digits.labels == 3])
    assert threes.coverage[3] > 0.98
    assert threes.frechet_distance > 10 * threes.floor
    assert threes.coverage_spread == pytest.approx(1 - threes.real_coverage[3], abs=0.03)
    assert threes.precision > 0.75
    assert threes.recall < 0.3
    collapsed = _judged(np.repeat(digits.images[:1], 250, axis=0))
    assert collapsed.frechet_distance > threes.frechet_distance
    assert max(collapsed.coverage) == 1.0
    assert collapsed.recall < 0.05


def test_the_sample_size_is_cut_to_half_the_real_digits() -> None:
    images = data.load("builtin").images[:300]
    judge = Judge(Digits(images, None), 1000)  # pictures without classes can be judged, too
    assert judge.samples == 150
    assert judge.floor == judge.real.frechet_distance > 0


def _judgements(costs: list[float], end: float, schedule: Affordable) -> list[float]:
    """When a run of `end` seconds judges, looking every tenth of a second."""
    now, began = 0.0, []
    while now < end:
        if schedule.is_due(now):
            began.append(now)
            cost = costs[min(len(began), len(costs)) - 1]
            schedule.judged(now, now + cost)
            now += cost
        now += 0.1
    return began


@pytest.mark.parametrize("cost", [0.05, 0.2, 3.0])
def test_judging_stays_under_its_share_of_training(cost: float) -> None:
    end = 600.0
    began = _judgements([cost], end, Affordable(first=2.0, period=5.0, share=0.03))
    assert began[0] == pytest.approx(2.0, abs=0.11)
    for i, at in enumerate(began[1:], start=2):
        training = at - (i - 1) * cost
        assert i * cost <= 0.03 * training + 1e-9, "even once this one is done"
    if cost == 3.0:  # as often as that allows: 3% of ten minutes are six judgements
        assert 5 <= len(began) <= 6


def test_cheap_judgements_keep_their_distance() -> None:
    began = _judgements([0.001], 1000.0, Affordable(first=2.0, period=5.0))
    gaps = np.diff(began)
    assert gaps[:20] == pytest.approx(5.0, abs=0.21)
    assert gaps[-1] == pytest.approx(0.02 * began[-2], rel=0.05), "2% of a long run"


def test_a_dear_judgement_is_paid_for_before_the_next() -> None:
    began = _judgements([2.0, 0.1], 200.0, Affordable(first=1.0, period=5.0, share=0.03))
    assert began[1] >= 2 * 2.0 / 0.03
    assert began[1] == pytest.approx(2.0 + 2 * 2.0 / 0.03, abs=0.2)
    assert began[2] - began[1] == pytest.approx(5.0, abs=0.3)
