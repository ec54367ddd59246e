"""Fixtures shared by all tests: a few digits, a tiny run, a store of its own."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from jobs.scripted_runs import COMMAND
from support import ROOT

from gan.data.datasets import Digits
from gan.jobs.engine import Engine
from gan.runs.store import RunStore
from gan.server.context import Context
from gan.view import actions, state

LONGEST = ("test_server", "test_walk", "test_time_machine", "test_devices", "test_style")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files with the longest tests come first, so that two processes end together."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    store = RunStore(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture
def put_in_place(monkeypatch: pytest.MonkeyPatch) -> Callable[[Context], None]:
    """Let pages and routes have a context for one test, as the app's lifespan does for good."""
    return lambda context: monkeypatch.setattr(state, "_in_place", [context])


@pytest.fixture
def engine(
    store: RunStore,
    put_in_place: Callable[[Context], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """The engine of pages and routes, on a store of its own, with a worker that acts."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    engine = Engine(store, COMMAND)
    put_in_place(Context(lambda: engine))
    monkeypatch.setattr(actions, "visitor", lambda: "somebody")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def few_digits() -> Digits:
    """200 strokes of different place and slant: enough to train on, quick to make."""
    random = np.random.default_rng(0)
    images = np.zeros((200, 28, 28), np.uint8)
    for image, (row, column) in zip(images, random.integers(4, 14, (200, 2)), strict=True):
        image[row : row + 10, column : column + 3] = 255
    return Digits(images, np.arange(200, dtype=np.uint8) % 10)


@pytest.fixture
def mnist_like(tmp_path: Path, few_digits: Digits) -> Path:
    """A file in Keras's layout."""
    path = tmp_path / "digits.npz"
    np.savez(
        path,
        x_train=few_digits.images,
        y_train=few_digits.labels,
        x_test=few_digits.images,
        y_test=few_digits.labels,
    )
    return path


@pytest.fixture
def fashion(tmp_path: Path, few_digits: Digits) -> Path:
    """The four files of Fashion-MNIST, with other pictures in them."""
    folder = tmp_path / "keras" / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for split, first in (("train", 0), ("t10k", 100)):
        images, labels = few_digits.images[first:], few_digits.labels[first:]
        count = len(images)
        for name, values, sizes in (
            ("images-idx3", images, (count, 28, 28)),
            ("labels-idx1", labels, (count,)),
        ):
            header = struct.pack(f">4B{len(sizes)}I", 0, 0, 8, len(sizes), *sizes)
            packed = gzip.compress(header + values.tobytes())
            (folder / f"{split}-{name}-ubyte.gz").write_bytes(packed)
    return folder
