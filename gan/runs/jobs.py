"""The record of jobs other than trainings: what each was asked, how far it is, what came of it."""

from __future__ import annotations

import io
import json
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from gan.messages.codec import MessageError, encode, read
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Done, JobEvent, Working
from gan.runs import leftovers
from gan.runs.errors import StoreError, explained
from gan.runs.writers import Writers

FOLDER: Final = "jobs"
_UNWANTED: Final = "unwanted"
"""A file in the folder of a job that is to end."""
_MOST_KNOWN: Final = 500
"""Jobs of which the last state is kept, so that only what is new has to be read."""
_ROWS: Final = "SELECT id, kind, subject, options, created FROM jobs"
_SHOWN: Final = "subject NOT IN (SELECT id FROM runs WHERE deleted IS NOT NULL)"
"""Those of a run that was deleted come back with it."""
_ENDS: Final = "'Done', 'Failed', 'Cancelled'"


class NoSuchJob(StoreError):
    """There is no job of that id."""


class JobStatus(StrEnum):
    """Where a stored job stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The server went away before it came to something."""

    @property
    def is_live(self) -> bool:
        """Whether more is to come."""
        return self in (JobStatus.WAITING, JobStatus.WORKING)


@dataclass(frozen=True, slots=True)
class JobState:
    """What is known of a job after its first `seq` events. Fold on with `after`."""

    id: str
    kind: str
    subject: str
    """The id of the run that it is about, or the name of a network that ships."""
    options: Mapping[str, Any]
    created: float
    """Unix time, in seconds; as is `ended`."""
    seq: int = 0
    status: JobStatus = JobStatus.WAITING
    working: Working | None = None
    """How far it is, or was at its end."""
    result: Mapping[str, Any] = field(default_factory=dict)
    failed: Failed | None = None
    ended: float = 0.0

    def after(self, events: Iterable[tuple[int, float, JobEvent]]) -> JobState:
        """The state once the numbered `events`, in order and with their times, happened too.

        The first that ends it counts: whatever else was written down in that moment does not.
        """
        state = self
        for seq, at, event in events:
            state = replace(state, seq=seq)
            if not state.status.is_live:
                continue
            match event:
                case Working():
                    state = replace(state, status=JobStatus.WORKING, working=event)
                case Done():
                    state = replace(state, status=JobStatus.DONE, result=event.result, ended=at)
                case Failed():
                    state = replace(state, status=JobStatus.FAILED, failed=event, ended=at)
                case Cancelled():
                    is_cut = event.is_interrupted
                    status = JobStatus.INTERRUPTED if is_cut else JobStatus.CANCELLED
                    state = replace(state, status=status, ended=at)
        return state


