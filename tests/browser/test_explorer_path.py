"""Morphs between bookmarks in real Chromium: both ways, by mouse and by keyboard alone."""

from __future__ import annotations

import re

import numpy as np
import pytest
from browser.explorer_path import (
    SETTLED,
    complete,
    drawn,
    expect_stops,
    extremes,
    opened,
    position,
    spelled,
)
from browser.modules import modules
from browser.server import App
from browser.wire import Wire
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect
from support import noise_size

from gan import latent

pytestmark = pytest.mark.browser


SIZE = noise_size("digits")


STOPS = ("s1", "s2", "s3")


SHARES = (0.0, 0.1, 0.25, 0.5, 0.77, 1.0)


ALIKE = """([one, other]) => one.getContext("2d").getImageData(0, 0, 1, 1).data[3] === 255
  && one.toDataURL() === other.toDataURL()"""


def expect_alike(page: Page, *canvases: Locator) -> None:
    """Two canvases show the same digit, once they are drawn."""
    page.wait_for_function(ALIKE, arg=[canvas.element_handle() for canvas in canvases])


ALONG = """async ([base, path, places, latentDim]) => {
  const { Journey, readJourney } = await import(`${base}/../latent/journey.js`);
  const { stops } = readJourney(path, { latentDim, classes: 0, learned: [] });
  const journey = new Journey(stops);
  return places.map(([kind, place]) => [...journey.at(kind, place)]);
}"""


def along(page: Page, path: str, *places: tuple[str, float]) -> list[NDArray[np.float64]]:
    """Where a path of an address is, each by its kind and position."""
    told: list[list[float]] = page.evaluate(ALONG, [modules(page), path, places, SIZE])
    return [np.array(z) for z in told]


def test_both_ways_are_those_of_latent_py(page: Page, app: App) -> None:
    text = "~".join(("great", "0", *STOPS))
    path = opened(page, app, text)
    complete(path)
    ends = along(page, text, *(("great", place) for place in range(len(STOPS))))
    for kind, way in (("great", latent.slerp), ("straight", latent.lerp)):
        for leg in range(len(STOPS) - 1):
            start, end = (np.float32(each) for each in ends[leg : leg + 2])
            between = along(page, text, *((kind, leg + share) for share in SHARES))
            for share, z in zip(SHARES, between, strict=True):
                np.testing.assert_allclose(z, way(start, end, share), atol=2e-6)
    norms = np.linalg.norm(ends, axis=1)
    about = np.sqrt(SIZE)
    assert 0.75 * about < norms.min() < norms.max() < 1.25 * about
    low, high = extremes(page, "norm", "great")
    assert round(norms.min(), 1) <= low <= high <= round(norms.max(), 1)
    assert extremes(page, "norm", "straight")[0] < 0.85 * norms.min(), "it falls short in between"
    words = page.get_by_test_id("path-summary")
    expect(words).to_have_text(re.compile(r"of the way from|^Half way from"))
    shortest = f"{extremes(page, 'norm', 'straight')[0]:.1f} long"
    expect(words).to_contain_text(shortest)
    expect(words).to_contain_text(f"random draws have about {about:.1f}.")
    label = page.get_by_test_id("curve-norm").get_attribute("aria-label")
    assert label is not None
    assert re.search(r"great circle: from [\d.]+ to [\d.]+; straight line: from [\d.]+ to", label)
    assert extremes(page, "change", "great")[1] > 50
    expect(words).to_contain_text("There D gives the straight line's picture")


def test_an_example_until_there_are_stops_of_ones_own(page: Page, app: App) -> None:
    path = opened(page, app)
    expect_stops(page, "a 7", "a 0")
    expect(path).to_contain_text("Example From a 7 to a 0. Your own take its place")
    complete(path)
    assert extremes(page, "change", "great")[1] > 50, "they are clearly different"
    assert "path=" not in page.url, "it comes again by itself"
    example = page.get_by_test_id("path-example")
    example.press("Enter")
    expect_stops(page)
    expect(path).to_contain_text("A path needs two bookmarks.")
    expect(example).to_be_focused()
    page.keyboard.press("Enter")
    expect_stops(page, "a 7", "a 0")
    page.get_by_role("button", name="Bookmark", exact=True).press("Enter")
    expect(page.get_by_test_id("stops").locator("li")).to_have_count(1)
    expect(path).to_contain_text("A path needs two bookmarks.")
    expect(example).to_be_hidden()


def test_two_random_digits_played_by_keyboard_alone(page: Page, app: App) -> None:
    wire = Wire(page)
    path = opened(page, app)
    page.get_by_test_id("path-start").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("bookmarks").locator("li")).to_have_count(2)
    complete(path)
    first = drawn(page)
    assert first[0] == first[1], "both ways begin at the first stop"
    page.get_by_test_id("path-position").focus()
    for key, place in (("ArrowRight", 0.01), ("Shift+ArrowRight", 0.11), ("PageDown", 1.0)):
        page.keyboard.press(key)
        assert position(page) == pytest.approx(place)
    expect(page.locator(".explorer .status").filter(has_text=re.compile("^At a"))).to_have_count(1)
    page.keyboard.press("Home")
    page.get_by_test_id("path-speed").select_option("0.5")
    page.get_by_test_id("path-position").focus()
    extremes(page, "score", "great")  # the discriminator is there, which is all that is loaded
    wire.forget()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("path-play")).to_have_text("Pause")
    expect(page.locator(".explorer .status").filter(has_text="Playing, at a")).to_have_count(1)
    expect(page.get_by_test_id("path-place")).to_have_text(re.compile(r"[4-9]\d% of the way"))
    page.keyboard.press("Space")
    expect(page.get_by_test_id("path-play")).to_have_text("Play")
    assert wire.sent() == [], "the browser plays by itself"
    here = position(page)
    assert 0.4 < here < 1
    great, straight = drawn(page)
    assert first[0] != great != straight
    page.wait_for_selector(SETTLED)
    assert spelled(page)[:2] == ["great", str(round(100 * here))]


