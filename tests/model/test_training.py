"""The loop: repeatable, stoppable, honest about numbers that overflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, replace
from queue import SimpleQueue

import numpy as np
import pytest
from support import DENOISING, TINY

from gan.data.datasets import Digits, to_network
from gan.messages.commands import Command, Stop
from gan.messages.events import (
    Event,
    Failed,
    Finished,
    Preparing,
    Progress,
    Quality,
    Report,
    Samples,
    Snapshot,
    Started,
    VaeProgress,
)
from gan.messages.status import Part, StopReason
from gan.model import bundle, progress, reporting, snapshots, training
from gan.model.preparation import Preparation
from gan.model.quality import Judge
from gan.model.schedules import QualitySchedule
from gan.model.trainer import Draw, Trainer
from gan.settings.config import TrainConfig
from gan.words.failures import failure

pytestmark = pytest.mark.tensorflow


def run(config: TrainConfig, digits: Digits) -> list[Event]:
    return list(training.train(config, digits, SimpleQueue()))


def curve(events: list[Event]) -> list[tuple[float, ...]]:
    """What is not time of each report."""
    return [
        astuple(replace(event, seconds=0.0, images_per_second=0.0))
        for event in events
        if isinstance(event, Report)
    ]


KINDS: dict[str, dict[str, object]] = {
    "lean-dcgan": {},
    "penalty now and then": {
        "discriminator_normalization": "none",
        "r1_penalty": 1.0,
        "r1_interval": 4,
        "discriminator_hidden_units": 8,
        "augmentation": 0.5,
    },
    "dropout": {"architecture": "article-dense", "discriminator_normalization": "none"},
    "spectral, told": {
        "conditional": "projected",
        "discriminator_normalization": "spectral",
        "loss": "wasserstein",
        "gradient_penalty": 1.0,
        "instance_noise": 0.1,
    },
    "vae": {"architecture": "vae", "loss": "elbo"},
    "mixed": {
        "architecture": "fine-dcgan",
        "conditional": "hidden",
        "latent_dim": 12,
        "precision": "mixed",
    },
    "ddpm": {**DENOISING, "generator_hidden_units": 8},
}


def test_a_run_tells_its_story_in_order(few_digits: Digits) -> None:
    config = replace(TINY, max_steps=70)  # a tick is 32 steps of 8 digits
    events = run(config, few_digits)
    kinds = [type(event) for event in events]
    assert kinds[:3] == [Preparing, Started, Samples]
    assert kinds[-4:] == [Snapshot, Samples, Quality, Finished]
    assert [point[0] for point in curve(events)] == [32, 64, 70]
    assert events[-1] == Finished(70, StopReason.COMPLETED)
    last = next(event for event in reversed(events) if isinstance(event, Progress))
    assert last.images_seen == 70 * 8
    assert events[2].images.shape == (64, 28, 28)
    assert events[2].images.dtype == np.uint8
    assert sum(events[-2].coverage) == pytest.approx(1.0)
    assert events[-2].floor > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_run(kind: str, few_digits: Digits) -> None:
    config = replace(TINY, **KINDS[kind], max_steps=6)
    first, second = run(config, few_digits), run(config, few_digits)
    assert len(curve(first)) == 1
    assert curve(first) == curve(second)
    weights = [
        bundle.loads(events[-4].bundle.tobytes(), "test").weights for events in (first, second)
    ]
    assert weights[0].keys() == weights[1].keys()
    for name, value in weights[0].items():
        np.testing.assert_array_equal(value, weights[1][name], err_msg=name)
    if kind == "lean-dcgan":
        assert curve(run(replace(config, seed=2), few_digits)) != curve(first)


def test_a_prepared_training_is_one_that_has_not_begun(few_digits: Digits) -> None:
    config = replace(TINY, max_steps=6)
    prepared = Preparation(config, few_digits)
    events = list(training.train(config, few_digits, SimpleQueue(), prepared=prepared))
    plain = run(config, few_digits)
    assert curve(events) == curve(plain)
    np.testing.assert_array_equal(events[2].images, plain[2].images)
    weights = [bundle.loads(each[-4].bundle.tobytes(), "test").weights for each in (events, plain)]
    for name, value in weights[0].items():
        np.testing.assert_array_equal(value, weights[1][name], err_msg=name)


def test_a_vae_reports_its_two_terms(few_digits: Digits) -> None:
    events = run(replace(TINY, **KINDS["vae"], max_steps=64), few_digits)
    assert [type(event) for event in events if isinstance(event, Progress)] == []
    first, last = (event for event in events if isinstance(event, VaeProgress))
    assert last.reconstruction < first.reconstruction < 784 * 5
    assert last.divergence > 0
    assert events[2].images.shape == (64, 28, 28)


def test_stop_ends_after_the_tick_and_keeps_the_weights(few_digits: Digits) -> None:
    commands: SimpleQueue[Command] = SimpleQueue()
    config = replace(TINY, max_steps=10_000)
    events = []
    for event in training.train(config, few_digits, commands):
        events.append(event)
        if isinstance(event, Progress) and commands.empty():
            commands.put(Stop())
    assert events[-1] == Finished(32, StopReason.STOPPED)
    assert isinstance(events[-4], Snapshot)
    assert events[-4].step == 32


def test_seconds_are_a_budget(few_digits: Digits) -> None:
    events = run(replace(TINY, max_steps=None, max_seconds=1.0), few_digits)
    assert events[-1].reason is StopReason.COMPLETED
    last = next(event for event in reversed(events) if isinstance(event, Progress))
    assert last.seconds >= 1.0


class _FakeJudge:
    """Finds what `distances` says: of the n-th judgement, by how many digits there are."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, few: list[float], many: list[float]
    ) -> None:
        self.few, self.many, self.asked = iter(few), iter(many), []
        monkeypatch.setattr(Judge, "quality", self.quality)
        monkeypatch.setattr(QualitySchedule, "digits", lambda schedule, seconds: 250)
        monkeypatch.setattr(reporting, "SURE_SHARE", math.inf)

    def quality(self, images: np.ndarray, step: int, seconds: float) -> Quality:
        self.asked.append(len(images))
        distance = next(self.few if len(images) == 250 else self.many)
        found = Quality(step, seconds, len(images), distance, 1.0, (0.1,) * 10, 0.9)
        return replace(found, frechet_low=distance - 1, frechet_high=distance + 1)


