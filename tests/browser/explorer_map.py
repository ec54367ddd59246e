"""What tests of the map do and read on its page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from browser.server import App
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route
from support import noise_size

from gan import latent

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"


COMPLETE = "[data-testid=map][aria-busy=false]"


PICTURE = "c => c.toDataURL()"


REQUESTS = re.compile(r"/requests(/\w+)?$")


SIZE = noise_size("digits")
"""Numbers of z of the network `digits`."""


def opened(page: Page, app: App, query: str = "z=s1&map=n1.2", run: str = "digits") -> Locator:
    """The complete map."""
    page.goto(f"{app.url}/explore?run={run}&mode=map&{query}")
    page.wait_for_selector(SETTLED)
    page.wait_for_selector(COMPLETE)
    return page.get_by_test_id("map")


def asked(page: Page, name: str) -> str:
    """A parameter of the page's address."""
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def z_of(page: Page) -> NDArray[np.float64]:
    return latent.from_text(asked(page, "z"), SIZE)[0]


def picture(page: Page, name: str = "map-canvas") -> str:
    return page.get_by_test_id(name).evaluate(PICTURE)


def place(page: Page) -> tuple[float, float]:
    """The cursor's coordinates, as they are shown."""
    words = page.get_by_test_id("map-place").inner_text().replace("\N{MINUS SIGN}", "-")
    x, y = re.findall(r"-?\d+\.\d\d", words)[:2]
    return float(x), float(y)


def kind(page: Page, name: str) -> Locator:
    return page.get_by_test_id("plane-kind").get_by_role("radio", name=name)


DIRECTIONS = np.linalg.qr(np.random.default_rng(3).normal(size=(SIZE, SIZE)))[0][:8].round(5)


def answer(route: Route, done: dict[str, Any]) -> None:
    """The server's part of a request."""
    route.fulfill(json={"ticket": "abc"} if route.request.method == "POST" else done)


def told(name: str, shares: list[float]) -> dict[str, Any]:
    found = {"directions": DIRECTIONS[: len(shares)].tolist(), "shares": shares}
    none: dict[str, Any] = {"directions": [], "shares": []}
    return {"state": "done", "result": {"features": none, "weights": none} | {name: found}}
