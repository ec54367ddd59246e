"""What can go wrong with the store, in sentences for people."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HOME_VARIABLE: Final = "DIGIT_FORGE_HOME"
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_NO_HANDLES: Final = (errno.EMFILE, errno.ENFILE)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_NOT_WRITABLE: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_MISSING: Final = ("no such table", "no such column", "has no column")
"""What SQLite says of a database without this app's tables."""


class StoreError(RuntimeError):
    """The store cannot do what was asked: what happened, what was kept, what to do."""


class NoSuchRun(StoreError):
    """There is no run of that id."""


class UnreadableRun(StoreError):
    """What is recorded of one run cannot be read; that touches no other run."""


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the disk and SQLite raise into a sentence for people."""
    try:
        yield
    except sqlite3.Error as error:
        raise _of_database(home, error) from error
    except OSError as error:
        raise _of_disk(home, error) from error


def reason(error: BaseException) -> str:
    """What went wrong, as a few words in a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    kind, words = type(error).__name__, str(error)
    return words if isinstance(error, StoreError) else f"{kind}: {words}" if words else kind


def _of_database(home: Path, error: sqlite3.Error) -> StoreError:
    """Only a record that is damaged is one to move away: all else passes, and the runs are kept."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says more than people need
    if code == sqlite3.SQLITE_FULL:
        return _full(home)
    if code in _NOT_WRITABLE:
        return StoreError(
            f"The folder {home} cannot be written to: set {HOME_VARIABLE} to one that can."
        )
    if code in _BUSY:
        return StoreError(
            f"Another program has kept the record of runs in {home} locked for too long. Nothing "
            "was changed, and all runs are kept: try again in a minute."
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"The disk that holds {home} could not be read or written ({error}): it is full, or "
            "fails. Everything recorded before is kept: free some space or look after the disk, "
            "and try again."
        )
    if code in _DAMAGED or any(words in str(error) for words in _MISSING):
        return StoreError(
            f"The record of runs in {home} is damaged and cannot be used ({error}). Nothing was "
            "changed: bring back a copy of it if there is one; else move the files away whose "
            f"names begin with store.sqlite3 to start a new one, or set {HOME_VARIABLE} to "
            "another folder."
        )
    return StoreError(
        f"The record of runs in {home} did not take this ({error}). Nothing was changed, and all "
        "runs are kept: try again, and report it if that happens again."
    )


def _of_disk(home: Path, error: OSError) -> StoreError:
    if error.errno in _NO_SPACE:
        return _full(home)
    if error.errno in _NO_HANDLES:
        return StoreError(
            f"This computer lets Digit Forge open no more files just now ({reason(error)}). "
            "Everything recorded before is kept: close some pages and try again; python -m gan "
            "doctor says how many it allows."
        )
    return StoreError(
        f"The folder {home} cannot be used: {reason(error)}. Set {HOME_VARIABLE} to another one."
    )


def _full(home: Path) -> StoreError:
    return StoreError(
        f"The disk that holds {home} is full. Everything recorded before is kept; "
        "free some space and start again."
    )