def test_a_run_ends_once_its_digits_are_surely_as_good_as_asked(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What few digits seem to reach is tried with many others: all their interval has to."""
    judge = _FakeJudge(monkeypatch, few=[9.0, 3.0, 2.0, 9.0, 4.0], many=[4.5, 3.5, 3.0])
    events = run(replace(TINY, max_steps=10_000, target_distance=4.0), few_digits)
    assert judge.asked == [250, 250, 2500, 250, 2500, 250, 250, 2500]
    told = [event for event in events if isinstance(event, Quality)]
    assert [quality.frechet_distance for quality in told] == [9.0, 4.5, 3.5, 9.0, 3.0]
    assert events[-1] == Finished(5 * 32, StopReason.REACHED)
    assert [type(event) for event in events[-4:]] == [Quality, Snapshot, Samples, Finished]
    assert events[-3].step == 5 * 32


def test_a_run_that_is_not_as_good_ends_with_its_budget(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    _FakeJudge(monkeypatch, few=[9.0, 9.0, 9.0], many=[2.0])
    events = run(replace(TINY, max_steps=70, target_distance=4.0), few_digits)
    assert events[-1] == Finished(70, StopReason.COMPLETED)


def test_numbers_that_overflow_fail_the_run(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(self: Trainer, steps: int, part: Part, tick: Callable = Trainer.tick) -> None:
        tick(self, steps - 3)
        weight = self.counterpart.trainable_variables[0]
        weight.assign(np.full(weight.shape, math.inf, np.float32))
        tick(self, 3)

    monkeypatch.setattr(Trainer, "tick", poison)
    events = run(replace(TINY, max_steps=32), few_digits)
    assert isinstance(events[-1], Failed)
    assert "At step 30 " in failure(events[-1]).error
    assert "learning rate" in failure(events[-1]).hint
    assert "snapshot" not in failure(events[-1]).error + failure(events[-1]).hint, (
        "it does not know of one"
    )
    assert all(math.isfinite(v) for point in curve(events) for v in point)
    assert not any(isinstance(event, Snapshot) for event in events)


def test_discriminator_steps_update_d_more_often(few_digits: Digits) -> None:
    config = replace(TINY, batch_size=2, discriminator_steps=5)
    trainer = training.trainer(config, few_digits)
    trainer.tick(2)
    iterations = {name: int(each.iterations) for name, each in trainer.optimizers.items()}
    assert iterations == {"discriminator_optimizer": 10, "generator_optimizer": 2}
    assert trainer.step.numpy() == 2
    assert trainer.steps_per_tick == 256 // 10


@pytest.fixture(scope="module")
def trainer(few_digits: Digits) -> Trainer:
    """One that is not trained: what it draws depends on its step alone."""
    return training.trainer(replace(TINY, discriminator_steps=2), few_digits)


def test_real_batches_come_from_the_data_and_change(trainer: Trainer, few_digits: Digits) -> None:
    known = {image.tobytes(): index for index, image in enumerate(to_network(few_digits.images))}
    assert len(known) > 50
    batches = []
    for step in (0, 1):
        trainer.step.assign(step)
        for update in (0, 1):
            digits, classes = trainer.real_batch(*trainer.data, update)
            places = [known[image.tobytes()] for image in digits.numpy()]
            assert digits.shape == (8, 28, 28, 1)
            for place, label in zip(places, classes.numpy(), strict=True):
                same = (few_digits.images == few_digits.images[place]).all(axis=(1, 2))
                assert label in few_digits.labels[same]
            batches.append(tuple(places))
    assert len(set(batches)) == 4


def test_no_two_draws_are_the_same(trainer: Trainer) -> None:
    """Each step, update and purpose has a stream of its own; the same again is the same."""
    drawn = {}
    for step in (0, 1, 2):
        trainer.step.assign(step)
        for update in (0, 1):
            for draw in Draw:
                drawn[step, update, draw] = trainer.normal([3], draw, update).numpy().tobytes()
                again = trainer.normal([3], draw, update).numpy().tobytes()
                assert again == drawn[step, update, draw]
    assert len(set(drawn.values())) == 3 * 2 * len(Draw)


def test_samples_go_through_the_classes_in_turn(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def draw(noise: np.ndarray, labels: np.ndarray) -> np.ndarray:
        asked.append(labels.tolist())
        return np.full((len(noise), 28, 28, 1), -1.0, np.float32)

    monkeypatch.setattr(trainer, "draw", draw)
    assert trainer.generate(np.zeros((12, 4), np.float32)).max() == 0
    monkeypatch.setattr(trainer, "config", replace(trainer.config, classes="3,8"))
    trainer.generate(np.zeros((3, 4), np.float32))
    assert asked == [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], [3, 8, 3]]


def test_noise_has_the_shape_that_its_name_says(trainer: Trainer) -> None:
    trainer.step.assign(0)
    normal = trainer.normal([50, 50], Draw.NOISE, 0).numpy()
    assert normal.shape == (8, 50, 50)
    assert abs(normal.mean()) < 0.05
    assert normal.std() == pytest.approx(1.0, abs=0.05)
    even = trainer.uniform([50, 50], Draw.NOISE, 0).numpy()
    assert even.shape == (8, 50, 50)
    assert 0 <= even.min() < 0.01 < 0.99 < even.max() < 1
    assert trainer.noise().shape == (8, TINY.latent_dim)


def test_reports_grow_sparse_and_never_stop() -> None:
    reported = [t for t in range(1, 200_000) if t % progress.ticks_per_report(t) == 0]
    assert reported[:1023] == list(range(1, 1024))
    assert len(reported) < 1024 + 8 * 513


def test_a_snapshot_holds_all_state_and_draws_the_same(few_digits: Digits) -> None:
    trainer = training.trainer(TINY, few_digits)
    trainer.tick(3)
    snapshot = snapshots.take_snapshot(trainer, 3, reported_step=2, seconds=1.5, images_seen=24)
    loaded = bundle.loads(snapshot.bundle.tobytes(), "test")
    assert (loaded.config, loaded.step, loaded.reported_step) == (TINY, 3, 2)
    assert (loaded.seconds, loaded.images_seen, snapshot.reported_step) == (1.5, 24, 2)
    holders = {name.split("/")[0] for name in loaded.weights}
    assert holders == {
        "generator",
        "discriminator",
        bundle.AVERAGED,
        "generator_optimizer",
        "discriminator_optimizer",
        "totals",
    }
    noise = trainer.display_noise
    np.testing.assert_array_equal(
        bundle.compiled(loaded.generator())(noise), bundle.compiled(trainer.averaged)(noise)
    )
