"""Morphs between bookmarks in real Chromium: both ways, by mouse and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from browser.modules import modules
from browser.server import App
from browser.wire import Wire
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from support import TINY

from gan import latent
from gan.data.datasets import Digits
from gan.messages.events import Finished, Started
from gan.messages.status import StopReason
from gan.runs.store import RunStore

pytestmark = pytest.mark.browser

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"
PIXELS = "c => c.toDataURL()"
KINDS = ("great", "straight")
STOPS = ("s1", "s2", "s3")
SHARES = (0.0, 0.1, 0.25, 0.5, 0.77, 1.0)
ALIKE = """([one, other]) => one.getContext("2d").getImageData(0, 0, 1, 1).data[3] === 255
  && one.toDataURL() === other.toDataURL()"""


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


def expect_alike(page: Page, *canvases: Locator) -> None:
    """Two canvases show the same digit, once they are drawn."""
    page.wait_for_function(ALIKE, arg=[canvas.element_handle() for canvas in canvases])


def position(page: Page) -> float:
    return float(page.get_by_test_id("path-position").input_value())


def spelled(page: Page) -> list[str]:
    """The path in the page's address: its way, its position, its stops."""
    return parse_qs(urlsplit(page.url).query)["path"][0].split("~")


NAMES = {"great": "great circle", "straight": "straight line"}
ALONG = """async ([base, path, places]) => {
  const { Journey, readJourney } = await import(`${base}/../latent/journey.js`);
  const { stops } = readJourney(path, { latentDim: 64, classes: 0, learned: [] });
  const journey = new Journey(stops);
  return places.map(([kind, place]) => [...journey.at(kind, place)]);
}"""


def along(page: Page, path: str, *places: tuple[str, float]) -> list[NDArray[np.float64]]:
    """Where a path of an address is, each by its kind and position."""
    told: list[list[float]] = page.evaluate(ALONG, [modules(page), path, places])
    return [np.array(z) for z in told]


def extremes(page: Page, curve: str, kind: str) -> tuple[float, float]:
    """The least and the greatest value of a curve, once it is drawn, as it says them."""
    said = re.compile(rf"{NAMES[kind]}: from ([\d.]+)%? to ([\d.]+)")
    shown = page.get_by_test_id(f"curve-{curve}")
    expect(shown).to_have_attribute("aria-label", said)
    found = said.search(shown.get_attribute("aria-label") or "")
    assert found is not None
    return float(found[1]), float(found[2])


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
    assert 6 < norms.min() < norms.max() < 10  # sqrt(64), more or less
    low, high = extremes(page, "norm", "great")
    assert round(norms.min(), 1) <= low <= high <= round(norms.max(), 1)
    assert extremes(page, "norm", "straight")[0] < 0.85 * norms.min(), "it falls short in between"
    words = page.get_by_test_id("path-summary")
    expect(words).to_have_text(re.compile(r"of the way from|^Half way from"))
    shortest = f"{extremes(page, 'norm', 'straight')[0]:.1f} long"
    expect(words).to_contain_text(shortest)
    expect(words).to_contain_text("random draws have about 8.0.")
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
    assert half == pytest.approx(np.linalg.norm(latent.normals(2, 64)) / 2)
    assert extremes(page, "norm", "great") == (round(half, 1), round(whole, 1))
    page.get_by_test_id("path-speed").select_option("0.25")
    page.get_by_test_id("path-play").click()
    expect(scale).to_have_value("1")
    expect(note).to_be_hidden()
    scale.fill("0.8")
    expect(page.get_by_test_id("path-play")).to_have_text("Play")  # it leaves the path, so it ends
    expect(scale).to_have_value("0.8")


