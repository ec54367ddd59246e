"""The name that a browser gets, so that the queue can be fair."""

from __future__ import annotations

import re

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from support import awaited

from gan.view.visitor import NameTag


def cookies(response: Response, *sent: bytes, kind: str = "http") -> list[str]:
    """What the browser is given with `response`, if it asked with the headers `sent`."""
    headers: list[tuple[bytes, bytes]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        headers.extend(message.get("headers", []))

    scope = {"type": kind, "method": "GET", "headers": [(b"cookie", value) for value in sent]}
    awaited(NameTag(response)(scope, receive, send))
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
