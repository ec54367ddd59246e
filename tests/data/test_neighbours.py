"""The training pictures most like a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gan.data import neighbours
from gan.data.datasets import Digits
from gan.data.neighbours import Neighbourhood
from gan.messages.jobs import Working
from gan.messages.requests import FindNearest, Neighbours
from gan.runs import library
from gan.settings.config import TrainConfig


def nearest(neighbourhood: Neighbourhood, picture, count: int = 8) -> Neighbours:
    *before, last = neighbourhood.nearest(FindNearest("{}", picture, count))
    assert all(isinstance(each, Working) for each in before)
    assert isinstance(last, Neighbours)
    return last


def noise(count: int, seed: int = 0) -> Digits:
    random = np.random.default_rng(seed)
    return Digits(random.integers(0, 256, (count, 28, 28), np.uint8), np.arange(count) % 10)


def test_the_search_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_ROWS", 64)
    digits, picture = noise(301), noise(1, seed=1).images[0]
    found = nearest(Neighbourhood(digits), picture, 5)
    differences = digits.images.astype(float) - picture
    distances = np.sqrt(np.square(differences).mean(axis=(1, 2)))
    order = distances.argsort()[:5]
    np.testing.assert_array_equal(found.pictures, digits.images[order])
    np.testing.assert_array_equal(found.labels, order % 10)
    np.testing.assert_allclose(found.distances, distances[order], rtol=1e-6)
    assert (found.searched, found.of_all, found.note) == (301, True, "")


def test_a_copy_is_at_distance_0_and_equals_come_in_order() -> None:
    digits = noise(40)
    digits.images[30] = digits.images[7]
    found = nearest(Neighbourhood(digits), digits.images[7], 100)
    assert found.distances[:2].tolist() == [0, 0]
    assert found.distances[2] > 50
    np.testing.assert_array_equal(found.labels[:2], [7, 0])
    assert len(found.pictures) == 40, "there are no more"


def test_the_usual_distance_leaves_a_picture_itself_out() -> None:
    images = np.zeros((50, 28, 28), np.uint8)
    images += np.arange(0, 250, 5, dtype=np.uint8)[:, None, None]
    assert Neighbourhood(Digits(images, None)).typical == 5
    twins = Neighbourhood(Digits(images.repeat(2, axis=0), None))
    assert twins.typical == 0, "the other of two that are the same is not itself"
    assert nearest(twins, images[0]).labels is None


def test_a_run_is_searched_as_it_was_trained(mnist_like: Path) -> None:
    config = replace(TrainConfig(), data=str(mnist_like), classes="1,8")
    found = nearest(Neighbourhood.of(config), np.zeros((28, 28), np.uint8), 100)
    assert (found.searched, found.of_all) == (40, True)
    assert set(found.labels.tolist()) == {1, 8}


def test_the_builtin_digits_stand_in_for_what_is_not_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("DIGIT_FORGE_MNIST", raising=False)
    monkeypatch.delenv("DIGIT_FORGE_FASHION", raising=False)
    blank = np.zeros((28, 28), np.uint8)
    mnist = replace(library.pretrained("digits").config, classes="4,9")
    found = nearest(Neighbourhood.of(mnist), blank)
    assert (found.searched, found.of_all) == (1000, False)
    assert "Full MNIST cannot be read on this server" in found.note
    assert set(found.labels.tolist()) <= {4, 9}
    for data in ("fashion-mnist", str(tmp_path / "mine" / "photos.zip")):
        other = Neighbourhood.of(replace(mnist, data=data))
        assert nearest(other, blank).searched == 5000
        assert "from which this run did not learn" in other.note
    assert "photos.zip" in other.note
    assert str(tmp_path) not in other.note, "where it lies on the server is nobody's business"
