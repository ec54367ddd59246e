"""Groups of pictures, kept from one run for the next: they take seconds to find.

A file is named by all that decides on the groups, and can always be found anew: one that is damaged
is as good as none, and of many the oldest go.
"""

from __future__ import annotations

import hashlib
import secrets
import tokenize
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan.data.groups import METHOD, Groups

FOLDER: Final = "groups"
MOST: Final = 50
"""Files, of at most as many bytes as there are pictures, and a few."""
_DAMAGED: Final = (
    OSError, ValueError, EOFError, MemoryError, OverflowError, SyntaxError,
    tokenize.TokenError, zipfile.BadZipFile,
)  # fmt: skip
"""What NumPy raises of files that are no array of this kind."""


def read(home: Path, images: NDArray[np.uint8], count: int, seed: int) -> Groups | None:
    """The groups that `write` kept for the same images, count and seed; None if there are none."""
    try:
        found = np.load(_path(home, images, count, seed), allow_pickle=False)
    except _DAMAGED:
        return None
    return found if are_groups(found, len(images), count) else None


def write(home: Path, images: NDArray[np.uint8], count: int, seed: int, found: Groups) -> None:
    """Keep `found`, whole or not at all; where nothing can be written, nothing is kept."""
    path = _path(home, images, count, seed)
    partial = path.with_suffix(f".{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            np.save(file, found, allow_pickle=False)
        partial.replace(path)
        _forget(path.parent)
    except OSError:
        pass
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def are_groups(found: object, pictures: int, count: int) -> bool:
    """Whether `found` says of so many pictures which of `count` groups each is of."""
    return (
        isinstance(found, np.ndarray)
        and found.dtype == np.uint8
        and found.shape == (pictures,)
        and bool((found < count).all())
    )


def seal(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Eight bytes that other pictures, or these in another order, would hardly have: uint8 [8]."""
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes()).digest()
    return np.frombuffer(digest[:8], np.uint8)


def _path(home: Path, images: NDArray[np.uint8], count: int, seed: int) -> Path:
    return home / FOLDER / f"{seal(images).tobytes().hex()}-{count}-{seed}-{METHOD}.npy"


def _forget(folder: Path) -> None:
    """Remove what is more than `MOST` files, those first that were written first."""
    files = sorted(folder.glob("*.npy"), key=lambda path: path.stat().st_mtime)
    for path in files[:-MOST]:
        path.unlink(missing_ok=True)
