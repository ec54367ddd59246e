"""What tests of a sum do and read on its page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from browser.server import App
from playwright.sync_api import Locator, Page, expect
from support import noise_size

from gan import latent

PICTURE = "c => c.toDataURL()"


DRAWN = ".equation[aria-busy=false]"


SIZE = noise_size("digits")
"""Numbers of z of the network `digits`."""


def opened(
    page: Page, app: App, run: str = "digits", query: str = f"&sum={quote('1~~~')}"
) -> Locator:
    """The mode Sum on `run`, once its digit is drawn; empty, unless the query says otherwise."""
    page.goto(f"{app.url}/explore?run={run}&mode=sum{query}")
    expect(page.locator("[data-testid=explorer-canvas][aria-busy=false]")).to_be_visible()
    expect(page.locator(DRAWN)).to_be_visible()
    return page.get_by_test_id("sum")


def equation(page: Page) -> dict[str, Any]:
    """The groups and the amount, as the page's address tells them."""
    text = parse_qs(urlsplit(page.url).query).get("sum", ["1~~~"])[0]
    amount, *groups = text.split("~")
    latents = [
        [
            latent.from_text(spelled.lstrip("0123456789"), SIZE)[0].tolist()
            for spelled in filter(None, group.split(","))
        ]
        for group in groups
    ]
    return {"amount": float(amount), **dict(zip("ABC", latents, strict=True))}


def show_example(page: Page) -> None:
    page.get_by_test_id("sum-example").click()
    expect(page.get_by_test_id("collected")).to_contain_text("In ")
    expect(page.locator(DRAWN)).to_be_visible()
