"""Who is let in: by the address that is asked for, and by the page that asks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed, is_host_allowed
from support import awaited

from gan.server.host_check import STRANGE_NAME, STRANGE_PAGE, HostCheck, host_name, is_loopback
from gan.view import options as of_streamlit

Answer = tuple[int, dict[str, str], str]


@pytest.fixture(autouse=True)
def nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by this middleware nor by Streamlit, for anything that is let in."""

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("looked up")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "create_connection"):
        monkeypatch.setattr(socket, name, asked)
    monkeypatch.setattr("streamlit.net_util.get_external_ip", asked)
    monkeypatch.setattr("streamlit.net_util.get_internal_ip", asked)


@pytest.fixture
def options() -> Iterator[dict[str, Any]]:
    """Sets Streamlit's options for one test."""
    before: dict[str, Any] = {}

    class Options(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            before.setdefault(key, st.get_option(key))
            config.set_option(key, value)

    yield Options()
    for key, value in before.items():
        config.set_option(key, value)


def asked(kind: str = "http", **headers: str) -> Answer:
    """Status, headers and text of what the app behind the door answers, or the door itself.

    The door is told what Streamlit's options say, as app.py does.
    """
    sent: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            seen = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
            assert _is_origin_allowed(seen.get("origin"), seen.get("host")), "as Streamlit asks"
            await send({"type": "websocket.accept"})
        else:
            await PlainTextResponse("come in")(scope, receive, send)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": "/",
        "headers": [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in headers.items()
        ],
    }
    awaited(HostCheck(app, of_streamlit.allowed_names())(scope, receive, send))
    if sent[0]["type"] == "websocket.accept":
        return 101, {}, ""
    if sent[0]["type"] == "websocket.close":
        return 403, {}, ""
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], names, sent[1]["body"].decode()


def is_let_in(**headers: str) -> bool:
    """Whether a page's request is answered, and its socket opened; both or none."""
    page, stream = asked(**headers)[0], asked("websocket", **headers)[0]
    assert (page, stream) in ((200, 101), (403, 403))
    return page == 200


LOCAL = ["localhost", "localhost:8501", "LOCALHOST.", "127.0.0.1:8501", "[::1]:8501", "x.localhost"]
NUMBERS = ["192.168.1.20:8501", "10.0.0.3", "[fe80::1]:8501", "0.0.0.0:8501"]
MALFORMED = ["me@localhost", "localhost/x", "localhost:99999", "localhost:x", "", " ", "[::1", "*",
             "localhost?x", "[::1].stranger.example", "[::1]x:80", "x[::1]", "127.0.0.1%25x.org",
             "127.0.0.1%x", "[::1%25x.example]", "[127.0.0.1]", "[1]", "LocalHost..", ".localhost",
             "x..localhost", "localhost:80:80", "localhost:+80", "::1", "local\thost",
             "%6cocalhost"]  # fmt: skip
STRANGE = ["stranger.example", "localhost.stranger.example", "127.0.0.1.stranger.example:80",
           "xlocalhost", *MALFORMED]  # fmt: skip


@pytest.mark.parametrize("host", [*LOCAL, *NUMBERS])
def test_the_app_is_reached_by_local_names_and_by_numbers(host: str) -> None:
    assert is_let_in(host=host)


@pytest.mark.parametrize("host", STRANGE)
def test_a_borrowed_name_leads_nowhere(host: str) -> None:
    assert not is_let_in(host=host)
    assert asked(host=host)[2] == STRANGE_NAME


def test_the_name_that_the_server_was_given_is_its_own(options: dict[str, Any]) -> None:
    assert not is_let_in(host="class.example:8501")
    for given in ("class.example", "Class.Example.", "http://class.example:8501/x"):
        options["browser.serverAddress"] = given
        assert is_let_in(host="class.example:8501")
        assert is_let_in(host="192.168.1.20:8501")
        assert is_let_in(host="localhost:8501")
        assert not is_let_in(host="stranger.example")
    options["browser.serverAddress"] = "localhost"
    options["server.address"] = "laptop.example"
    assert is_let_in(host="laptop.example:8501")


