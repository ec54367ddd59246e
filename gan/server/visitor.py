"""Which browser asks: a random name in a cookie, so that the queue can be fair between browsers.

It says nothing of the person, proves nothing, and is read by this server only. And whether that
browser runs on this very computer.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gan.server.doorkeeper import host_name, is_loopback

_COOKIE: Final = "digit_forge_browser"
_NAME: Final = re.compile(r"[0-9a-f]{16}")
_KEPT_SECONDS: Final = 30 * 24 * 3600
_FORWARDING: Final = re.compile(
    r"forwarded|via|client-ip|(x-(forwarded|original|real|client|cluster|envoy)|cf|true-client)-.*"
)
"""Headers that a proxy adds."""


def visitor() -> str:
    """The name of the browser that asks; of its session, if it takes no cookies."""
    name = st.context.cookies.get(_COOKIE, "")
    if _NAME.fullmatch(name):
        return name
    context = get_script_run_ctx()
    return context.session_id if context else ""


def browser(request: Request) -> str:
    """The name of the browser behind a route's request; its address, if it takes no cookies."""
    name = request.cookies.get(_COOKIE, "")
    if _NAME.fullmatch(name):
        return name
    return request.client.host if request.client else ""


def sits_here() -> bool:
    """Whether the browser that asks runs on this computer; not known outside a page: no."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return False
    client = runtime.get_instance().get_client(context.session_id)
    handshake = client.client_context if client else None
    return handshake is not None and is_from_here(handshake.remote_ip, handshake.headers)


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


class NameTag:
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
    return any(
        _NAME.fullmatch(cookie_parser(value.decode("latin-1")).get(_COOKIE, ""))
        for value in cookies
    )
