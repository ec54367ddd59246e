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


class StoreError(RuntimeError):
    """The store cannot do what was asked: what happened, what was kept, what to do."""


class NoSuchRun(StoreError):
    """There is no run of that id."""


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the disk and SQLite raise into a sentence for people."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            raise _full(home) from error
        if "readonly" in str(error) or "unable to open" in str(error):
            raise StoreError(
                f"The folder {home} cannot be written to: set {HOME_VARIABLE} to one that can."
            ) from error
        raise StoreError(
            f"The record of runs in {home} cannot be used ({error}). Nothing was changed: move "
            f"the file store.sqlite3 away to start a new one, or set {HOME_VARIABLE} to another "
            "folder."
        ) from error
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise _full(home) from error
        raise StoreError(
            f"The folder {home} cannot be used: {error.strerror}. Set "
            f"{HOME_VARIABLE} to another one."
        ) from error


def _full(home: Path) -> StoreError:
    return StoreError(
        f"The disk that holds {home} is full. Everything recorded before is kept; "
        "free some space and start again."
    )
