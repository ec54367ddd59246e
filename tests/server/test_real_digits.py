"""Real digits by address: those that the server has, and an honest word about which."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from answers import send

from gan.data import datasets
from gan.data.datasets import Digits
from gan.server import real_digits

PATH = "/_live/real-digits"


@pytest.fixture(autouse=True)
def _unread() -> Iterator[None]:
    """The test set is kept for good: not from one test to the next."""
    real_digits._test_set.cache_clear()
    yield
    real_digits._test_set.cache_clear()


def ask(query: str = "") -> tuple[int, Any]:
    """What the app's routes answer."""
    answer = send("GET", PATH, query=query)
    return answer.status, answer.told


def picture(digit: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(digit["picture"]), np.uint8).reshape(28, 28)


def test_digits_of_the_test_set(
    mnist_like: Path, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(mnist_like))
    status, told = ask("count=12&seed=3")
    assert status == 200
    assert len(told["digits"]) == 12
    assert "test set" in told["words"]
    for digit in told["digits"]:
        same = (few_digits.images == picture(digit)).all(axis=(1, 2))
        assert digit["label"] in few_digits.labels[same]
    assert ask("count=12&seed=3")[1] == told
    assert ask("count=12&seed=4")[1] != told
    assert len(ask()[1]["digits"]) == 40


def test_without_full_mnist_it_says_that_the_digits_may_have_been_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGIT_FORGE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    status, told = ask("count=5")
    assert status == 200
    assert "has seen them" in told["words"]
    builtin = datasets.load("builtin")
    for digit in told["digits"]:
        same = (builtin.images == picture(digit)).all(axis=(1, 2))
        assert digit["label"] in builtin.labels[same]
    assert list(tmp_path.iterdir()) == [], "nothing was downloaded"


def test_a_damaged_file_is_no_reason_to_show_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(b"no archive")
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(path))
    status, told = ask("count=1")
    assert (status, len(told["digits"])) == (200, 1)
    assert "no full MNIST" in told["words"]


def test_the_digits_are_read_once(mnist_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(mnist_like))
    first = ask("count=3")
    mnist_like.unlink()
    assert ask("count=3") == first


@pytest.mark.parametrize(
    "query",
    ["count=0", "count=101", "count=-1", "count=many", "count=", "count=" + 5000 * "9",
     "seed=-1", "seed=1.5", "seed=4294967296", "seed=%C2%B2"],
)  # fmt: skip
def test_what_cannot_be_asked_for(query: str) -> None:
    status, told = ask(query)
    assert status == 400
    assert told["error"].startswith("count is from 1 to 100")
