"""Keys that work all over the explorer's page, in real Chromium."""

from __future__ import annotations

import re

import pytest
from browser.server import App
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

READY = "[data-testid=explorer-canvas][aria-busy=false]"


@pytest.fixture
def explorer(page: Page, app: App) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app.url}/explore?run=recorded-quick&z=o_1.100")
    page.wait_for_selector(READY)
    return page


def z1(page: Page) -> Locator:
    return page.get_by_test_id("z1")


def test_every_key_does_what_the_list_says(explorer: Page) -> None:
    page = explorer
    page.keyboard.press("n")
    page.wait_for_url(re.compile("z=s"))
    drawn = z1(page).input_value()
    page.keyboard.press("Control+z")
    expect(z1(page)).to_have_value("1")
    page.keyboard.press("Control+y")
    expect(z1(page)).to_have_value(drawn)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+Z")
    expect(z1(page)).to_have_value(drawn)
    page.keyboard.press("X")
    expect(z1(page)).to_have_value("0")
    page.keyboard.press("Control+z")
    page.keyboard.press("0")
    expect(z1(page)).to_have_value("0")

    walk = page.get_by_role("button", name="Walk")
    page.keyboard.press("w")
    expect(walk).to_have_attribute("aria-pressed", "true")
    expect(z1(page)).not_to_have_value("0")
    page.keyboard.press("w")
    expect(walk).to_have_attribute("aria-pressed", "false")

    page.keyboard.press("b")
    expect(page.get_by_test_id("bookmarks").get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("l")
    expect(page.get_by_test_id("export-message")).to_have_text("The link is in the clipboard.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url

    moment = page.get_by_test_id("snapshot-step")
    last = moment.inner_text()
    page.keyboard.press("]")
    expect(page.get_by_role("status").get_by_text("There is no later snapshot")).to_be_visible()
    page.keyboard.press("[")
    expect(moment).not_to_have_text(last)
    page.wait_for_url(re.compile(r"step=\d+"))
    page.keyboard.press("]")
    expect(moment).to_have_text(last)

    tabs = page.get_by_role("tab")
    for number in range(tabs.count(), 0, -1):
        page.keyboard.press(str(number))
        expect(tabs.nth(number - 1)).to_have_attribute("aria-selected", "true")


def test_d_colours_the_digit_or_says_why_not(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits-vae")
    page.wait_for_selector(READY)
    page.keyboard.press("d")
    expect(page.get_by_text("This network has no discriminator to ask.")).to_be_visible()


def test_a_text_keeps_its_keys(explorer: Page) -> None:
    page = explorer
    search = page.get_by_test_id("slider-search")
    search.focus()
    page.keyboard.type("n0?")
    expect(search).to_have_value("n0?")
    expect(page.get_by_test_id("shortcuts")).to_be_hidden()
    network = page.get_by_role("combobox", name="Network")
    network.focus()
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.get_by_test_id("slider-order").focus()
    page.keyboard.press("n")
    expect(z1(page)).to_have_value("1")
    page.get_by_test_id("scale").focus()  # a slider has no use for letters
    page.keyboard.press("x")
    expect(z1(page)).to_have_value("0")


def test_streamlits_own_keys_stay_its_own(explorer: Page) -> None:
    explorer.evaluate(
        """() => {
          window.prevented = {};
          const note = (event) => { window.prevented[event.key] = event.defaultPrevented; };
          addEventListener("keydown", note);
        }"""
    )
    for key in ("r", "c", "q", "ArrowLeft", "x"):
        explorer.keyboard.press(key)
    prevented = explorer.evaluate("window.prevented")
    assert prevented == {"r": False, "c": False, "q": False, "ArrowLeft": False, "x": True}


def test_numbers_choose_a_digit_where_there_are_digits(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits-conditional&digit=7")
    page.wait_for_selector(READY)
    selector = page.get_by_test_id("class-selector")
    first, second = page.get_by_role("tab").nth(0), page.get_by_role("tab").nth(1)
    selector.get_by_role("radio", name="7").focus()
    page.keyboard.press("2")
    expect(selector.locator("input:checked")).to_have_value("2")
    expect(first).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Random").focus()
    page.keyboard.press("2")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(selector.locator("input:checked")).to_have_value("2")


def test_the_list_opens_holds_the_focus_and_closes(explorer: Page) -> None:
    page = explorer
    dialog, opener = page.get_by_test_id("shortcuts"), page.get_by_test_id("open-shortcuts")
    opener.focus()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    for words in ("A random draw", "Undo", "Copy the link to this place", "Arrow keys move"):
        expect(dialog.get_by_text(words)).to_be_visible()
    page.keyboard.press("n")
    expect(z1(page)).to_have_value("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    inside = (
        "d => d.contains(d.getRootNode().activeElement) || document.activeElement === document.body"
    )
    assert dialog.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    opener.click()
    dialog.click(position={"x": 6, "y": 6})  # its own edge
    expect(dialog).to_be_visible()
    page.mouse.click(6, 6)  # beside it
    expect(dialog).to_be_hidden()
