"""What becomes of runs that nobody needs any more, or whose process is gone."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Final

from gan.data import uploads
from gan.messages.events import Finished
from gan.messages.status import StopReason
from gan.runs import leftovers, rows
from gan.runs.errors import StoreError, UnreadableRun, explained
from gan.runs.record import Record

_NOT_OVER: Final = (
    "SELECT id FROM runs WHERE deleted IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM events WHERE run = id AND kind IN ('Finished', 'Failed') AND seq > (SELECT "
    "coalesce(max(seq), 0) FROM events AS again WHERE again.run = id AND again.kind = 'Continued'))"
)
_KEEP_DELETED_SECONDS: Final = 3600.0
_KEEP_UPLOADS_SECONDS: Final = 24 * 3600.0


class Upkeep(Record):
    """Deletes runs, and puts right what a process left that was killed."""

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
                        self.jobs.forget(connection, run)
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
        self.jobs.recover()

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
            self.jobs.forget_strays(connection, runs)
            leftovers.sweep(self.home, runs, self._writers)
            self.jobs.sweep()

    def _settle(self, run: str) -> None:
        """Let `run` be interrupted if it is not over and nobody is its writer."""
        with explained(self.home), self._writers.alone(run) as is_alone:
            if is_alone and (state := self.state(run)).status.is_live:
                self.append(run, Finished(state.step, StopReason.INTERRUPTED))


def _runs_of_events(connection: sqlite3.Connection) -> Iterator[str]:
    """The runs that there are events of, without a look at each event."""
    run = ""
    while True:
        (run,) = connection.execute("SELECT min(run) FROM events WHERE run > ?", (run,)).fetchone()
        if run is None:
            return
        yield run