class JobRecord:
    """The jobs of a store. As of a run, a process that lives is the one writer of each.

    `connection` gives the store's own, one thread at a time, in a transaction.
    """

    def __init__(
        self,
        home: Path,
        connection: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:
        self._home, self._connection = home, connection
        self._writers = Writers(home / FOLDER)
        self._known: dict[str, JobState] = {}

    def create(self, kind: str, subject: str, options: Mapping[str, Any]) -> str:
        """Record a job that waits, with this process as its writer; returns its id."""
        with explained(self._home), self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")  # nobody sweeps meanwhile
            job = time.strftime("%m%d-%H%M%S-") + secrets.token_hex(4)
            connection.execute(
                "INSERT INTO jobs (id, kind, subject, options, created) VALUES (?, ?, ?, ?, ?)",
                (job, kind, subject, json.dumps(dict(options)), time.time()),
            )
            self._folder(job).mkdir(parents=True)
            self._writers.acquire(job)
        return job

    def append(self, job: str, event: JobEvent, at: float | None = None) -> None:
        """Record what a job reports, now or at a time of its own. Its last word gives it up."""
        with explained(self._home), self._connection() as connection:
            connection.execute(
                "INSERT INTO job_events SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? "
                "FROM job_events WHERE job = ?",
                (job, at or time.time(), type(event).__name__, encode(event), job),
            )
        if not isinstance(event, Working):
            self.release(job)

    def release(self, job: str) -> None:
        """Give up being the writer of `job`."""
        if job in self._writers:
            self._writers.release(job)
            shutil.rmtree(self._folder(job), ignore_errors=True)

    def ask_to_end(self, job: str) -> None:
        """Let whoever is at work on `job` know that nobody wants it any more, in what process ever.

        Does nothing if nobody is.
        """
        with explained(self._home), suppress(FileNotFoundError):
            (self._folder(job) / _UNWANTED).touch()

    def is_unwanted(self, job: str) -> bool:
        """Whether somebody asked for the end of `job`, and it is not over yet."""
        return (self._folder(job) / _UNWANTED).exists()

    def release_all(self) -> None:
        """Give up being the writer of any job."""
        self._writers.release_all()

    def adopt(
        self, kind: str, subject: str, result: Mapping[str, Any], at: float, **options: Any
    ) -> None:
        """Record a job that was done elsewhere."""
        self.append(self.create(kind, subject, options), Done(result), at)

    def state(self, job: str) -> JobState:
        """The job as it stands. Raises `NoSuchJob`."""
        found = self._states("id = ?", job)
        if not found:
            raise NoSuchJob(f"There is no job {job!r} in {self._home}.")
        return found[0]

    def of(self, subject: str) -> list[JobState]:
        """The jobs about a run, or about a network that ships, the newest first."""
        return self._states("subject = ?", subject)

    def all(self) -> list[JobState]:
        """All jobs, the newest first; without those of runs that were deleted."""
        return self._states(_SHOWN)

    def open(self) -> list[JobState]:
        """Those of them that are not over."""
        ended = f"SELECT 1 FROM job_events WHERE job = id AND job_events.kind IN ({_ENDS})"
        return self._states(f"{_SHOWN} AND NOT EXISTS ({ended})")

    def recover(self) -> None:
        """Mark as interrupted each job that is not over and whose writer is gone."""
        for found in self.open():
            with explained(self._home), self._writers.alone(found.id) as is_alone:
                if is_alone and self._is_live(found.id):  # it may have ended meanwhile
                    self.append(found.id, Cancelled(is_interrupted=True))

    def forget(self, connection: sqlite3.Connection, subject: str) -> None:
        """Remove for good, in a transaction that is on, all jobs about a run."""
        about = "SELECT id FROM jobs WHERE subject = ?"
        connection.execute(f"DELETE FROM job_events WHERE job IN ({about})", (subject,))
        connection.execute("DELETE FROM jobs WHERE subject = ?", (subject,))

    def delete(self, job: str) -> None:
        """Remove one job for good. Raises `StoreError` if a process that lives is its writer."""
        with explained(self._home), self._writers.alone(job) as is_alone:
            if not is_alone:
                raise StoreError(f"The job {job} is still under way: cancel it first.")
            with self._connection() as connection:
                connection.execute("DELETE FROM job_events WHERE job = ?", (job,))
                connection.execute("DELETE FROM jobs WHERE id = ?", (job,))

    def sweep(self) -> None:
        """Remove the folders of jobs that nobody is at work on: nothing in them stays of use."""
        folder = self._home / FOLDER
        for path in folder.iterdir() if folder.is_dir() else ():
            with self._writers.alone(path.name) as is_alone:
                pass
            if is_alone:
                shutil.rmtree(path, ignore_errors=True)

    def forget_strays(self, connection: sqlite3.Connection, runs: Collection[str]) -> None:
        """Remove for good, in a transaction that is on, the jobs about runs that are not in `runs`.

        An older version, which knows no jobs, may have removed these; networks that ship are none.
        """
        for (subject,) in connection.execute("SELECT DISTINCT subject FROM jobs").fetchall():
            if leftovers.is_run(subject) and subject not in runs:
                self.forget(connection, subject)

    def _is_live(self, job: str) -> bool:
        try:
            return self.state(job).status.is_live
        except NoSuchJob:
            return False

    def _folder(self, job: str) -> Path:
        return self._home / FOLDER / job

    def _states(self, condition: str, *values: str) -> list[JobState]:
        """Those of which `condition` holds; of what was read before, only what is new is read."""
        with explained(self._home), self._connection() as connection:
            rows = connection.execute(
                f"{_ROWS} WHERE {condition} ORDER BY created DESC, id DESC", values
            ).fetchall()
            states = [self._advanced(connection, row) for row in rows]
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return states

    def _advanced(
        self, connection: sqlite3.Connection, row: tuple[str, str, str, str, float]
    ) -> JobState:
        job, kind, subject, options, created = row
        state = self._known.get(job) or JobState(job, kind, subject, _options(options), created)
        found = connection.execute(
            "SELECT seq, at, payload FROM job_events WHERE job = ? AND seq > ? ORDER BY seq",
            (job, state.seq),
        )
        self._known[job] = state = state.after(_read(found))
        return state


def _options(text: str) -> Mapping[str, Any]:
    """What was chosen; nothing if that cannot be read any more."""
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        return {}


def _read(rows: Iterable[tuple[int, float, bytes]]) -> Iterator[tuple[int, float, JobEvent]]:
    """What was reported; an event that cannot be read any more fails its job, and no other."""
    for seq, at, payload in rows:
        try:
            event = read(io.BytesIO(payload))
            if not isinstance(event, JobEvent):
                raise MessageError("it is not what a job reports")
            yield seq, at, event
        except (MessageError, TypeError) as error:
            yield seq, at, Failed("job_unreadable", {"reason": str(error)})
