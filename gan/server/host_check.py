"""Whose requests are answered: those of pages of this app, at an address that is its own.

A page of another site cannot read what this server answers, but could open a socket to it, or give
its own name this computer's address (DNS rebinding) and then read all. Browsers always say which
page asks (Origin) and which address they were given (Host), and no page can change that. Streamlit
looks at both too, but for its sockets only, and asks an address outside, with the whole server
waiting, whether a strange Origin may be its own: so nothing strange may come that far.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

STRANGE_NAME: Final = (
    "Digit Forge does not know itself by this name, so it shows nothing here: a page elsewhere "
    "might have borrowed the name to look into this computer. Nothing was changed. If the name is "
    "right, start the app with --browser.serverAddress NAME. Its page Help at localhost says more."
)
STRANGE_PAGE: Final = (
    "Only the pages of Digit Forge may ask for this, and the page that asks is at another address. "
    "Nothing was changed. A proxy has to hand on the header Host, or send X-Forwarded-Host."
)
_LOCAL_NAMES: Final = ("localhost", "*.localhost")
_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<number>[0-9a-f]*:[0-9a-f:.]+)\]|(?P<name>[0-9a-z_-]+(?:\.[0-9a-z_-]+)*)\.?)"
    r"(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII | re.IGNORECASE,
)
"""Kept to as a whole: a library that reads addresses for other ends may leave out what is odd."""
_LAST_PORT: Final = 65_535
_PORTS: Final = {"http": 80, "https": 443}
_SAFE: Final = {
    "content-security-policy": "frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """Whom a server knows, as whoever started it says."""

    hosts: Sequence[str] = ()
    """All names that the app may be asked for at, if there are any."""
    addresses: Sequence[str] = ()
    """Else the names that it was given, beside those of this computer."""
    origins: Sequence[str] = ()
    """Other sites whose pages may ask."""


class HostCheck:
    """Middleware that answers 403 to what comes from another site's page or for another name."""

    def __init__(self, app: ASGIApp, names: AllowedNames) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is let in, and forbid other sites to frame the answer."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        is_http, headers = scope["type"] == "http", Headers(scope=scope)
        refusal = _refusal(headers, self._names)
        if not refusal:
            await self._app(_settled(scope, headers), receive, framed if is_http else send)
        elif is_http:
            await PlainTextResponse(refusal, 403)(scope, receive, framed)
        else:
            await WebSocketClose()(scope, receive, send)  # a server answers 403


def is_loopback(host: str | None) -> bool:
    """Whether `host`, without a port, is this computer and nobody else."""
    if host == "localhost" or (host or "").endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def host_name(authority: str | None) -> str | None:
    """The name or number in a header like ``example.org:8501`` or ``[::1]``; None if it is none."""
    parts = _AUTHORITY.fullmatch(authority or "")
    if parts is None or int(parts["port"] or 0) > _LAST_PORT:
        return None
    name: str = (parts["number"] or parts["name"]).lower()
    return None if parts["number"] and _address(name) is None else name


def _refusal(headers: Headers, names: AllowedNames) -> str:
    """Why a request is not let in: a sentence, or nothing."""
    if not _is_known(headers, names):
        return STRANGE_NAME
    return "" if _is_own_page(headers, names) else STRANGE_PAGE


def _is_known(headers: Headers, names: AllowedNames) -> bool:
    """Whether the app may be asked for at this Host; what sends none is no browser."""
    hosts = headers.getlist("host")
    if not hosts:
        return True
    name = host_name(hosts[0])
    if name is None or len(hosts) > 1:
        return False
    if names.hosts:
        return _matches(name, names.hosts)
    if _address(name) is not None:
        return True  # a number is nobody's to borrow
    return _matches(name, [*_LOCAL_NAMES, *map(_host_of, names.addresses)])


def _is_own_page(headers: Headers, names: AllowedNames) -> bool:
    """Whether the request comes from a page of this app, or from no page."""
    origins = headers.getlist("origin")
    if not origins:
        return True
    origin = _origin(origins[0]) if len(origins) == 1 else None
    if origin is None:
        return False
    # A proxy may ask by a name of its own; browsers' pages cannot set this on a socket, nor on a
    # request to another site.
    forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip()
    if any(_is_same(origin, host) for host in (headers.get("host"), forwarded) if host):
        return True
    allowed = [_origin(each) for each in names.origins]
    return any(each and each[:2] == origin[:2] for each in allowed)


def _settled(scope: Scope, headers: Headers) -> Scope:
    """`scope` with the Host that its Origin names: Streamlit lets in what has the same in both.

    It compares them letter by letter; where they differ it would ask outside.
    """
    origin = headers.get("origin")
    if origin is None or urlsplit(origin).netloc == headers.get("host"):
        return scope
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    host = urlsplit(origin).netloc.encode("latin-1")
    return {**scope, "headers": [*others, (b"host", host)]}


def _origin(text: str) -> SplitResult | None:
    """A page's scheme and authority; None if that is not what `text` says, as with ``null``."""
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in _PORTS and host_name(parts.netloc) is not None
    except ValueError:
        return None
    return parts if is_whole and not (parts.path or parts.query or parts.fragment) else None


def _is_same(origin: SplitResult, host: str) -> bool:
    """Whether a page of `origin` asks at its own address; some proxies leave out the port."""
    if host_name(origin.netloc) != host_name(host):
        return False
    port = urlsplit(f"//{host}").port
    return port is None or port == (origin.port or _PORTS[origin.scheme])


def _host_of(address: str) -> str:
    """What people wrote as the server's address, without scheme and port."""
    return host_name(address.rpartition("//")[2].partition("/")[0]) or ""


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether `name` is one of `patterns`, of which ``*.example.org`` means all below that."""
    for pattern in (each.strip().lower().rstrip(".") for each in patterns):
        is_below = pattern.startswith("*.") and name.endswith(pattern[1:])
        if pattern and (pattern in ("*", name) or is_below):
            return True
    return False


def _address(name: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name or "")
    except ValueError:
        return None
