"""A place in which one run at a time goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from gan.events import Command, Event, Park, Paused, Resumed
from gan.runs.process import Worker


@dataclass(slots=True)
class Slot:
    """A place for one run at a time, and the worker that fills it."""

    index: int
    worker: Worker | None = None
    run: str | None = None
    has_reported: bool = False
    is_paused: bool = False
    touched: float = 0.0
    """When people last did something to its run."""
    is_parking: bool = False
    late: list[Command] = field(default_factory=list)
    """What people wanted after its run was asked to park."""
    verdict: str = ""
    """Why its worker was ended, if it was."""

    def clear(self) -> None:
        """Be free for the next run."""
        self.run, self.verdict, self.late = None, "", []
        self.has_reported = self.is_paused = self.is_parking = False

    def tell(self, command: Command) -> None:
        """Pass on what people want."""
        self.touched = time.monotonic()
        if self.is_parking:
            self.late.append(command)
        elif self.worker is not None:
            self.worker.send(command)

    def ask_to_park(self) -> None:
        """Let its paused run end here, to go on later."""
        self.is_parking = True
        if self.worker is not None:
            self.worker.send(Park())

    def note(self, event: Event) -> None:
        """Take note of what the run says."""
        self.has_reported = True
        if isinstance(event, Paused):
            self.is_paused, self.touched = True, time.monotonic()
        elif isinstance(event, Resumed):
            self.is_paused = self.is_parking = False
            while self.late:  # it was not asked to park in time
                self.tell(self.late.pop(0))

    def is_silent(self, now: float, limit: float) -> bool:
        """Whether its worker should have said something for so many seconds."""
        if self.worker is None or self.run is None or self.is_paused:
            return False
        return now - self.worker.heard > limit

    def end_silent(self, limit: float) -> None:
        """End its worker, with the reason."""
        self.verdict = f"it had said nothing for {limit:.0f} seconds, and was ended"
        if self.worker is not None:
            self.worker.kill()

    def is_idle(self, now: float, limit: float) -> bool:
        """Whether its run has been paused, and left alone, for so many seconds."""
        return self.is_paused and not self.is_parking and now - self.touched > limit
