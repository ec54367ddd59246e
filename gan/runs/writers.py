"""Who writes a run: the process that holds the lock in its folder, for as long as it lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

LOCK: Final = "writer.lock"


class Writers:
    """The locks that this process holds, of the runs in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, FileLock] = {}

    def __contains__(self, run: str) -> bool:
        """Whether this process is the writer of `run`."""
        return run in self._held

    def acquire(self, run: str) -> bool:
        """Become the writer of `run`; False if a process that lives is. Raises `OSError`."""
        lock = FileLock(self._folder / run / LOCK, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        self._held[run] = lock
        return True

    def release(self, run: str) -> None:
        """Give up being the writer of `run`; nothing happens if this process is not."""
        lock = self._held.pop(run, None)
        if lock is not None:
            lock.release()

    def release_all(self) -> None:
        """Give up being the writer of any run."""
        for run in list(self._held):
            self.release(run)

    @contextmanager
    def alone(self, run: str) -> Iterator[bool]:
        """Whether nobody is the writer of `run`: then nobody becomes it meanwhile."""
        if run in self._held:
            yield False
        elif not (self._folder / run).is_dir():
            yield True
        elif not self.acquire(run):
            yield False
        else:
            try:
                yield True
            finally:
                self.release(run)
