"""What spans the map: moments, directions of the server, and what an address asks for."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest
from browser.conftest import PATIENCE_MS
from browser.explorer_map import (
    COMPLETE,
    DIRECTIONS,
    REQUESTS,
    SETTLED,
    SIZE,
    answer,
    asked,
    kind,
    opened,
    picture,
    place,
    told,
    z_of,
)
from browser.server import App
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser


def test_each_moment_has_its_map(page: Page, app: App) -> None:
    opened(page, app, run="recorded-quick")
    grown = picture(page)
    page.get_by_test_id("snapshot").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"step=\d+"))
    await_picture(page, grown, is_same=False)
    page.keyboard.press("End")
    await_picture(page, grown)


def await_picture(page: Page, other: str, is_same: bool = True) -> None:
    """Waits until the complete map is this picture, or another."""
    outcome = page.get_by_test_id("map").evaluate(
        """async (map, [other, isSame]) => {
          const picture = () => map.querySelector("canvas").toDataURL();
          const isThere = () => map.ariaBusy === "false" && (picture() === other) === isSame;
          const end = performance.now() + 30000;
          while (!isThere() && performance.now() < end) await new Promise(requestAnimationFrame);
          return isThere(); }""",
        [other, is_same],
    )
    assert outcome


def test_directions_of_the_server_span_a_plane(page: Page, app: App) -> None:
    done = told("features", [0.4, 0.25, 0.1])
    page.route(REQUESTS, lambda route: answer(route, done))
    map_ = opened(page, app)
    kind(page, "Principal directions").focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"map=f1\.2$"))
    page.wait_for_selector(COMPLETE)
    expect(page.get_by_text("GANSpace: Härkönen et al. 2020")).to_be_visible()
    axis = page.get_by_test_id("plane-axis-2")
    assert axis.locator("option").all_inner_texts() == [
        "1 (40.0% of the variance)", "2 (25.0% of the variance)", "3 (10.0% of the variance)",
    ]  # fmt: skip
    axis.select_option("2")
    page.wait_for_url(re.compile(r"map=f1\.3$"))
    start = z_of(page)
    own = pytest.approx([start @ DIRECTIONS[0], start @ DIRECTIONS[2]], abs=0.011)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while place(page) != own:
        assert time.monotonic() < deadline, "the plane's coordinates are z's own"
    map_.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_url(re.compile(r"map=f1\.3~s1$"))
    moved = z_of(page) - start
    assert np.abs(moved - 0.5 * DIRECTIONS[2]).max() <= 0.02


def test_the_real_request_finds_eigenvectors(page: Page, app: App) -> None:
    opened(page, app)
    plain = picture(page)
    kind(page, "Eigenvectors").click()
    page.wait_for_url(re.compile(r"map=w1\.2$"))
    page.wait_for_selector(COMPLETE)
    assert picture(page) != plain
    shares = [
        float(re.search(r"([\d.]+)%", text)[1])  # type: ignore[index]
        for text in page.get_by_test_id("plane-axis-1").locator("option").all_inner_texts()
    ]
    assert len(shares) == 8
    assert shares == sorted(shares, reverse=True)
    expect(page.get_by_text("SeFa: Shen and Zhou 2021")).to_be_visible()


def test_a_refusal_keeps_the_map(page: Page, app: App) -> None:
    refused = {"state": "refused", "error": "It does not fit.", "hint": "Choose a smaller one."}
    page.route(REQUESTS, lambda route: answer(route, refused))
    opened(page, app)
    plain = picture(page)
    kind(page, "Eigenvectors").click()
    expect(page.get_by_test_id("plane-message")).to_have_text(
        "It does not fit. Choose a smaller one. The map stays as it was."
    )
    expect(kind(page, "Two numbers of z")).to_be_checked()
    assert picture(page) == plain
    assert asked(page, "map") == "n1.2"


def test_waiting_for_directions_can_be_cancelled(page: Page, app: App) -> None:
    cancelled: list[str] = []
    waiting = {"state": "waiting", "place": 2}

    def hear(route: Route) -> None:
        cancelled.extend([route.request.url] * (route.request.method == "DELETE"))
        answer(route, waiting)

    page.route(REQUESTS, hear)
    opened(page, app)
    kind(page, "Principal directions").click()
    wait = page.get_by_test_id("plane-wait")
    expect(wait).to_contain_text("2 before this one in line")
    wait.get_by_role("button", name="Cancel").click()
    expect(wait).to_be_hidden()
    expect(page.get_by_test_id("plane-message")).to_have_text("Cancelled: the map stays as it was.")
    expect(kind(page, "Two numbers of z")).to_be_checked()
    kind(page, "Principal directions").click()
    expect(wait).to_contain_text("2 before this one in line")  # what it asked before was heard
    assert len(cancelled) == 1


SPANNED_BY = {
    kind: re.compile(f"^Map of digits, spanned by {words}")
    for kind, words in (("n", "numbers"), ("f", "principal directions"), ("p", "three pictures"))
}


@pytest.mark.parametrize("spanned", ["n3.7~c-40.20.1~t", "f2.1", "p~s5~s6~s7"])
def test_a_shared_address_opens_the_same_map(
    page: Page, app: App, browser: Browser, spanned: str
) -> None:
    map_ = opened(page, app, f"z=s1&map={spanned}")
    page.wait_for_function("() => location.search.includes('map=')")
    expect(page.get_by_test_id("plane-wait")).to_be_hidden()
    expect(map_).to_have_accessible_name(SPANNED_BY[spanned[0]])
    map_.focus()
    for key in ("Home", "Shift+ArrowUp", "ArrowRight", "+"):
        page.keyboard.press(key)
    zoom = re.search(r"~c.*\.(\d)", spanned)
    closer = int(zoom[1]) + 1 if zoom else 1
    page.wait_for_url(re.compile(rf"z=(?!s1&).*~c[^~]*\.{closer}\b"))  # the hand has come to rest
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_selector(COMPLETE)
    page.wait_for_selector(SETTLED)
    other = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    other.goto(page.url)
    expect(other.get_by_test_id("map")).to_have_accessible_name(SPANNED_BY[spanned[0]])
    other.wait_for_selector(COMPLETE)
    other.wait_for_selector(SETTLED)
    assert picture(other) == picture(page)
    assert picture(other, "explorer-canvas") == picture(page, "explorer-canvas")
    assert place(other) == place(page)
    assert other.url == page.url
    other.context.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("n1.1", "spans the map twice by the same"),
        (f"n1.{SIZE + 1}", f"by numbers of z of which there are {SIZE}"),
        ("f1.9", "by directions of which there are 8"),
        ("n1.2~c0.0.99", "cannot be read"),
        ("f1.2~d7", "by directions of step 7, of which nothing is kept"),
        ("p~s1~s1~s1", "span no plane"),
        ("p~s1~s2~vAA", "carries a noise vector of 1 numbers"),
        ("__proto__~<script>", "cannot be read"),
        ("n1.2" + "~t" * 9000, "cannot be read"),
    ],
)
def test_a_damaged_address_shows_a_message_and_a_map(
    page: Page, app: App, text: str, words: str
) -> None:
    opened(page, app, f"z=s1&map={text}")
    expect(page.get_by_test_id("explorer-notice")).to_contain_text(words)
    page.wait_for_url(re.compile(r"z=s1&map=f1\.2$"))


def test_a_truncated_bookmark_is_marked_where_its_digit_is(page: Page, app: App) -> None:
    map_ = opened(page, app, "z=o_1.100&map=n1.2")
    marks = [{"id": "half", "name": "half", "z": "o_1.200_2.-100", "scale": 0.5}]
    page.evaluate(
        "marks => localStorage.setItem('digit-forge:bookmarks:digits', marks)", json.dumps(marks)
    )
    page.reload()
    page.wait_for_selector(COMPLETE)
    mark, scale = map_.get_by_role("button", name="Go to half"), page.get_by_test_id("scale")
    for truncation, (x, y) in {"1": (1, -0.5), "0.5": (2, -1), "0.8": (1.25, -0.625)}.items():
        scale.fill(truncation)
        right, down = (str(0.5 + share / 6)[:6] for share in (x, -y))
        place = re.compile(rf"--right: {right}\d*; --down: {down}\d*;")
        expect(mark).to_have_attribute("style", place)
    for truncation in ("0.3", "0"):  # beyond what z can be, and nowhere
        scale.fill(truncation)
        expect(mark).to_have_count(0)
