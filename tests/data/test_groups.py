"""Groups of pictures that nobody labelled: found, the same again, pure, and kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support import TINY

from gan.data import datasets, groups, kept_groups
from gan.data.datasets import DataError, Digits
from gan.data.groups import Groups


def found(images: np.ndarray, count: int, seed: int = 1) -> Groups:
    *waits, last = groups.find(images, count, seed)
    assert waits
    assert all(each is None for each in waits), "the groups come last"
    assert last is not None
    return last


@pytest.fixture(scope="module")
def some() -> Digits:
    """1,000 of the built-in digits, of each class as many."""
    digits = datasets.load("builtin")
    assert digits.labels is not None
    return Digits(digits.images[::5], digits.labels[::5])


@pytest.fixture(scope="module")
def ten(some: Digits) -> Groups:
    return found(some.images, 10)


def test_ten_groups_are_nearly_the_ten_digits(some: Digits, ten: Groups) -> None:
    assert (ten.dtype, ten.shape) == (np.uint8, (1000,))
    assert groups.purity(ten, some.labels) > 0.9
    shares = groups.shares(ten, 10)
    assert shares.sum() == pytest.approx(1)
    assert shares.min() > 0.05
    assert (np.diff(shares) <= 0).all(), "the largest first"


def test_the_same_pictures_and_seed_give_the_same_groups(some: Digits, ten: Groups) -> None:
    np.testing.assert_array_equal(found(some.images, 10), ten)


def test_of_many_pictures_the_others_follow_their_nearest_landmarks(
    some: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "LANDMARKS", 600)
    few = found(some.images, 10)
    assert len(few) == 1000
    assert groups.purity(few, some.labels) > 0.88


def test_any_pictures_can_be_sorted(few_digits: Digits) -> None:
    for images in (few_digits.images, np.zeros((40, 28, 28), np.uint8)):
        sorted_ = found(images, 4)
        assert set(sorted_.tolist()) == {0, 1, 2, 3}


def test_purity_is_the_share_of_the_commonest_label() -> None:
    sorted_ = np.array([0, 0, 0, 0, 1, 1, 2], np.uint8)
    labels = np.array([7, 7, 7, 3, 3, 4, 9], np.uint8)
    assert groups.purity(sorted_, labels) == pytest.approx(5 / 7)


def test_examples_are_as_many_of_each_group(some: Digits) -> None:
    sorted_ = np.array([1, 0, 1, 1, 0, 1], np.uint8)
    shown = groups.examples(some.images[:6], sorted_, 2, each=3)
    assert shown.shape == (6, 28, 28)
    np.testing.assert_array_equal(shown[:2], some.images[[1, 4]])
    assert not shown[2].any(), "the first group has no third one"
    np.testing.assert_array_equal(shown[3:], some.images[[0, 3, 5]], "from the first to the last")


def test_examples_leave_out_the_strays_at_both_ends_of_sorted_data() -> None:
    images = np.arange(100, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
    shown = groups.examples(images, np.zeros(100, np.uint8), 1, each=4)
    assert shown[:, 0, 0].tolist() == [12, 37, 62, 87]


def test_pictures_need_no_labels_for_groups(few_digits: Digits) -> None:
    bare = Digits(few_digits.images, None)
    config = TINY.with_values({"conditional": "found", "groups": 4, "data": "mine.npz"})
    assert len(datasets.select(bare, config)) == len(bare)
    with pytest.raises(DataError, match="set conditional to found or no"):
        datasets.select(
            bare, TINY.with_values({"conditional": "hidden", "latent_dim": 10, "data": "mine.npz"})
        )


def test_each_group_needs_some_pictures(few_digits: Digits) -> None:
    config = TINY.with_values({"conditional": "found", "groups": 21, "latent_dim": 21})
    with pytest.raises(DataError, match=r"200 images of builtin are too few for 21 groups, each"):
        datasets.select(few_digits, config)


# ---- kept from one run for the next


def test_groups_are_kept_for_the_same_pictures_count_and_seed(
    tmp_path: Path, some: Digits, ten: Groups
) -> None:
    kept_groups.write(tmp_path, some.images, 10, 1, ten)
    kept = kept_groups.read(tmp_path, some.images.copy(), 10, 1)
    assert kept is not None
    np.testing.assert_array_equal(kept, ten)
    for other in ((some.images[1:], 10, 1), (some.images, 11, 1), (some.images, 10, 2)):
        assert kept_groups.read(tmp_path, *other) is None
    assert [path.suffix for path in (tmp_path / "groups").iterdir()] == [".npy"]


@pytest.mark.parametrize(
    "damage",
    ["torn", "empty", "of another count", "too large", "a folder", "a ZIP", "huge", "mangled"],
)
def test_damaged_files_are_as_good_as_none(
    tmp_path: Path, some: Digits, ten: Groups, damage: str
) -> None:
    kept_groups.write(tmp_path, some.images, 10, 1, ten)
    (path,) = (tmp_path / "groups").iterdir()
    match damage:
        case "torn":
            path.write_bytes(path.read_bytes()[:300])
        case "empty":
            path.write_bytes(b"")
        case "of another count":
            np.save(path, ten[:-1])
        case "too large":
            np.save(path, ten + np.uint8(1))
        case "a ZIP":
            path.write_bytes(b"PK\x03\x04")
        case "huge":
            path.write_bytes(path.read_bytes().replace(b"(1000,)", b"(%d,)" % 10**18))
        case "mangled":
            path.write_bytes(path.read_bytes().replace(b"(1000,)", b"((((("))
        case "a folder":
            path.unlink()
            path.mkdir()
    assert kept_groups.read(tmp_path, some.images, 10, 1) is None
    kept_groups.write(tmp_path, some.images, 10, 1, ten)  # anew, where that can be
    assert (kept_groups.read(tmp_path, some.images, 10, 1) is None) == (damage == "a folder")


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, some: Digits, ten: Groups
) -> None:
    (tmp_path / "groups").write_text("in the way")
    kept_groups.write(tmp_path, some.images, 10, 1, ten)
    assert kept_groups.read(tmp_path, some.images, 10, 1) is None


def test_of_many_files_the_oldest_go(
    tmp_path: Path, some: Digits, ten: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_groups, "MOST", 3)
    for seed in range(5):
        kept_groups.write(tmp_path, some.images, 10, seed, ten)
    kept = [kept_groups.read(tmp_path, some.images, 10, seed) is not None for seed in range(5)]
    assert sum(kept) == 3
    assert kept[-1]
