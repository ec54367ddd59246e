"""The training loop: a generator of events that knows nothing of disks, processes or screens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from typing import Any, Final

import numpy as np

from gan import latent
from gan.data.datasets import Digits
from gan.messages.events import (
    Adjust,
    Adjusted,
    Command,
    Event,
    Failed,
    Finished,
    Pace,
    Paced,
    Park,
    Parked,
    Part,
    Pause,
    Paused,
    Preparing,
    Quality,
    Report,
    Resume,
    Resumed,
    Samples,
    Snapshot,
    Started,
    Step,
    Stepped,
    Stop,
    StopReason,
)
from gan.model import bundle, discriminator_export, tracing
from gan.model.adversarial import AdversarialTrainer
from gan.model.families import trainer
from gan.model.quality import Judge, judge_of
from gan.model.reference import classes_of
from gan.model.schedules import JUDGED_DIGITS, Affordable, Clock, Effort, Periodic, Sparser
from gan.model.trainer import Trainer, gpus
from gan.settings.config import ConfigError, TrainConfig

LIVE_QUALITY_SAMPLES: Final = 500
"""Of the measures that depend on the sample size."""
SURE_DIGITS: Final = 2500
"""As many are judged before a run ends because its digits are good enough, and when it ends."""
_SURE_SHARE: Final = 0.1


def judge_for(config: TrainConfig, digits: Digits) -> Judge:
    """Who judges a run of `config` on `digits`, ready to."""
    judge = judge_of(digits, LIVE_QUALITY_SAMPLES, classes_of(config))
    judge.prepare()
    return judge


def prepared(config: TrainConfig, digits: Digits) -> Trainer:
    """A training before its first step, with all that it takes compiled and run once."""
    learner = trainer(config, digits)
    untouched = bundle.Bundle(config, step=0, weights=learner.weights())
    learner.tick(1)
    judge = judge_for(config, digits)
    noise = latent.sample(min(JUDGED_DIGITS), config.latent_dim, config.seed)
    judge.quality(learner.generate(noise), step=0, seconds=0.0)
    learner.restore(untouched)
    return learner


def train(
    config: TrainConfig,
    digits: Digits,
    commands: SimpleQueue[Command],
    start: bundle.Bundle | None = None,
    learner: Trainer | None = None,
    is_paused: bool = False,
) -> Iterator[Event]:
    """Train as `config` says on `digits`, obeying `commands` between two ticks.

    Yields `Preparing`, `Started`, then `Progress`, `Samples`, `Quality` and `Snapshot` as they
    fall due, what the commands did, and ends with `Finished`, or with `Failed` once a loss is not
    finite; told to `Park` in a pause, it ends with `Parked`. From a snapshot `start` it goes on as
    if it had never stopped; with `is_paused` it waits to be told so. A `learner` comes from
    `prepared`, of the same config and digits.
    """
    yield Preparing("Building the networks")
    learner = learner or trainer(config, digits)
    if start is not None:
        learner.restore(start)
    judge = judge_for(config, digits)  # ready now, so that it does not count as training time
    yield Started(
        device=device(),
        training_images=len(digits),
        generator_parameters=learner.generator.count_params(),
        discriminator_parameters=learner.opponent.count_params(),
    )
    yield from _Run(learner, judge, commands, start).events(is_paused)


class _NotFinite(ArithmeticError):
    """A loss or a weight overflowed at this step."""

    def __init__(self, step: int) -> None:
        self.step = step


class _Run:
    """A training under way: when to report what, and what the commands change."""

    def __init__(
        self,
        learner: Trainer,
        judge: Judge,
        commands: SimpleQueue[Command],
        start: bundle.Bundle | None,
    ) -> None:
        self._learner, self._judge, self._commands = learner, judge, commands
        config = learner.config
        start = start or bundle.Bundle(config, step=0, weights={})
        self._step, self._reported_step = start.step, start.reported_step
        self._images_seen = self._images_before = start.images_seen
        self._clock = Clock(start.seconds)
        self._seconds_before = start.seconds
        self._samples_due = Periodic(0.5, 0.4)
        self._snapshot_due = Sparser(start.seconds)
        self._quality_due, self._effort = Affordable(start.seconds), Effort()
        self._sure_due = 0.0
        self._paused = False
        self._steps_per_second: float | None = None
        self._slow_since = 0.0
        self._ending: StopReason | None = None
        self._parked = False

    def events(self, is_paused: bool) -> Iterator[Event]:
        """Train to the end, or until it is parked."""
        try:
            if is_paused:
                yield from self._pause()
                yield from self._obey()
            else:
                yield self._samples()
                self._clock.go()
            self._end_if_spent()
            while self._ending is None and not self._parked:
                self._tick(1 if self._steps_per_second else self._steps_to_grid())
                yield from self._slow_down()
                if self._ending is None and self._is_report_due():
                    yield from self._report()
                yield from self._obey()
            if self._parked:
                yield self._snapshot()
                yield Parked(self._step)
                return
            yield from self._close()
        except _NotFinite as stop:
            yield _failure(stop.step)
            return
        yield Finished(self._step, self._ending)

    def _steps_to_grid(self) -> int:
        """Steps up to the next whole tick, where the same seed always reports."""
        config, per_tick = self._learner.config, self._learner.steps_per_tick
        steps = per_tick - self._step % per_tick
        return steps if config.max_steps is None else min(steps, config.max_steps - self._step)

    def _is_report_due(self) -> bool:
        ticks, rest = divmod(self._step, self._learner.steps_per_tick)
        is_on_grid = rest == 0 and ticks % _ticks_per_report(ticks) == 0
        return is_on_grid and self._step > self._reported_step

    def _tick(self, steps: int, part: Part = Part.BOTH) -> None:
        self._learner.tick(steps, part)
        self._step += steps
        self._images_seen += steps * self._learner.images_per_step
        self._end_if_spent()

    def _end_if_spent(self) -> None:
        config = self._learner.config
        out_of_steps = config.max_steps is not None and self._step >= config.max_steps
        out_of_time = config.max_seconds is not None and self._clock.seconds() >= config.max_seconds
        if out_of_steps or out_of_time:
            self._ending = StopReason.COMPLETED

    def _report(self, show: bool = False) -> Iterator[Event]:
        """What is due, and samples in any case if told to `show`."""
        if self._step > self._reported_step:
            yield self._progress()
        if not self._commands.empty():
            return  # people do not wait for pictures: those fall due again
        if self._samples_due.is_due(self._clock.seconds()) or show:
            yield self._samples()
        if count := self._quality_due.digits(self._clock.seconds()):
            yield self._judgement(count)
        is_over = self._ending is not None  # then comes the last one
        if not is_over and self._snapshot_due.is_due(began := self._clock.seconds()):
            snapshot = self._snapshot()
            self._snapshot_due.taken(began, self._clock.seconds())
            yield snapshot

    def _close(self) -> Iterator[Event]:
        """Everything, once more."""
        if self._is_report_due():
            yield self._progress()
        snapshot = self._snapshot()  # with what is added up for the report that would have come
        if self._step > self._reported_step:
            yield self._progress()
        yield snapshot  # before what can be done without, in case that nobody waits for it
        yield self._samples()
        if self._ending is StopReason.COMPLETED:
            yield self._quality(SURE_DIGITS)
        elif self._ending is not StopReason.REACHED:  # which a judgement of this step has said
            # Who stops a run waits no longer than has to be.
            yield self._quality(max(JUDGED_DIGITS))

    def _judgement(self, count: int) -> Quality:
        """Judge `count` digits; if they seem to be as good as asked, more and others instead.

        The run ends if those are as good as that with all of their interval. To make sure takes up
        to a tenth of the time, beside the share of what is judged in any case.
        """
        began, seconds = self._effort.began(), self._clock.seconds()
        quality, target = self._quality(count), self._learner.config.target_distance
        self._quality_due.judged(count, self._effort.since(began), self._clock.seconds())
        if target is None or quality.frechet_distance > target or seconds < self._sure_due:
            return quality
        began = self._effort.began()
        sure = self._quality(SURE_DIGITS)
        self._sure_due = self._clock.seconds() + self._effort.since(began) / _SURE_SHARE
        if sure.frechet_high is not None and sure.frechet_high <= target:
            self._ending = StopReason.REACHED
        return sure

    def _quality(self, count: int) -> Quality:
        """Judge `count` digits, others each time: else one draw's luck would stay for all of a run.

        They are fixed by seed, step and count all the same.
        """
        config = self._learner.config
        seed = (config.seed + 1 << 64) + (self._step << 32) + count
        noise = latent.sample(count, config.latent_dim, seed)
        images, seconds = self._learner.generate(noise), self._clock.seconds()
        return self._judge.quality(images, self._step, seconds)

    def _progress(self) -> Report:
        totals, failed_step = self._learner.read_totals()
        if failed_step >= 0:
            raise _NotFinite(failed_step)
        seconds, steps = self._clock.seconds(), self._step - self._reported_step
        images = self._images_seen - self._images_before
        passed = seconds - self._seconds_before
        speed = images / passed if passed > 0 else 0.0  # none, for a step by hand
        self._reported_step = self._step
        self._seconds_before, self._images_before = seconds, self._images_seen
        means = (float(total) / steps for total in totals)
        return self._learner.report(
            step=self._step,
            images_seen=self._images_seen,
            seconds=seconds,
            images_per_second=speed,
            **dict(zip(self._learner.report.measures, means, strict=True)),
        )

    def _samples(self) -> Samples:
        return Samples(self._step, self._learner.generate(self._learner.display_noise))

    def _snapshot(self) -> Snapshot:
        _, failed_step = self._learner.read_totals(reset=False)
        if failed_step >= 0:
            raise _NotFinite(failed_step)
        return take_snapshot(
            self._learner,
            self._step,
            reported_step=self._reported_step,
            seconds=self._clock.seconds(),
            images_seen=self._images_seen,
        )

    def _slow_down(self) -> Iterator[Event]:
        """Wait for the next step of slow motion, which a command may cut short."""
        if self._steps_per_second is None or self._ending:
            return
        yield from self._report(show=True)
        self._clock.stop()
        next_step = self._slow_since + 1 / self._steps_per_second
        while self._commands.empty() and (left := next_step - time.perf_counter()) > 0:
            time.sleep(min(left, 0.05))
        self._slow_since = time.perf_counter()
        self._clock.go()

    def _obey(self) -> Iterator[Event]:
        """Do what the commands say; while paused, wait for the next one."""
        while self._ending is None and (self._paused or not self._commands.empty()):
            match self._commands.get():
                case Park() if self._paused:
                    self._parked = True
                    return
                case Stop() as stop:
                    self._ending = stop.reason
                case Pause():
                    yield from self._pause()
                case Resume() if self._paused:
                    self._paused = False
                    self._clock.go()
                    yield Resumed(self._step)
                case Step() as step:
                    yield from self._pause()
                    yield from self._single(step.part)
                case Pace() as pace:
                    self._steps_per_second = pace.steps_per_second
                    self._slow_since = time.perf_counter()
                    yield Paced(self._step, pace.steps_per_second)
                case Adjust() as adjust:
                    yield from self._adjust(adjust.changes)

    def _pause(self) -> Iterator[Event]:
        if self._paused:
            return
        self._paused = True
        self._clock.stop()
        yield Paused(self._step)
        yield self._samples()
        yield self._snapshot()
        # Compiled, and run once, so that the first step by hand does not wait for it.
        for part in Part:
            if self._commands.empty() and self._learner.config.family.steps_in_parts:
                self._learner.prepare(part)
        if self._commands.empty() and (now := self._traceable()):
            tracing.trace(now, tracing.state_of(now), Part.BOTH)

    def _single(self, part: Part) -> Iterator[Event]:
        learner = self._learner
        if not learner.config.family.steps_in_parts:
            part = Part.BOTH  # one loss for both networks: they only move together
        if self._step > self._reported_step:
            yield self._progress()
        opened = self._traceable()
        before = tracing.state_of(opened) if opened else None
        self._tick(1, part)
        report = self._progress()
        yield Stepped(self._step, part)
        yield report
        yield self._samples()
        if opened and before:
            yield tracing.trace(opened, before, part)

    def _traceable(self) -> AdversarialTrainer | None:
        """The trainer, if its steps can be opened up: those of a game on one device."""
        learner = self._learner
        is_game = isinstance(learner, AdversarialTrainer)
        return learner if is_game and learner.replicas == 1 else None

    def _adjust(self, changes: Mapping[str, Any]) -> Iterator[Event]:
        """Change the config; the moment before can be gone back to."""
        try:
            config = self._learner.config.adjusted(changes)
        except ConfigError:
            return  # who sent it has checked it, against a config that changed meanwhile
        if config == self._learner.config:
            return
        if not self._paused:
            yield self._snapshot()
        self._learner.adjust(config)
        self._end_if_spent()
        yield Adjusted(self._step, dict(changes))


def take_snapshot(learner: Trainer, step: int, **clock: float) -> Snapshot:
    """The state after `step` steps. Raises `_NotFinite` for one that is not worth keeping."""
    weights = learner.weights()
    if not all(np.isfinite(value).all() for value in weights.values()):
        raise _NotFinite(step)
    saved = bundle.Bundle(learner.config, step, weights, **clock)
    browser = bundle.export_generator(learner.averaged)
    return Snapshot(
        step,
        np.frombuffer(bundle.dump(saved), np.uint8),
        np.frombuffer(browser, np.uint8),
        reported_step=saved.reported_step,
        discriminator=np.frombuffer(discriminator(learner), np.uint8),
    )


def discriminator(learner: Trainer) -> bytes:
    """The browser's discriminator, among the digits that samples show; empty if there is none."""
    config, noise = learner.config, learner.display_noise
    if not isinstance(learner, AdversarialTrainer):
        return b""
    chosen = config.chosen_classes
    classes = latent.even_classes(len(noise), chosen)
    pictures = learner.draw(noise, classes)
    if config.conditional == "hidden":
        classes = np.array(chosen)[noise[:, : len(chosen)].argmax(axis=1)]
    return discriminator_export.export_discriminator(learner.opponent, config, pictures, classes)


def _ticks_per_report(ticks: int) -> int:
    """Every tick at first, then ever fewer: at most 512 reports for each doubling of a run.

    Counted in ticks, not seconds, so that the same seed reports the same steps.
    """
    return 1 << max(0, (ticks // 1024).bit_length())


def _failure(step: int) -> Failed:
    return Failed(
        error=f"At step {step} a loss or weight stopped being a finite number: the updates had "
        "grown until the numbers overflowed.",
        hint="Lower the learning rates (ten times is a good first try), or keep D and G equal.",
    )


def device() -> str:
    """What TensorFlow computes on, as people call it."""
    count = len(gpus())
    return f"{count} GPU" if count else "CPU"
