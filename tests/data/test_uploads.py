"""People's own images: what becomes of them, and what is refused."""

from __future__ import annotations

import io
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import ROOT

from gan.data import archives, datasets, pictures, uploads
from gan.data.datasets import DataError, Digits


def picture(image: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture file."""
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def converted(image: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> np.ndarray:
    """What a picture file becomes on its way through a ZIP."""
    content = picture(image, kind, **options)
    digits = uploads.read(zipped({f"{i}.{kind.lower()}": content for i in range(10)}), "a.zip")
    assert (digits.images == digits.images[0]).all()
    return digits.images[0]


STROKE = np.zeros((28, 28), np.uint8)
STROKE[4:24, 12:16] = 255
STROKE[4:8, 12:20] = 180
TEN = {f"{i}.png": picture(STROKE) for i in range(10)}


# What becomes of them


def test_a_zip_of_digits_comes_back_as_it_was(few_digits: Digits) -> None:
    members = {
        f"mine/{label}/{index}.png": picture(image)
        for index, (image, label) in enumerate(
            zip(few_digits.images, few_digits.labels, strict=True)
        )
    }
    digits = uploads.read(zipped(members), "mine.zip")
    np.testing.assert_array_equal(digits.images, few_digits.images)
    np.testing.assert_array_equal(digits.labels, few_digits.labels)


def test_pictures_without_class_folders_have_no_labels() -> None:
    assert uploads.read(zipped(TEN), "ten.ZIP").labels is None
    folders = {f"pictures 2026/{name}": content for name, content in TEN.items()}
    assert uploads.read(zipped(folders), "ten.zip").labels is None


def test_what_a_mac_adds_is_passed_over() -> None:
    extra = {"__MACOSX/._0.png": b"x", ".DS_Store": b"x", "a/.hidden.txt": b"x", "Thumbs.db": b"x"}
    assert len(uploads.read(zipped(extra | TEN | {"a/": b""}), "mac.zip")) == 10


def test_dark_ink_on_light_paper_is_turned_over() -> None:
    np.testing.assert_array_equal(converted(STROKE), STROKE)
    np.testing.assert_array_equal(converted(255 - STROKE), STROKE)
    grey_paper = np.where(STROKE > 0, 20, 120).astype(np.uint8)
    assert sorted(np.unique(converted(grey_paper))) == [135, 235]


def test_a_jpeg_is_nearly_as_it_was() -> None:
    far = np.abs(converted(STROKE, "JPEG", quality=95).astype(int) - STROKE)
    assert 0 < far.mean() < 2


@pytest.mark.parametrize("shade", [0, 90, 200, 255])
def test_a_blank_sheet_holds_no_ink(shade: int) -> None:
    blank = converted(np.full((40, 40), shade, np.uint8))
    assert (blank == min(shade, 255 - shade)).all()


def test_a_large_picture_is_averaged() -> None:
    random = np.random.default_rng(0)
    large = np.zeros((56, 56), np.uint8)
    large[8:48, 8:48] = random.integers(0, 256, (40, 40))
    mean = large.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(converted(large), mean, rtol=0, atol=1)  # rounded twice


def test_shape_is_kept_and_the_rest_is_paper() -> None:
    wide = np.full((30, 60), 250, np.uint8)
    wide[10:20, 10:50] = 0
    digit = converted(wide)
    assert (digit[:7] == 5).all()
    assert (digit[21:] == 5).all()
    assert (digit[13, 6:22] == 255).all()
    small = np.zeros((7, 7), np.uint8)
    small[3, 3] = 255
    assert converted(small).sum() == pytest.approx(255 * 16, rel=0.05), "a pixel grows to 4 x 4"
    assert converted(np.array([[0] * 3000 + [255] * 3000], np.uint8)).shape == (28, 28)


def test_transparent_paper_is_white() -> None:
    ink = np.zeros((28, 28, 4), np.uint8)
    ink[..., 3] = STROKE
    np.testing.assert_array_equal(converted(ink), STROKE)
    palette = Image.fromarray(np.where(STROKE > 200, 1, 0).astype(np.uint8), mode="P")
    palette.putpalette([255, 0, 0, 0, 0, 0])
    kept = converted(palette, transparency=0)
    np.testing.assert_array_equal(kept, np.where(STROKE > 200, 255, 0))


def test_colours_become_grey() -> None:
    red = np.zeros((28, 28, 3), np.uint8)
    red[8:20, 8:20, 0] = 255
    assert converted(red).max() == 76  # 0.299 of 255, ITU-R 601-2


def test_sixteen_bits_become_eight() -> None:
    deep = STROKE.astype(np.uint16) * 257
    np.testing.assert_array_equal(converted(deep), STROKE)


def test_a_picture_is_turned_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held so that the top is at the right
    upright = np.rot90(STROKE, -1)
    np.testing.assert_array_equal(converted(STROKE, exif=turned), upright)


def test_broken_exif_data_do_no_harm_and_are_not_worth_a_line(
    tmp_path: Path, few_digits: Digits
) -> None:
    cut = b"Exif\0\0II*\0\x08\0\0\0\x05\0"  # says five entries, and has none
    content = picture(few_digits.images[0], "JPEG", exif=cut)
    path = tmp_path / "mine.zip"
    path.write_bytes(zipped({f"{i}.jpeg": content for i in range(10)}))
    with pytest.warns(UserWarning, match="Corrupt EXIF data"):  # what Pillow says of it
        assert len(datasets.load(str(path))) == 10
    command = (sys.executable, "-m", "gan", "train", "--data", str(path))
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (line,) = told.stderr.splitlines()
    assert line.startswith("The images of mine.zip have no classes to tell the networks")


def test_both_layouts_of_arrays_are_read(few_digits: Digits) -> None:
    x, y = few_digits.images, few_digits.labels
    for content in (npz(x_train=x, y_train=y), npz(images=x, labels=y.astype(np.int64), z=x)):
        digits = uploads.read(content, "a.npz")
        np.testing.assert_array_equal(digits.images, x)
        np.testing.assert_array_equal(digits.labels, y)
        assert digits.labels.dtype == np.uint8
    assert uploads.read(npz(images=x), "a.npz").labels is None


def test_arrays_of_other_sizes_are_converted(few_digits: Digits) -> None:
    large = few_digits.images[:12].repeat(2, axis=1).repeat(2, axis=2)
    colour = np.stack([255 - large] * 3, axis=-1)
    for images in (large, colour, np.asfortranarray(large)):
        digits = uploads.read(npz(images=images), "a.npz")
        np.testing.assert_array_equal(digits.images, few_digits.images[:12])


# What is kept


def test_what_is_stored_can_be_trained_on(few_digits: Digits, tmp_path: Path) -> None:
    path = uploads.store(few_digits, tmp_path)
    assert path == uploads.stored_path(few_digits, tmp_path)
    assert path.parent == tmp_path / "uploads"
    digits = datasets.load(str(path))
    np.testing.assert_array_equal(digits.images, few_digits.images)
    np.testing.assert_array_equal(digits.labels, few_digits.labels)
    assert uploads.store(digits, tmp_path) == path
    plain = uploads.store(Digits(few_digits.images, None), tmp_path)
    assert plain != path
    assert datasets.load(str(plain)).labels is None
    assert sorted(path.parent.iterdir()) == sorted([plain, path])


def test_a_full_disk_leaves_nothing(
    few_digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: io.BufferedWriter, **_: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="No space"):
        uploads.store(few_digits, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


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
