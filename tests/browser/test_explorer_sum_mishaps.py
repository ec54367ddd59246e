"""Sums that are cancelled, that have too few digits, or that an address cannot ask for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from browser.explorer_sum import DRAWN, PICTURE, SIZE, equation, opened, show_example
from browser.server import App
from playwright.sync_api import Page, Route, expect
from support import noise_size

from gan import latent

pytestmark = pytest.mark.browser


HOSTILE = {
    "NaN~~~": "an amount",
    "2.5~~~": "an amount",
    "1~s1~s2": "not of three groups",
    "1~s1~s2~s3~s4": "not of three groups",
    "1~" + ",".join(["s1"] * 21) + "~~": "a group of 21 vectors",
    "1~" + "s1," * 3000 + "~~": "too long",
    "1~<script>alert(1)</script>~~": "cannot be read",
    "1~1,2,3~~": "cannot be read",
    "1~s1,~~": "cannot be read",
    "1~8s1~~": "do not fit this network",
    f"1~o_{SIZE + 1}.10~~": f"changes number {SIZE + 1}",
    "1~o_1.301~~": "outside",
    "1~vAAAA~~": "of 2 numbers",
    "1~szzzzzzz~~": "is not one",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


def shown(page: Page) -> list[str]:
    """The pictures of the groups and of the equation, once they are drawn, and the amount."""
    expect(page.locator(DRAWN)).to_be_visible()
    drawn: list[str] = page.get_by_test_id("sum").evaluate(
        "e => [...e.querySelectorAll('.members canvas, .equation canvas')].map(c => c.toDataURL())"
    )
    return [*drawn, page.get_by_test_id("sum-amount").input_value()]


def test_collecting_can_be_cancelled(page: Page, app: App) -> None:
    opened(page, app, "recorded-dcgan-tutorial")  # the slowest, so that there is time
    page.get_by_test_id("sum-example").press("Enter")
    expect(page.get_by_test_id("collecting")).to_contain_text(re.compile("[1-9] drawn"))
    page.get_by_role("button", name="Cancel", exact=True).press("Enter")
    expect(page.get_by_test_id("collecting")).to_be_hidden()
    expect(page.get_by_test_id("collected")).to_have_text("Cancelled: the groups are as they were.")
    expect(page.get_by_test_id("sum-example")).to_be_focused()
    assert equation(page)["A"] == []


def test_another_network_ends_collecting(page: Page, app: App) -> None:
    opened(page, app, "recorded-quick")
    held: list[Route] = []
    page.route(re.compile("/classifier"), lambda route: held.append(route))  # it waits for that
    page.get_by_test_id("collect-A").click()
    expect(page.get_by_test_id("collecting")).to_contain_text("0 drawn")
    page.keyboard.press("[")
    ended = re.compile("^Collecting ended, as the network is another now")
    expect(page.get_by_test_id("collected")).to_have_text(ended)
    expect(page.get_by_test_id("collecting")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.locator(DRAWN)).to_be_visible()
    assert equation(page)["A"] == []


def test_a_network_that_is_asked_for_its_digit(page: Page, app: App) -> None:
    sums = opened(page, app, "digits-conditional")
    expect(sums).to_contain_text("the sum is of z alone")
    show_example(page)
    expect(page.get_by_test_id("sum-words")).to_contain_text("the sum reads as 8")
    thick = page.get_by_test_id("sum-picture").evaluate(PICTURE)
    page.get_by_test_id("class-selector").get_by_label("0").check(force=True)
    expect(page.get_by_test_id("sum-words")).to_contain_text("the sum reads as 0")
    assert page.get_by_test_id("sum-picture").evaluate(PICTURE) != thick
    address = re.search(r"sum=1~3s(\w+)", page.url)
    assert address
    seeded = latent.normals(int(address[1], 36), noise_size("digits-conditional"))
    np.testing.assert_allclose(equation(page)["A"][0], seeded, atol=1e-9)


def test_too_few(page: Page, app: App) -> None:
    sums = opened(page, app, "recorded-article-dense")  # which draws 8s alone
    page.get_by_test_id("sum-example").click()
    expect(page.get_by_test_id("collected")).to_have_text(
        re.compile("^In 1,000 draws the classifier was sure of hardly anything but 8s")
    )
    page.get_by_test_id("collect-A").click()
    expect(page.get_by_test_id("collected")).to_have_text(
        "In 1,000 draws the classifier was sure (90% or more) of 0 3s. "
        "A: none, so it stays as it was."
    )
    expect(sums.get_by_test_id("group-A-count")).to_have_text("empty")


def test_hostile_addresses(page: Page, app: App) -> None:
    opened(page, app, query="&sum=1~s1~s2~s3")
    kept = shown(page)
    for text, problem in HOSTILE.items():
        page.evaluate(
            """text => {
              const address = `?run=digits&mode=sum&sum=${encodeURIComponent(text)}`;
              history.replaceState(history.state, "", address);
              dispatchEvent(new PopStateEvent("popstate"));
            }""",
            text,
        )
        notice = page.get_by_test_id("explorer-notice")
        expect(notice).to_contain_text(problem)
        expect(notice).to_contain_text("What could not be read was left out.")
        assert shown(page) == kept
    page.goto(f"{app.url}/explore?run=digits&mode=sum&sum=9~~~")
    expect(page.get_by_test_id("explorer-notice")).to_contain_text("an amount")
    expect(page.get_by_test_id("sum-words")).to_contain_text("Averaged, the sum reads as")
