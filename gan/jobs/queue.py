"""Who is next: an order that is fair between browsers, and how long it takes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from gan.messages.commands import Command

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Start(Generic[What]):
    """How a job that waits begins: a run from nothing, or from its snapshot of `step`."""

    what: What
    """What is to be done, as whoever keeps the job knows it: a run's config, say."""
    step: int | None = None
    is_paused: bool = False
    commands: tuple[Command, ...] = ()
    """What it is told once it is there."""


@dataclass(frozen=True, slots=True)
class Waiting(Generic[What]):
    """What stands in the queue."""

    key: str
    """A run's id, say: no two that wait have the same."""
    owner: str
    start: What
    """What it begins with when its turn comes."""
    turn: int
    arrival: int


class FairQueue(Generic[What]):
    """Start-time fair queueing (Goyal, Vin and Cheng 1996) with each that waits counted alike.

    Each has a turn: the first of an owner that of the one that started last, each further one the
    next. Lower turns go first, and within a turn whoever came first. So the second run of one
    browser waits for the first of every other one, however many the one has sent.
    """

    def __init__(self) -> None:
        self._waiting: list[Waiting[What]] = []
        self._last_turns: dict[str, int] = {}
        self._turn = self._arrivals = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, key: str) -> bool:
        return any(each.key == key for each in self._waiting)

    def add(self, key: str, owner: str, start: What) -> None:
        """Let something of `owner` wait."""
        turn = self._last_turns[owner] = self._next_turn(owner)
        self._arrivals += 1
        self._insert(Waiting(key, owner, start, turn, self._arrivals))

    def put_first(self, key: str, owner: str, start: What) -> None:
        """Let something wait that had its turn already: before all others but of its kind."""
        self._arrivals += 1
        self._insert(Waiting(key, owner, start, -1, self._arrivals))

    def share(self, key: str, owner: str) -> None:
        """Let `owner` wait for `key` too: it goes by whoever's turn comes first."""
        turn = self._next_turn(owner)
        first = self.remove(key)
        if turn < first.turn:
            self._last_turns[owner] = turn
            first = replace(first, owner=owner, turn=turn)
        self._insert(first)

    def take(self) -> Waiting[What]:
        """The next one, which leaves the queue."""
        first = self._waiting.pop(0)
        self._turn = max(self._turn, first.turn)
        return first

    def remove(self, key: str) -> Waiting[What]:
        """Take `key` out of the queue. Raises `KeyError` if it is not there."""
        for place, each in enumerate(self._waiting):
            if each.key == key:
                return self._waiting.pop(place)
        raise KeyError(key)

    def withdraw(self, key: str) -> Waiting[What]:
        """Take `key` back, which nobody wants any more: its owner has had no turn for it.

        Raises `KeyError` if it is not there.
        """
        gone = self.remove(key)
        if self._last_turns.get(gone.owner) == gone.turn:
            self._last_turns[gone.owner] = gone.turn - 1
        return gone

    def change(self, key: str, start: What) -> None:
        """Let `key`, which waits, begin in another way; it keeps its place."""
        for place, each in enumerate(self._waiting):
            if each.key == key:
                self._waiting[place] = replace(each, start=start)

    def order(self) -> list[Waiting[What]]:
        """All that wait, in the order in which they will start if nobody else comes."""
        return list(self._waiting)

    def _next_turn(self, owner: str) -> int:
        return max(self._turn, self._last_turns.get(owner, -1) + 1)

    def _insert(self, waiting: Waiting[What]) -> None:
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
