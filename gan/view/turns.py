"""One script draws at a time, and people's clicks go before what is drawn again by itself.

Each message of a script wakes the server's event loop and gives up the interpreter's lock; to get
it back the script waits a switch interval for every thread that wants to run. Twenty scripts at
once so stop each other, and the event loop with them; one after the other they are quick.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Final

PATIENCE_SECONDS: Final = 2.0
"""A script that draws for longer than that no longer holds up the others."""
HEAD_START_SECONDS: Final = 1.0
"""People who come by so much later still go before news; later ones do not, so that news comes."""


class Rank(IntEnum):
    """Who asks for a turn."""

    PERSON = 0
    """A visit or a click."""
    NEWS = 1
    """A page that is drawn again because the server has news for it."""


class Turns:
    """Hands out one turn at a time, by arrival, people before news. Thread-safe.

    A turn is the first lock that a script takes and the last that it lets go of, so that nobody
    who holds another lock ever waits for one.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._arrivals = 0
        self._holder: object | None = None
        self._since = 0.0
        self._mine = threading.local()

    @contextmanager
    def drawing(self, rank: Rank = Rank.PERSON) -> Iterator[None]:
        """Wait for a turn, and hold it; within a turn of the same thread, go on in that one."""
        if getattr(self._mine, "turn", None) is not None:
            yield
            return
        self._mine.turn = self._taken(rank)
        try:
            yield
        finally:
            turn, self._mine.turn = self._mine.turn, None
            self._let_go(turn)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others draw while this thread, which may hold a turn, waits for something else."""
        turn = getattr(self._mine, "turn", None)
        if turn is None:
            yield
            return
        self._mine.turn = None
        self._let_go(turn)
        try:
            yield
        finally:
            self._mine.turn = self._taken(Rank.PERSON)

    def _taken(self, rank: Rank) -> object:
        turn = threading.Event()
        with self._guard:
            if self._holder is None:
                self._give(turn)
                return turn
            self._arrivals += 1
            due = time.monotonic() + HEAD_START_SECONDS * rank
            heapq.heappush(self._waiting, (due, self._arrivals, turn))
        while not turn.wait(self._patience):
            with self._guard:
                if time.monotonic() - self._since >= self._patience:
                    self._pass_on()
        return turn

    def _let_go(self, turn: object) -> None:
        with self._guard:
            if self._holder is turn:  # else it took too long, and others went on
                self._pass_on()

    def _pass_on(self) -> None:
        """The turn goes to the next one that waits."""
        self._holder = None
        if self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            self._give(turn)

    def _give(self, turn: threading.Event) -> None:
        self._holder, self._since = turn, time.monotonic()
        turn.set()


TURNS: Final = Turns()
"""Those of this server."""
