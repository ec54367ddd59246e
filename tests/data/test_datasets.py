"""Digits as arrays, and files that are refused."""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.data import datasets, registry
from gan.data.datasets import DataError, Digits, NotDownloaded
from gan.settings.config import TrainConfig


def test_builtin_digits_are_real_and_even() -> None:
    digits = datasets.load("builtin")
    assert digits.images.shape == (5000, 28, 28)
    assert digits.images.dtype == np.uint8
    assert np.bincount(digits.labels).tolist() == [500] * 10
    assert digits.images.max() == 255
    corners = digits.images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.max() == 0, "ink is bright, paper is 0"


def test_a_file_in_keras_layout_is_read(mnist_like: Path, few_digits: Digits) -> None:
    for digits in (datasets.load(str(mnist_like)), datasets.load_test(str(mnist_like))):
        np.testing.assert_array_equal(digits.images, few_digits.images)
        np.testing.assert_array_equal(digits.labels, few_digits.labels)


def test_mnist_comes_from_the_variable(mnist_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(mnist_like))
    assert len(datasets.load("mnist")) == 200


def test_mnist_that_is_not_here_can_still_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGIT_FORGE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(NotDownloaded):
        datasets.load("mnist")
    datasets.check(TrainConfig(data="mnist"))
    datasets.check(TrainConfig(data="mnist", classes="3"))


