"""The record of runs: SQLite for what happened, a folder a run for its files.

Events are only ever appended. Each run has one writer, which holds the run's lock file while it
lives; a run that is not over and whose lock is free was interrupted.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from filelock import FileLock, Timeout

from gan.data import uploads
from gan.messages.codec import encode
from gan.messages.events import (
    Adjusted,
    Continued,
    Event,
    Finished,
    Imported,
    Samples,
    Saved,
    Snapshot,
    StopReason,
)
from gan.runs import leftovers, rows, schema, snapshots
from gan.runs.errors import HOME_VARIABLE, NoSuchRun, StoreError, UnreadableRun, explained
from gan.runs.snapshots import DISCRIMINATOR, GENERATOR, SNAPSHOT
from gan.runs.state import MAX_NAME, RunState
from gan.runs.writers import Writers
from gan.settings.config import TrainConfig
from gan.words.text import is_text, is_visible

_NOT_OLD_PICTURES: Final = (
    "(kind NOT IN ('Samples', 'Trace') OR seq = (SELECT max(seq) FROM events AS later "
    "WHERE later.run = events.run AND later.kind = events.kind))"
)
_NOT_OVER: Final = (
    "SELECT id FROM runs WHERE deleted IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM events WHERE run = id AND kind IN ('Finished', 'Failed') AND seq > (SELECT "
    "coalesce(max(seq), 0) FROM events AS again WHERE again.run = id AND again.kind = 'Continued'))"
)
_HEADS: Final = (
    "SELECT id, name, coalesce((SELECT max(seq) FROM events WHERE run = id), 0) "
    "FROM runs WHERE deleted IS NULL"
)
_KEEP_DELETED_SECONDS: Final = 3600.0
_KEEP_UPLOADS_SECONDS: Final = 24 * 3600.0


def default_home() -> Path:
    """``DIGIT_FORGE_HOME``, else ``.runs`` beside ``app.py``."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(__file__).parents[2] / ".runs"


@dataclass(frozen=True, slots=True)
class Head:
    """A run by what may change of it: its name, and the number of its last event."""

    run: str
    name: str
    seq: int


