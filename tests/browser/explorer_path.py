"""What tests of a path do and read on its page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

from browser.server import App
from playwright.sync_api import Locator, Page, expect

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"


PIXELS = "c => c.toDataURL()"


KINDS = ("great", "straight")


def opened(page: Page, app: App, path: str | None = None, run: str = "digits") -> Locator:
    """The mode Path, with the stops of an address if there is one."""
    asked = "" if path is None else f"&path={quote(path)}"
    page.goto(f"{app.url}/explore?run={run}&mode=path{asked}")
    page.wait_for_selector(SETTLED)
    return page.get_by_test_id("path")


def drawn(page: Page) -> tuple[str, str]:
    """The two pictures, once they are exactly those of the position."""
    pictures = []
    for kind in KINDS:
        tile = page.get_by_test_id(f"path-{kind}")
        expect(tile).to_have_attribute("aria-busy", "false")
        pictures.append(tile.evaluate(PIXELS))
    return pictures[0], pictures[1]


def complete(path: Locator) -> None:
    """All frames are drawn."""
    expect(path).to_have_attribute("aria-busy", "false")


def expect_stops(page: Page, *names: str) -> None:
    numbered = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
    expect(page.get_by_test_id("stops").locator(".stop-name")).to_have_text(numbered)


def position(page: Page) -> float:
    return float(page.get_by_test_id("path-position").input_value())


def spelled(page: Page) -> list[str]:
    """The path in the page's address: its way, its position, its stops."""
    return parse_qs(urlsplit(page.url).query)["path"][0].split("~")


NAMES = {"great": "great circle", "straight": "straight line"}


def extremes(page: Page, curve: str, kind: str) -> tuple[float, float]:
    """The least and the greatest value of a curve, once it is drawn, as it says them."""
    said = re.compile(rf"{NAMES[kind]}: from ([\d.]+)%? to ([\d.]+)")
    shown = page.get_by_test_id(f"curve-{curve}")
    expect(shown).to_have_attribute("aria-label", said)
    found = said.search(shown.get_attribute("aria-label") or "")
    assert found is not None
    return float(found[1]), float(found[2])
