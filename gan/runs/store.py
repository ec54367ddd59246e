"""The record of runs: how one begins, goes on, branches or comes from elsewhere.

Events are only ever appended. Each run has one writer, which holds the run's lock file while it
lives; a run that is not over and whose lock is free was interrupted.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gan.messages.events import Adjusted, Continued, Event, Imported, Saved, Snapshot
from gan.runs import leftovers, snapshots
from gan.runs.errors import HOME_VARIABLE, StoreError, explained
from gan.runs.record import Head as Head
from gan.runs.record import insert_event
from gan.runs.snapshots import SNAPSHOT
from gan.runs.state import MAX_NAME, RunState
from gan.runs.upkeep import Upkeep
from gan.settings.config import TrainConfig
from gan.words.text import is_text, is_visible


def default_home() -> Path:
    """``DIGIT_FORGE_HOME``, else ``.runs`` beside ``app.py``."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(__file__).parents[2] / ".runs"


class RunStore(Upkeep):
    """The runs under one home folder. Safe to use from several threads and processes."""

    def claim(self) -> FileLock:
        """Take the store for a server, until the lock is released or the process ends.

        Raises `StoreError` if a live server has it.
        """
        lock = FileLock(self.home / "server.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"Another Digit Forge server is using the runs in {self.home}. Nothing was "
                f"changed. Stop that server, or set {HOME_VARIABLE} to another folder."
            ) from None
        return lock

    def create(self, config: TrainConfig, name: str) -> str:
        """Record a new run, with this process as its writer; returns its id.

        Raises `StoreError` if it cannot be called `name`.
        """
        with self._inserted(config.to_json(), _checked(name)) as (_, run):
            return run

    def go_on(self, run: str, changes: Mapping[str, Any]) -> RunState:
        """Let `run`, which is over, go on from its last snapshot, with `changes` to its config.

        This process becomes its writer. Raises `StoreError` if it cannot go on, and `ConfigError`
        if the config cannot have the changes; then nothing is changed.
        """
        state = self.state(run)
        if not state.saved:
            raise StoreError(f"The run {run} ended before its first snapshot: start it again.")
        saved = _whole(state, state.saved[-1].step)
        rolled_back = state.after([(state.seq, Continued(saved.step, saved.reported_step or 0))])
        rolled_back.config.adjusted(changes)
        with explained(self.home):
            if not self._writers.acquire(run):
                raise StoreError(f"The run {run} is not over: it goes on as it is.")
            try:
                with self._connection() as connection:
                    _go_on(connection, run, saved, changes)
                return self.state(run)  # raises if it was deleted meanwhile
            except BaseException:
                self.release(run)
                raise

    def branch(self, run: str, step: int, changes: Mapping[str, Any], name: str) -> RunState:
        """A new run that shares the history of `run` up to its snapshot of `step`.

        It waits to go on from there with `changes`; this process is its writer. Raises
        `StoreError` if there is no such snapshot or it cannot be called `name`, and `ConfigError`.
        """
        name, state = _checked(name), self.state(run)
        saved = _whole(state, step)
        state.config_at(step).adjusted(changes)
        begun, vanished = (state.begun or state.config).to_json(), set[int]()

        def share(folder: Path) -> None:
            vanished.update(snapshots.share(self._folder(run), folder, until=step))
            if not snapshots.path(folder, SNAPSHOT, step).is_file():
                raise StoreError(
                    f"The snapshot of step {step} of the run {run} is not there any more. Nothing "
                    "was started: choose another one."
                )

        with self._inserted(begun, name, run, step, prepare=share) as (connection, branch):
            connection.execute(
                "INSERT INTO events SELECT ?, seq, step, kind, payload FROM events WHERE run = ? "
                "AND seq <= (SELECT max(seq) FROM events WHERE run = ? AND kind = 'Saved' AND "
                "step = ?)",
                (branch, run, run, step),
            )
            kept = {each.step for each in state.saved} - vanished
            if lost := _steps_saved(connection, branch) - kept:
                saved = replace(saved, dropped=tuple(sorted(lost)))
                insert_event(connection, branch, saved)
            _go_on(connection, branch, saved, changes)
        return self.state(branch)

    def adopt(self, state: RunState, events: Iterable[Event], snapshot: Snapshot) -> str:
        """Record a run from elsewhere, which is over: `state` without its events, then `events`.

        Its only snapshot is `snapshot`, which one of the events tells as `Saved`. Returns the id
        that the run has here. Whatever is raised, nothing of the run is left.
        """
        config = (state.begun or state.config).to_json()

        def write(folder: Path) -> None:
            snapshots.write(folder, snapshot)

        made = self._inserted(config, state.name, created=state.created, prepare=write)
        with made as (connection, run):
            for event in (Imported(), *events):
                insert_event(connection, run, event)
        self.release(run)
        return run

    def rename(self, run: str, name: str) -> None:
        """Give `run` a name of 1 to 60 characters. Raises `StoreError` if it cannot have it."""
        self._update(run, "name", _checked(name))

    @contextmanager
    def _inserted(
        self,
        config: str,
        name: str,
        parent: str | None = None,
        parent_step: int = 0,
        created: float | None = None,
        prepare: Callable[[Path], None] = lambda folder: None,
    ) -> Iterator[tuple[sqlite3.Connection, str]]:
        """A new run in a transaction, with this process as its writer.

        Before it, `prepare` puts files into the run's folder, for which nobody else waits. Whatever
        is raised, here or meanwhile, nothing of the run is left.
        """
        run = ""
        try:
            with explained(self.home), self._connection() as connection:
                connection.execute("BEGIN IMMEDIATE")  # nobody takes the same id, or sweeps
                run = self._free_id(connection)
                leftovers.begin(self._folder(run))
                self._writers.acquire(run)
            with explained(self.home):
                prepare(self._folder(run))
            with explained(self.home), self._connection() as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT INTO runs (id, name, config, created, parent, parent_step) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (run, name, config, created or time.time(), parent, parent_step),
                )
                yield connection, run
                # Not after the commit: who is killed just here leaves a folder too many, and who
                # were killed just there would leave a run whose folder looks as if it may go.
                leftovers.settle(self._folder(run))
        except BaseException:
            if run:
                self.release(run)
                leftovers.remove(self._folder(run))
            raise

    def _free_id(self, connection: sqlite3.Connection) -> str:
        """An id that no run has, and no folder: the second, and chance."""
        while True:
            run = time.strftime("%m%d-%H%M%S-") + secrets.token_hex(2)
            taken = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone()
            if not taken and not self._folder(run).exists():
                return run


