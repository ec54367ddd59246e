"""The name that a browser gets, so that the queue can be fair."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket
from streamlit import runtime
from streamlit.web.server.starlette.starlette_websocket import StarletteClientContext
from support import awaited

from gan.server.visitor import BrowserCookie, is_from_here
from gan.view.visitor import sits_here


def cookies(response: Response, *sent: bytes, kind: str = "http") -> list[str]:
    """What the browser is given with `response`, if it asked with the headers `sent`."""
    headers: list[tuple[bytes, bytes]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        headers.extend(message.get("headers", []))

    scope = {"type": kind, "method": "GET", "headers": [(b"cookie", value) for value in sent]}
    awaited(BrowserCookie(response)(scope, receive, send))
    return [value.decode() for name, value in headers if name == b"set-cookie"]


def test_a_new_browser_is_given_a_name_with_the_page() -> None:
    (first,) = cookies(HTMLResponse("page"))
    assert re.match("digit_forge_browser=[0-9a-f]{16}; Max-Age=", first)
    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    (second,) = cookies(HTMLResponse("page"))
    assert first != second


def test_a_browser_keeps_its_name() -> None:
    assert cookies(HTMLResponse("page"), b"a=1; digit_forge_browser=0123456789abcdef") == []


def test_a_strange_name_is_replaced() -> None:
    assert cookies(HTMLResponse("page"), b"digit_forge_browser=<script>")


def test_only_pages_carry_names() -> None:
    assert cookies(PlainTextResponse("data")) == []


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_browser_on_this_computer_sits_here(peer: str, host: str) -> None:
    assert is_from_here(peer, [("Host", host), ("Cookie", "a=b"), ("Origin", f"http://{host}")])


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.168.1.20", [("host", "localhost:8501")]),
        (None, [("host", "localhost:8501")]),  # a proxy by a file, not by an address
        ("127.0.0.1", [("host", "class.example")]),
        ("127.0.0.1", [("host", "0.0.0.0:8501")]),
        ("127.0.0.1", [("host", "localhost"), ("host", "class.example")]),
        ("127.0.0.1", []),
        *[
            ("127.0.0.1", [("host", "localhost:8501"), (name, "127.0.0.1")])
            for name in (
                "X-Forwarded-For", "x-forwarded-host", "x-forwarded-proto", "Forwarded", "Via",
                "X-Real-IP", "CF-Connecting-IP", "CF-Ray", "True-Client-IP", "X-Original-Host",
            )
        ],
    ],
)  # fmt: skip
def test_a_browser_elsewhere_does_not_whatever_a_proxy_makes_of_it(
    peer: str | None, headers: list[tuple[str, str]]
) -> None:
    assert not is_from_here(peer, headers)


def test_where_nobody_asks_nobody_sits_here() -> None:
    assert not sits_here()


def test_who_sits_here_is_read_from_the_socket_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*headers: tuple[bytes, bytes], peer: str = "127.0.0.1") -> bool:
        scope = {"type": "websocket", "client": (peer, 1), "headers": headers}
        handshake = StarletteClientContext(WebSocket(scope, awaited, awaited))
        client = SimpleNamespace(client_context=handshake)
        server = SimpleNamespace(get_client=lambda session: client if session == "mine" else None)
        monkeypatch.setattr(runtime, "exists", lambda: True)
        monkeypatch.setattr(runtime, "get_instance", lambda: server)
        context = SimpleNamespace(session_id="mine")
        monkeypatch.setattr("gan.view.visitor.get_script_run_ctx", lambda: context)
        return sits_here()

    host = (b"host", b"localhost:8501")
    assert asked(host)
    assert not asked(host, peer="192.168.1.20")
    assert not asked(host, (b"x-forwarded-for", b"192.168.1.20"))
    assert not asked((b"host", b"class.example"))