class RunStore:
    """The runs under one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._writers = Writers(home / "runs")
        self._turn = threading.RLock()
        with explained(home):
            (home / "runs").mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                home / "store.sqlite3", timeout=10.0, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            with self._connection() as connection:
                schema.migrate(connection, home)

    def close(self) -> None:
        """Let go of the database and of every run that this process was writing."""
        self._writers.release_all()
        self._database.close()

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
        begun = (state.begun or state.config).to_json()
        with self._inserted(begun, name, run, step) as (connection, branch):
            connection.execute(
                "INSERT INTO events SELECT ?, seq, step, kind, payload FROM events WHERE run = ? "
                "AND seq <= (SELECT max(seq) FROM events WHERE run = ? AND kind = 'Saved' AND "
                "step = ?)",
                (branch, run, run, step),
            )
            snapshots.share(self._folder(run), self._folder(branch), until=step)
            lost = _steps_saved(connection, branch) - {each.step for each in state.saved}
            if lost:
                saved = replace(saved, dropped=tuple(sorted(lost)))
                _insert_event(connection, branch, saved)
            _go_on(connection, branch, saved, changes)
        return self.state(branch)

    def adopt(self, state: RunState, events: Iterable[Event], snapshot: Snapshot) -> str:
        """Record a run from elsewhere, which is over: `state` without its events, then `events`.

        Its only snapshot is `snapshot`, which one of the events tells as `Saved`. Returns the id
        that the run has here. Whatever is raised, nothing of the run is left.
        """
        config = (state.begun or state.config).to_json()
        with self._inserted(config, state.name, created=state.created) as (connection, run):
            snapshots.write(self._folder(run), snapshot)
            for event in (Imported(), *events):
                _insert_event(connection, run, event)
        self.release(run)
        return run

    def append(self, run: str, event: Event) -> None:
        """Record one event of `run`. A snapshot goes to the run's folder and leaves a `Saved`."""
        with explained(self.home):
            if isinstance(event, Snapshot):
                snapshots.write(self._folder(run), event)
                dropped = snapshots.too_many(self._folder(run))
                event = Saved(event.step, event.reported_step, dropped)
            with self._connection() as connection:
                _insert_event(connection, run, event)
            if isinstance(event, Saved):
                snapshots.remove(self._folder(run), event.dropped)

    def release(self, run: str) -> None:
        """Give up being the writer of `run`, once its last event is recorded."""
        self._writers.release(run)

    def events(self, run: str, after: int = 0) -> Iterator[tuple[int, Event]]:
        """The events of `run` with a number above `after`, in order.

        Raises `UnreadableRun` if one of them cannot be read.
        """
        return self._read(run, "seq > ?", after)

    def state(self, run: str) -> RunState:
        """The run as it stands, from its first event on.

        Raises `NoSuchRun`, and `UnreadableRun` if what is recorded of it cannot be read.
        """
        with explained(self.home), self._connection() as connection:
            row = connection.execute(
                "SELECT id, name, config, created, parent, parent_step FROM runs "
                "WHERE id = ? AND deleted IS NULL",
                (run,),
            ).fetchone()
        if row is None:
            raise NoSuchRun(f"There is no run {run!r} in {self.home}.")
        return self.advance(_new_state(row))

    def samples(self, run: str) -> list[Samples]:
        """All samples of `run` that were not rolled back, in order."""
        kept: list[Samples] = []
        with rows.understood(run):
            for _, event in self._read(run, "seq > ? AND kind IN ('Samples', 'Continued')", 0):
                if isinstance(event, Continued):
                    kept = [samples for samples in kept if samples.step <= event.step]
                elif isinstance(event, Samples):
                    kept.append(event)
        return kept

    def sample_places(self, run: str) -> list[tuple[int, int]]:
        """Number and step of each event that `samples` gives, without its pictures."""
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT seq, step, kind FROM events WHERE run = ? AND "
                "kind IN ('Samples', 'Continued') ORDER BY seq",
                (run,),
            ).fetchall()
        kept: list[tuple[int, int]] = []
        for seq, step, kind in found:
            if kind == "Continued":
                kept = [place for place in kept if place[1] <= step]
            else:
                kept.append((seq, step))
        return kept

    def samples_at(self, run: str, seq: int) -> tuple[TrainConfig, Samples]:
        """The samples that are event `seq` of `run`, and the config that it began with.

        Raises `NoSuchRun` if there is no such run, or that event is none.
        """
        with explained(self.home), self._connection() as connection:
            row = connection.execute(
                "SELECT config FROM runs WHERE id = ? AND deleted IS NULL", (run,)
            ).fetchone()
        found = list(self._read(run, "kind = 'Samples' AND seq = ?", seq)) if row else []
        if not found:
            raise NoSuchRun(f"There are no samples {seq} of a run {run!r} in {self.home}.")
        return rows.config(run, row[0]), cast(Samples, found[0][1])

    def advance(self, state: RunState) -> RunState:
        """`state`, with what was recorded since; of samples and traces only the last are read."""
        with rows.understood(state.id):
            return state.after(self._read(state.id, f"seq > ? AND {_NOT_OLD_PICTURES}", state.seq))

    def ids(self) -> list[str]:
        """The ids of all runs, newest first."""
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT id FROM runs WHERE deleted IS NULL ORDER BY created DESC, id DESC"
            ).fetchall()
        return [run for (run,) in found]

    def heads(self) -> list[Head]:
        """What may change of each run, newest first: cheap to ask, also of many."""
        with explained(self.home), self._connection() as connection:
            rows = connection.execute(f"{_HEADS} ORDER BY created DESC, id DESC").fetchall()
        return [Head(*row) for row in rows]

    def head(self, run: str) -> Head:
        """What may change of `run`. Raises `NoSuchRun`."""
        with explained(self.home), self._connection() as connection:
            row = connection.execute(f"{_HEADS} AND id = ?", (run,)).fetchone()
        if row is None:
            raise NoSuchRun(f"There is no run {run!r} in {self.home}.")
        return Head(*row)

    def branches(self, run: str) -> list[str]:
        """The ids of the runs that are branches of `run`, oldest first."""
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT id FROM runs WHERE parent = ? AND deleted IS NULL ORDER BY created, id",
                (run,),
            ).fetchall()
        return [branch for (branch,) in found]

    def rename(self, run: str, name: str) -> None:
        """Give `run` a name of 1 to 60 characters. Raises `StoreError` if it cannot have it."""
        self._update(run, "name", _checked(name))

    def delete(self, run: str) -> None:
        """Hide `run`; `restore` brings it back until `purge` removes it for good.

        Raises `StoreError` if a process that lives is its writer: nobody could stop it any more.
        """
        with explained(self.home), self._writers.alone(run) as is_alone:
            if not is_alone:
                raise StoreError(
                    f"The run {run} is still under way, so it was not deleted: stop it first."
                )
            self._update(run, "deleted", time.time())

    def restore(self, run: str) -> None:
        """Undo `delete`."""
        self._update(run, "deleted", None)
        with explained(self.home):
            leftovers.settle(self._folder(run))  # `purge` may have been broken off
        self._settle(run)

    def purge(self, older_than: float = _KEEP_DELETED_SECONDS) -> None:
        """Remove for good what people deleted more than `older_than` seconds ago.

        With it go uploaded images that no run was started with within a day; not as long as there
        are folders of runs that this record does not name, since those may have been.
        """
        gone = []
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT id FROM runs WHERE deleted < ?", (time.time() - older_than,)
            ).fetchall()
            for (run,) in found:
                with self._writers.alone(run) as is_alone:
                    if is_alone:
                        connection.execute("DELETE FROM events WHERE run = ?", (run,))
                        connection.execute("DELETE FROM runs WHERE id = ?", (run,))
                        leftovers.doom(self._folder(run))
                        gone.append(run)
            kept = connection.execute("SELECT id, config FROM runs").fetchall()
        for run in gone:
            leftovers.remove(self._folder(run))
        with explained(self.home):
            is_whole = not leftovers.strangers(self.home, {run for run, _ in kept})
        if is_whole:
            used = {name for _, config in kept for name in rows.files_named(config)}
            uploads.forget(self.home, used, _KEEP_UPLOADS_SECONDS)

    def sizes(self) -> dict[str, int]:
        """Bytes that each run takes on the disk; what runs share is shared out between them."""
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT id, coalesce(sum(length(payload)), 0) FROM runs LEFT JOIN events "
                "ON run = id WHERE deleted IS NULL GROUP BY id"
            ).fetchall()
            return {run: size + snapshots.size(self._folder(run)) for run, size in found}

    def recover(self) -> None:
        """Mark as interrupted each run that is not over and whose writer is gone.

        One that cannot be read is left as it is; whoever asks for it is told so.
        """
        with explained(self.home), self._connection() as connection:
            found = connection.execute(_NOT_OVER).fetchall()
        for (run,) in found:
            try:
                self._settle(run)
            except UnreadableRun:
                pass  # which touches no other

    def sweep(self) -> None:
        """Remove what processes left that were killed: files half made, and events of no run.

        For a server that has claimed the store; what a command line is at work on stays.
        """
        with explained(self.home), self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")  # nobody begins a run meanwhile
            runs = {run for (run,) in connection.execute("SELECT id FROM runs")}
            for run in _runs_of_events(connection):
                if run not in runs:
                    connection.execute("DELETE FROM events WHERE run = ?", (run,))
            leftovers.sweep(self.home, runs, self._writers)

    def snapshot_path(self, run: str, step: int) -> Path:
        """Where the snapshot of `run` after `step` steps lies, if there is one."""
        return snapshots.path(self._folder(run), SNAPSHOT, step)

    def generator(self, run: str, step: int) -> bytes | None:
        """The generator of `run` after `step` steps, for the browser; None without a snapshot."""
        return _content(self.network_path(run, GENERATOR, step))

    def discriminator(self, run: str, step: int) -> bytes | None:
        """The discriminator of `run` after `step` steps, for the browser; None if there is none."""
        return _content(self.network_path(run, DISCRIMINATOR, step))

    def network_path(self, run: str, kind: str, step: int) -> Path:
        """Where the browser's network of `kind` lies, of `run` after `step` steps, if it does."""
        return snapshots.path(self._folder(run), kind, step)

    def _read(self, run: str, condition: str, after: int) -> Iterator[tuple[int, Event]]:
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                f"SELECT seq, payload FROM events WHERE run = ? AND {condition} ORDER BY seq",
                (run, after),
            ).fetchall()
        for seq, payload in found:
            yield seq, rows.event(run, seq, payload)

    def _settle(self, run: str) -> None:
        """Let `run` be interrupted if it is not over and nobody is its writer."""
        with explained(self.home), self._writers.alone(run) as is_alone:
            if is_alone and (state := self.state(run)).status.is_live:
                self.append(run, Finished(state.step, StopReason.INTERRUPTED))

    @contextmanager
    def _inserted(
        self,
        config: str,
        name: str,
        parent: str | None = None,
        parent_step: int = 0,
        created: float | None = None,
    ) -> Iterator[tuple[sqlite3.Connection, str]]:
        """A new run in a transaction, with this process as its writer.

        Whatever is raised, here or meanwhile, nothing of the run is left.
        """
        run = ""
        try:
            with explained(self.home), self._connection() as connection:
                connection.execute("BEGIN IMMEDIATE")  # nobody else takes the same id
                run = self._free_id(connection)
                connection.execute(
                    "INSERT INTO runs (id, name, config, created, parent, parent_step) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (run, name, config, created or time.time(), parent, parent_step),
                )
                leftovers.begin(self._folder(run))
                self._writers.acquire(run)
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

    def _folder(self, run: str) -> Path:
        return self.home / "runs" / run

    def _update(self, run: str, column: str, value: object) -> None:
        with explained(self.home), self._connection() as connection:
            changed = connection.execute(
                f"UPDATE runs SET {column} = ? WHERE id = ?", (value, run)
            ).rowcount
        if not changed:
            raise NoSuchRun(f"There is no run {run!r} in {self.home}.")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The connection, one thread at a time, in a transaction."""
        with self._turn, self._database:
            yield self._database


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _insert_event(connection: sqlite3.Connection, run: str, event: Event) -> None:
    connection.execute(
        "INSERT INTO events SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM events WHERE run = ?",
        (run, getattr(event, "step", None), type(event).__name__, encode(event), run),
    )


def _go_on(
    connection: sqlite3.Connection, run: str, saved: Saved, changes: Mapping[str, Any]
) -> None:
    _insert_event(connection, run, Continued(saved.step, saved.reported_step or 0))
    if changes:
        _insert_event(connection, run, Adjusted(saved.step, changes))


def _runs_of_events(connection: sqlite3.Connection) -> Iterator[str]:
    """The runs that there are events of, without a look at each event."""
    run = ""
    while True:
        (run,) = connection.execute("SELECT min(run) FROM events WHERE run > ?", (run,)).fetchone()
        if run is None:
            return
        yield run


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


def _new_state(row: tuple[str, str, str, float, str | None, int | None]) -> RunState:
    run, name, config, created, parent, parent_step = row
    return RunState(
        run,
        name,
        rows.config(run, config),
        created,
        parent=parent,
        parent_step=parent_step or 0,
    )
