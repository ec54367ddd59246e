"""What people give, as digits: an ``.npz`` of arrays, or a ZIP of PNG or JPEG pictures.

Nothing is unpickled, nothing is written while a file is read, and no size is believed before it is
checked. This lies below `gan.data.datasets`, which loads the same files by their path.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import time
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan.data.archives import array, check_members, megabytes, opened, shown
from gan.data.digits import SIDE, DataError, Digits
from gan.data.pictures import check_size, opened_picture, to_digit

MIN_IMAGES: Final = 10
MAX_IMAGES: Final = 1_000_000
MAX_FILE_BYTES: Final = 20 * 2**20
MAX_UNPACKED_BYTES: Final = 100 * 2**20
MAX_COMPRESSION: Final = 100  # times, for members of more than a MiB
MAX_MEMBERS: Final = 50_000  # a Mac's ZIP has two for each picture
MAX_PICTURES: Final = 20_000
MAX_TOTAL_PIXELS: Final = 1_000_000_000  # about ten seconds of decoding
LAYOUTS: Final = (("x_train", "y_train"), ("images", "labels"))
FOLDER: Final = "uploads"
_SUFFIXES: Final = (".png", ".jpg", ".jpeg")
_ARCHIVES: Final = (".zip", ".npz", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar")
_IGNORED: Final = ("__MACOSX", "Thumbs.db", "desktop.ini")
_ENTRY: Final = b"PK\x01\x02"  # starts each entry of a ZIP's table of contents


def read(content: bytes, name: str) -> Digits:
    """The images in a file of this `content`, called `name`: an ``.npz`` or a ``.zip``.

    An ``.npz`` holds ``x_train`` and perhaps ``y_train``, or ``images`` and perhaps ``labels``:
    uint8 [N, H, W] or [N, H, W, 3], and classes 0 to 9. In a ``.zip``, pictures that lie in folders
    named 0 to 9 have that class. Raises `DataError` for all else, and beyond the limits above.
    """
    suffix, name = Path(name).suffix.lower(), shown(Path(name).name)
    if suffix not in (".npz", ".zip"):
        raise DataError(
            f"{name} cannot be used: give an .npz of arrays, or a ZIP of PNG or JPEG pictures."
        )
    if len(content) > MAX_FILE_BYTES:
        raise DataError(
            f"{name} is larger than {megabytes(MAX_FILE_BYTES)}: use fewer images, or smaller "
            f"ones; they are shrunk to {SIDE} x {SIDE} anyway."
        )
    # Counted before the table of contents is read, which takes memory for each entry.
    if content.count(_ENTRY) > MAX_MEMBERS:
        raise DataError(f"{name} has more than {MAX_MEMBERS} members: use fewer images.")
    with opened(io.BytesIO(content), name) as archive:
        check_members(archive, name)
        return _pictures(archive, name) if suffix == ".zip" else arrays(archive, name)


def read_path(path: Path) -> Digits:
    """`read` the file at `path`. Raises `DataError` if there is none."""
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    try:
        with path.open("rb") as file:
            return read(file.read(MAX_FILE_BYTES + 1), path.name)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error}.") from None


def store(digits: Digits, home: Path) -> Path:
    """Keep `digits` in the store at `home`, in Keras's layout; returns the file.

    The same images make the same file. It is there whole or not at all; raises `OSError`.
    """
    path = stored_path(digits, home)
    if path.is_file():
        return path
    held = {"x_train": digits.images}
    if digits.labels is not None:
        held["y_train"] = digits.labels
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as file:
            np.savez_compressed(file, allow_pickle=False, **held)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def stored_path(digits: Digits, home: Path) -> Path:
    """Where `store` keeps `digits`: a name made of what they are."""
    seal = hashlib.sha256(np.ascontiguousarray(digits.images).tobytes())
    if digits.labels is not None:
        seal.update(b"labels" + digits.labels.tobytes())
    return home / FOLDER / f"{seal.hexdigest()[:16]}.npz"


def is_stored(path: Path, home: Path) -> bool:
    """Whether `path` is one of those where `store` keeps digits."""
    return path.parent == home / FOLDER


def forget(home: Path, kept: set[str], older_than: float) -> None:
    """Remove what was uploaded over `older_than` seconds ago, but for the files named `kept`."""
    for path in (home / FOLDER).glob("*.npz"):
        try:
            if path.name not in kept and time.time() - path.stat().st_mtime > older_than:
                path.unlink()
        except OSError:
            pass  # another process was quicker


def arrays(
    archive: zipfile.ZipFile,
    name: str,
    layouts: tuple[tuple[str, str], ...] = LAYOUTS,
    max_bytes: int = MAX_UNPACKED_BYTES,
) -> Digits:
    """The digits in the first of `layouts`, an array of images and one of classes, that is there.

    Images of 28 x 28 are taken as they are, with ink = 255; others go through `to_digit`.
    """
    members = set(archive.namelist())
    for x, y in layouts:
        if f"{x}.npy" in members:
            images = array(archive, x, name, max_bytes)
            labels = array(archive, y, name, max_bytes) if f"{y}.npy" in members else None
            return Digits(_images(images, f"{name}: {x}"), _labels(labels, images, f"{name}: {y}"))
    wanted = ", or ".join(f"{x} and {y}" for x, y in layouts)
    raise DataError(f"{name} has no array {layouts[0][0]}; it needs {wanted}.")


def _images(images: NDArray[Any], what: str) -> NDArray[np.uint8]:
    shape = images.shape
    is_grey, is_colour = len(shape) == 3, len(shape) == 4 and shape[-1] == 3
    if images.dtype != np.uint8 or not (is_grey or is_colour) or not min(shape[1:]):
        raise DataError(
            f"{what} is {images.dtype} {list(shape)}; images are uint8 [N, {SIDE}, {SIDE}] with "
            "ink = 255, or uint8 [N, H, W] or [N, H, W, 3] to be converted."
        )
    is_digits = shape[1:] == (SIDE, SIDE)
    _check_count(len(images), what, MAX_IMAGES if is_digits else MAX_PICTURES)
    if is_digits:
        return images
    check_size(shape[2], shape[1], what)
    return np.stack([to_digit(Image.fromarray(image)) for image in images])


def _labels(labels: NDArray[Any] | None, images: NDArray[Any], what: str) -> Any:
    if labels is None:
        return None
    if (
        labels.shape != (len(images),)
        or labels.dtype.kind not in "iu"
        or labels.max() > 9
        or labels.min() < 0
    ):
        raise DataError(f"{what} must hold one class, 0 to 9, for each image.")
    return labels.astype(np.uint8)


def _check_count(count: int, what: str, maximum: int) -> None:
    if not MIN_IMAGES <= count <= maximum:
        raise DataError(f"{what} holds {count} images; from {MIN_IMAGES} to {maximum} can be used.")


def _pictures(archive: zipfile.ZipFile, name: str) -> Digits:
    """The pictures in a ZIP, each read in memory, in the order in which they lie."""
    members = [info for info in archive.infolist() if _is_picture(info, name)]
    if not members:
        raise DataError(f"{name} holds no PNG or JPEG pictures.")
    _check_count(len(members), name, MAX_PICTURES)
    if sum(info.file_size for info in members) > MAX_UNPACKED_BYTES:
        raise DataError(f"{name} unpacks to more than {megabytes(MAX_UNPACKED_BYTES)}.")
    labels = _folder_labels(members, name)
    images = np.zeros((len(members), SIDE, SIDE), np.uint8)
    allowance = MAX_TOTAL_PIXELS
    for image, info in zip(images, members, strict=True):
        with archive.open(info) as file:  # gives no more than `file_size` bytes, or raises
            content = file.read(info.file_size + 1)
        what = f"{name}: {shown(info.filename)}"
        with opened_picture(content, what) as picture:
            allowance -= picture.width * picture.height
            if allowance < 0:
                raise DataError(
                    f"{name} holds more than {MAX_TOTAL_PIXELS // 10**6} megapixels in all: shrink "
                    "the pictures first."
                )
            image[:] = to_digit(picture)
    return Digits(images, labels)


def _is_picture(info: zipfile.ZipInfo, name: str) -> bool:
    """Whether a member is a picture, not a folder or a system's own file; raises for all else."""
    member, parts = shown(info.filename), Path(info.filename).parts
    if info.is_dir() or any(part.startswith(".") or part in _IGNORED for part in parts):
        return False
    suffix = Path(info.filename).suffix.lower()
    if suffix in _ARCHIVES:
        raise DataError(f"{name} holds another archive, {member}: put the pictures in directly.")
    if suffix not in _SUFFIXES:
        raise DataError(f"{name} holds {member}, which is no PNG or JPEG picture: take it out.")
    if info.file_size > max(2**20, MAX_COMPRESSION * info.compress_size):
        raise DataError(
            f"{name}: {member} unpacks to more than {MAX_COMPRESSION} times its size: this is no "
            "ordinary picture."
        )
    return True


def _folder_labels(members: list[zipfile.ZipInfo], name: str) -> NDArray[np.uint8] | None:
    """The classes that the pictures' own folders name; None if none of them does."""
    folders = [Path(info.filename).parent.name for info in members]
    has_class = [re.fullmatch("[0-9]", folder) is not None for folder in folders]
    if not any(has_class):
        return None
    if not all(has_class):
        member = shown(members[has_class.index(False)].filename)
        raise DataError(
            f"{name}: some pictures lie in folders named 0 to 9, and {member} does not: sort all "
            "of them, or none."
        )
    return np.array([int(folder) for folder in folders], np.uint8)
