"""What processes leave behind that are killed in the middle of their work: found, and removed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Set
from pathlib import Path
from typing import Final

from gan import uploads
from gan.runs.writers import Writers

IMPORTING: Final = "import-"
"""Begins the name of a folder for a package that is being taken in."""
_RUN: Final = re.compile(r"\d{4}-\d{6}-[0-9a-f]+")
_IMPORTING: Final = re.compile(rf"{IMPORTING}.+|tmp[a-z0-9_]{{8}}")
"""The second is what earlier versions called it."""


def sweep(home: Path, runs: Set[str], writers: Writers) -> None:
    """Remove the folders that belong to none of `runs`, and whatever was left half written.

    Nobody may begin a run meanwhile. What a process that lives is at work on stays, as does what
    cannot be removed.
    """
    for folder in (home / "runs").iterdir():
        if _RUN.fullmatch(folder.name):
            _sweep_run(folder, folder.name in runs, writers)
    for folder in home.iterdir():
        if _IMPORTING.fullmatch(folder.name) and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
    _remove_partial(home / uploads.FOLDER)


def _sweep_run(folder: Path, is_known: bool, writers: Writers) -> None:
    if is_known and not any(folder.glob("*.partial")):
        return
    try:
        with writers.alone(folder.name) as is_alone:
            if is_alone and is_known:
                _remove_partial(folder)
    except OSError:
        return
    if is_alone and not is_known:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_partial(folder: Path) -> None:
    for path in folder.glob("*.partial"):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass
