"""What a run tells of itself and when: reports, samples, judgements and snapshots."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from gan import latent
from gan.messages.events import Event, Quality
from gan.messages.status import StopReason
from gan.model.progress import RunProgress
from gan.model.quality import Judge
from gan.model.schedules import (
    JUDGED_DIGITS,
    CostMeter,
    QualitySchedule,
    SampleSchedule,
    SnapshotSchedule,
)

SURE_DIGITS: Final = 2500
"""As many are judged before a run ends because its digits are good enough, and when it ends.

Fewer, if a network is asked many times for each.
"""
SURE_SHARE: Final = 0.1
"""Of the training time: what making sure may take."""


class Reporter:
    """Reports of one run, as they fall due."""

    def __init__(
        self,
        progress: RunProgress,
        judge: Judge,
        somebody_waits: Callable[[], bool],
        snapshot_gap: float = math.inf,
    ) -> None:
        """Of what `progress` counts; snapshots are at most `snapshot_gap` seconds apart."""
        self._progress, self._judge, self._somebody_waits = progress, judge, somebody_waits
        start = progress.clock.seconds()
        self._samples_due = SampleSchedule(0.5, 0.4)
        self._snapshot_due = SnapshotSchedule(start, snapshot_gap)
        calls = progress.learner.calls_per_digit
        self._quality_due, self._cost = QualitySchedule(start, calls), CostMeter()
        self._sure_due = 0.0

    def due(self, show: bool = False) -> Iterator[Event]:
        """What is due, and samples in any case if told to `show`."""
        progress, clock = self._progress, self._progress.clock
        if progress.has_unreported:
            yield progress.report()
        if self._somebody_waits():
            return  # people do not wait for pictures: those fall due again
        if self._samples_due.is_due(clock.seconds()) or show:
            began = self._cost.began()
            samples = progress.samples()
            self._samples_due.drawn(self._cost.since(began), clock.seconds())
            yield samples
        if count := self._quality_due.digits(clock.seconds()):
            yield self._judgement(count)
        is_over = progress.ending is not None  # then comes the last one
        if not is_over and self._snapshot_due.is_due(began := clock.seconds()):
            snapshot = progress.snapshot()
            self._snapshot_due.taken(began, clock.seconds())
            yield snapshot

    def last(self) -> Iterator[Event]:
        """Everything, once more."""
        progress = self._progress
        if progress.is_report_due:
            yield progress.report()
        snapshot = progress.snapshot()  # with what is added up for the report that would have come
        if progress.has_unreported:
            yield progress.report()
        yield snapshot  # before what can be done without, in case that nobody waits for it
        yield progress.samples()
        if progress.ending is StopReason.COMPLETED:
            yield self._quality(self._sure_digits)
        elif progress.ending is not StopReason.REACHED:  # which a judgement of this step has said
            # Who stops a run waits no longer than has to be.
            yield self._quality(min(JUDGED_DIGITS) if self._is_slow else max(JUDGED_DIGITS))

    def _judgement(self, count: int) -> Quality:
        """Judge `count` digits; if they seem to be as good as asked, more and others instead.

        The run ends if those are as good as that with all of their interval. To make sure takes up
        to a tenth of the time, beside the share of what is judged in any case.
        """
        progress, clock = self._progress, self._progress.clock
        began, seconds = self._cost.began(), clock.seconds()
        quality, target = self._quality(count), progress.learner.config.target_distance
        self._quality_due.judged(count, self._cost.since(began), clock.seconds())
        if target is None or quality.frechet_distance > target or seconds < self._sure_due:
            return quality
        began = self._cost.began()
        sure = self._quality(self._sure_digits)
        self._sure_due = clock.seconds() + self._cost.since(began) / SURE_SHARE
        if sure.frechet_high is not None and sure.frechet_high <= target:
            progress.ending = StopReason.REACHED
        return sure

    @property
    def _is_slow(self) -> bool:
        """Whether a network is asked many times for each digit."""
        return self._progress.learner.calls_per_digit > 1

    @property
    def _sure_digits(self) -> int:
        return max(JUDGED_DIGITS) if self._is_slow else SURE_DIGITS

    def _quality(self, count: int) -> Quality:
        """Judge `count` digits, others each time: else one draw's luck would stay for all of a run.

        They are fixed by seed, step and count all the same.
        """
        learner, step = self._progress.learner, self._progress.step
        seed = (learner.config.seed + 1 << 64) + (step << 32) + count
        noise = latent.sample(count, learner.config.latent_dim, seed)
        images, seconds = learner.generate(noise), self._progress.clock.seconds()
        return self._judge.quality(images, step, seconds)