@pytest.mark.parametrize(
    "host", [*LOCAL, *NUMBERS, *STRANGE, "class.example", "a.class.example:8501", "xclass.example"]
)
@pytest.mark.parametrize("named", [["class.example"], ["*.class.example", "127.0.0.1"], ["*"]])
def test_a_list_of_names_is_kept_to_as_streamlit_does_but_for_what_is_no_name(
    options: dict[str, Any], named: list[str], host: str
) -> None:
    options["server.allowedHosts"] = named
    assert is_let_in(host=host) == (is_host_allowed(host) and host not in MALFORMED)


OWN = [
    ("localhost:8501", "http://localhost:8501"),
    ("localhost:8501", "http://LOCALHOST:8501"),
    ("127.0.0.1:8501", "http://127.0.0.1:8501"),
    ("[::1]:8501", "http://[::1]:8501"),
    ("localhost", "http://localhost"),
    ("localhost:80", "http://localhost"),
    ("localhost:443", "https://localhost"),
    ("localhost", "https://localhost:8443"),  # a proxy left the port out
]
FOREIGN = ["http://stranger.example", "https://stranger.example:8501", "http://127.0.0.1:8502",
           "http://127.0.0.1", "http://localhost:8501", "null", "", " ", "127.0.0.1:8501",
           "http://127.0.0.1:8501@stranger.example", "http://127.0.0.1:8501/", "file://",
           "ftp://127.0.0.1:8501", "http://[::1", "http://127.0.0.1:x", "\xff\xfe", "http://",
           "http://127.0.0.1:8501.stranger.example", "*", "http://127.0.0.1..:8501",
           "http://127.0.0.1%25x:8501"]  # fmt: skip


@pytest.mark.parametrize(("host", "origin"), OWN)
def test_pages_of_the_app_are_let_in(host: str, origin: str) -> None:
    assert is_let_in(host=host, origin=origin)


@pytest.mark.parametrize("origin", FOREIGN)
def test_pages_of_others_are_not(origin: str) -> None:
    assert not is_let_in(host="127.0.0.1:8501", origin=origin)
    assert asked(host="127.0.0.1:8501", origin=origin)[2] == STRANGE_PAGE


def test_what_is_no_browser_needs_to_say_nothing() -> None:
    assert is_let_in()
    assert not is_let_in(origin="http://localhost:8501")


def test_a_proxy_may_ask_by_a_name_of_its_own_if_it_says_so() -> None:
    page = {"host": "127.0.0.1:8501", "origin": "https://class.example"}
    assert not is_let_in(**page)
    for forwarded in ("class.example", "class.example, inner.example", "class.example:443"):
        assert is_let_in(**page, x_forwarded_host=forwarded)
    for forwarded in ("stranger.example", "x, class.example", "", "class.example:8443"):
        assert not is_let_in(**page, x_forwarded_host=forwarded)
    assert not is_let_in(host="stranger.example", x_forwarded_host="localhost")


def test_an_origin_that_the_operator_allows_is_let_in(options: dict[str, Any]) -> None:
    options["server.corsAllowedOrigins"] = ["https://class.example"]
    assert is_let_in(host="127.0.0.1:8501", origin="https://class.example")
    assert not is_let_in(host="127.0.0.1:8501", origin="http://class.example")


def test_no_other_site_may_frame_the_app_or_guess_at_its_files() -> None:
    for headers in ({"host": "localhost"}, {"host": "stranger.example"}):
        _, sent, _ = asked(**headers)
        assert sent["content-security-policy"] == "frame-ancestors 'self'"
        assert sent["x-content-type-options"] == "nosniff"


def test_only_this_computer_is_this_computer() -> None:
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1"):
        assert is_loopback(host)
    for host in (None, "", "0.0.0.0", "192.168.1.20", "stranger.example", "localhost.example"):
        assert not is_loopback(host)
    assert host_name("[::1]:8501") == "::1"
