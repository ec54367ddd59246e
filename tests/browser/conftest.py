"""The running app and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from browser.explorer_runs import LEARNED, record, train_a_little
from browser.server import App, start_app
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from support import TINY

from gan.data.datasets import Digits
from gan.runs.store import RunStore

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


PATIENCE_MS = 40_000  # how long is told by tests/bench; here it only has to come
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = start_app(tmp_path_factory.mktemp("app") / "home")
    yield app
    app.process.terminate()
    app.process.wait(30)


@pytest.fixture(scope="module")
def store(app: App) -> Iterator[RunStore]:
    """The store of the running app."""
    store = RunStore(app.home)
    yield store
    store.close()


@pytest.fixture(scope="module")
def conditional_run(store: RunStore, few_digits: Digits) -> str:
    """A run that is told the classes that it has learned, only some of ten."""
    config = replace(TINY, conditional="projected", classes=",".join(map(str, LEARNED)))
    snapshot = train_a_little(config, few_digits)
    record(store, config, snapshot)  # a twin, which must not be taken for it
    return record(store, config, snapshot)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert "CI" not in os.environ, "CI has to have Chromium"
        pytest.skip("needs Chromium: see README")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """One browser for most tests, which loads Streamlit's own files once."""
    return browser.new_context(viewport={"width": 1280, "height": 900})


@pytest.fixture(scope="session")
def clocked_context(browser: Browser) -> BrowserContext:
    """Another one, for tests that put its clock forward: that is the clock of all its pages."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.clock.install()
    return context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with page_of(context) as page:
        yield page


@pytest.fixture
def clocked_page(clocked_context: BrowserContext) -> Iterator[Page]:
    """Its time goes on as ever, and `clock.fast_forward` skips some: what was due then is done."""
    with page_of(clocked_context) as page:
        yield page


@contextmanager
def page_of(context: BrowserContext) -> Iterator[Page]:
    """A page that must not complain nor talk to any other host; nothing of it is kept."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    strangers: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A deep link makes Streamlit itself look for its own endpoints under the page's path first.
        place = message.location.get("url", "")
        if message.type == "error" and "_stcore" not in place:
            complaints.append(f"{message.text} ({place})")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else strangers.append(request.url)
        ),
    )
    yield page
    if page.url.startswith("http"):
        page.evaluate("() => localStorage.clear()")
    page.close()
    context.clear_cookies()
    context.clear_permissions()
    assert complaints == []
    assert strangers == []
