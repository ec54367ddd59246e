"""Diffusion: the way from noise to a picture against numbers by hand, and its training."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin, sqrt
from queue import SimpleQueue

import lively
import numpy as np
import pytest
from support import DENOISING, TINY

from gan import latent
from gan.data.datasets import Digits
from gan.messages.commands import Adjust, Command
from gan.messages.events import (
    Adjusted,
    DiffusionProgress,
    Event,
    Progress,
    Report,
    Samples,
    Snapshot,
)
from gan.model import bundle, denoising, networks, training
from gan.model.schedules import QualitySchedule, SampleSchedule
from gan.network_file import inference
from gan.network_file.diffusion import Move, Sampling, Shuffle, angles, waves

pytestmark = pytest.mark.tensorflow

CONFIG = replace(TINY, **DENOISING, generator_learning_rate=1e-3, max_steps=70)
"""A tick is 32 steps of 8 digits."""
ENDS = 1.008 / 1.016 * pi / 2
"""The angle at time 1."""


def numbers(move: Move) -> tuple[float, ...]:
    return (
        move.time,
        *(move.of_picture, move.of_answer),
        *(move.of_digit, move.of_now, move.of_fresh),
    )


# ---- the schedule


def test_half_way_there_is_as_much_digit_as_noise() -> None:
    np.testing.assert_allclose(angles(np.array([0, 0.5, 1])), [pi / 2 - ENDS, pi / 4, ENDS])


def test_the_time_is_told_by_waves_of_rising_frequency() -> None:
    expected = [cos(0.25), cos(50.0), sin(0.25), sin(50.0)]
    np.testing.assert_allclose(waves(np.array([0.25]), 2), [expected])


def test_two_ddim_steps_are_those_computed_by_hand() -> None:
    first, last = Sampling(steps=2).moves()
    expected = (1.0, 0.0123682, -0.9999235, 0.6983605, 0.7071609, 0.0)
    np.testing.assert_allclose(numbers(first), expected, atol=1e-7)
    half = sqrt(0.5)
    np.testing.assert_allclose(numbers(last), (0.5, half, -half, 1.0, 0.0, 0.0), atol=1e-12)


def test_two_ddpm_steps_are_those_computed_by_hand() -> None:
    first, last = Sampling(sampler="ddpm", steps=2).moves()
    expected = (1.0, 0.0123682, -0.9999235, 0.7069986, 0.0087469, 0.7070527)
    np.testing.assert_allclose(numbers(first), expected, atol=1e-7)
    assert last.of_fresh == 0, "nothing is added to the digit itself"


def test_with_epsilon_the_digit_is_what_is_left_without_the_noise() -> None:
    last = Sampling("epsilon", steps=2).moves()[-1]
    np.testing.assert_allclose((last.of_picture, last.of_answer), (sqrt(2), -1), atol=1e-12)


@pytest.mark.parametrize("prediction", ["v", "epsilon"])
@pytest.mark.parametrize("steps", [1, 2, 20])
def test_who_knows_the_digit_finds_it_in_any_number_of_steps(prediction: str, steps: int) -> None:
    random = np.random.default_rng(0)
    digit, noise = random.uniform(-1, 1, 784), random.standard_normal(784)
    picture = cos(ENDS) * digit + sin(ENDS) * noise
    for place, move in enumerate(Sampling(prediction, steps=steps).moves()):
        signal, share = cos(angle := float(angles(np.array(move.time)))), sin(angle)
        np.testing.assert_allclose(picture, signal * digit + share * noise, atol=1e-9)
        answer = noise if prediction == "epsilon" else signal * noise - share * digit
        seen = np.clip(move.of_picture * picture + move.of_answer * answer, -1, 1)
        np.testing.assert_allclose(seen, digit, atol=1e-9, err_msg=str(place))
        picture = move.of_digit * seen + move.of_now * picture
    np.testing.assert_allclose(picture, digit, atol=1e-9)


@pytest.mark.parametrize("steps", [2, 20, 1000])
def test_ddpm_adds_as_much_noise_as_it_takes_too_much(steps: int) -> None:
    moves = Sampling(sampler="ddpm", steps=steps).moves()
    here = np.sin(angles(np.array([move.time for move in moves])))
    kept = np.array([move.of_now for move in moves])[:-1] * here[:-1]
    fresh = np.array([move.of_fresh for move in moves])[:-1]
    np.testing.assert_allclose(kept**2 + fresh**2, here[1:] ** 2, atol=1e-12)


def test_fresh_noise_is_the_first_noise_in_an_order_of_its_own() -> None:
    noise = latent.sample(200, 784, seed=3)
    fresh = [Shuffle.of(step, 784)(noise) for step in (0, 1)]
    for each in fresh:
        np.testing.assert_array_equal(np.sort(np.abs(each)), np.sort(np.abs(noise)))
        assert abs(np.corrcoef(each.ravel(), noise.ravel())[0, 1]) < 0.02
        assert abs(np.corrcoef(each.mean(axis=1), noise.mean(axis=1))[0, 1]) < 0.3
    assert abs(np.corrcoef(fresh[0].ravel(), fresh[1].ravel())[0, 1]) < 0.02


@pytest.mark.parametrize(
    "values",
    [{"steps": 0}, {"steps": 1001}, {"steps": 2.0}, {"sampler": "heun"}, {"prediction": "x0"}],
)
def test_what_no_sampling_is_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="it "):
        Sampling(**values)  # type: ignore[arg-type]


# ---- what the network is asked


def test_pictures_and_answers_half_way_are_those_computed_by_hand() -> None:
    digits, noise = (np.full((1, 28, 28, 1), value, np.float32) for value in (-1.0, 3.0))
    times = np.array([0.5], np.float32)
    half = sqrt(0.5)
    np.testing.assert_allclose(denoising.noisy(digits, noise, times)[0, 0, 0], 2 * half, rtol=1e-6)
    asked = [denoising.wanted(each, digits, noise, times)[0, 0, 0] for each in ("v", "epsilon")]
    np.testing.assert_allclose(np.ravel(asked), [4 * half, 3], rtol=1e-6)


def test_each_part_of_a_batch_has_all_amounts_of_noise() -> None:
    times = denoising.spread_times(0.9, 64).numpy()
    assert times.min() >= 0
    assert times.max() < 1
    for part in (times, times[:16], times[32:48]):
        assert np.diff(np.sort(part)).max() < 2.7 / len(part)


def test_the_network_learns_most_where_it_can_tell_most() -> None:
    """Where there is as much signal as noise, nine times as much and a ninth."""
    times = np.array([np.arctan2(1, root) / (pi / 2) * 1.016 - 0.008 for root in (1, 3, 1 / 3)])
    shares = [denoising.weights(each, times.astype(np.float32)) for each in ("v", "epsilon")]
    np.testing.assert_allclose(shares[0], [1 / 2, 5 / 10, (1 / 9) / (10 / 9)], rtol=1e-5)
    np.testing.assert_allclose(shares[1], [1, 5 / 9, 1], rtol=1e-5)


def test_the_weights_are_finite_and_at_most_1_at_both_ends() -> None:
    for prediction in ("v", "epsilon"):
        shares = denoising.weights(prediction, np.array([0, 1], np.float32)).numpy()
        assert (shares > 0).all()
        assert (shares <= 1).all()


# ---- training


def run(
    digits: Digits, commands: SimpleQueue[Command] | None = None, **changes: object
) -> list[Event]:
    config = replace(CONFIG, **changes)  # type: ignore[arg-type]
    return list(training.train(config, digits, commands or SimpleQueue()))


def test_it_reports_its_loss_by_how_much_noise_there_was(few_digits: Digits) -> None:
    events = run(few_digits, max_steps=96)
    reports = [event for event in events if isinstance(event, Report)]
    assert not [event for event in events if isinstance(event, Progress)]
    first, *_, last = (event for event in reports if isinstance(event, DiffusionProgress))
    assert 0 < last.loss < first.loss < 1.5, "at first it says nothing, and is right on average"
    parts = last.little_noise + last.middle_noise + last.much_noise
    assert parts / 3 == pytest.approx(last.loss, rel=1e-4)


def test_before_it_learns_it_misses_all_that_it_is_asked_for(few_digits: Digits) -> None:
    """Its last layer begins at zero, so the loss is the mean square of what it is asked for."""
    learner = training.trainer(replace(CONFIG, generator_learning_rate=1e-6), few_digits)
    learner.tick(1)
    (loss, *_), _ = learner.read_totals()
    pixels = float(((few_digits.images / 127.5 - 1) ** 2).mean())
    assert loss == pytest.approx((1 + pixels) / 2, abs=0.1), "half noise, half digit"


def test_how_it_draws_can_change_under_way_and_its_weights_do_not(few_digits: Digits) -> None:
    commands: SimpleQueue[Command] = SimpleQueue()
    events = []
    for event in training.train(CONFIG, few_digits, commands):
        events.append(event)
        if isinstance(event, DiffusionProgress) and event.step == 32:
            commands.put(Adjust({"sampling_steps": 7, "sampler": "ddpm"}))
    assert [event.step for event in events if isinstance(event, Adjusted)]
    last, plain = (
        [event for event in each if isinstance(event, Snapshot)][-1]
        for each in (events, run(few_digits))
    )
    adjusted, other = (bundle.loads(each.bundle.tobytes(), "test") for each in (last, plain))
    for name, value in other.weights.items():
        np.testing.assert_array_equal(adjusted.weights[name], value, err_msg=name)
    file = last.generator.tobytes()
    drawn = bundle.compiled(adjusted.generator())(latent.sample(2, 784, seed=1))
    assert adjusted.generator().sampling == Sampling("v", "ddpm", 7)
    expected = inference.drawn(file, latent.sample(2, 784, seed=1))
    np.testing.assert_allclose(drawn, expected, atol=1e-3)
    samples = [event.images for event in (*events, *run(few_digits)) if isinstance(event, Samples)]
    assert samples[0].shape == (64, 28, 28)


def test_a_network_that_is_told_the_class_draws_another_picture_for_each() -> None:
    network = lively.lively_denoiser(lively.denoising(conditional="projected"))
    noise = np.repeat(latent.sample(1, 784, seed=2), 2, axis=0)
    one, other = bundle.compiled(network)(noise, np.array([3, 8]))
    assert np.abs(one - other).max() > 1e-3


def test_without_the_dense_layer_it_is_the_network_that_runs_of_before_have_weights_for() -> None:
    plain, dense = (networks.generator(replace(CONFIG, generator_hidden_units=n)) for n in (0, 8))
    assert plain.count_params() == 207_841
    seen, units, told = 7 * 7 * 16, 8, 128
    of_dense = seen * units + units + told * 2 * units + 2 * units + units * seen + seen
    of_channels = 48 * 16 + 16 + 16 * 48 + 48
    assert dense.count_params() == 207_841 + of_dense + of_channels


# ---- what drawing costs


def test_samples_that_take_long_come_as_seldom_as_that() -> None:
    schedule = SampleSchedule(0.5, 0.4)
    assert schedule.is_due(0.5)
    schedule.drawn(cost=0.3, ended=0.8)
    assert not schedule.is_due(6.7)
    assert schedule.is_due(6.8)


def test_judging_that_takes_long_does_not_begin_with_debts() -> None:
    quick, slow = QualitySchedule(), QualitySchedule(calls_per_digit=20)
    assert quick.digits(1.5) > 0
    assert slow.digits(1.5) == 0
    assert slow.digits(40.0) > 0, "once 1 s is within its share"
