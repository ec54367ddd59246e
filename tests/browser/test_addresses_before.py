"""Addresses as people kept them from before the redraw lead to the same pictures.

They are of runs that came with them, in a store of their own: networks that ship with the project
may be trained anew.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from browser.conftest import PATIENCE_MS
from browser.server import App, start_app
from golden.seen import ADDRESSES_HOME, FOLDER, unpacked
from golden.shown import DIGIT, are_alike, arrange, difference, shown
from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

ADDRESSES: list[dict[str, Any]] = json.loads((FOLDER / "addresses.json").read_text())


@pytest.fixture(scope="module")
def app_with_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app, on the store to whose runs the addresses lead."""
    folder = tmp_path_factory.mktemp("addresses")
    app = start_app(unpacked(folder, ADDRESSES_HOME) / "home")
    yield app
    app.process.terminate()
    app.process.wait(30)


@pytest.fixture(scope="module")
def window(context: BrowserContext) -> Iterator[Page]:
    """One page for all of them, since nothing is done on it."""
    page = context.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("kept", ADDRESSES, ids=lambda kept: kept["what"])
def test_an_address_of_before_shows_what_it_showed(
    window: Page, app_with_runs: App, kept: dict[str, Any]
) -> None:
    window.goto(app_with_runs.url + kept["address"])
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while different := _difference(window, kept["shows"]):
        assert time.monotonic() < deadline, different
        window.evaluate("() => new Promise(requestAnimationFrame)")


def _difference(page: Page, wanted: dict[str, Any]) -> str:
    arrange(page)
    return difference(shown(page), wanted)


def test_another_digit_would_be_noticed() -> None:
    kept = [picture for each in ADDRESSES for picture in each["shows"]["pictures"]]
    digits = {picture["levels"]: picture for picture in kept if picture["name"] == DIGIT}
    assert len(digits) > 10
    assert not any(are_alike(*pair) for pair in itertools.combinations(digits.values(), 2))