@pytest.mark.parametrize("variable", ["DIGIT_FORGE_FASHION", "KERAS_HOME"])
def test_fashion_comes_as_keras_keeps_it(
    variable: str, fashion: Path, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGIT_FORGE_FASHION", raising=False)
    home = fashion if variable == "DIGIT_FORGE_FASHION" else fashion.parents[1]
    monkeypatch.setenv(variable, str(home))
    digits, test = datasets.load("fashion-mnist"), datasets.load_test("fashion-mnist")
    np.testing.assert_array_equal(digits.images, few_digits.images)
    np.testing.assert_array_equal(digits.labels, few_digits.labels)
    np.testing.assert_array_equal(test.images, few_digits.images[100:])


def test_fashion_that_is_not_here_can_still_be_fetched(
    fashion: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGIT_FORGE_FASHION", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(fashion.parents[1]))
    next(fashion.glob("t10k-images*")).unlink()
    with pytest.raises(NotDownloaded):
        datasets.load("fashion-mnist")
    datasets.check(TrainConfig(data="fashion-mnist"))


packed = partial(gzip.compress, mtime=0)  # the same names for the same tests in every process


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("train-images-idx3-ubyte.gz", None, "is damaged"),
        ("train-images-idx3-ubyte.gz", b"no gzip at all", "is damaged"),
        ("train-images-idx3-ubyte.gz", packed(b""), "is damaged"),
        ("train-labels-idx1-ubyte.gz", packed(b"\0\0\x08\1\xff\xff\xff\xff"), "is damaged"),
        ("train-labels-idx1-ubyte.gz", packed(b"\0\0\x0d\1\0\0\0\1abcd"), "is damaged"),
        ("train-labels-idx1-ubyte.gz", packed(b"\0\0\x08\1\0\0\0\2\1\2"), "does not hold"),
    ],
)
def test_damaged_fashion_files_are_refused(
    name: str,
    content: bytes | None,
    words: str,
    fashion: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIGIT_FORGE_FASHION", str(fashion))
    path = fashion / name
    path.write_bytes(path.read_bytes()[:-30] if content is None else content)
    with pytest.raises(DataError, match=words):
        datasets.load("fashion-mnist")


def test_a_folder_without_fashion_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGIT_FORGE_FASHION", str(tmp_path))
    with pytest.raises(DataError, match=r"no file .*train-images"):
        datasets.check(TrainConfig(data="fashion-mnist"))


SMALL = TrainConfig(batch_size=2)


def test_chosen_classes_and_no_others_are_kept(few_digits: Digits) -> None:
    kept = datasets.select(few_digits, replace(SMALL, classes="3,8"))
    np.testing.assert_array_equal(kept.labels, few_digits.labels[[3, 8]].tolist() * 20)
    wanted = np.isin(few_digits.labels, (3, 8))
    np.testing.assert_array_equal(kept.images, few_digits.images[wanted])


def test_a_share_is_the_same_of_each_class(few_digits: Digits) -> None:
    half = datasets.select(few_digits, replace(SMALL, data_fraction=0.5))
    fifth = datasets.select(few_digits, replace(SMALL, data_fraction=0.2, seed=7))
    assert np.bincount(half.labels).tolist() == [10] * 10
    assert np.bincount(fifth.labels).tolist() == [4] * 10
    again = datasets.select(few_digits, replace(SMALL, data_fraction=0.2))
    np.testing.assert_array_equal(fifth.images, again.images, "whatever the seed")
    held = {image.tobytes() for image in half.images}
    assert all(image.tobytes() in held for image in fifth.images), "part of the larger share"
    assert len(datasets.select(few_digits, replace(SMALL, data_fraction=0.001))) == 10
    unlabelled = datasets.select(
        Digits(few_digits.images, None), replace(SMALL, data_fraction=0.25)
    )
    assert (len(unlabelled), unlabelled.labels) == (50, None)


def test_all_of_the_digits_are_not_copied() -> None:
    digits = datasets.load("builtin")
    assert datasets.load_for(TrainConfig()) is digits, "what is known of them is known by identity"


@pytest.mark.parametrize(
    ("changes", "has_labels", "words"),
    [
        ({"classes": "3"}, True, "holds no images of class 3"),
        ({"classes": "8", "data_fraction": 0.1}, True, "Only 4 images .* at least 10"),
        ({"batch_size": 256}, True, "Only 200 images .* at least 256"),
        ({"classes": "8"}, False, "no classes to choose from"),
        ({"conditional": "projected"}, False, "have no classes to tell the networks"),
    ],
)
def test_a_choice_that_leaves_too_little_is_refused(
    changes: dict[str, object],
    has_labels: bool,
    words: str,
    few_digits: Digits,
    tmp_path: Path,
) -> None:
    labels = np.where(few_digits.labels % 5 == 3, 8, 1).astype(np.uint8)
    settings = SMALL.with_values(changes)
    with pytest.raises(DataError, match=words):
        datasets.select(Digits(few_digits.images, labels if has_labels else None), settings)
    path = tmp_path / "mine.npz"
    np.savez(path, images=few_digits.images, **({"labels": labels} if has_labels else {}))
    with pytest.raises(DataError, match=words):
        datasets.check(replace(settings, data=str(path)))


@pytest.mark.parametrize(
    "changes",
    [{}, {"classes": "3,8"}, {"data_fraction": 0.003}, {"classes": "3", "batch_size": 512}],
)
def test_builtin_digits_are_checked_without_reading_them(
    changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = TrainConfig().with_values(changes)
    try:
        datasets.load_for(settings)
        problem = None
    except DataError as error:
        problem = str(error)
    unread = replace(registry.BUILTIN, read=None)
    monkeypatch.setattr(registry, "DATA_SETS", {"builtin": unread})
    if problem is None:
        datasets.check(settings)
    else:
        with pytest.raises(DataError) as refused:
            datasets.check(settings)
        assert str(refused.value) == problem


def test_a_zip_of_pictures_is_read_once_and_again_when_it_changes(
    tmp_path: Path, few_digits: Digits
) -> None:
    path = tmp_path / "mine.zip"
    for first in (0, 100):
        with zipfile.ZipFile(path, "w") as archive:
            for index, image in enumerate(few_digits.images[first : first + 50]):
                with archive.open(f"{index % 10}/{first + index}.png", "w") as file:
                    Image.fromarray(image).save(file, "PNG")
        digits = datasets.load(str(path))
        np.testing.assert_array_equal(digits.images, few_digits.images[first : first + 50])
        assert datasets.load(str(path)) is digits
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(DataError, match=r"mine\.zip is damaged"):
        datasets.check(TrainConfig(data=str(path)))


def test_pixels_survive_the_trip_through_the_network_scale() -> None:
    images = np.arange(256, dtype=np.uint8).repeat(784).reshape(256, 28, 28)
    scaled = datasets.to_network(images)
    assert scaled.shape == (256, 28, 28, 1)
    assert scaled.dtype == np.float32
    assert (scaled.min(), scaled.max()) == (-1.0, 1.0)
    np.testing.assert_array_equal(datasets.from_network(scaled), images)


def _images(count: int = 200, dtype: type = np.uint8) -> np.ndarray:
    return np.zeros((count, 28, 28), dtype)


LABELS = np.zeros(200, np.uint8)
BAD_ARRAYS = {
    "has no array x_train": {"y_train": LABELS},
    "float64": {"x_train": _images(dtype=np.float64), "y_train": LABELS},
    r"\[200, 784\]": {"x_train": np.zeros((200, 784), np.uint8), "y_train": LABELS},
    "holds 5 images": {"x_train": _images(5), "y_train": LABELS[:5]},
    "one class, 0 to 9": {"x_train": _images(), "y_train": LABELS[:10]},
    "for each image": {"x_train": _images(), "y_train": LABELS + 10},
    "pickled": {"x_train": _images(), "y_train": np.array([{"a": 1}] * 200, dtype=object)},
}


@pytest.mark.parametrize("words", BAD_ARRAYS)
def test_arrays_that_are_not_digits_are_refused(words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, **BAD_ARRAYS[words])
    with pytest.raises(DataError, match=words):
        datasets.check(TrainConfig(data=str(path)))


def test_a_test_set_needs_classes(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, x_test=_images(), images=_images(), labels=LABELS)
    with pytest.raises(DataError, match="no array y_test"):
        datasets.load_test(str(path))


def test_files_that_are_not_npz_are_refused(tmp_path: Path, mnist_like: Path) -> None:
    torn = tmp_path / "torn.npz"
    torn.write_bytes(mnist_like.read_bytes()[:1000])
    text = tmp_path / "text.npz"
    text.write_text("not an archive")
    single = tmp_path / "single.npy"
    np.save(single, _images())
    for path, words in (
        (torn, "damaged"),
        (text, "not an .npz"),
        (single, "not an .npz"),
        (tmp_path, "not an .npz"),
        (tmp_path / "none.npz", "no file"),
        (tmp_path / "none.zip", "no file"),
    ):
        with pytest.raises(DataError, match=words):
            datasets.check(TrainConfig(data=str(path)))
