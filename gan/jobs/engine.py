"""The engine: all that a server has done, on a store that is its own."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gan.jobs import process
from gan.jobs.limits import Limits
from gan.jobs.passing import PassingJobs
from gan.jobs.stored import StoredJobs
from gan.jobs.trainings import Trainings
from gan.messages.events import Finished
from gan.messages.status import StopReason
from gan.runs.store import RunStore

PURGE_SECONDS: Final = 60.0
"""How often the engine looks whether what was deleted is due to be removed for good."""
_log: Final = logging.getLogger(__name__)


class Engine(Trainings):
    """Trainings, and what else takes time, in lanes beside each other. One per store."""

    def __init__(
        self, store: RunStore, command: Sequence[str] = (), limits: Limits | None = None
    ) -> None:
        super().__init__(store, command, limits or Limits.of_environment())
        self.passing = PassingJobs(store.home)
        """What the page Explore asks for."""
        self.stored = StoredJobs(store)
        """What the record keeps beside trainings."""
        self._claim = store.claim()
        self._taking_in = threading.Lock()
        try:
            store.sweep()
            store.recover()
            store.purge()
        except BaseException:  # a later visitor's try must not find it taken
            self._claim.release()
            raise
        self._purging = threading.Thread(target=self._purge, name="purge", daemon=True)
        self._purging.start()
        self.lane.open()
        atexit.register(self.close)

    def take_in(self, package: Path) -> str:
        """Import a run that was exported; its id here. Raises `StoreError` if it cannot be used.

        One at a time, in a process of its own, which has the TensorFlow that it takes.
        """
        with self._taking_in:
            self._check_space()
            return process.command(self.store.home, "import", str(package.resolve()))

    def delete(self, run: str) -> None:
        """Hide `run`, until it is restored or removed for good: `RunStore.delete`.

        Raises `StoreError` if it is under way, here or elsewhere.
        """
        with self._changed:  # so that it does not go on meanwhile
            self.store.delete(run)
        self.stored.cancel_all(run)

    def close(self) -> None:
        """Let the runs that are going on save a snapshot, then end the workers and let go."""
        if self.lane.is_closing:
            return
        self.passing.close()
        self.stored.close()
        self.lane.close()
        for run in list(self._parked):
            self.record(run, Finished(self._held_step(run), StopReason.INTERRUPTED))
        self._purging.join()
        self._claim.release()
        atexit.unregister(self.close)

    def _purge(self) -> None:
        """A thread of its own: removing files takes a while, for which nobody should wait."""
        while not self.lane.is_closing:
            with self._changed:
                if self._changed.wait_for(lambda: self.lane.is_closing, PURGE_SECONDS):
                    return
            try:
                self.store.purge()
            except Exception:  # else nothing would be removed any more
                _log.exception("What was deleted could not be removed")
