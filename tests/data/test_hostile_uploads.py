"""Files of people that cannot be used: each is refused in a sentence."""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from data.upload_files import STROKE, TEN, npz, picture, zipped
from PIL import Image

from gan.data import archives, pictures, uploads
from gan.data.datasets import DataError

# What is refused


def with_member(name: str, content: bytes = b"", mode: int = 0) -> bytes:
    """Ten good pictures and one member that is not as it should be."""
    file = io.BytesIO(zipped(TEN))
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(info, content)
    return file.getvalue()


def with_picture(content: bytes, name: str = "bad.png") -> bytes:
    return zipped(TEN | {name: content})


def patched(content: bytes, entry_at: int, local_at: int, value: bytes) -> bytes:
    """A ZIP with a field of its first member overwritten in both of its headers."""
    changed = bytearray(content)
    entry = content.index(b"PK\x01\x02")
    changed[entry + entry_at : entry + entry_at + len(value)] = value
    changed[local_at : local_at + len(value)] = value
    return bytes(changed)


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims a size, and holds next to nothing."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + b"x" * 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in chunks
    )


def npy(header: str, body: bytes = b"") -> bytes:
    start = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1)
    return zipped({"images.npy": start + header.encode() + b"\n" + body})


def torn_jpeg() -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    return picture(noise, "JPEG")[:-900]


def flipped() -> bytes:
    content = bytearray(zipped({f"{i}.png": picture(STROKE) for i in range(10)}))
    content[70] ^= 0xFF  # inside the first picture, which is stored as it is
    return bytes(content)


IMAGES = np.zeros((20, 28, 28), np.uint8)


LABELS = np.zeros(20, np.uint8)


