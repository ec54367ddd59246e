"""A path in an address, along its curves, and as a GIF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from browser.explorer_path import (
    KINDS,
    PIXELS,
    SETTLED,
    complete,
    drawn,
    expect_stops,
    extremes,
    opened,
    position,
    spelled,
)
from browser.server import App
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from support import TINY, noise_size

from gan.data.datasets import Digits
from gan.messages.events import Finished, Started
from gan.messages.status import StopReason
from gan.runs.store import RunStore

pytestmark = pytest.mark.browser


SIZE = noise_size("digits")


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
    "great~0~s1~v" + (SIZE - 4) * "AA": f"{SIZE - 4} numbers; this network takes {SIZE}",
    "great~0~s1!7~s2": "cannot be asked for",
    "great~0~s1!!101~s2": "scaled by something",
    "great~0~s1!!50!1~s2": "scaled by something",
    "great~0" + 9000 * "~": "too long",
}


def test_what_an_address_asks_for_is_not_trusted(page: Page, app: App) -> None:
    shown = opened(page, app, "great~0~s1~v__")
    notice = page.get_by_test_id("explorer-notice")
    expect(notice).to_contain_text(f"1 numbers; this network takes {SIZE}")
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