BEGUN_AGAIN = """(slider) => new Promise((done) => {
  let last = 0;
  const look = () => {
    if (+slider.value < last) return done(true);
    last = +slider.value;
    requestAnimationFrame(look);
  };
  look();
})"""


def test_the_end_stops_or_begins_again(page: Page, app: App) -> None:
    opened(page, app, "great~95~s1~s2")
    page.get_by_test_id("path-speed").select_option("4")
    page.get_by_test_id("path-play").click()
    expect(page.get_by_test_id("path-play")).to_have_text("Play")
    assert position(page) == 1
    page.get_by_test_id("path-loop").click()
    page.get_by_test_id("path-play").click()  # from the beginning
    slider = page.get_by_test_id("path-position").element_handle()
    for _ in range(2):
        page.wait_for_function(BEGUN_AGAIN, arg=slider)
    expect(page.get_by_test_id("path-play")).to_have_text("Pause")
    page.get_by_role("button", name="Random", exact=True).click()
    expect(page.get_by_test_id("path-play")).to_have_text(
        "Play"
    )  # who goes elsewhere is left there
    expect(page.locator(".explorer .status").filter(has_text="Random draw")).to_have_count(1)


def test_stops_are_chosen_and_ordered(page: Page, app: App) -> None:
    path = opened(page, app)
    for _ in range(3):
        page.get_by_role("button", name="Random", exact=True).click()
        page.wait_for_selector(SETTLED)
        page.get_by_role("button", name="Bookmark", exact=True).click()
    for place, name in enumerate(("one", "two", "three")):
        mark = page.get_by_test_id("bookmarks").get_by_role("textbox").nth(place)
        mark.fill(name)
        mark.press("Enter")
    expect_stops(page, "one", "two", "three")
    page.get_by_role("button", name="two: move earlier").focus()
    page.keyboard.press("Enter")
    expect_stops(page, "two", "one", "three")
    assert page.evaluate("() => document.activeElement !== document.body"), "focus is not lost"
    page.keyboard.press("Enter")  # at the front, the focus has gone to its other button
    expect_stops(page, "one", "two", "three")
    page.get_by_role("button", name="two: take off the path").click()
    expect_stops(page, "one", "three")
    page.get_by_test_id("stop-choice").select_option(label="one")
    for count in range(3, 9):
        page.get_by_test_id("stop-add").click()
        expect(page.get_by_test_id("stops").locator("li")).to_have_count(count)
    expect(page.get_by_test_id("stop-add")).to_be_hidden()
    assert len(spelled(page)) == 2 + 8
    complete(path)
    expect(page.get_by_test_id("path-summary")).to_contain_text("no single great circle is defined")
    page.get_by_test_id("bookmarks").get_by_role("button", name="Remove one").click()
    expect_stops(page, "three")
    expect(path).to_contain_text("A path needs two stops")


def test_one_stop_is_drawn_and_gone_to(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits&mode=path&z=s5&scale=0.7")
    page.wait_for_selector(SETTLED)
    page.get_by_role("button", name="Bookmark", exact=True).click()
    tile = page.get_by_test_id("stops").locator("canvas")
    expect_alike(page, tile, page.get_by_test_id("bookmarks").locator("canvas"))
    page.get_by_role("button", name="Random", exact=True).click()
    page.wait_for_url(lambda url: "z=s5" not in url)
    page.get_by_role("button", name="To stop 1").click()
    page.wait_for_url(re.compile("z=s5&scale=0.7$"))
    page.wait_for_selector(SETTLED)
    expect_alike(page, tile, page.get_by_test_id("explorer-canvas"))
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_url(lambda url: "z=s5" not in url)


def test_a_stop_is_the_digit_of_its_bookmark(page: Page, app: App) -> None:
    path = opened(page, app, "great~0~s1~s2!!50")
    scale, note = page.get_by_test_id("scale"), page.get_by_test_id("path-note")
    scale.fill("0.6")
    expect(note).to_contain_text("The truncation of 0.60 is the large digit's alone")
    page.get_by_test_id("stops-keep").click()
    marks = page.get_by_test_id("bookmarks").locator("canvas")
    expect(marks).to_have_count(2)
    complete(path)
    for place in range(2):
        stop = page.get_by_test_id("stops").locator("canvas").nth(place)
        expect_alike(page, stop, marks.nth(place))
    whole, half = (
        np.linalg.norm(z) for z in along(page, "great~0~s1~s2!!50", ("great", 0), ("great", 1))
    )
    assert half == pytest.approx(np.linalg.norm(latent.normals(2, SIZE)) / 2)
    assert extremes(page, "norm", "great") == (round(half, 1), round(whole, 1))
    page.get_by_test_id("path-speed").select_option("0.25")
    page.get_by_test_id("path-play").click()
    expect(scale).to_have_value("1")
    expect(note).to_be_hidden()
    scale.fill("0.8")
    expect(page.get_by_test_id("path-play")).to_have_text("Play")  # it leaves the path, so it ends
    expect(scale).to_have_value("0.8")
