"""How much one page may send: not more than the server can hold, whatever the files are called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes
from support import awaited

from gan.server import upload_limit
from gan.server.upload_limit import UploadLimit
from gan.view.options import held_files, largest_upload_mb

LARGE = (1 << 20) - 1000
"""Bytes of a file that is almost too large."""
HEAD = (
    b'--XX\r\nContent-Disposition: form-data; name="f"; filename="a.zip"\r\n'
    b"Content-Type: application/zip\r\n\r\n"
)
XSRF = "server.enableXsrfProtection"
TAIL = b"\r\n--XX--\r\n"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryUploadedFileManager]:
    """What a server holds that takes files of one megabyte, so two in all."""
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    server = SimpleNamespace(uploaded_file_mgr=manager, is_active_session=lambda _: True)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    monkeypatch.setattr(upload_limit, "_FRAMING_BYTES", 1000)
    before = {name: config.get_option(name) for name in ("server.maxUploadSize", XSRF)}
    config.set_option("server.maxUploadSize", 1)
    config.set_option(XSRF, False)
    yield manager
    for name, value in before.items():
        config.set_option(name, value)


class Server:
    """Streamlit's own routes for files behind the middleware, at an address below a path."""

    def __init__(self, files: MemoryUploadedFileManager, base: str = "") -> None:
        self.base = base
        self.app = Starlette(
            routes=create_upload_routes(runtime.get_instance(), files, base or None),
            middleware=[Middleware(UploadLimit, largest_upload_mb(), held_files)],
        )

    async def ask(
        self, method: str, name: str, size: int = 0, session: str = "s", announced: bool = True
    ) -> tuple[int, str]:
        """Status and text of the answer to a file of so many bytes, which come in pieces."""
        chunks = [HEAD, *[b"x" * (size // 4)] * 4, TAIL]
        length = str(sum(map(len, chunks))).encode()
        headers = [(b"content-type", b"multipart/form-data; boundary=XX")]
        headers += [(b"content-length", length)] if announced else []
        sent: list[dict[str, Any]] = []
        coming = self._pieces(chunks)

        async def receive() -> dict[str, Any]:
            return await anext(coming)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        path = f"{self.base}/_stcore/upload_file/{session}/{name}"
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        scope |= {"query_string": b"", "root_path": "", "http_version": "1.1", "scheme": "http"}
        await self.app(scope, receive, send)
        return sent[0]["status"], sent[-1].get("body", b"").decode()

    @staticmethod
    async def _pieces(chunks: list[bytes]) -> AsyncIterator[dict[str, Any]]:
        for chunk in chunks:
            await asyncio.sleep(0)
            yield {"type": "http.request", "body": chunk, "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    def put(self, *arguments: Any, **how: Any) -> int:
        return int(awaited(self.ask("PUT", *arguments, **how))[0])


@pytest.mark.parametrize("base", ["", "/below/this"])
@pytest.mark.parametrize("announced", [True, False])
def test_a_session_has_room_for_two_of_the_largest_files(
    files: MemoryUploadedFileManager, base: str, announced: bool
) -> None:
    server = Server(files, base)
    answers = [server.put(f"f{each}", LARGE, announced=announced) for each in range(3)]
    assert answers == [204, 204, 413]
    assert server.put("small", 100_000, announced=announced) == 413
    assert server.put("f3", LARGE, session="other") == 204
    assert len(files.file_storage["s"]) == 2


def test_what_is_sent_at_the_same_time_is_counted_together(
    files: MemoryUploadedFileManager,
) -> None:
    server = Server(files)

    async def at_once(announced: bool) -> list[int]:
        asked = [server.ask("PUT", f"{i}", LARGE, str(announced), announced) for i in range(9)]
        return [status for status, _ in await asyncio.gather(*asked)]

    for announced in (True, False):
        answers = awaited(at_once(announced))
        assert set(answers) <= {204, 413}
        assert answers.count(204) <= 2
        assert server.put("later", 1000, session="x" + str(announced)) == 204


def test_a_file_that_is_removed_makes_room(files: MemoryUploadedFileManager) -> None:
    server = Server(files)
    assert [server.put("a", LARGE), server.put("b", LARGE)] == [204, 204]
    status, words = awaited(server.ask("PUT", "c", LARGE))
    assert (status, words) == (413, upload_limit.refusal(2 << 20))
    assert "2 MB in all" in words
    assert awaited(server.ask("DELETE", "a"))[0] == 204
    assert server.put("c", LARGE) == 204
    files.remove_session_files("s")  # as when its page has gone
    assert server.put("d", LARGE) == 204


def test_small_files_are_counted_too(
    files: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_limit, "MOST_FILES", 3)
    server = Server(files)
    assert [server.put(f"f{each}", 4) for each in range(4)] == [204, 204, 204, 413]


def test_nothing_is_remembered_of_what_has_come(files: MemoryUploadedFileManager) -> None:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        raise RuntimeError("it broke off")

    limit = UploadLimit(app, 1, lambda _: [])
    scope = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/s/f", "headers": []}
    for _ in range(3):
        with pytest.raises(RuntimeError):
            awaited(limit(scope, None, None))
    assert not limit._coming
    assert not limit._sent