def test_an_address_shows_the_same_path(page: Page, app: App, browser: Browser) -> None:
    path = opened(page, app, "straight~137~s1~s2_4.-250~s3!!60")
    complete(path)
    pictures = drawn(page)
    assert pictures[0] != pictures[1]
    expect(page.get_by_test_id("bookmarks").locator("li")).to_have_count(0)
    page.get_by_test_id("path-position").focus()
    page.keyboard.press("ArrowRight")
    moved = drawn(page)
    assert moved[0] != pictures[0]
    large = page.get_by_test_id("explorer-canvas")
    page.wait_for_selector(SETTLED)
    other = browser.new_page(viewport={"width": 700, "height": 900})
    try:
        other.goto(page.url)
        other.wait_for_selector(SETTLED)
        assert drawn(other) == moved
        assert other.get_by_test_id("explorer-canvas").evaluate(PIXELS) == large.evaluate(PIXELS)
        expect_stops(other, "stop 1", "stop 2", "stop 3")
        assert spelled(other) == ["straight", "138", "s1", "s2_4.-250", "s3!!60"]
        other.get_by_test_id("stops-keep").click()
        expect(other.get_by_test_id("bookmarks").locator("li")).to_have_count(3)
        expect(other.get_by_test_id("stops-keep")).to_be_hidden()
        other.reload()
        other.wait_for_selector(SETTLED)
        assert drawn(other) == moved
        expect(other.get_by_test_id("stops-keep")).to_be_hidden()
    finally:
        other.close()


HOSTILE = {
    "": "in no way that there is",
    "crooked~0~s1~s2": "in no way that there is",
    "great~0~s1": "the one in this address has 1",
    "great~0" + 9 * "~s1": "the one in this address has 9",
    "great~101~s1~s2": "is not on it",
    "great~-1~s1~s2": "is not on it",
    "great~1e1~s1~s2": "is not on it",
    "great~0~<script>alert(1)</script>~s2": "noise vector",
    "great~0~s1~v" + 60 * "AA": "60 numbers; this network takes 64",
    "great~0~s1!7~s2": "cannot be asked for",
    "great~0~s1!!101~s2": "scaled by something",
    "great~0~s1!!50!1~s2": "scaled by something",
    "great~0" + 9000 * "~": "too long",
}


def test_what_an_address_asks_for_is_not_trusted(page: Page, app: App) -> None:
    shown = opened(page, app, "great~0~s1~v__")
    notice = page.get_by_test_id("explorer-notice")
    expect(notice).to_contain_text("1 numbers; this network takes 64")
    for path, reason in HOSTILE.items():
        page.evaluate(
            """(path) => {
              history.pushState(null, "", `?run=digits&mode=path&path=${encodeURIComponent(path)}`);
              dispatchEvent(new PopStateEvent("popstate"));
            }""",
            path,
        )
        expect(notice).to_contain_text(reason)
        expect(shown).to_contain_text("Your own take its place")


def test_a_pointer_on_the_curves_moves_along(page: Page, app: App) -> None:
    path = opened(page, app, "great~0~s1~s2", "digits-vae")
    complete(path)
    expect(path).to_contain_text("came without its discriminator")
    curve = page.get_by_test_id("curve-norm")
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], middle)
    page.mouse.down()
    for share in np.linspace(0.2, 0.75, 12):
        page.mouse.move(box["x"] + share * box["width"], middle)
    page.mouse.up()
    assert position(page) == pytest.approx(0.75, abs=0.01)
    expect(
        page.locator(".explorer .status").filter(has_text="75% of the way from stop 1")
    ).to_have_count(1)
    page.get_by_role("radio", name="straight line").first.check()
    assert spelled(page)[0] == "straight"
    drawn(page)
    large = page.get_by_test_id("explorer-canvas")
    page.wait_for_selector(SETTLED)
    assert large.evaluate(PIXELS) != page.get_by_test_id("path-great").evaluate(PIXELS)


