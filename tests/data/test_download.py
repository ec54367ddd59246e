"""Data sets that are fetched: whole or not at all, and without waiting for ever."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from gan.data import download, registry
from gan.data.array_files import read_split
from gan.data.datasets import DataError, Digits
from gan.data.sources import Fetched, RemoteFile
from gan.settings.config import TrainConfig

ASKED = TrainConfig(data="strokes")


class Mirror(ThreadingHTTPServer):
    """A server of files by their path; it remembers what it was asked for."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = content
        self.missing = 0
        """How many bytes at the end it keeps back, having announced them."""
        self.speaks = threading.Event()
        self.speaks.set()
        self.asked: list[str] = []
        self.timeouts: list[float | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mirror = self.server
        assert isinstance(mirror, Mirror)
        mirror.asked.append(self.path)
        mirror.timeouts.append(socket.getdefaulttimeout())
        mirror.speaks.wait()
        self.send_response(200)
        self.send_header("Content-Length", str(len(mirror.content)))
        self.end_headers()
        self.wfile.write(mirror.content[: len(mirror.content) - mirror.missing])

    def log_message(self, *_: object) -> None:
        """Nothing is worth a line."""


@pytest.fixture
def mirror(mnist_like: Path) -> Iterator[Mirror]:
    server = Mirror(mnist_like.read_bytes())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.speaks.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cache(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's cache on a machine that knows a data set which `mirror` has."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("STROKES", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    seal = hashlib.sha256(mirror.content).hexdigest()
    files = (
        RemoteFile("strokes/all.npz", f"{mirror.address}/all.npz", seal),
        RemoteFile("strokes/more.npz", f"{mirror.address}/more.npz"),
    )
    source = Fetched("STROKES", "strokes/all.npz", files, 1, "Set STROKES to a file of strokes.")
    entry = replace(
        registry.FASHION_MNIST,
        name="strokes",
        title="The strokes",
        class_counts=(20,) * 10,
        source=source,
        read=read_split,
    )
    monkeypatch.setattr(registry, "DATA_SETS", {**registry.DATA_SETS, "strokes": entry})
    return tmp_path / "keras" / "datasets"


def test_what_is_not_here_is_fetched_once(mirror: Mirror, cache: Path, few_digits: Digits) -> None:
    for _ in range(2):
        digits = download.load_digits(ASKED)
        np.testing.assert_array_equal(digits.images, few_digits.images)
    assert mirror.asked == ["/all.npz", "/more.npz"]
    assert (cache / "strokes" / "all.npz").read_bytes() == mirror.content


def test_only_what_is_lacking_is_fetched(mirror: Mirror, cache: Path) -> None:
    place = cache / "strokes" / "all.npz"
    place.parent.mkdir(parents=True)
    place.write_bytes(mirror.content)
    download.load_digits(ASKED)
    assert mirror.asked == ["/more.npz"]


def test_another_file_than_was_expected_is_refused(mirror: Mirror, cache: Path) -> None:
    mirror.content = b"<html>Please log in.</html>"
    with pytest.raises(DataError, match=r"all\.npz is not the file that was expected"):
        download.load_digits(ASKED)
    assert not list(cache.rglob("*.*")), "nothing of it is kept"


def test_half_a_file_is_refused(mirror: Mirror, cache: Path) -> None:
    mirror.missing = 100
    with pytest.raises(DataError, match="The strokes could not be downloaded"):
        download.load_digits(ASKED)
    assert not list(cache.rglob("*.*")), "nothing of it is kept"


def test_a_silent_server_is_given_up_and_no_other_socket_learns_of_it(
    mirror: Mirror, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TIMEOUT_SECONDS", 0.2)
    mirror.speaks.clear()
    with pytest.raises(DataError) as refused:
        download.load_digits(ASKED)
    assert str(refused.value) == (
        "The strokes could not be downloaded (timed out). The built-in 5,000 digits work without a "
        "network. Set STROKES to a file of strokes."
    )
    assert mirror.timeouts == [None], "the rest of the process waits as long as ever"
