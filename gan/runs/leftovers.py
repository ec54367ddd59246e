"""What processes leave behind that are killed in the middle of their work: found, and removed.

A record that was moved away, or is an old copy, does not name all runs whose folders are there, and
may come back. So a folder is not removed because its run is unknown, but only if it holds nothing
that anybody could miss, or was marked beforehand by who began to make or to remove it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Set
from contextlib import suppress
from pathlib import Path
from typing import Final

from gan.data import uploads
from gan.runs.writers import LOCK, Writers

IMPORTS: Final = "imports"
"""The folder in which packages lie while a server takes them in."""
IMPORTING: Final = "import-"
"""Begins the name of a package's own folder there."""
_MARK: Final = "half-made"
"""A file in a folder that goes unless the record names its run."""
_RUN: Final = re.compile(r"\d{4}-\d{6}-[0-9a-f]+")


def is_run(name: str) -> bool:
    """Whether `name` is one that a store gives to a run."""
    return _RUN.fullmatch(name) is not None


def begin(folder: Path) -> None:
    """Make the folder of a run that is not recorded yet: it goes unless `settle` is told so."""
    folder.mkdir()
    (folder / _MARK).touch()


def settle(folder: Path) -> None:
    """Let the folder stay from now on, whatever a record says of its run."""
    (folder / _MARK).unlink(missing_ok=True)


def doom(folder: Path) -> None:
    """Let the folder go once no record names its run, even if this process does not come to it."""
    with suppress(OSError):  # a full disk takes no mark, and has to be freed all the same
        (folder / _MARK).touch()


def remove(folder: Path) -> None:
    """Remove a run's folder: its mark last, so that a later sweep ends what is broken off here."""
    doom(folder)
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name != _MARK:
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def strangers(home: Path, runs: Set[str]) -> Set[str]:
    """The folders of runs that are none of `runs`: another record may name them."""
    return {path.name for path in (home / "runs").iterdir() if is_run(path.name)} - runs


def sweep(home: Path, runs: Set[str], writers: Writers) -> None:
    """Remove what is half made and of none of `runs`, and whatever was left half written.

    For the one server of this home; nobody may begin a run meanwhile. What a process that lives is
    at work on stays, as does what cannot be removed.
    """
    for folder in (home / "runs").iterdir():
        if is_run(folder.name):
            _sweep_run(folder, folder.name in runs, writers)
    for folder in (home / IMPORTS).glob(f"{IMPORTING}*"):  # only servers put something there
        shutil.rmtree(folder, ignore_errors=True)
    _remove_partial(home / uploads.FOLDER)


def _sweep_run(folder: Path, is_known: bool, writers: Writers) -> None:
    try:
        names = {path.name for path in folder.iterdir()}
        is_to_go = not is_known and (_MARK in names or not any(map(_is_missed, names)))
        if not is_to_go and not any(map(_is_passing, names)):
            return
        with writers.alone(folder.name) as is_alone:
            if is_alone and not is_to_go:
                _remove_partial(folder)
                settle(folder)
    except OSError:
        return
    if is_alone and is_to_go:
        remove(folder)


def _is_passing(name: str) -> bool:
    """Whether a file in a run's folder is there for a moment only."""
    return name == _MARK or name.endswith(".partial")


def _is_missed(name: str) -> bool:
    """Whether a file in a run's folder holds what somebody could miss."""
    return name != LOCK and not _is_passing(name)


def _remove_partial(folder: Path) -> None:
    for path in folder.glob("*.partial"):
        with suppress(OSError):
            path.unlink(missing_ok=True)
