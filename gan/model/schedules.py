"""A run's time: how much of it was training, and what falls due when."""

from __future__ import annotations

import math
import time
from typing import Final

_FREE_SECONDS: Final = 0.2
"""Of the time for snapshots: the first moments change most."""
FIRST_JUDGED: Final = 1.5
JUDGED_DIGITS: Final = (250, 500, 1000)
_JUDGED_SHARE: Final = 0.027
_SAMPLES_SHARE: Final = 0.05
_USUAL_SECONDS_A_DIGIT: Final = 5e-4
"""Assumed until one has been judged: few are taken then."""
_USUAL_SECONDS_A_CALL: Final = 2e-4
"""As long as that, where a network is asked so often for a digit that nothing else counts."""


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


class CostMeter:
    """What something costs a run, in seconds of its time, as busy as the machine is on the whole.

    That is how long it took. But where other processes want the machine too, and this one had to
    wait for them, it is no more than its work takes at the pace at which the run gets to work.
    """

    def __init__(self) -> None:
        self._since, self._worked = time.perf_counter(), time.process_time()

    def began(self) -> tuple[float, float]:
        """Now, for `since`."""
        return time.perf_counter(), time.process_time()

    def since(self, began: tuple[float, float]) -> float:
        """What it cost from then to now."""
        now, worked = self.began()
        took, work = now - began[0], worked - began[1]
        pace = (worked - self._worked) / max(now - self._since, 1e-9)
        return min(took, work / min(max(pace, 1e-3), 1.0))


class SampleSchedule:
    """Falls due `first` seconds into the run, then every `period` seconds or 2% of the run.

    The share keeps what a long run stores bounded: some hundreds of samples a day. Where drawing
    takes long, they come as seldom as it takes to keep it within 5% of the time.
    """

    def __init__(self, first: float, period: float) -> None:
        self._next, self._period = first, period

    def is_due(self, seconds: float) -> bool:
        """Whether it is time, `seconds` into the run; if so, the next time is set."""
        if seconds < self._next:
            return False
        self._next = seconds + max(self._period, 0.02 * seconds)
        return True

    def drawn(self, cost: float, ended: float) -> None:
        """Take note of samples of a `cost` in seconds; `ended` is in seconds into the run."""
        self._next = max(self._next, ended + cost / _SAMPLES_SHARE)


class SnapshotSchedule:
    """When to take snapshots: densely while all is new, then ever more sparsely.

    Each comes when the run is 15% older than at the one before, but not within half a second, nor
    before all of them together cost less than 3% of the time, once the first few are taken. None
    comes later than `longest_gap` seconds after the one before.
    """

    def __init__(self, seconds: float, longest_gap: float = math.inf) -> None:
        self._start, self._longest_gap = seconds, longest_gap
        self._next, self._spent = seconds + min(0.5, longest_gap), 0.0

    def is_due(self, seconds: float) -> bool:
        """Whether to take one, `seconds` into the run."""
        return seconds >= self._next

    def taken(self, began: float, ended: float) -> None:
        """Take note of one between these two times, in seconds into the run."""
        self._spent += ended - began
        affordable = self._start + (self._spent - _FREE_SECONDS) / 0.03
        self._next = min(max(ended + 0.5, 1.15 * ended, affordable), ended + self._longest_gap)


class QualitySchedule:
    """When to judge, and how many digits, so that all judging stays within a share of the time.

    A judgement falls due `FIRST_JUDGED` seconds into a run, then once the run is a quarter older,
    but not within 1.5 s and at the latest after 5 s, or 2% of a long run, which bounds what that
    stores. It waits until it fits into less than 3% of the training time, if a digit takes as long
    as it did so far; a run younger than 20 seconds may lend itself something of their time. There
    are as many digits to it as leave room for the next one in time: the figure does not hang on
    their number, only its interval does.
    """

    def __init__(self, seconds: float = 0.0, calls_per_digit: int = 1) -> None:
        self._start, self._next = seconds, seconds + FIRST_JUDGED
        self._spent, self._digits = 0.0, 0
        self._usual = max(_USUAL_SECONDS_A_DIGIT, _USUAL_SECONDS_A_CALL * calls_per_digit)

    def digits(self, seconds: float) -> int:
        """How many to judge now, `seconds` into the run; 0 if it is not time."""
        if seconds < self._next:
            return 0
        fewest, *more = JUDGED_DIGITS
        if self._cost(fewest) > self._room(seconds):
            return 0
        room = self._room(seconds + self._gap(seconds)) - self._cost(fewest)
        now = min(room, self._room(seconds))
        return max((count for count in more if self._cost(count) <= now), default=fewest)

    def judged(self, digits: int, cost: float, ended: float) -> None:
        """Take note of a judgement of a `cost` in seconds; `ended` is in seconds into the run."""
        self._spent += cost
        self._digits += digits
        self._next = ended + self._gap(ended)

    def _room(self, seconds: float) -> float:
        """Seconds that may still be spent, `seconds` into the run."""
        trained = seconds - self._start
        return _JUDGED_SHARE * max(trained, math.sqrt(20 * trained)) - self._spent

    def _cost(self, digits: int) -> float:
        return digits * (self._spent / self._digits if self._digits else self._usual)

    def _gap(self, seconds: float) -> float:
        return max(1.5, min(5.0, (seconds - self._start) / 4), 0.02 * seconds)
