"""People's own images: what becomes of them, and what is refused."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from data.upload_files import STROKE, TEN, npz, picture, zipped
from PIL import Image
from support import ROOT

from gan.data import datasets, uploads
from gan.data.datasets import Digits


def converted(image: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> np.ndarray:
    """What a picture file becomes on its way through a ZIP."""
    content = picture(image, kind, **options)
    digits = uploads.read(zipped({f"{i}.{kind.lower()}": content for i in range(10)}), "a.zip")
    assert (digits.images == digits.images[0]).all()
    return digits.images[0]


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
