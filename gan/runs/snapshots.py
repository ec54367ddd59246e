"""The snapshots in a run's folder: two or three files each, of which nobody ever changes one."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from gan.messages.events import Snapshot

SNAPSHOT: Final = "snapshot.npz"
"""What a run goes on from: `gan.model.bundle`."""
GENERATOR: Final = "generator.bin"
"""What the browser draws with."""
DISCRIMINATOR: Final = "discriminator.bin"
"""What the browser judges with; a game's snapshots have one, but not those of earlier versions."""
_KINDS: Final = (SNAPSHOT, GENERATOR, DISCRIMINATOR)
MAX_SNAPSHOTS: Final = 32
MAX_BYTES: Final = 128 << 20
"""Of one run, all its snapshots together. The first and the newest are kept whatever they take."""


def path(folder: Path, kind: str, step: int) -> Path:
    """The file of `kind` after `step` steps: ``snapshot-00000012.npz``."""
    stem, suffix = kind.split(".")
    return folder / f"{stem}-{step:08}.{suffix}"


def write(folder: Path, snapshot: Snapshot) -> None:
    """Keep `snapshot`: its files whole, or nothing of it."""
    contents = (snapshot.bundle, snapshot.generator, snapshot.discriminator)
    written: list[Path] = []
    for kind, content in zip(_KINDS, contents, strict=True):
        if kind == DISCRIMINATOR and not content.size:
            continue
        target = path(folder, kind, snapshot.step)
        partial = target.with_suffix(".partial")
        try:
            with partial.open("wb") as file:
                file.write(content.tobytes())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            written.append(target)
        except OSError:
            for other in written:
                other.unlink(missing_ok=True)
            raise
        finally:
            partial.unlink(missing_ok=True)


def too_many(folder: Path) -> tuple[int, ...]:
    """The steps of those that have to go, so that the others fit.

    Those go whose absence leaves the smallest gap, as a ratio of steps: a run's early moments stay
    as dense as its late ones.
    """
    sizes: Counter[int] = Counter()
    for step, file in _files(folder):
        sizes[step] += file.stat().st_size
    kept, dropped = sorted(sizes), []
    while len(kept) > 2 and (
        len(kept) > MAX_SNAPSHOTS or sum(sizes[step] for step in kept) > MAX_BYTES
    ):
        inner = range(1, len(kept) - 1)
        least = min(inner, key=lambda place: kept[place + 1] / max(1, kept[place - 1]))
        dropped.append(kept.pop(least))
    return tuple(dropped)


def remove(folder: Path, steps: Iterable[int]) -> None:
    """Delete the snapshots of `steps`, if they are there."""
    for step in steps:
        for kind in _KINDS:
            path(folder, kind, step).unlink(missing_ok=True)


def share(folder: Path, other: Path, until: int) -> set[int]:
    """Give the run in `other` the snapshots up to step `until`, if possible without copying.

    Returns the steps of those that made room for others meanwhile: nothing of them is given.
    """
    vanished: set[int] = set()
    for step, file in list(_files(folder)):
        if step <= until:
            try:
                _give(file, other / file.name)
            except FileNotFoundError:
                vanished.add(step)
    remove(other, vanished)
    return vanished


def _give(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except FileNotFoundError:
        raise
    except OSError:  # not every file system lets two folders have one file
        shutil.copyfile(file, other)


def size(folder: Path) -> int:
    """Bytes of all snapshots, each divided by the runs that share it."""
    files = (file.stat() for _, file in _files(folder))
    return sum(status.st_size // status.st_nlink for status in files)


def number(folder: Path, step: int) -> None:
    """Name the one snapshot of a run of an earlier version, of `step`, as now."""
    for kind in (SNAPSHOT, GENERATOR):
        if (folder / kind).is_file():
            (folder / kind).replace(path(folder, kind, step))


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    for kind in _KINDS:
        stem, suffix = kind.split(".")
        for file in folder.glob(f"{stem}-*.{suffix}"):
            yield int(file.stem.removeprefix(f"{stem}-")), file
