"""ZIP archives from anybody, and the arrays in an ``.npz``, which is one.

Nothing is unpickled or unpacked to the disk, and no size is believed before it is checked.
"""

from __future__ import annotations

import io
import math
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data.digits import DataError

_ENCRYPTED: Final = 0x1


@contextmanager
def opened(file: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    """The ZIP archive in `file`. What goes wrong while it is used becomes a `DataError`."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except DataError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,
        OverflowError,
        RuntimeError,  # also NotImplementedError
    ) as error:
        if not zipfile.is_zipfile(file):
            raise DataError(f"{name} is damaged or not an .npz or ZIP file.") from None
        raise DataError(f"{name} is damaged: {reason(error)}.") from None


def check_members(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what no honest archive holds, whether it would be read or not."""
    for info in archive.infolist():
        member, parts = shown(info.orig_filename), re.split(r"[/\\]", info.orig_filename)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if ".." in parts or not parts[0] or ":" in parts[0] or "\0" in info.orig_filename:
            raise DataError(f"{name} names a place outside itself, {member}: nothing was read.")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DataError(f"{name} holds {member}, a link or a device instead of a file.")
        if info.flag_bits & _ENCRYPTED:
            raise DataError(f"{name} is encrypted: make it without a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(
                f"{name} is compressed in an unusual way: make a ZIP with plain Deflate."
            )


def array(archive: zipfile.ZipFile, member: str, name: str, max_bytes: int) -> NDArray[Any]:
    """The array `member` of an ``.npz``, without ever unpickling. Raises `DataError`."""
    info = archive.getinfo(f"{member}.npy")
    if info.flag_bits & _ENCRYPTED:
        raise DataError(f"{name} is encrypted: save it without a password.")
    with archive.open(info) as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise DataError(f"{name}: {member} unpacks to more than {megabytes(max_bytes)}.")
    stream = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(stream) == (1, 0):
            shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream)
        else:
            shape, is_fortran, dtype = np.lib.format.read_array_header_2_0(stream)
    except Exception:  # NumPy reads the header as Python, whose parser has errors of its own
        raise DataError(f"{name} is damaged: {member} does not say what it holds.") from None
    if dtype.hasobject:
        raise DataError(
            f"{name} holds pickled Python objects, which are never loaded: save plain arrays "
            "with numpy.savez."
        )
    start = stream.tell()
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(content) - start:
        raise DataError(f"{name} is damaged: {member} is not as large as it says, {list(shape)}.")
    values: NDArray[Any] = np.frombuffer(content, dtype, offset=start)
    return values.reshape(shape, order="F" if is_fortran else "C")


def shown(name: str) -> str:
    """A stranger's file name, fit for a sentence."""
    name = re.sub(r"[^\w .,'()/\\:-]", "?", name)
    return name if len(name) <= 60 else f"...{name[-57:]}"


def reason(error: Exception) -> str:
    """The first words of what a library says, without the file's own bytes."""
    return shown(str(error).partition("\n")[0][:60].rstrip(" .")) or "it ends too early"


def megabytes(count: int) -> str:
    """So many bytes, as people read them."""
    return f"{count // 2**20} MB"
