"""Which browser asks: a random name in a cookie, so that the queue can be fair between browsers.

It says nothing of the person, proves nothing, and is read by this server only. And whether that
browser runs on this very computer.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gan.server.host_check import host_name, is_loopback

_COOKIE: Final = "digit_forge_browser"
_NAME: Final = re.compile(r"[0-9a-f]{16}")
_KEPT_SECONDS: Final = 30 * 24 * 3600
_FORWARDING: Final = re.compile(
    r"forwarded|via|client-ip|(x-(forwarded|original|real|client|cluster|envoy)|cf|true-client)-.*"
)
"""Headers that a proxy adds."""


def browser(request: Request) -> str:
    """The name of the browser behind a route's request; its address, if it takes no cookies."""
    return name_in(request.cookies) or (request.client.host if request.client else "")


def name_in(cookies: Mapping[str, str]) -> str:
    """The name that a browser was given; nothing if it takes no cookies."""
    name = cookies.get(_COOKIE, "")
    return name if _NAME.fullmatch(name) else ""


def is_from_here(peer: str | None, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a request from `peer` was made on this computer, and no proxy handed it on."""
    named = [(name.lower(), value) for name, value in headers]
    hosts = [value for name, value in named if name == "host"]
    return (
        is_loopback(peer)
        and len(hosts) == 1
        and is_loopback(host_name(hosts[0]))
        and not any(_FORWARDING.fullmatch(name) for name, _ in named)
    )


class BrowserCookie:
    """Middleware that gives each browser its name with the first page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the cookie to a page for a browser that has none."""

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append(
                        "set-cookie",
                        f"{_COOKIE}={secrets.token_hex(8)}; Max-Age={_KEPT_SECONDS}; Path=/; "
                        "HttpOnly; SameSite=Lax",
                    )
            await send(message)

        is_new = scope["type"] == "http" and not _has_name(scope)
        await self._app(scope, receive, tagged if is_new else send)


def _has_name(scope: Scope) -> bool:
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    return any(name_in(cookie_parser(value.decode("latin-1"))) for value in cookies)
