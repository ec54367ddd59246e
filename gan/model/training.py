"""The training loop: a generator of events that knows nothing of disks, processes or screens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan import latent
from gan.config import TrainConfig
from gan.data import Digits
from gan.events import (
    Command,
    Event,
    Failed,
    Finished,
    Preparing,
    Progress,
    Samples,
    Snapshot,
    Started,
    StopReason,
    VaeProgress,
)
from gan.model import bundle
from gan.model.adversarial import AdversarialTrainer
from gan.model.quality import Schedule, judge_of
from gan.model.trainer import Trainer, gpus
from gan.model.vae import VaeTrainer

LIVE_QUALITY_SAMPLES: Final = 1000


def trainer(config: TrainConfig, digits: Digits) -> Trainer:
    """The training that `config` describes, built and ready."""
    kind = AdversarialTrainer if config.is_adversarial else VaeTrainer
    return kind(config, digits)


def train(config: TrainConfig, digits: Digits, commands: SimpleQueue[Command]) -> Iterator[Event]:
    """Train as `config` says on `digits`, obeying `commands` between two ticks.

    Yields `Preparing`, `Started`, then `Progress`, `Samples`, `Quality` and `Snapshot` as they
    fall due, and ends with `Finished`, or with `Failed` once a loss is not finite.
    """
    yield Preparing("Building the networks")
    learner = trainer(config, digits)
    judge = judge_of(digits, LIVE_QUALITY_SAMPLES)
    _ = judge.floor  # prepared now, so that it does not count as training time
    judge_noise = latent.sample(judge.samples, config.latent_dim, config.seed)
    yield Started(
        device=device(),
        training_images=len(digits),
        generator_parameters=learner.generator.count_params(),
        discriminator_parameters=learner.opponent.count_params(),
    )
    yield Samples(0, learner.generate(learner.display_noise))
    clock = _Clock(config.batch_size * config.discriminator_steps)
    samples_due, snapshot_due = _Due(0.5, 1.0), _Due(2.5, 10.0)
    quality_due = Schedule(first=2.0, period=5.0)
    step, ticks, reason = 0, 0, None
    while reason is None:
        steps = _steps_left(config, step, learner.steps_per_tick)
        learner.tick(steps)
        step, ticks = step + steps, ticks + 1
        reason = _end(config, step, clock.seconds(), commands)
        if reason is None and ticks % _ticks_per_report(ticks):
            continue
        totals, failed_step = learner.read_totals()
        if failed_step >= 0:
            yield _not_finite(failed_step)
            return
        yield clock.progress(learner, step, totals)
        if samples_due.at(clock.seconds()) or reason:
            yield Samples(step, learner.generate(learner.display_noise))
        if quality_due.is_due(clock.seconds()) or reason:
            began = clock.seconds()
            quality = judge.quality(learner.generate(judge_noise), step, began)
            quality_due.judged(began, clock.seconds())
            yield quality
        if snapshot_due.at(clock.seconds()) or reason:
            snapshot = take_snapshot(learner, step)
            if snapshot is None:
                yield _not_finite(step)
                return
            yield snapshot
    yield Finished(step, reason)


def take_snapshot(learner: Trainer, step: int) -> Snapshot | None:
    """The state after `step` steps; None if a weight is not finite, which is not worth keeping."""
    weights = learner.weights()
    if not all(np.isfinite(value).all() for value in weights.values()):
        return None
    state = bundle.dump(learner.config, step, weights)
    browser = bundle.export_generator(learner.averaged)
    return Snapshot(step, np.frombuffer(state, np.uint8), np.frombuffer(browser, np.uint8))


class _Clock:
    """Training time, and what happened since the last report."""

    def __init__(self, images_per_step: int) -> None:
        self._images_per_step = images_per_step
        self._start = self._reported_at = time.perf_counter()
        self._reported_step = 0

    def seconds(self) -> float:
        return time.perf_counter() - self._start

    def progress(
        self, learner: Trainer, step: int, totals: NDArray[np.float32]
    ) -> Progress | VaeProgress:
        now, steps = time.perf_counter(), step - self._reported_step
        speed = steps * self._images_per_step / (now - self._reported_at)
        self._reported_at, self._reported_step = now, step
        means = (float(total) / steps for total in totals)
        return learner.report(
            step=step,
            images_seen=step * self._images_per_step,
            seconds=now - self._start,
            images_per_second=speed,
            **dict(zip(learner.measures, means, strict=True)),
        )


class _Due:
    """Falls due `first` seconds into the run, then every `period` seconds or 2% of the run.

    The share keeps what a long run stores bounded: some hundreds of samples a day.
    """

    def __init__(self, first: float, period: float) -> None:
        self._next, self._period = first, period

    def at(self, seconds: float) -> bool:
        if seconds < self._next:
            return False
        self._next = seconds + max(self._period, 0.02 * seconds)
        return True


def _ticks_per_report(ticks: int) -> int:
    """Every tick at first, then ever fewer: at most 512 reports for each doubling of a run.

    Counted in ticks, not seconds, so that the same seed reports the same steps.
    """
    return 1 << max(0, (ticks // 1024).bit_length())


def _steps_left(config: TrainConfig, step: int, per_tick: int) -> int:
    return per_tick if config.max_steps is None else min(per_tick, config.max_steps - step)


def _end(
    config: TrainConfig, step: int, seconds: float, commands: SimpleQueue[Command]
) -> StopReason | None:
    if not commands.empty():
        return commands.get().reason
    out_of_steps = config.max_steps is not None and step >= config.max_steps
    out_of_time = config.max_seconds is not None and seconds >= config.max_seconds
    return StopReason.COMPLETED if out_of_steps or out_of_time else None


def _not_finite(step: int) -> Failed:
    return Failed(
        error=f"At step {step} a loss or weight stopped being a finite number: the updates had "
        "grown until the numbers overflowed. The last snapshot before that is kept.",
        hint="Lower the learning rates (ten times is a good first try), or keep D and G equal.",
    )


def device() -> str:
    """What TensorFlow computes on, as people call it."""
    count = len(gpus())
    return f"{count} GPU" if count else "CPU"