def _go_on(
    connection: sqlite3.Connection, run: str, saved: Saved, changes: Mapping[str, Any]
) -> None:
    insert_event(connection, run, Continued(saved.step, saved.reported_step or 0))
    if changes:
        insert_event(connection, run, Adjusted(saved.step, changes))


def _steps_saved(connection: sqlite3.Connection, run: str) -> set[int]:
    """The steps of all snapshots that `run` ever recorded."""
    rows = connection.execute("SELECT step FROM events WHERE run = ? AND kind = 'Saved'", (run,))
    return {step for (step,) in rows}


def _checked(name: str) -> str:
    """`name` with single spaces, if a run may have it. Raises `StoreError`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise StoreError(f"A run's name has 1 to {MAX_NAME} characters. Nothing was changed.")
    if not is_visible(name) or not is_text(name, MAX_NAME):
        raise StoreError(
            "A run's name is made of characters that can be seen, and holds no link. Nothing was "
            "changed: choose another name."
        )
    return name


def _whole(state: RunState, step: int) -> Saved:
    """The snapshot after `step` steps, if a run can go on from it. Raises `StoreError`."""
    for saved in state.saved:
        if saved.step == step and saved.reported_step is not None:
            return saved
    if any(saved.step == step for saved in state.saved):
        raise StoreError(
            f"The run {state.id} has only the weights that draw, or is of an earlier version of "
            "Digit Forge: it can be explored, but not go on. Start a new one with its settings."
        )
    steps = ", ".join(str(saved.step) for saved in state.saved) or "none"
    raise StoreError(f"The run {state.id} has no snapshot of step {step}. There are: {steps}.")
