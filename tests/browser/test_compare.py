"""The families side by side in a real browser: found from Runs, measured on this server."""

from __future__ import annotations

import re

import pytest
from browser.server import App
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_families_are_compared_and_their_pace_is_measured(page: Page, app: App) -> None:
    page.goto(f"{app.url}/runs")
    page.get_by_role("link", name="Three families of methods side by side").click()
    page.wait_for_url(re.compile("/compare"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Three families, the same digits, the same time")
    chart = page.get_by_test_id("families-chart")
    expect(chart.locator("svg").first).to_be_visible()
    expect(page.get_by_role("columnheader", name="GAN (conditional)")).to_be_visible()
    paces = page.get_by_role("row", name=re.compile("^Digits a second here"))
    expect(paces).to_contain_text("not measured yet")
    page.get_by_role("button", name="Measure how fast they draw").click()
    expect(paces).not_to_contain_text("not measured yet")
    expect(paces).to_contain_text(re.compile("Digits a second here *[0-9]"))
    expect(page.get_by_text("Measured last on")).to_be_visible()


def test_on_a_phone_only_the_table_scrolls_aside(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{app.url}/compare")
    expect(page.get_by_role("columnheader", name="GAN (conditional)")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
