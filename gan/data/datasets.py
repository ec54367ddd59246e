"""Digit data sets as arrays, uint8 [N, 28, 28] with ink = 255, and the choice of a part of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan.data import groups, registry, uploads
from gan.data.array_files import read_split
from gan.data.digits import DataError, Digits, NotDownloaded
from gan.data.sources import Packaged
from gan.data.uploads import MIN_IMAGES
from gan.settings.config import ALL_CLASSES, CLASSES, TrainConfig

__all__ = ["DataError", "Digits", "NotDownloaded"]  # where all the others know them from


def load(name: str) -> Digits:
    """The training digits called `name`.

    That is a name in `gan.data.registry.DATA_SETS`, or the path of an ``.npz`` or ``.zip`` file as
    `gan.data.uploads` reads it. Raises `NotDownloaded` if the set has to be fetched first
    (`gan.data.download` does it), and `DataError` if it is missing, damaged or of another layout.
    """
    if name in registry.DATA_SETS:
        return registry.DATA_SETS[name].load("train")
    path = Path(name).expanduser()
    if not path.suffix and not path.exists():
        names = ", ".join(registry.DATA_SETS)
        raise DataError(f"There is no file {path}, nor a data set of that name: there are {names}.")
    if path.suffix.lower() == ".zip" and path.is_file():
        known = path.stat()
        return _pictures(path, known.st_mtime_ns, known.st_size)
    return read_split(path, "train")


def load_test(name: str) -> Digits:
    """The test digits of a data set with a name, or of an ``.npz`` file. Raises as `load` does."""
    if name in registry.DATA_SETS:
        return registry.DATA_SETS[name].load("test")
    return read_split(Path(name).expanduser(), "test")


def load_for(config: TrainConfig, read: Callable[[str], Digits] = load) -> Digits:
    """The digits that `config` asks for. Raises as `load` and `select` do.

    `read` is `load`, or what remembers what that has read.
    """
    return select(read(config.data), config)


def edition(name: str) -> tuple[tuple[str, int, int], ...]:
    """Another one whenever what `load` reads for `name` has changed; empty if nothing is there."""
    source = registry.DATA_SETS[name].source if name in registry.DATA_SETS else None
    if isinstance(source, Packaged):
        return ()  # it changes with the installation alone
    try:
        path = Path(name).expanduser() if source is None else source.path(name)
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        known = [(str(file), file.stat()) for file in files]
    except (OSError, NotDownloaded):
        return ()
    return tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in known)


def select(digits: Digits, config: TrainConfig) -> Digits:
    """The chosen classes of `digits`, and of each of them the chosen share.

    Which digits make up a share depends on nothing but the digits: not on the seed, so that runs
    of different seeds can be compared; and a smaller share is part of a larger one. Raises
    `DataError` if classes are needed and there are none, or if too few digits are left.
    """
    kept = _kept(digits.labels, len(digits), config)
    if len(kept) == len(digits):
        return digits
    labels = None if digits.labels is None else digits.labels[kept]
    return Digits(digits.images[kept], labels)


def check(config: TrainConfig) -> None:
    """Raise `DataError` if `load_for` would, without fetching what is not on this machine yet."""
    if is_known(config.data):
        _check_counts(config)
        return
    try:
        load_for(config)
    except NotDownloaded:
        _check_counts(config)


def is_known(name: str) -> bool:
    """Whether `check` knows these digits without reading them, which can take a while."""
    return name in registry.DATA_SETS and registry.DATA_SETS[name].is_built_in


def _check_counts(config: TrainConfig) -> None:
    """Check what `config` asks for of a data set with a name, by its known numbers."""
    counts = registry.DATA_SETS[config.data].class_counts
    labels = np.arange(CLASSES, dtype=np.uint8).repeat(counts)
    _kept(labels, len(labels), config)


def to_network(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 [N, 28, 28] as the networks see it: float32 [N, 28, 28, 1] in [-1, 1]."""
    scaled: NDArray[np.float32] = images[..., None].astype(np.float32) / np.float32(127.5)
    return scaled - np.float32(1)


def from_network(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Float [N, 28, 28, 1] in [-1, 1] as uint8 [N, 28, 28], ink = 255."""
    ink: NDArray[np.uint8] = np.clip(np.rint((images[..., 0] + 1) * 127.5), 0, 255).astype(np.uint8)
    return ink


def _kept(labels: NDArray[np.uint8] | None, count: int, config: TrainConfig) -> NDArray[np.intp]:
    """The places of the digits that `config` asks for, in order."""
    what = Path(config.data).name
    if labels is not None:
        strata = [np.flatnonzero(labels == chosen) for chosen in config.chosen_classes]
    elif config.uses_labels:
        raise DataError(
            f"The images of {what} have no classes to tell the networks: set conditional to found "
            "or no, or sort the images into folders named 0 to 9."
        )
    else:
        strata = [np.arange(count)]
    if labels is None and config.classes != ALL_CLASSES:
        raise DataError(f"The images of {what} have no classes to choose from: take all.")
    if labels is not None and (config.classes != ALL_CLASSES or config.uses_labels):
        for chosen, places in zip(config.chosen_classes, strata, strict=True):
            if not len(places):
                there = ",".join(map(str, np.unique(labels)))
                raise DataError(
                    f"{what} holds no images of class {chosen}: set classes to {there}."
                )
    shares = [_share(places, config.data_fraction) for places in strata]
    kept: NDArray[np.intp] = np.sort(np.concatenate(shares))
    needed = max(MIN_IMAGES, config.batch_size)
    if config.finds_groups and len(kept) < groups.LEAST * config.groups:
        raise DataError(
            f"{len(kept):,} images of {what} are too few for {config.groups} groups, each of which "
            f"needs {groups.LEAST}: set groups to fewer, or take more images."
        )
    if len(kept) < needed:
        raise DataError(
            f"Only {len(kept)} images of {what} are left, and at least {needed} are needed: choose "
            "more classes, a larger fraction or a smaller batch."
        )
    return kept


def _share(places: NDArray[np.intp], fraction: float) -> NDArray[np.intp]:
    """The first part of `places` in an order that is always the same, and at least one of them."""
    if not len(places):
        return places
    mixed = np.random.default_rng(0).permutation(places)
    return mixed[: max(1, round(fraction * len(places)))]


@lru_cache(maxsize=1)
def _pictures(path: Path, _modified: int, _size: int) -> Digits:
    """The pictures of a ZIP, remembered from the check to the run: decoding them takes a while."""
    return uploads.read_path(path)
