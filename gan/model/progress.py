"""How far a run has come: its steps, its time and its budget, and what a tick of it reports."""

from __future__ import annotations

from gan.messages.events import Report, Samples, Snapshot
from gan.messages.status import Part, StopReason
from gan.model import bundle
from gan.model.schedules import Clock
from gan.model.snapshots import NotFinite, take_snapshot
from gan.model.trainer import Trainer


class RunProgress:
    """A training under way, counted: steps, images, seconds."""

    def __init__(self, learner: Trainer, start: bundle.Bundle | None) -> None:
        self.learner = learner
        start = start or bundle.Bundle(learner.config, step=0, weights={})
        self.step, self.clock = start.step, Clock(start.seconds)
        self.ending: StopReason | None = None
        """Why it ends; None as long as it goes on."""
        self._reported_step = start.reported_step
        self._images_seen = self._images_before = start.images_seen
        self._seconds_before = start.seconds

    @property
    def has_unreported(self) -> bool:
        """Whether there were steps since the last report."""
        return self.step > self._reported_step

    @property
    def is_report_due(self) -> bool:
        """Whether it stands at a step at which the same seed always reports."""
        ticks, rest = divmod(self.step, self.learner.steps_per_tick)
        is_on_grid = rest == 0 and ticks % ticks_per_report(ticks) == 0
        return is_on_grid and self.has_unreported

    def steps_to_grid(self) -> int:
        """Steps up to the next whole tick, where the same seed always reports."""
        config, per_tick = self.learner.config, self.learner.steps_per_tick
        steps = per_tick - self.step % per_tick
        return steps if config.max_steps is None else min(steps, config.max_steps - self.step)

    def advance(self, steps: int, part: Part = Part.BOTH) -> None:
        """Train for `steps` steps."""
        self.learner.course.clock(self.clock.seconds())
        self.learner.tick(steps, part)
        self.step += steps
        self._images_seen += steps * self.learner.images_per_step
        self.end_if_spent()

    def end_if_spent(self) -> None:
        """Let it end if its budget is used up."""
        config = self.learner.config
        out_of_steps = config.max_steps is not None and self.step >= config.max_steps
        out_of_time = config.max_seconds is not None and self.clock.seconds() >= config.max_seconds
        if out_of_steps or out_of_time:
            self.ending = StopReason.COMPLETED

    def report(self) -> Report:
        """Means over the steps since the last report. Raises `NotFinite`.

        This is where host and device synchronise.
        """
        totals, failed_step = self.learner.read_totals()
        if failed_step >= 0:
            raise NotFinite(failed_step)
        seconds, steps = self.clock.seconds(), self.step - self._reported_step
        images = self._images_seen - self._images_before
        passed = seconds - self._seconds_before
        speed = images / passed if passed > 0 else 0.0  # none, for a step by hand
        self._reported_step = self.step
        self._seconds_before, self._images_before = seconds, self._images_seen
        kind = self.learner.report
        means = (float(total) / steps for total in totals)
        return kind(
            step=self.step,
            images_seen=self._images_seen,
            seconds=seconds,
            images_per_second=speed,
            **dict(zip(kind.measures, means, strict=True)),
        )

    def samples(self) -> Samples:
        """What the averaged generator draws of the run's fixed noise."""
        return Samples(self.step, self.learner.generate(self.learner.display_noise))

    def snapshot(self) -> Snapshot:
        """All state. Raises `NotFinite` for one that is not worth keeping."""
        _, failed_step = self.learner.read_totals(reset=False)
        if failed_step >= 0:
            raise NotFinite(failed_step)
        return take_snapshot(
            self.learner,
            self.step,
            reported_step=self._reported_step,
            seconds=self.clock.seconds(),
            images_seen=self._images_seen,
        )


def ticks_per_report(ticks: int) -> int:
    """Every tick at first, then ever fewer: at most 512 reports for each doubling of a run.

    Counted in ticks, not seconds, so that the same seed reports the same steps.
    """
    return 1 << max(0, (ticks // 1024).bit_length())
