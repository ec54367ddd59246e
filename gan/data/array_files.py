"""Arrays in files on this machine: an ``.npz`` as NumPy and Keras write it, or LeCun's IDX format.

Nothing is ever unpickled.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data import archives, uploads
from gan.data.digits import SIDE, DataError, Digits, Split

MAX_FILE_BYTES: Final = 2**30  # of one array
IDX_FILES: Final[Mapping[Split, tuple[str, str]]] = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}
"""The images and the classes of each part of a data set in the IDX format, in one folder."""
_TEST_LAYOUTS: Final = (("x_test", "y_test"),)


def read_npz(path: Path, names: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    """The arrays `names` of the file at `path`.

    Raises `DataError` if it is missing, damaged, holds Python objects or lacks an array.
    """
    with _opened(path) as file, archives.opened(file, path.name) as archive:
        for name in names:
            if f"{name}.npy" not in archive.namelist():
                raise DataError(f"{path.name} has no array {name}.")
        return {name: archives.array(archive, name, path.name, MAX_FILE_BYTES) for name in names}


def read_split(path: Path, split: Split) -> Digits:
    """The digits of an ``.npz``: in the layouts of `uploads.arrays`, or ``x_test`` and ``y_test``.

    Raises `DataError` if they are missing, damaged or of another layout; the test digits have to
    have classes.
    """
    layouts = _TEST_LAYOUTS if split == "test" else uploads.LAYOUTS
    with _opened(path) as file, archives.opened(file, path.name) as archive:
        digits = uploads.arrays(archive, path.name, layouts, MAX_FILE_BYTES)
    if split == "test" and digits.labels is None:
        raise DataError(f"{path.name} has no array y_test; the classes of x_test are needed.")
    return digits


def read_idx_split(folder: Path, split: Split) -> Digits:
    """The digits in the `IDX_FILES` of `folder`. Raises `DataError` if they cannot be used."""
    images, labels = (_read_idx(folder / file) for file in IDX_FILES[split])
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1] or labels.max() > 9:
        raise DataError(
            f"{folder} does not hold pictures of {SIDE} x {SIDE} with classes 0 to 9: delete it, "
            "to download it again."
        )
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
        if content[:3] != bytes((0, 0, 8)) or not 0 < shape[0] <= uploads.MAX_IMAGES:
            raise ValueError("not an array of bytes")
        return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)
    except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
        raise DataError(
            f"{path} is damaged ({error}): delete it, and it will be downloaded again."
        ) from None


def _opened(path: Path) -> IO[bytes]:
    if not path.exists():
        raise DataError(f"There is no file {path}.")
    if not path.is_file():
        raise DataError(f"{path.name} is a folder, not an .npz or ZIP file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error}.") from None
