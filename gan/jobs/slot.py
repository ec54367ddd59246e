"""A place in which one job at a time goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gan.jobs.client import WorkerLoss
from gan.jobs.policy import Policy
from gan.jobs.process import Worker
from gan.jobs.queue import Start, Waiting
from gan.messages.codec import Sent
from gan.messages.commands import Command, Pace, Park, Resume, Step, Stop
from gan.messages.events import Paced, Paused, Resumed, Stepped
from gan.messages.jobs import Job

_ANSWERED: Final = Resume | Step | Pace
"""What a worker that is paused answers at once, whatever else it was told."""


@dataclass(slots=True)
class Slot:
    """A place for one job at a time, a run say, and the worker that fills it.

    What people want of it, and when that has to be done, goes with the job: the next one begins
    with nothing of that, be it the same run in the same worker. Only a run is ever paused or
    parked; no other job says that it is.
    """

    index: int
    worker: Worker | None = None
    job: Waiting[Start[Any]] | None = None
    is_given: bool = False
    """Whether the worker was given the job; until then nothing that it is told would be heard."""
    has_reported: bool = False
    is_paused: bool = False
    touched: float = 0.0
    """When people last did something to its job."""
    is_parking: bool = False
    unanswered: int = 0
    """What its paused run was told and has to answer: until then its silence counts."""
    stop_by: float | None = None
    """When its job has to be over, since it was told to stop."""
    late: list[Command] = field(default_factory=list)
    """What people wanted before its job was given to the worker, or after it was asked to park."""
    verdict: str = ""
    """Why its worker was ended, if it was."""
    tried: str = ""
    tries: int = 0
    """How many workers in a row ended without a word of the job `tried`."""

    @property
    def key(self) -> str | None:
        """The key of the job that goes on here."""
        return self.job.key if self.job else None

    @property
    def is_free(self) -> bool:
        """Whether it has a worker that is ready and has no job."""
        return self.job is None and self.worker is not None and self.worker.is_ready

    @property
    def is_stopping(self) -> bool:
        """Whether its job was told to stop."""
        return self.stop_by is not None

    @property
    def unheard(self) -> int:
        """How much people wanted that its worker has not begun to read."""
        return len(self.late) + (self.worker.unsent if self.worker else 0)

    def clear(self) -> None:
        """Be free for the next job."""
        self.job, self.stop_by, self.verdict, self.late = None, None, "", []
        self.is_given = self.has_reported = self.is_paused = self.is_parking = False
        self.unanswered = 0

    def give(self, job: Job, start: Start[Any]) -> None:
        """Let the worker begin."""
        if self.worker is None:
            return
        self.worker.give(job)
        self.is_given = True
        for command in (*start.commands, *self.late):
            self._send(command, start.is_paused)
        self.late = []

    def tell(self, command: Command) -> None:
        """Pass on what people want."""
        self.touched = time.monotonic()
        if self.is_parking or not self.is_given:
            self.late.append(command)
        else:
            self._send(command, self.is_paused)

    def stop(self, grace: float) -> None:
        """Let its job end within `grace` seconds. Once is enough."""
        if not self.is_stopping:
            self.stop_by = time.monotonic() + grace
            self.tell(Stop())

    def ask_to_park(self) -> None:
        """Let its paused run end here, to go on later."""
        self.is_parking = True
        if self.worker is not None:
            self.worker.give(Park())

    def note(self, event: Sent) -> None:
        """Take note of what the job says."""
        self.has_reported, self.tried = True, ""
        if isinstance(event, Paused):
            self.is_paused, self.touched = True, time.monotonic()
        elif isinstance(event, Resumed):
            self.is_paused = self.is_parking = False
            self.unanswered = 0  # a second Resume has no answer
            while self.late:  # it was not asked to park in time
                self.tell(self.late.pop(0))
        elif isinstance(event, Stepped | Paced):
            self.unanswered = max(0, self.unanswered - 1)

    def look_after(self, now: float, policy: Policy, somebody_waits: bool) -> None:
        """End a worker that does not answer; let a paused job make room for who waits."""
        if self.is_silent(now, policy.silent_seconds, policy.start_seconds):
            limit = f"{policy.silent_seconds:.0f}"
            self.end_worker(f"it had said nothing for {limit} seconds, and was ended")
        elif self._is_stuck(now):
            limit = f"{policy.stop_seconds:.0f}"
            self.end_worker(f"it did not stop within {limit} seconds, and was ended")
        elif somebody_waits and self._is_idle(now, policy.pause_seconds):
            self.ask_to_park()

    def is_silent(self, now: float, limit: float, start: float = 0.0) -> bool:
        """Whether its worker should have said something for so many seconds."""
        if self.worker is None or (self.worker.is_ready and self.job is None):
            return False
        if self.is_paused and not (self.is_parking or self.unanswered):
            return False
        return self.worker.is_silent(now, limit, start)

    def _is_stuck(self, now: float) -> bool:
        """Whether its job should be over by now."""
        return self.stop_by is not None and now > self.stop_by

    def end_worker(self, verdict: str) -> None:
        """End its worker; `verdict` says why."""
        self.verdict = verdict
        if self.worker is not None:
            self.worker.kill()

    def _is_idle(self, now: float, limit: float | None) -> bool:
        """Whether its run has been paused, and left alone, for longer than it may."""
        is_left = limit is not None and now - self.touched > limit
        return is_left and self.is_paused and not self.is_parking

    def explained(self, loss: WorkerLoss, is_closing: bool) -> WorkerLoss:
        """`loss` of its job's worker, with what is known here of how it came about."""
        loss = replace(
            loss,
            words=self.verdict or loss.words,
            has_reported=self.has_reported,
            is_stopping=self.is_stopping,
            is_closing=is_closing,
        )
        return replace(loss, tries=self._count_try()) if loss.is_harmless else loss

    def _count_try(self) -> int:
        """How many workers in a row have ended now without a word of its job."""
        key = self.key or ""
        self.tries = self.tries + 1 if self.tried == key else 1
        self.tried = key
        return self.tries

    def _send(self, command: Command, is_paused: bool) -> None:
        if self.worker is None:
            return
        if is_paused and isinstance(command, _ANSWERED):
            if not self.unanswered:
                self.worker.expect()
            self.unanswered += 1
        self.worker.send(command)