ZEROS = bytes(2**20)


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # Wrong kinds
    "nothing at all": ("a.zip", lambda: b"", "damaged or not"),
    "text": ("a.zip", lambda: b"these are no pictures", "damaged or not"),
    "text as arrays": ("a.npz", lambda: b"x_train = 3", "damaged or not"),
    "one picture": ("3.png", lambda: picture(STROKE), "give an .npz of arrays, or a ZIP"),
    "one picture called a ZIP": ("3.zip", lambda: picture(STROKE), "damaged or not"),
    "no suffix": ("digits", lambda: zipped(TEN), "give an .npz of arrays, or a ZIP"),
    "another kind of archive": ("a.rar", lambda: b"Rar!\x1a\x07", "give an .npz"),
    "a pickle": ("a.pkl", lambda: b"\x80\x04N.", "give an .npz of arrays, or a ZIP"),
    "one array": ("a.npz", lambda: b"\x93NUMPY\x01\x00\x02\x00{}", "damaged or not"),
    # ZIPs
    "torn": ("a.zip", lambda: zipped(TEN)[:-100], "damaged or not"),
    "empty": ("a.zip", lambda: zipped({}), "no PNG or JPEG"),
    "only folders": ("a.zip", lambda: zipped({"3/": b"", ".x": b""}), "no PNG or JPEG"),
    "only text": ("a.zip", lambda: zipped({"a.txt": b"a"}), "a.txt, which is no PNG or JPEG"),
    "a script among them": ("a.zip", lambda: with_member("run.sh"), "run.sh, which is no PNG"),
    "too few": ("a.zip", lambda: zipped({"a.png": picture(STROKE)}), "holds 1 images; from 10"),
    "another archive inside": ("a.zip", lambda: with_member("b.zip"), "another archive, b.zip"),
    "arrays inside": ("a.zip", lambda: with_member("b.npz"), "another archive, b.npz"),
    "a way out": ("a.zip", lambda: with_member("../../b.png"), "outside itself, ../../b.png"),
    "a way out for Windows": ("a.zip", lambda: with_member("..\\b.png"), "outside itself"),
    "an absolute path": ("a.zip", lambda: with_member("/etc/b.png"), "outside itself, /etc/b"),
    "a drive": ("a.zip", lambda: with_member("C:/b.png"), "outside itself, C:/b.png"),
    "a hidden way out": ("a.zip", lambda: with_member("a/../../.b"), "outside itself"),
    "a symbolic link": (
        "a.zip",
        lambda: with_member("b.png", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "b.png, a link or a device",
    ),
    "a device": ("a.zip", lambda: with_member("b.png", mode=stat.S_IFCHR), "a link or a device"),
    "a password": ("a.zip", lambda: patched(zipped(TEN), 8, 6, b"\x01"), "is encrypted"),
    "LZMA": ("a.zip", lambda: zipped(TEN, zipfile.ZIP_LZMA), "in an unusual way"),
    "a bomb": (
        "a.zip",
        lambda: zipped(TEN | {"b.png": 8 * ZEROS}, zipfile.ZIP_DEFLATED),
        "b.png unpacks to more than 100 times its size",
    ),
    "a bomb in many pieces": (
        "a.zip",
        lambda: zipped({f"{i}.png": ZEROS for i in range(101)}, zipfile.ZIP_DEFLATED),
        "unpacks to more than 100 MB",
    ),
    "a size that is a lie": (
        "a.zip",
        lambda: patched(zipped(TEN), 24, 22, struct.pack("<I", 20)),
        "a.zip is damaged",
    ),
    "a size beyond all bounds": (
        "a.zip",
        lambda: patched(zipped(TEN), 24, 22, struct.pack("<I", 2**31)),
        "unpacks to more than 100 times",
    ),
    "a wrong checksum": ("a.zip", flipped, "a.zip is damaged: Bad CRC-32"),
    "too large": ("a.zip", lambda: bytes(20 * 2**20 + 1), "larger than 20 MB"),
    "half of them sorted": ("a.zip", lambda: zipped(TEN | {"3/b.png": TEN["1.png"]}), "sort all"),
    # Pictures
    "text called PNG": ("a.zip", lambda: with_picture(b"ink"), "bad.png is damaged, or no PNG"),
    "an empty picture": ("a.zip", lambda: with_picture(b""), "bad.png is damaged, or no PNG"),
    "GIF called PNG": ("a.zip", lambda: with_picture(picture(STROKE, "GIF")), "or no PNG or JPEG"),
    "BMP called JPEG": (
        "a.zip",
        lambda: with_picture(picture(STROKE, "BMP"), "bad.jpg"),
        "bad.jpg is damaged, or no PNG or JPEG",
    ),
    "a torn JPEG": (
        "a.zip",
        lambda: with_picture(torn_jpeg(), "bad.jpg"),
        "bad.jpg is damaged: im",
    ),
    "a torn PNG": ("a.zip", lambda: with_picture(picture(STROKE)[:60]), "bad.png is damaged"),
    "fifty megapixels": (
        "a.zip",
        lambda: with_picture(picture(Image.new("1", (10_000, 5_000)))),
        "bad.png has 10000 x 5000 pixels; at most 16 megapixels",
    ),
    "eighty megapixels claimed": (
        "a.zip",
        lambda: with_picture(huge_png(9_000, 9_000)),
        "bad.png has 9000 x 9000 pixels",
    ),
    "more pixels than there are": (
        "a.zip",
        lambda: with_picture(huge_png(2**31 - 1, 2**31 - 1)),
        "bad.png has far too many pixels",
    ),
    "no pixels": ("a.zip", lambda: with_picture(huge_png(0, 5)), "bad.png is damaged"),
    # Arrays
    "pickled arrays": (
        "a.npz",
        lambda: npz(images=np.array([{}] * 20, dtype=object)),
        "pickled Python objects, which are never loaded",
    ),
    "other arrays": ("a.npz", lambda: npz(pictures=IMAGES), "has no array x_train"),
    "fractions": ("a.npz", lambda: npz(images=np.full((20, 28, 28), np.nan)), "images is float64"),
    "sixteen bits": ("a.npz", lambda: npz(images=IMAGES.astype(np.uint16)), "images is uint16"),
    "flat images": ("a.npz", lambda: npz(images=IMAGES.reshape(20, -1)), r"uint8 [20, 784]"),
    "four channels": ("a.npz", lambda: npz(images=np.zeros((20, 9, 9, 4), "u1")), "[20, 9, 9, 4]"),
    "images without pixels": (
        "a.npz",
        lambda: npz(images=np.zeros((20, 0, 9), "u1")),
        "[20, 0, 9]",
    ),
    "three images": ("a.npz", lambda: npz(images=IMAGES[:3]), "holds 3 images; from 10"),
    "one huge image": (
        "a.npz",
        lambda: npz(images=np.zeros((10, 3_300, 3_300), "u1")),
        "unpacks to more than 100 MB",
    ),
    "a negative class": (
        "a.npz",
        lambda: npz(images=IMAGES, labels=LABELS.astype(np.int8) - 1),
        "labels must hold one class, 0 to 9",
    ),
    "class 10": ("a.npz", lambda: npz(x_train=IMAGES, y_train=LABELS + 10), "y_train must hold"),
    "a class too few": ("a.npz", lambda: npz(images=IMAGES, labels=LABELS[1:]), "for each image"),
    "classes in words": (
        "a.npz",
        lambda: npz(images=IMAGES, labels=np.array(["three"] * 20)),
        "labels must hold one class",
    ),
    "a shape that is a lie": (
        "a.npz",
        lambda: npy("{'descr': '|u1', 'fortran_order': False, 'shape': (10**9, 28, 28)}"),
        "does not say what it holds",
    ),
    "a shape beyond all bounds": (
        "a.npz",
        lambda: npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 28, 28)}"),
        "not as large as it says, [1000000000, 28, 28]",
    ),
    "brackets without end": ("a.npz", lambda: npy("(" * 5000), "does not say what it holds"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_used_are_refused_in_a_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_name, build, words = REFUSED[name]
    content = build()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(DataError) as refused:
        uploads.store(uploads.read(content, file_name), tmp_path)
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert str(refused.value).endswith(".")
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_MEMBERS", 9, "more than 9 members"),
        ("MAX_PICTURES", 9, "holds 10 images; from"),
        ("MAX_PICTURE_PIXELS", 28 * 28 - 1, "0.png has 28 x 28 pixels"),
        ("MAX_TOTAL_PIXELS", 10 * 28 * 28 - 1, "megapixels in all"),
        ("MAX_FILE_BYTES", 1000, "larger than"),
        ("MAX_UNPACKED_BYTES", 100, "unpacks to more than"),
    ],
)
def test_each_limit_holds_to_the_last(
    limit: str, value: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = pictures if limit == "MAX_PICTURE_PIXELS" else uploads
    uploads.read(zipped(TEN), "ten.zip")
    monkeypatch.setattr(owner, limit, value)
    with pytest.raises(DataError, match=words):
        uploads.read(zipped(TEN), "ten.zip")
    if limit not in ("MAX_FILE_BYTES", "MAX_UNPACKED_BYTES"):
        monkeypatch.setattr(owner, limit, value + 1)
        uploads.read(zipped(TEN), "ten.zip")


def test_a_strange_name_is_made_fit_to_show() -> None:
    assert archives.shown("a\n<b>.png") == "a??b?.png"
    assert len(archives.shown("x" * 1000)) == 60
