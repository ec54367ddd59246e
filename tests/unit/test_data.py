"""Digits as arrays, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gan import data
from gan.data import DataError, Digits, NotDownloaded


def test_builtin_digits_are_real_and_even() -> None:
    digits = data.load("builtin")
    assert digits.images.shape == (5000, 28, 28)
    assert digits.images.dtype == np.uint8
    assert np.bincount(digits.labels).tolist() == [500] * 10
    assert digits.images.max() == 255
    corners = digits.images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.max() == 0, "ink is bright, paper is 0"


def test_a_file_in_keras_layout_is_read(mnist_like: Path, few_digits: Digits) -> None:
    for digits in (data.load(str(mnist_like)), data.load_test(str(mnist_like))):
        np.testing.assert_array_equal(digits.images, few_digits.images)
        np.testing.assert_array_equal(digits.labels, few_digits.labels)


def test_mnist_comes_from_the_variable(mnist_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data.MNIST_VARIABLE, str(mnist_like))
    assert len(data.load("mnist")) == 200


def test_mnist_that_is_not_here_can_still_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(data.MNIST_VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(NotDownloaded):
        data.load("mnist")
    data.check("mnist")


def test_pixels_survive_the_trip_through_the_network_scale() -> None:
    images = np.arange(256, dtype=np.uint8).repeat(784).reshape(256, 28, 28)
    scaled = data.to_network(images)
    assert scaled.shape == (256, 28, 28, 1)
    assert scaled.dtype == np.float32
    assert (scaled.min(), scaled.max()) == (-1.0, 1.0)
    np.testing.assert_array_equal(data.from_network(scaled), images)


def _images(count: int = 200, dtype: type = np.uint8) -> np.ndarray:
    return np.zeros((count, 28, 28), dtype)


LABELS = np.zeros(200, np.uint8)
BAD_ARRAYS = {
    "has no array y_train": {"x_train": _images()},
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
        data.check(str(path))


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
    ):
        with pytest.raises(DataError, match=words):
            data.check(str(path))
