"""What people do to a run between two ticks: pause it, step it, slow it down, change it, end it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from typing import Any

from gan.messages.commands import Adjust, Command, Pace, Park, Pause, Resume, Step, Stop
from gan.messages.events import Adjusted, Event, Paced, Paused, Resumed, Stepped
from gan.messages.status import Part
from gan.model import tracing
from gan.model.progress import RunProgress
from gan.model.reporting import Reporter
from gan.settings.config import ConfigError


class Control:
    """Obeys the commands that one run is given."""

    def __init__(
        self, progress: RunProgress, reporter: Reporter, commands: SimpleQueue[Command]
    ) -> None:
        self._progress, self._reporter, self._commands = progress, reporter, commands
        self._is_paused = False
        self._steps_per_second: float | None = None
        self._slow_since = 0.0
        self.is_parked = False
        """Whether it was told to make room while it pauses."""

    def steps_at_once(self) -> int:
        """How many steps to take before looking at the commands again."""
        return 1 if self._steps_per_second else self._progress.steps_to_grid()

    def slow_down(self) -> Iterator[Event]:
        """Wait for the next step of slow motion, which a command may cut short."""
        if self._steps_per_second is None or self._progress.ending:
            return
        yield from self._reporter.due(show=True)
        self._progress.clock.stop()
        next_step = self._slow_since + 1 / self._steps_per_second
        while self._commands.empty() and (left := next_step - time.perf_counter()) > 0:
            time.sleep(min(left, 0.05))
        self._slow_since = time.perf_counter()
        self._progress.clock.go()

    def obey(self) -> Iterator[Event]:
        """Do what the commands say; while paused, wait for the next one."""
        progress = self._progress
        while progress.ending is None and (self._is_paused or not self._commands.empty()):
            match self._commands.get():
                case Park() if self._is_paused:
                    self.is_parked = True
                    return
                case Stop() as stop:
                    progress.ending = stop.reason
                case Pause():
                    yield from self.pause()
                case Resume() if self._is_paused:
                    self._is_paused = False
                    progress.clock.go()
                    yield Resumed(progress.step)
                case Step() as step:
                    yield from self.pause()
                    yield from self._single(step.part)
                case Pace() as pace:
                    self._steps_per_second = pace.steps_per_second
                    self._slow_since = time.perf_counter()
                    yield Paced(progress.step, pace.steps_per_second)
                case Adjust() as adjust:
                    yield from self._adjust(adjust.changes)

    def pause(self) -> Iterator[Event]:
        """Hold time, and make ready for steps by hand."""
        if self._is_paused:
            return
        progress, learner = self._progress, self._progress.learner
        self._is_paused = True
        progress.clock.stop()
        yield Paused(progress.step)
        yield progress.samples()
        yield progress.snapshot()
        # Compiled, and run once, so that the first step by hand does not wait for it.
        for part in Part:
            if self._commands.empty() and learner.config.family.steps_in_parts:
                learner.prepare(part)
        if self._commands.empty() and (opened := tracing.traceable(learner)):
            tracing.trace(opened, tracing.state_of(opened), Part.BOTH)

    def _single(self, part: Part) -> Iterator[Event]:
        progress, learner = self._progress, self._progress.learner
        if not learner.config.family.steps_in_parts:
            part = Part.BOTH
        if progress.has_unreported:
            yield progress.report()
        opened = tracing.traceable(learner)
        before = tracing.state_of(opened) if opened else None
        progress.advance(1, part)
        report = progress.report()
        yield Stepped(progress.step, part)
        yield report
        yield progress.samples()
        if opened and before:
            yield tracing.trace(opened, before, part)

    def _adjust(self, changes: Mapping[str, Any]) -> Iterator[Event]:
        """Change the config; the moment before can be gone back to."""
        progress, learner = self._progress, self._progress.learner
        try:
            config = learner.config.adjusted(changes)
        except ConfigError:
            return  # who sent it has checked it, against a config that changed meanwhile
        if config == learner.config:
            return
        if not self._is_paused:
            yield progress.snapshot()
        learner.adjust(config)
        progress.end_if_spent()
        yield Adjusted(progress.step, dict(changes))
