"""How fast networks draw on this server: measured when somebody asks, and told to all who look."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from gan.jobs.passing import PassingJobs, State, Status
from gan.messages.requests import MeasurePace

MOST_KEPT: Final = 64
"""Runs of which it is known how fast they draw."""
_OPEN: Final = (State.WAITING, State.WORKING)


class PaceBook:
    """What is known of each run's pace, or of how far its measuring is. Thread-safe.

    It is measured by a passing job, which everybody shares who looks at the same run. It goes on
    for as long as somebody looks.
    """

    def __init__(self, passing: Callable[[], PassingJobs]) -> None:
        self._passing = passing
        self._tickets: dict[str, str] = {}
        self._over: dict[str, Status] = {}
        self._guard = threading.Lock()

    def measure(self, run: str, generator: bytes, steps: Sequence[int], owner: str) -> None:
        """Measure how fast `run` draws, unless that goes on already. Raises `StoreError`."""
        if self.is_open(run):
            return
        asked = MeasurePace(np.frombuffer(generator, np.uint8), np.array(steps, np.int32))
        ticket = self._passing().ask(asked, owner)
        with self._guard:
            self._tickets[run] = ticket

    def cancel(self, run: str) -> None:
        """Stop measuring a run; what was found before stays. Does nothing if it is over."""
        with self._guard:
            ticket = self._tickets.get(run)
        if ticket:
            self._passing().cancel(ticket)

    def is_open(self, run: str) -> bool:
        """Whether a run is being measured, or waits for it."""
        status = self.status(run)
        return status is not None and status.state in _OPEN

    def status(self, run: str) -> Status | None:
        """Where the measuring of a run stands, or what came of it; None if nobody asked."""
        with self._guard:
            ticket = self._tickets.get(run)
            if ticket is None:
                return self._over.get(run)
            status = self._passing().look(ticket)
            if status.state in _OPEN:
                return status
            del self._tickets[run]
            if status.state in (State.DONE, State.REFUSED):
                self._over.pop(run, None)
                self._over[run] = status
            while len(self._over) > MOST_KEPT:
                del self._over[next(iter(self._over))]
            return self._over.get(run)
