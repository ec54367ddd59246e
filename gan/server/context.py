"""What the server's routes and its pages share: the engine, and what is known of its runs.

It is made once, opened when the server starts and handed to whoever needs it. It draws nothing:
what cannot be had raises `StoreError`, a sentence for people.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from gan.jobs import machine
from gan.jobs.engine import Engine
from gan.messages.events import Samples
from gan.runs import library
from gan.runs.errors import NoSuchRun, StoreError, UnreadableRun
from gan.runs.snapshots import GENERATOR
from gan.runs.state import RunState
from gan.runs.store import Head, RunStore, default_home
from gan.server.paces import PaceBook
from gan.settings.config import TrainConfig

RETRY_SECONDS: Final = 1.0
"""Pages of many visitors ask for the engine again and again while there can be none."""
_ENDING: Final = "This server is ending. Nothing was changed: load the page again in a moment."


def open_engine() -> Engine:
    """An engine on the store of this machine; raises `StoreError` if there can be none."""
    store = RunStore(default_home())
    try:
        return Engine(store)
    except BaseException:
        store.close()
        raise


class Context:
    """The one engine of a server, or the reason why there is none. Thread-safe."""

    def __init__(
        self,
        make_engine: Callable[[], Engine] = open_engine,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_engine, self._clock = make_engine, clock
        self._engine: Engine | None = None
        self._refusal, self._refused_until = "", -math.inf
        self._opening = threading.Lock()
        self._known: dict[str, RunState] = {}
        """The last state seen of each run, so that only what is new has to be read."""
        self.paces = PaceBook(lambda: self.engine.passing)
        """How fast networks draw here."""
        self._reading = threading.Lock()
        """What sixty ask for at once is read once."""

    def open(self) -> None:
        """Start the engine with the server; pages say so if that is not possible."""
        machine.allow_more_files()  # before there are visitors, who take some each
        try:
            _ = self.engine
        except StoreError as error:
            print(error)

    def close(self) -> None:
        """Let running work save what it learned, and end it: the server is going away."""
        with self._opening:
            self._refusal, self._refused_until = _ENDING, math.inf
        if self._engine is not None:
            self._engine.close()

    @property
    def engine(self) -> Engine:
        """One thread at a time tries to make it, until there is one; raises `StoreError`."""
        with self._opening:
            if self._engine is None:
                self._engine = self._tried()
            return self._engine

    def _tried(self) -> Engine:
        if self._clock() < self._refused_until:
            raise StoreError(self._refusal)
        try:
            return self._make_engine()
        except StoreError as error:
            self._refusal, self._refused_until = str(error), self._clock() + RETRY_SECONDS
            raise

    # ---- what is known of runs

    def known(self, run: str) -> RunState | None:
        """The run of this id, stored here or shipped with the project, as it stands now."""
        return library.shipped(run) if run in library.shipped_names() else self.stored(run)

    def is_known(self, run: str) -> bool:
        """Whether there is such a run, or one that cannot be read. Raises nothing."""
        try:
            return self.known(run) is not None
        except UnreadableRun:
            return True
        except StoreError:
            return False

    def stored(self, run: str) -> RunState | None:
        """The run of this id that is stored here."""
        try:
            return self._read(self.engine.store.head(run))
        except NoSuchRun:
            self.forget(run)
            return None

    def known_runs(self) -> tuple[list[RunState], list[str]]:
        """All stored runs, newest first, and what is said of those that cannot be read.

        Only what has changed since somebody asked last is read. Raises `StoreError` if none can be.
        """
        states, troubles = [], []
        for head in self.engine.store.heads():
            try:
                states.append(self._read(head))
            except NoSuchRun:
                pass  # deleted a moment ago
            except StoreError as error:
                troubles.append(str(error))
        return states, troubles

    def forget(self, run: str) -> None:
        """Read a run from its beginning the next time: its record became another."""
        self._known.pop(run, None)

    def changed(self, run: str, seq: int, timeout: float) -> bool:
        """Wait until a stored run has another sequence number than `seq`; whether it came to that.

        It is given up after `timeout` seconds, and when the engine ends.
        """
        deadline = self._clock() + timeout
        seen = self.engine.news(0, timeout=0.0)
        while self.seq(run) == seq:
            before, seen = seen, self.engine.news(seen, max(0.0, deadline - self._clock()))
            if seen == before:
                return False
        return True

    def seq(self, run: str) -> int:
        """The number of the last event of a stored run; 0 if there is no such run."""
        state = self.stored(run)
        return state.seq if state else 0

    def _read(self, head: Head) -> RunState:
        engine = self.engine
        with self._reading:
            state = self._known.get(head.run)
            if state is None or head.seq < state.seq:
                state = engine.store.state(head.run)
            elif head.seq > state.seq:
                state = engine.store.advance(state)
            self._known[head.run] = state = replace(state, name=head.name)
        unrecorded = engine.unrecorded.get(head.run)
        return state.after([(state.seq, unrecorded)]) if unrecorded else state

    # ---- what runs hold

    def config_of(self, run: str) -> TrainConfig:
        """The config of a run."""
        return library.find(self.engine.store, run).config

    def sample_places(self, state: RunState) -> list[tuple[int, int]]:
        """Where `samples_at` finds each of a run's samples, and its step, in order."""
        return library.sample_places(self.engine.store, state)

    def samples_at(self, run: str, place: int) -> tuple[TrainConfig, Samples]:
        """The samples at one of a run's `sample_places`, and a config that draws in that way."""
        return library.samples_at(self.engine.store, run, place)

    def drawable_steps(self, state: RunState) -> list[int]:
        """The steps of which a run kept a generator, ascending."""
        return library.drawable_steps(self.engine.store, state)

    def judged_steps(self, state: RunState) -> list[int]:
        """Those of them of which it kept a discriminator too."""
        return library.judged_steps(self.engine.store, state)

    def network_file(self, run: str, step: int | None, name: str) -> bytes | None:
        """A run's ``generator.bin`` or ``discriminator.bin``; without a step, the newest."""
        store = self.engine.store
        state = library.find(store, run)
        read = library.generator if name == GENERATOR else library.discriminator
        return read(store, state, step)
