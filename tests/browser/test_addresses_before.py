"""Addresses that people kept from the version before the redraw lead to the same pictures."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from browser.conftest import PATIENCE_MS
from browser.server import App
from golden.seen import FOLDER
from golden.shown import DIGIT, are_alike, arrange, difference, shown
from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

TABS = {"Between": "Path", "Arithmetic": "Sum", "Find my digit": "Find"}
"""What tabs were called before: by now each has the name that its address has always had."""
CURVE = ", along the path."
"""In the names of curves, which were no canvases before."""
ADDRESSES: list[dict[str, Any]] = json.loads((FOLDER / "addresses.json").read_text())


@pytest.fixture(scope="module")
def window(context: BrowserContext) -> Iterator[Page]:
    """One page for all of them, since nothing is done on it."""
    page = context.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("kept", ADDRESSES, ids=lambda kept: kept["what"])
def test_an_address_of_before_shows_what_it_showed(
    window: Page, app: App, kept: dict[str, Any]
) -> None:
    window.goto(app.url + kept["address"])
    deadline = time.monotonic() + PATIENCE_MS / 1000
    shows = kept["shows"] | {"tab": TABS.get(kept["shows"]["tab"], kept["shows"]["tab"])}
    while different := _difference(window, shows):
        assert time.monotonic() < deadline, different
        window.evaluate("() => new Promise(requestAnimationFrame)")


def _difference(page: Page, wanted: dict[str, Any]) -> str:
    arrange(page)
    found = shown(page)
    digits = [picture for picture in found["pictures"] if CURVE not in picture["name"]]
    return difference(found | {"pictures": digits}, wanted)


def test_another_digit_would_be_noticed() -> None:
    kept = [picture for each in ADDRESSES for picture in each["shows"]["pictures"]]
    digits = {picture["levels"]: picture for picture in kept if picture["name"] == DIGIT}
    assert len(digits) > 10
    assert not any(are_alike(*pair) for pair in itertools.combinations(digits.values(), 2))
