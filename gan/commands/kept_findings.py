"""What the doctor finds of what this machine keeps: the runs, and the data sets."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gan.commands.findings import GB, Finding, Level
from gan.data import registry
from gan.data.digits import DataError, NotDownloaded
from gan.data.registry import DataSet
from gan.runs.errors import HOME_VARIABLE, StoreError
from gan.runs.store import RunStore

LITTLE_DISK, TOO_LITTLE_DISK = 1.0 * GB, 0.1 * GB


def store(home: Path) -> Iterator[Finding]:
    """Whether runs can be kept in `home`; makes nothing that stays."""
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    elsewhere = f"Set {HOME_VARIABLE} to a folder that can be written to."
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        found = f"{home} cannot be written to ({error.strerror})."
        yield Finding(Level.PROBLEM, "Kept runs", found, elsewhere)
        return
    if there != home:
        yield Finding(Level.OK, "Kept runs", f"None yet; {home} will be made.")
    else:
        yield _kept(home)
    free = shutil.disk_usage(there).free
    found = f"{free / GB:.1f} GB are free beside the kept runs."
    if free < LITTLE_DISK:
        level = Level.PROBLEM if free < TOO_LITTLE_DISK else Level.NOTE
        advice = f"A run takes some 10 MB: delete runs, or set {HOME_VARIABLE} to another disk."
        yield Finding(level, "Disk", found, advice)
    else:
        yield Finding(Level.OK, "Disk", found)


def _kept(home: Path) -> Finding:
    if not (home / "store.sqlite3").exists():
        return Finding(Level.OK, "Kept runs", f"None yet in {home}.")
    try:
        runs = RunStore(home)
        count = len(runs.ids())
    except StoreError as error:
        return Finding(Level.PROBLEM, "Kept runs", str(error))
    try:
        runs.claim().release()
    except StoreError:
        advice = "Commands work beside it; a second server needs another folder."
        return Finding(Level.NOTE, "Kept runs", f"{count} in {home}, which a server uses.", advice)
    finally:
        runs.close()
    return Finding(Level.OK, "Kept runs", f"{count} in {home}")


def data() -> Iterator[Finding]:
    """The data sets that have a name; only the built-in digits are needed."""
    for data_set in registry.DATA_SETS.values():
        yield _data_set(data_set)


def _data_set(data_set: DataSet) -> Finding:
    source, title = data_set.source, data_set.title
    worst = Level.PROBLEM if data_set.is_built_in else Level.NOTE
    try:
        found = f"{len(data_set.load('train')):,} in {source.whereabouts}"
        return Finding(Level.OK, title, found)
    except NotDownloaded:
        return Finding(worst, title, "Not on this machine.", source.when_missing)
    except DataError as error:
        return Finding(worst, title, str(error), source.when_damaged)
