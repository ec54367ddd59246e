"""The judge is judged: against SciPy, against known answers, against real digits."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from gan.data import datasets
from gan.data.datasets import Digits, to_network
from gan.messages.events import Quality
from gan.model import classifier, schedules
from gan.model.nearest import TrainingPictures
from gan.model.quality import Judge, precision_recall
from gan.model.schedules import JUDGED_DIGITS, CostMeter, QualitySchedule

pytestmark = pytest.mark.tensorflow


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
    images = datasets.load("builtin").images
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
    digits = datasets.load("builtin")
    _, probabilities = classifier.judge(to_network(digits.images))
    assert (probabilities.argmax(axis=1) == digits.labels).mean() > 0.99
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


ALL = tuple(range(10))


def _judged(images: np.ndarray, samples: int = 250) -> Quality:
    """The judgement of pictures as if a generator had drawn them."""
    return Judge(datasets.load("builtin"), samples, ALL).quality(images[:samples], 1, 2.0)


def test_real_digits_score_what_real_digits_score() -> None:
    digits = datasets.load("builtin")
    order = np.random.default_rng(9).permutation(len(digits))
    quality = _judged(digits.images[order], 1000)
    assert (quality.step, quality.seconds, quality.samples) == (1, 2.0, 1000)
    assert quality.frechet_low < quality.floor_high
    assert quality.floor_low < quality.frechet_high
    assert quality.frechet_distance == pytest.approx(quality.floor, abs=1.5)
    np.testing.assert_allclose(quality.coverage, [0.1] * 10, atol=0.06)
    np.testing.assert_allclose(quality.real_coverage, [0.1] * 10, atol=0.06)
    for name, low, high, apart in (
        ("confidence", 0.97, 1.0, 0.02),
        ("precision", 0.75, 0.99, 0.1),
        ("recall", 0.75, 0.99, 0.1),
        ("coverage_spread", 0.005, 0.2, 0.1),
    ):
        value, real = getattr(quality, name), getattr(quality, f"real_{name}")
        assert low < value < high, name
        assert low < real < high, name
        assert value == pytest.approx(real, abs=apart), name


def test_what_real_digits_score_does_not_depend_on_what_is_judged() -> None:
    images = datasets.load("builtin").images
    a, b = (dataclasses.asdict(_judged(part)) for part in (images, images[::-1]))
    names = [name for name in a if name.startswith(("real_", "floor"))]
    assert len(names) == 9
    assert {name: a[name] for name in names} == {name: b[name] for name in names}


def test_the_figure_does_not_hang_on_the_number_of_digits() -> None:
    """An even share of each class is some 0.8 away; few of these digits are, but for chance."""
    digits = datasets.load("builtin")
    judge, order = Judge(digits, 100, ALL), np.random.default_rng(0).permutation(5000)
    parts = [judge.quality(digits.images[part], 1, 2.0) for part in np.split(order, 10)[:6]]
    distances = [part.frechet_distance for part in parts]
    assert 0.3 < judge.floor.low < judge.floor.distance < 1.2
    assert np.mean(distances) == pytest.approx(judge.floor.distance, abs=1.0)
    assert all(part.frechet_low < judge.floor.distance < part.frechet_high for part in parts)


def test_runs_on_mnists_digits_are_judged_against_the_same_ones() -> None:
    """However few digits a run has, and of whichever classes: the others do not count."""
    digits = datasets.load("builtin")
    threes = Digits(digits.images[digits.labels == 3], None)
    whole, part = Judge(digits, 100, ALL), Judge(threes, 100, ALL)
    image = digits.images[:250]
    same = [judge.quality(image, 1, 2.0).frechet_distance for judge in (whole, part)]
    assert same[0] == same[1]
    assert part.floor.distance > 20 * whole.floor.distance, "threes are not all there is"
    alone = Judge(threes, 100, (3,))
    assert alone.floor.distance < 3
    copies = alone.quality(threes.images, 1, 2.0).frechet_distance
    assert copies == pytest.approx(alone.floor.distance, abs=0.3)


def test_other_pictures_are_judged_against_themselves(few_digits: Digits) -> None:
    """What they reach is measured with those left out that are judged: copies seem nearer."""
    judge = Judge(few_digits, 100)
    copied = np.random.default_rng(0).integers(0, len(few_digits), 2000)
    found = judge.quality(few_digits.images[copied], 1, 2.0)
    assert found.frechet_low < 0.0 < found.frechet_high < 0.5
    assert found.floor_low < judge.floor.distance < found.floor_high
    assert found.frechet_high < judge.floor.distance
    Judge(Digits(few_digits.images[:10], None), 100).prepare()


def test_the_order_of_the_files_does_not_count() -> None:
    """Pictures in folders come class by class: a fifth of them would lack most classes."""
    digits = datasets.load("builtin")
    chosen = np.arange(0, 5000, 4)
    assert (np.diff(digits.labels[chosen].astype(int)) >= 0).all()
    assert Judge(Digits(digits.images[chosen], None), 100).floor.distance < 5


def test_few_digits_are_not_asked_for_what_takes_more() -> None:
    images = datasets.load("builtin").images[::25]
    few = Judge(datasets.load("builtin"), 250, ALL).quality(images, 1, 2.0)
    assert (few.samples, few.precision, few.real_precision) == (200, None, None)
    assert few.coverage_spread is few.nearest_distance is None
    assert few.is_extrapolated


def test_memorised_pictures_are_seen_through() -> None:
    """Copies of the training pictures are perfect by every measure but one."""
    digits = datasets.load("builtin")
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
    digits = datasets.load("builtin")
    threes = _judged(digits.images[digits.labels == 3])
    assert threes.coverage[3] > 0.98
    assert threes.frechet_low > 20 * threes.floor_high
    assert threes.coverage_spread == pytest.approx(1 - threes.real_coverage[3], abs=0.03)
    assert threes.precision > 0.75
    assert threes.recall < 0.3
    collapsed = _judged(np.repeat(digits.images[:1], 250, axis=0))
    assert collapsed.frechet_distance > threes.frechet_distance
    assert max(collapsed.coverage) == 1.0
    assert collapsed.recall < 0.05


def test_the_sample_size_is_cut_to_half_the_real_digits() -> None:
    images = datasets.load("builtin").images[:300]
    judge = Judge(Digits(images, None), 1000)  # pictures without classes can be judged, too
    assert judge.samples == 150
    assert judge.quality(images, 1, 2.0).samples == 300


def _judgements(
    seconds_a_digit: float, end: float, start: float = 0.0
) -> list[tuple[float, int, float]]:
    """When a run judges up to `end`, looking every tenth of a second; how many, how long."""
    schedule, now, judged = QualitySchedule(start), start, []
    while now < end:
        if count := schedule.digits(now):
            cost = count * seconds_a_digit
            schedule.judged(count, cost, now + cost)
            judged.append((now, count, cost))
            now += cost
        now += 0.1
    return judged


@pytest.mark.parametrize("seconds_a_digit", [5e-5, 1.5e-4, 5.5e-4])
def test_a_minute_has_ten_judgements_for_three_per_cent(seconds_a_digit: float) -> None:
    """Also on a machine so busy that 250 digits take 0.14 s."""
    judged = _judgements(seconds_a_digit, 60.0)
    assert 10 <= len(judged) <= 20
    assert judged[0][0] == pytest.approx(1.5, abs=0.11)
    assert judged[1][0] < 6.0
    assert sum(cost for _, _, cost in judged) <= 0.03 * 60.0


@pytest.mark.parametrize("seconds_a_digit", [1e-4, 2e-3, 0.02])
def test_judging_stays_under_its_share_of_training(seconds_a_digit: float) -> None:
    judged = _judgements(seconds_a_digit, 600.0)
    spent = 0.0
    for place, (began, count, cost) in enumerate(judged):
        spent += cost
        assert count in JUDGED_DIGITS
        if place and began > 20.0:
            assert spent <= 0.03 * began + 1e-9, "even once this one is done"
    if seconds_a_digit == 0.02:  # five seconds each: 3% of ten minutes are three judgements
        assert len(judged) == 3


def test_as_many_digits_are_judged_as_leave_room_for_the_next() -> None:
    counts = [count for _, count, _ in _judgements(1.5e-4, 300.0)]
    assert counts[0] == 250
    assert {500, 1000} <= set(counts)
    assert {count for _, count, _ in _judgements(2e-3, 300.0)} == {250}


def test_cheap_judgements_keep_their_distance() -> None:
    began = np.array([began for began, _, _ in _judgements(1e-6, 1000.0)])
    gaps = np.diff(began)
    assert gaps[0] == pytest.approx(1.5, abs=0.11)
    assert gaps[20:40] == pytest.approx(5.0, abs=0.21)
    assert gaps[-1] == pytest.approx(0.02 * began[-2], rel=0.05), "2% of a long run"


def test_a_run_that_goes_on_does_not_spend_what_it_did_not_then() -> None:
    later = [began - 500.0 for began, _, _ in _judgements(2e-3, 560.0, start=500.0)]
    assert len(later) <= len(_judgements(2e-3, 60.0)) <= 5
    assert later[0] == pytest.approx(1.5, abs=0.11)


@pytest.mark.parametrize(
    ("took", "work", "cost"),
    [
        (0.2, 0.2, 0.2),  # on one core
        (0.2, 0.3, 0.2),  # on several
        (2.0, 0.1, 0.4),  # it had to wait, longer than the run does for as much work
        (0.3, 0.1, 0.3),  # it waited less than the run usually does
    ],
)
def test_waiting_for_others_costs_what_it_usually_does(
    took: float, work: float, cost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run gets a quarter of a core."""
    now = [100.0, 7.0]
    monkeypatch.setattr(schedules.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(schedules.time, "process_time", lambda: now[1])
    effort = CostMeter()
    now[:] = [100.0 + 40.0 - took, 7.0 + 10.0 - work]
    began = effort.began()
    now[:] = [140.0, 17.0]
    assert effort.since(began) == pytest.approx(cost, abs=1e-9)
