"""A diffusion model in Explore, in real Chromium: its film, its noise, and links to both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.explorer_runs import SETTLED, chosen, picture, record_diffusion
from browser.server import App
from PIL import Image
from playwright.sync_api import Page, expect

from gan.runs.store import RunStore

pytestmark = pytest.mark.browser

STEPS = 4
"""Of the file."""


@pytest.fixture(scope="module")
def run(app: App) -> Iterator[str]:
    store = RunStore(app.home)
    yield record_diffusion(store)
    store.close()


def opened(page: Page, app: App, run: str, place: str = "z=s5") -> None:
    page.goto(f"{app.url}/explore?run={run}&{place}")
    page.wait_for_selector(SETTLED)


def test_a_film_is_scrubbed_from_noise_to_digit_and_linked(
    page: Page, app: App, run: str, tmp_path: Path
) -> None:
    opened(page, app, run)
    expect(page.get_by_role("tab")).to_have_text(["Film", "Noise", "Map", "Path", "Sum", "Find"])
    position, place = page.get_by_test_id("film-position"), page.get_by_test_id("film-place")
    shown, seen = page.get_by_test_id("film-picture"), page.get_by_test_id("film-digit")
    expect(place).to_have_text(re.compile(f"^After step 1 of {STEPS}: 92% of the noise is left$"))
    position.press("End")
    expect(place).to_have_text(f"After the last of {STEPS} steps: no noise is left")
    digit = picture(page.get_by_test_id("explorer-canvas"))
    assert picture(shown) == picture(seen) == digit, "it ends in the large digit"
    position.press("Home")
    expect(place).to_have_text(f"Before the first of {STEPS} steps: all of the noise is left")
    assert picture(shown) != digit
    page.wait_for_url(re.compile(r"&film=0$"))
    page.get_by_test_id("film-steps").select_option("10")
    page.wait_for_url(re.compile(r"steps=10"))
    expect(position).to_have_attribute("max", "10")
    expect(page.get_by_test_id("film-time")).to_have_text(re.compile(r"^10 steps took .* s on"))
    page.reload()
    page.wait_for_selector(SETTLED)
    expect(place).to_have_text("Before the first of 10 steps: all of the noise is left")
    with page.expect_download() as download:
        page.get_by_test_id("film-gif").click()
    download.value.save_as(tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert film.size[0] > 2 * film.size[1] > 0, "two pictures are side by side"


def test_a_film_plays_when_it_is_asked_to(page: Page, app: App, run: str) -> None:
    opened(page, app, run)
    play, place = page.get_by_test_id("film-play"), page.get_by_test_id("film-place")
    expect(play).to_have_text("Play")
    page.get_by_test_id("film-position").press(" ")
    expect(place).to_have_text(f"After the last of {STEPS} steps: no noise is left")
    expect(play).to_have_text("Play")


def test_noise_is_painted_on_and_undone(page: Page, app: App, run: str) -> None:
    opened(page, app, run, "mode=noise&z=s5")
    noise, canvas = page.get_by_test_id("noise-canvas"), page.get_by_test_id("explorer-canvas")
    before, digit = picture(noise), picture(canvas)
    page.get_by_test_id("noise").press(" ")
    page.wait_for_url(re.compile(r"z=v[\w-]{1568}"))
    page.wait_for_selector(SETTLED)
    assert picture(noise) != before
    assert picture(canvas) != digit
    painted = picture(canvas)
    page.reload()
    page.wait_for_selector(SETTLED)
    assert picture(canvas) == painted, "the address carries all of its numbers"
    page.get_by_test_id("noise").press(" ")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(SETTLED)
    assert picture(canvas) == painted


def test_the_same_noise_becomes_another_digit(page: Page, app: App, run: str) -> None:
    opened(page, app, run)
    canvas = page.get_by_test_id("explorer-canvas")
    digit = picture(canvas)
    expect(chosen(page)).to_have_value("0")
    page.get_by_test_id("class-selector").get_by_role("radio").nth(2).check(force=True)
    page.wait_for_url(re.compile(r"digit=2"))
    page.wait_for_selector(SETTLED)
    assert picture(canvas) != digit


def test_what_an_address_asks_of_it_in_vain_is_said(page: Page, app: App, run: str) -> None:
    opened(page, app, run, "mode=sliders&z=s5&steps=5000&map=n1.2")
    notice = page.get_by_test_id("explorer-notice")
    expect(notice).to_contain_text("there are no sliders")
    expect(notice).to_contain_text("steps of which there are not 1 to 1000")
    expect(notice).to_contain_text("that of this network is spanned by pictures")


def test_a_network_that_draws_in_one_go_has_no_film(page: Page, app: App) -> None:
    opened(page, app, "digits", "mode=film")
    expect(page.get_by_role("tab")).to_have_text(["Sliders", "Map", "Path", "Sum", "Find"])
    expect(page.get_by_test_id("explorer-notice")).to_contain_text("there is no film of it")
