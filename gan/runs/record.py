"""What is recorded of runs, and read: SQLite for what happened, a folder a run for its files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from gan.messages.codec import encode
from gan.messages.events import Continued, Event, Samples, Saved, Snapshot
from gan.runs import rows, schema, snapshots
from gan.runs.errors import NoSuchRun, explained
from gan.runs.jobs import JobRecord
from gan.runs.snapshots import DISCRIMINATOR, GENERATOR, SNAPSHOT
from gan.runs.state import RunState
from gan.runs.writers import Writers
from gan.settings.config import TrainConfig

_NOT_OLD_PICTURES: Final = (
    "(kind NOT IN ('Samples', 'Trace') OR seq = (SELECT max(seq) FROM events AS later "
    "WHERE later.run = events.run AND later.kind = events.kind))"
)
_HEADS: Final = (
    "SELECT id, name, coalesce((SELECT max(seq) FROM events WHERE run = id), 0) "
    "FROM runs WHERE deleted IS NULL"
)


@dataclass(frozen=True, slots=True)
class Head:
    """A run by what may change of it: its name, and the number of its last event."""

    run: str
    name: str
    seq: int


class Record:
    """The runs under one home folder: their events, states and files."""

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
        self.jobs = JobRecord(home, self._connection)
        """What was done with runs beside training them."""

    def close(self) -> None:
        """Let go of the database and of every run that this process was writing."""
        self._writers.release_all()
        self.jobs.release_all()
        self._database.close()

    def append(self, run: str, event: Event) -> None:
        """Record one event of `run`. A snapshot goes to the run's folder and leaves a `Saved`."""
        with explained(self.home):
            if isinstance(event, Snapshot):
                snapshots.write(self._folder(run), event)
                dropped = snapshots.too_many(self._folder(run))
                event = Saved(event.step, event.reported_step, dropped)
            with self._connection() as connection:
                insert_event(connection, run, event)
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

    def sizes(self) -> dict[str, int]:
        """Bytes that each run takes on the disk; what runs share is shared out between them."""
        with explained(self.home), self._connection() as connection:
            found = connection.execute(
                "SELECT id, coalesce(sum(length(payload)), 0) FROM runs LEFT JOIN events "
                "ON run = id WHERE deleted IS NULL GROUP BY id"
            ).fetchall()
            return {run: size + snapshots.size(self._folder(run)) for run, size in found}

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


def insert_event(connection: sqlite3.Connection, run: str, event: Event) -> None:
    """Put `event` behind all others of `run`."""
    connection.execute(
        "INSERT INTO events SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM events WHERE run = ?",
        (run, getattr(event, "step", None), type(event).__name__, encode(event), run),
    )


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
