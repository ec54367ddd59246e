"""The loop: repeatable, stoppable, honest about numbers that overflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue

import numpy as np
import pytest
from support import TINY

from gan.config import TrainConfig
from gan.data import Digits, to_network
from gan.events import (
    Command,
    Event,
    Failed,
    Finished,
    Preparing,
    Progress,
    Quality,
    Samples,
    Snapshot,
    Started,
    Stop,
    StopReason,
)
from gan.model import bundle, training
from gan.model.training import Trainer

pytestmark = pytest.mark.tensorflow


def run(config: TrainConfig, digits: Digits) -> list[Event]:
    return list(training.train(config, digits, SimpleQueue()))


def curve(events: list[Event]) -> list[tuple[float, ...]]:
    return [
        (e.step, e.d_loss, e.g_loss, e.d_real, e.d_fake) for e in events if isinstance(e, Progress)
    ]


def test_a_run_tells_its_story_in_order(few_digits: Digits) -> None:
    config = replace(TINY, max_steps=70)  # a tick is 32 steps of 8 digits
    events = run(config, few_digits)
    kinds = [type(event) for event in events]
    assert kinds[:3] == [Preparing, Started, Samples]
    assert kinds[-4:] == [Samples, Quality, Snapshot, Finished]
    assert [point[0] for point in curve(events)] == [32, 64, 70]
    assert events[-1] == Finished(70, StopReason.COMPLETED)
    last = next(event for event in reversed(events) if isinstance(event, Progress))
    assert last.images_seen == 70 * 8
    assert events[2].images.shape == (64, 28, 28)
    assert events[2].images.dtype == np.uint8
    assert sum(events[-3].coverage) == pytest.approx(1.0)
    assert events[-3].floor > 0


@pytest.mark.parametrize("architecture", ["lean-dcgan", "article-dense"])
def test_the_same_seed_gives_the_same_run(architecture: str, few_digits: Digits) -> None:
    config = replace(TINY, architecture=architecture, max_steps=40)
    first, second = run(config, few_digits), run(config, few_digits)
    assert curve(first) == curve(second)
    weights = [
        bundle.loads(events[-2].bundle.tobytes(), "test").weights for events in (first, second)
    ]
    for name, value in weights[0].items():
        np.testing.assert_array_equal(value, weights[1][name], err_msg=name)
    other = run(replace(config, seed=2), few_digits)
    assert curve(other) != curve(first)


def test_stop_ends_after_the_tick_and_keeps_the_weights(few_digits: Digits) -> None:
    commands: SimpleQueue[Command] = SimpleQueue()
    config = replace(TINY, max_steps=10_000)
    events = []
    for event in training.train(config, few_digits, commands):
        events.append(event)
        if isinstance(event, Progress) and commands.empty():
            commands.put(Stop())
    assert events[-1] == Finished(64, StopReason.STOPPED)
    assert isinstance(events[-2], Snapshot)
    assert events[-2].step == 64


def test_seconds_are_a_budget(few_digits: Digits) -> None:
    events = run(replace(TINY, max_steps=None, max_seconds=1.0), few_digits)
    assert events[-1].reason is StopReason.COMPLETED
    last = next(event for event in reversed(events) if isinstance(event, Progress))
    assert last.seconds >= 1.0


def test_numbers_that_overflow_fail_the_run(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(self: Trainer, steps: int, tick: Callable = Trainer.tick) -> None:
        tick(self, steps - 3)
        self.discriminator.trainable_variables[0].assign_add(
            np.full(self.discriminator.trainable_variables[0].shape, math.inf, np.float32)
        )
        tick(self, 3)

    monkeypatch.setattr(Trainer, "tick", poison)
    events = run(replace(TINY, max_steps=32), few_digits)
    assert isinstance(events[-1], Failed)
    assert "At step 30 " in events[-1].error
    assert "learning rate" in events[-1].hint
    assert all(math.isfinite(v) for point in curve(events) for v in point)
    assert not any(isinstance(event, Snapshot) for event in events)


def test_discriminator_steps_update_d_more_often(few_digits: Digits) -> None:
    trainer = Trainer(replace(TINY, discriminator_steps=3), few_digits.images)
    trainer.tick(2)
    assert trainer.discriminator_optimizer.iterations.numpy() == 6
    assert trainer.generator_optimizer.iterations.numpy() == 2
    assert trainer.step.numpy() == 2


def test_one_step_against_a_recomputation(few_digits: Digits) -> None:
    """D's loss, G's loss and D's first update, recomputed from the weights before the step."""
    trainer = Trainer(TINY, few_digits.images)
    noise, real = trainer._noise(0), trainer._real_batch(0)
    fake = trainer.generator(noise, training=True)
    logits = [
        trainer.discriminator(batch, training=True).numpy().astype(np.float64)
        for batch in (real, fake)
    ]
    d_loss = np.mean(np.log1p(np.exp(-logits[0]))) + np.mean(np.log1p(np.exp(logits[1])))
    before = trainer.discriminator.trainable_variables[-1].numpy()
    trainer.tick(1)
    totals, failed = trainer.read_totals()
    assert failed == -1
    np.testing.assert_allclose(totals[0], d_loss, rtol=1e-5)
    np.testing.assert_allclose(totals[2], np.mean(1 / (1 + np.exp(-logits[0]))), rtol=1e-5)
    np.testing.assert_allclose(totals[3], np.mean(1 / (1 + np.exp(-logits[1]))), rtol=1e-5)
    # Adam's first step moves every weight by the learning rate, against the gradient's sign.
    bias_gradient = np.mean(-1 / (1 + np.exp(logits[0]))) + np.mean(1 / (1 + np.exp(-logits[1])))
    after = trainer.discriminator.trainable_variables[-1].numpy()
    np.testing.assert_allclose(
        after - before, -TINY.discriminator_learning_rate * np.sign(bias_gradient), rtol=1e-3
    )


