"""Who is next: an order that is fair between browsers, and how long it takes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gan.config import TrainConfig
from gan.events import Command


@dataclass(frozen=True, slots=True)
class Start:
    """How a waiting run begins: from nothing, or from its snapshot of `step`."""

    config: TrainConfig
    step: int | None = None
    is_paused: bool = False
    commands: tuple[Command, ...] = ()
    """What it is told once it is there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run in the queue."""

    run: str
    owner: str
    start: Start
    turn: int
    arrival: int


class FairQueue:
    """Start-time fair queueing (Goyal, Vin and Cheng 1996) with every run counted alike.

    Each run has a turn: the first of an owner that of the run that started last, each further one
    the next. Lower turns go first, and within a turn whoever came first. So the second run of one
    browser waits for the first of every other one, however many the one has sent.
    """

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._last_turns: dict[str, int] = {}
        self._turn = self._arrivals = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, run: str) -> bool:
        return any(each.run == run for each in self._waiting)

    def add(self, run: str, owner: str, start: Start) -> None:
        """Let a run of `owner` wait."""
        turn = max(self._turn, self._last_turns.get(owner, -1) + 1)
        self._last_turns[owner] = turn
        self._arrivals += 1
        self._insert(Waiting(run, owner, start, turn, self._arrivals))

    def put_first(self, run: str, owner: str, start: Start) -> None:
        """Let a run wait that had its turn already: before all others but of its kind."""
        self._arrivals += 1
        self._insert(Waiting(run, owner, start, -1, self._arrivals))

    def take(self) -> Waiting:
        """The next run, which leaves the queue."""
        first = self._waiting.pop(0)
        self._turn = max(self._turn, first.turn)
        return first

    def remove(self, run: str) -> Waiting:
        """Take `run` out of the queue. Raises `KeyError` if it is not there."""
        for place, each in enumerate(self._waiting):
            if each.run == run:
                return self._waiting.pop(place)
        raise KeyError(run)

    def change(self, run: str, start: Start) -> None:
        """Let `run`, which waits, begin in another way; it keeps its place."""
        for place, each in enumerate(self._waiting):
            if each.run == run:
                self._waiting[place] = Waiting(run, each.owner, start, each.turn, each.arrival)

    def order(self) -> list[Waiting]:
        """All that wait, in the order in which they will start if nobody else comes."""
        return list(self._waiting)

    def _insert(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        self._waiting.sort(key=lambda each: (each.turn, each.arrival))


def waits(left: Iterable[float | None], ahead: Sequence[float | None], slots: int) -> float | None:
    """Seconds until a run starts that waits behind those `ahead`; None if nobody can say.

    `left` is what the runs that go on still take and `ahead` what the waiting ones will, in order:
    seconds, or None for one without an end in sight.
    """
    free = [float("inf") if seconds is None else seconds for seconds in left]
    free += [0.0] * (slots - len(free))
    heapq.heapify(free)
    for seconds in ahead:
        start = heapq.heappop(free)
        heapq.heappush(free, start + (float("inf") if seconds is None else seconds))
    first = min(free)
    return None if first == float("inf") else first