def test_a_gif_has_all_frames(page: Page, app: App, tmp_path: Path) -> None:
    path = opened(page, app, "great~0~s1~s2")
    with page.expect_download() as started:
        page.get_by_test_id("gif-save").click()
    assert started.value.suggested_filename == "digits-morph.gif"
    started.value.save_as(tmp_path / "both.gif")
    with Image.open(tmp_path / "both.gif") as image:
        assert (image.size, image.n_frames) == ((8 * 58, 8 * 28), 33)
        assert (image.info["duration"], image.info["loop"]) == (50, 0)
        last = np.asarray(image.convert("RGB"))
        np.testing.assert_array_equal(last[:, : 8 * 28], last[:, 8 * 30 :])  # at the first stop
        image.seek(16)
        half = np.asarray(image.convert("RGB"))
        assert (half[:, : 8 * 28] != half[:, 8 * 30 :]).any()
    expect(page.get_by_test_id("gif-message")).to_have_text(re.compile("33 frames, 1.6 sec"))
    complete(path)
    page.get_by_test_id("gif-columns").get_by_role("radio", name="straight line").check()
    page.get_by_test_id("path-speed").select_option("4")
    with page.expect_download() as started:
        page.get_by_test_id("gif-save").click()
    with Image.open(started.value.path()) as image:
        assert (image.size, image.n_frames) == ((8 * 28, 8 * 28), 9)


def test_a_refused_gif_says_why_and_the_path_stays(page: Page, app: App) -> None:
    path = opened(page, app, "great~40~s1~s2")
    complete(path)

    page.evaluate(
        """() => {
          globalThis.kept = fetch;
          globalThis.fetch = () => Promise.reject(new TypeError("nobody there"));
        }"""
    )
    page.get_by_test_id("gif-save").click()
    message = page.get_by_test_id("gif-message")
    expect(message).to_have_text("The server does not answer. The path is still here: try again.")
    page.evaluate("() => { globalThis.fetch = kept; }")
    with page.expect_download():
        page.get_by_test_id("gif-save").click()
    assert position(page) == 0.4


def test_who_wants_stillness_goes_from_stop_to_stop(page: Page, app: App) -> None:
    page.emulate_media(reduced_motion="reduce")
    opened(page, app, "great~0~s1~s2~s3")
    page.get_by_test_id("path-speed").select_option("4")
    drawn(page)
    places = page.evaluate_handle("() => (globalThis.places = [])")
    page.get_by_test_id("path-position").evaluate(
        """(slider, places) => {
          const look = () => {
            if (places.at(-1) !== slider.value) places.push(slider.value);
            requestAnimationFrame(look);
          };
          look();
        }""",
        places,
    )
    page.get_by_test_id("path-play").click()
    expect(page.get_by_test_id("path-play")).to_have_text("Pause")
    expect(page.get_by_test_id("path-play")).to_have_text("Play")
    assert places.json_value() == ["0", "1", "2"]


@pytest.fixture(scope="module")
def judged_run(app: App, few_digits: Digits) -> Iterator[str]:
    """A conditional run with its discriminator."""
    from gan.model import snapshots, training

    config = replace(TINY, conditional="projected", classes="1,7")
    trainer = training.trainer(config, few_digits)
    trainer.tick(4)
    snapshot = snapshots.take_snapshot(trainer, 4)
    store = RunStore(app.home)
    run = store.create(config, "judged")
    for event in (Started("CPU", 1, 1, 200), snapshot, Finished(4, StopReason.COMPLETED)):
        store.append(run, event)
    store.release(run)
    yield run
    store.close()


@pytest.mark.tensorflow
def test_d_judges_and_the_class_switches_half_way(page: Page, app: App, judged_run: str) -> None:
    path = opened(page, app, "great~0~s1!1~s2!7", judged_run)
    complete(path)
    score = page.get_by_test_id("curve-score")
    expect(score).to_have_attribute("aria-label", re.compile(r"Median of 64 random draws: [\d.]+%"))
    expect(page.get_by_test_id("path-summary")).to_contain_text(re.compile(r"There D gives .*%"))
    for kind in KINDS:
        low, high = extremes(page, "score", kind)
        assert 0 <= low < high <= 100
    expect(page.get_by_test_id("path-note")).to_contain_text("switches at once, half way")
    page.get_by_test_id("path-position").focus()
    for place, digit in ((0.49, "1"), (0.5, "7")):
        page.get_by_test_id("path-position").fill(str(place))
        expect(page.get_by_test_id("class-selector").locator("input:checked")).to_have_value(digit)
