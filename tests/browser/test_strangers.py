"""What strangers send to a running server: names, addresses, sockets, files."""

from __future__ import annotations

import re
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import hostile
import pytest
from browser.server import App
from hostile import NAMES
from playwright.sync_api import Locator, Page, expect

from gan.messages.events import Finished, Progress, Samples, Saved, Started
from gan.messages.status import StopReason
from gan.runs import library
from gan.runs.store import RunStore
from gan.words.text import legible

pytestmark = pytest.mark.browser
TOO_BIG = (1009).to_bytes(2)  # the code with which a socket is closed, of RFC 6455
PAGE_SIZE = 12  # as pages/runs.py says

TAKEN = """() => ({
  links: [...document.querySelectorAll("a[href]")].map((a) => a.href),
  formulas: document.querySelectorAll(".katex, blockquote, ol, code, del, [data-testid=stImage] svg").length,
  highest: Math.max(...[...document.querySelectorAll("[data-testid=stMarkdownContainer] *")]
    .map((e) => e.getBoundingClientRect()).map((r) => Math.max(r.width, r.height)), 0),
  pwned: window.pwned,
})"""  # noqa: E501


@contextmanager
def runs_called(app: App, *names: str) -> Iterator[list[str]]:
    """Runs of another process that go on; nothing is left of them."""
    store = RunStore(app.home)
    images = library.pretrained("digits").samples.images
    runs = []
    for name in names:
        run = hostile.record(store, name)
        for event in (
            Started(name, 1, 1, 1),
            Progress(1, 8, 0.5, 1.1, 0.9, 0.6, 0.4, 320.0),
            Samples(1, images),
            Saved(1, 1),
        ):
            store.append(run, event)
        runs.append(run)
    yield runs
    for run in runs:
        store.append(run, Finished(1, StopReason.STOPPED))
        store.release(run)
        store.delete(run)
    store.close()


def words(found: Locator) -> set[str]:
    """The texts of elements as people see them."""
    return {text.replace("\u2060", "").strip() for text in found.all_text_contents()}


def assert_inert(page: Page, app: App) -> None:
    """No name became anything else; that nothing was fetched is seen by `page` itself."""
    taken = page.evaluate(TAKEN)
    assert [link for link in taken["links"] if not link.startswith(app.url)] == []
    assert taken["formulas"] == 0
    assert taken["highest"] < 5000
    assert taken["pwned"] is None


def test_a_hostile_name_is_nothing_but_a_name_on_any_page(page: Page, app: App) -> None:
    shown = {legible(name) for name in NAMES}
    with runs_called(app, *NAMES, " ".join(NAMES)) as runs:
        page.goto(app.url)
        going = page.get_by_test_id("stPageLink")
        for run in runs:
            expect(page.locator(f"a[href*='run?run={run}']")).to_be_visible()
        assert shown <= {re.sub(r", \d+%$", "", text) for text in words(going)}
        assert_inert(page, app)

        page.goto(f"{app.url}/runs")
        seen: set[str] = set()
        for first in range(0, len(runs), PAGE_SIZE):
            page.get_by_role("radio", name=str(first // PAGE_SIZE + 1)).click()
            for run in runs[::-1][first : first + PAGE_SIZE]:
                expect(page.locator(f"a[href*='run?run={run}']")).to_be_visible()
            seen |= words(page.locator("strong"))
            assert_inert(page, app)
        assert shown <= seen

        page.goto(f"{app.url}/explore?run={runs[-1]}")
        networks = page.get_by_role("combobox", name="Network")
        expect(networks).to_have_value(re.compile("stranger.example"))
        networks.click()
        expect(page.get_by_role("option").first).to_be_visible()
        assert_inert(page, app)

        for run in (runs[-1], runs[9]):
            page.goto(f"{app.url}/run?run={run}")
            expect(page.get_by_role("heading", name="rule")).to_be_visible()
            assert_inert(page, app)


def test_a_hostile_address_is_nothing_but_words(page: Page, app: App) -> None:
    joined = " ".join(NAMES).replace("\x00", "")
    for place in ("run?run=", "train?preset=", "explore?run="):
        for text in (joined, NAMES[0]):
            page.goto(f"{app.url}/{place}{quote(text)}")
            expect(page.get_by_test_id("stAlert")).to_contain_text("stranger.example/n.png")
            assert_inert(page, app)


def test_a_run_as_large_as_exports_are_goes_in_by_the_page(
    page: Page, app: App, tmp_path: Path
) -> None:
    file = tmp_path / "large.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("not-of-a-run.bin", bytes(21 << 20))
    page.goto(f"{app.url}/runs")
    page.get_by_text("Import a run").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_text("which is no part of a run's package")).to_be_visible()


@contextmanager
def asked_for_a_socket(app: App, **headers: str) -> Iterator[tuple[socket.socket, str]]:
    """A connection that asked for Streamlit's socket, and the status line of the answer."""
    told = {"Host": f"127.0.0.1:{app.port}", **headers}
    lines = [f"{name}: {value}" for name, value in told.items()]
    request = (
        "GET /_stcore/stream HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        + "".join(f"{line}\r\n" for line in lines)
        + "\r\n"
    )
    with socket.create_connection(("127.0.0.1", app.port), 20) as server:
        server.sendall(request.encode())
        yield server, server.recv(4096).decode().split("\r\n")[0]


def handshake(app: App, **headers: str) -> str:
    """The status line that the server gives to who asks for Streamlit's socket."""
    with asked_for_a_socket(app, **headers) as (_, status):
        return status


def test_the_server_opens_no_socket_to_a_page_of_another_site(app: App) -> None:
    assert "101" in handshake(app)
    assert "101" in handshake(app, Origin=app.url)
    assert "403" in handshake(app, Origin="http://stranger.example")
    assert "403" in handshake(app, Origin="null")
    assert "403" in handshake(app, Host="stranger.example", Origin="http://stranger.example")
    proxied = {"Origin": "https://class.example", "X-Forwarded-Host": "class.example"}
    assert "101" in handshake(app, **proxied)


def test_a_message_that_would_fill_the_memory_is_refused_at_its_head(app: App) -> None:
    with asked_for_a_socket(app) as (server, status):
        assert "101" in status
        size, mask = (17 * 10**6).to_bytes(8), bytes(4)
        server.sendall(b"\x82\xff" + size + mask)
        assert TOO_BIG in server.recv(4096)