def test_real_batches_come_from_the_data_and_change(few_digits: Digits) -> None:
    trainer = Trainer(TINY, few_digits.images)
    known = {image.tobytes() for image in to_network(few_digits.images)}
    batches = []
    for _ in range(2):
        batches.append(trainer._real_batch(0).numpy())
        assert all(image.tobytes() in known for image in batches[-1])
        trainer.step.assign_add(1)
    assert not np.array_equal(*batches)


def test_the_average_follows_the_generator(few_digits: Digits) -> None:
    trainer = Trainer(replace(TINY, ema_decay=0.5), few_digits.images)
    start = trainer.averaged.get_weights()
    trainer.tick(1)
    # The decay of the first step is min(0.5, 1 / 10).
    expected = [
        0.1 * a + 0.9 * b for a, b in zip(start, trainer.generator.get_weights(), strict=True)
    ]
    for value, wanted in zip(trainer.averaged.get_weights(), expected, strict=True):
        np.testing.assert_allclose(value, wanted, atol=1e-6)


def test_reports_grow_sparse_and_never_stop() -> None:
    reported = [t for t in range(1, 200_000) if t % training._ticks_per_report(t) == 0]
    assert reported[:1023] == list(range(1, 1024))
    assert len(reported) < 1024 + 8 * 513


def test_a_snapshot_holds_all_state_and_draws_the_same(few_digits: Digits) -> None:
    trainer = Trainer(TINY, few_digits.images)
    trainer.tick(3)
    snapshot = training.take_snapshot(trainer, 3)
    loaded = bundle.loads(snapshot.bundle.tobytes(), "test")
    assert (loaded.config, loaded.step) == (TINY, 3)
    holders = {name.split("/")[0] for name in loaded.weights}
    assert holders == {
        "generator",
        "discriminator",
        bundle.AVERAGED,
        "generator_optimizer",
        "discriminator_optimizer",
    }
    noise = trainer.display_noise
    np.testing.assert_array_equal(
        bundle.compiled(loaded.generator())(noise), bundle.compiled(trainer.averaged)(noise)
    )
