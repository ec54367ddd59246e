"""A run's time: how much of it was training, and what falls due when."""

from __future__ import annotations

import time
from typing import Final

_FREE_SECONDS: Final = 0.2
"""Of the time for snapshots: the first moments change most."""


class Clock:
    """Training time: it stands still until `go`, and between `stop` and the next `go`."""

    def __init__(self, seconds: float) -> None:
        self._before, self._since = seconds, None

    def seconds(self) -> float:
        """How long it has gone."""
        return self._before + (time.perf_counter() - self._since if self._since else 0.0)

    def go(self) -> None:
        """Let it go, if it does not."""
        self._since = self._since or time.perf_counter()

    def stop(self) -> None:
        """Let it stand still."""
        self._before, self._since = self.seconds(), None


class Periodic:
    """Falls due `first` seconds into the run, then every `period` seconds or 2% of the run.

    The share keeps what a long run stores bounded: some hundreds of samples a day.
    """

    def __init__(self, first: float, period: float) -> None:
        self._next, self._period = first, period

    def is_due(self, seconds: float) -> bool:
        """Whether it is time, `seconds` into the run; if so, the next time is set."""
        if seconds < self._next:
            return False
        self._next = seconds + max(self._period, 0.02 * seconds)
        return True


class Sparser:
    """When to take snapshots: densely while all is new, then ever more sparsely.

    Each comes when the run is 15% older than at the one before, but not within half a second, nor
    before all of them together cost less than 3% of the time, once the first few are taken.
    """

    def __init__(self, seconds: float) -> None:
        self._start = seconds
        self._next, self._spent = seconds + 0.5, 0.0

    def is_due(self, seconds: float) -> bool:
        """Whether to take one, `seconds` into the run."""
        return seconds >= self._next

    def taken(self, began: float, ended: float) -> None:
        """Take note of one between these two times, in seconds into the run."""
        self._spent += ended - began
        affordable = self._start + (self._spent - _FREE_SECONDS) / 0.03
        self._next = max(ended + 0.5, 1.15 * ended, affordable)


class Affordable:
    """When to judge: at `first` seconds, then as often as `share` of the training time allows.

    A judgement falls due once all judging, itself included if it takes as long as the one
    before, stays within that share; and not sooner than `period` seconds, or 2% of the run so
    far, after the last, which bounds what a long run stores.
    """

    def __init__(self, first: float, period: float, share: float = 0.03) -> None:
        self._next, self._period, self._share = first, period, share
        self._spent = 0.0

    def is_due(self, seconds: float) -> bool:
        """Whether to judge now, `seconds` into the run."""
        return seconds >= self._next

    def judged(self, began: float, ended: float) -> None:
        """Take note of a judgement between these two times, in seconds into the run."""
        cost = ended - began
        self._spent += cost
        affordable = self._spent + (self._spent + cost) / self._share
        self._next = max(affordable, ended + max(self._period, 0.02 * ended))
