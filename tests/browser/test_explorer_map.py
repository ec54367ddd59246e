"""The explorer's map in real Chromium: planes through latent space, by mouse and by keyboard."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from browser.explorer_map import (
    COMPLETE,
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
from browser.wire import Wire
from playwright.sync_api import Locator, Page, expect

from gan import latent

pytestmark = pytest.mark.browser


def expect_place(page: Page, x: float, y: float) -> None:
    words = f"x {x:.2f}, y {y:.2f}".replace("-", "\N{MINUS SIGN}")
    expect(page.get_by_test_id("map-place")).to_have_text(words)


def point(map_: Locator, right: float, down: float) -> tuple[float, float]:
    """Where on the page a point of the map is, given in shares of it."""
    box = map_.bounding_box()
    assert box is not None
    return box["x"] + right * box["width"], box["y"] + down * box["height"]


def keep(page: Page, *latents: str) -> None:
    """Bookmarks in the browser, of these spelled vectors."""
    marks = [{"id": f"mark{i}", "name": f"number {i}", "z": z} for i, z in enumerate(latents)]
    page.evaluate(
        "marks => localStorage.setItem('digit-forge:bookmarks:digits', marks)", json.dumps(marks)
    )


def variety(page: Page) -> float:
    """How far the digits of the whole map differ: the standard deviation of a pixel (of 255)."""
    levels = page.get_by_test_id("map-canvas").evaluate(
        """c => Array.from(c.getContext("2d").getImageData(0, 0, c.width, c.height).data)
          .filter((_, i) => i % 4 === 1)"""
    )
    cells = np.array(levels, float).reshape(15, 28, 15, 28)
    return float(np.sqrt(cells.var(axis=(0, 2)).mean()))


def test_it_opens_on_what_shows_most(page: Page, app: App) -> None:
    opened(page, app, "z=s1", "digits-conditional")
    page.wait_for_url(re.compile(r"map=f1\.2$"))
    page.wait_for_selector(COMPLETE)
    expect(kind(page, "Principal directions")).to_be_checked()
    expect(page.get_by_text("Each digit of it is the 0 that is chosen")).to_be_visible()
    shown = variety(page)
    opened(page, app, "z=s1&map=n1.2", "digits-conditional")
    assert shown > 1.5 * variety(page), "two numbers of z are a wall of equal zeros"
    opened(page, app, "z=s1", "digits-conditional")
    page.get_by_test_id("class-selector").get_by_label("7").check(force=True)
    expect(page.get_by_text("Each digit of it is the 7 that is chosen")).to_be_visible()


def test_who_touched_the_map_keeps_it_and_is_offered_what_shows_most(page: Page, app: App) -> None:
    told_now = [{"state": "working", "share": 0.3, "doing": "Looking for directions"}]
    page.route(REQUESTS, lambda route: answer(route, told_now[-1]))
    map_ = opened(page, app, "z=s1")
    wait = page.get_by_test_id("plane-wait")
    expect(wait).to_contain_text("30%")
    expect(kind(page, "Two numbers of z")).to_be_checked()
    assert asked(page, "map") == "", "what is only for now is in no address"
    map_.focus()
    before = map_.bounding_box()
    page.keyboard.press("ArrowRight")
    told_now.append(told("features", [0.4, 0.25]))
    expect(wait).to_contain_text("The principal directions are there.")
    assert map_.bounding_box() == before, "nothing moves under the hand"
    expect(kind(page, "Two numbers of z")).to_be_checked()
    wait.get_by_role("button", name="Show them").press("Enter")
    page.wait_for_url(re.compile(r"map=f1\.2$"))


def test_a_drag_draws_without_the_server(clocked_page: Page, app: App) -> None:
    page = clocked_page
    wire = Wire(page)
    map_ = opened(page, app)
    start, address = z_of(page), page.url
    drawn = picture(page)
    page.mouse.move(*point(map_, 0.5, 0.5))
    page.mouse.down()
    page.wait_for_selector(SETTLED)
    wire.forget()
    pictures = set()
    for share in np.linspace(0.5, 0.9, 25):
        page.mouse.move(*point(map_, share, 1 - share))
        page.evaluate("() => new Promise(requestAnimationFrame)")
        pictures.add(picture(page, "explorer-canvas"))
    assert page.url == address, "the address waits for the hand"
    page.mouse.up()
    page.wait_for_url(lambda url: url != address)
    page.wait_for_selector(SETTLED)
    page.clock.fast_forward(1000)  # longer than anything waits for a hand to rest
    assert wire.sent() == [], "the server hears nothing of it"
    assert len(pictures) > 8
    assert picture(page) == drawn, "the map is not drawn anew"
    changed = np.flatnonzero(z_of(page) != start)
    assert changed.tolist() == [0, 1]
    assert z_of(page)[:2] == pytest.approx([2.4, 2.4], abs=0.02)
    expect(page.get_by_role("status").filter(has_text=r"reads as")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("z=s1&"))


def test_keys_move_zoom_and_pan(page: Page, app: App) -> None:
    map_ = opened(page, app, "z=s1&map=n3.7")
    expect(map_).to_have_accessible_name(
        "Map of digits, spanned by numbers of z: z3 from left to right, z7 upwards"
    )
    start, whole = z_of(page), picture(page)
    map_.focus()
    page.keyboard.press("Home")
    expect_place(page, 0, 0)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect_place(page, 0.55, -0.5)
    expect(page.get_by_text(re.compile(r"^x 0\.55, y .0\.50: reads as \d$"))).to_be_visible()
    expected = start.copy()
    expected[[2, 6]] = [0.55, -0.5]
    assert z_of(page).tolist() == expected.tolist()
    for _ in range(9):
        page.keyboard.press("Shift+ArrowDown")
    expect_place(page, 0.55, -3)  # no further than z goes
    page.keyboard.press("Home")
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.wait_for_url(re.compile(r"map=n3\.7~c0\.0\.2"))
    page.wait_for_selector(COMPLETE)
    closer = picture(page)
    assert closer != whole
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_url(re.compile(r"map=n3\.7~c60\.0\.2"))
    page.keyboard.press("Alt+ArrowLeft")
    page.wait_for_url(re.compile(r"map=n3\.7~c0\.0\.2"))
    assert picture(page) == closer, "cells that were there are there again"
    page.get_by_role("button", name="Whole").click()
    page.wait_for_url(re.compile(r"map=n3\.7$"))
    assert picture(page) == whole
    page.keyboard.press("Tab")
    page.keyboard.press("+")
    map_.focus()
    page.keyboard.press("+")
    page.wait_for_url(re.compile("~c"))
    assert asked(page, "map").endswith(".1"), "once closer: keys of the map are the map's alone"


ROLLED = "() => ({ once: new Promise((done) => addEventListener('wheel', done, { once: true })) })"
"""Has an event of the wheel been heard, by the map, too?"""


def test_wheel_and_shift_drag(page: Page, app: App) -> None:
    map_ = opened(page, app)
    start = z_of(page)
    page.mouse.move(*point(map_, 0.75, 0.5))
    rolled = page.evaluate_handle(ROLLED)
    page.mouse.wheel(0, -100)
    page.wait_for_function("({ once }) => once", arg=rolled)
    map_.scroll_into_view_if_needed()
    map_.focus()
    page.mouse.move(*point(map_, 0.75, 0.5))
    page.mouse.wheel(0, -200)
    page.wait_for_url(re.compile("~c"))
    # Twice closer: the wheel is the page's until the map has the focus. What was under the pointer
    # still is.
    assert asked(page, "map") == "n1.2~c75.0.2"
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(*point(map_, 0.25, 0.5), steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.wait_for_url(re.compile(r"map=n1\.2~c225\.0\.2"))
    assert z_of(page).tolist() == start.tolist(), "only the map moved"


def test_two_fingers_zoom(page: Page, app: App) -> None:
    map_ = opened(page, app)
    map_.scroll_into_view_if_needed()
    fingers = page.context.new_cdp_session(page)

    def touch(event: str, *shares: tuple[float, float]) -> None:
        points = [point(map_, *share) for share in shares]
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": touches})

    touch("touchStart", (0.4, 0.5), (0.6, 0.5))
    for apart in (0.15, 0.2):
        touch("touchMove", (0.5 - apart, 0.5), (0.5 + apart, 0.5))
    touch("touchEnd")
    page.wait_for_url(re.compile(r"map=n1\.2~c-?\d\.-?\d\.2$"))


def test_three_bookmarks_span_a_plane(page: Page, app: App) -> None:
    opened(page, app)
    kind(page, "Three pictures").click()
    expect(page.get_by_test_id("plane-message")).to_contain_text("there are none")
    assert asked(page, "map") == "n1.2"
    keep(page, "s5", "s6", "s7")
    page.reload()
    page.wait_for_selector(SETTLED)
    kind(page, "Three pictures").click()
    page.wait_for_url(re.compile(r"map=p~s5~s6~s7$"))
    page.wait_for_selector(COMPLETE)
    expect(page.get_by_test_id("map-place")).to_contain_text("away from this plane")
    map_ = page.get_by_test_id("map")
    marks = map_.get_by_role("button", name="on this plane")
    expect(marks).to_have_count(3)
    middle = marks.nth(1).bounding_box()
    assert middle is not None
    page.get_by_role("button", name="Go to number 0, on this plane").click()
    page.wait_for_url(re.compile("z=s5&"))
    expect_place(page, 0, 0)
    map_.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_url(lambda url: "z=s5" not in url)
    expect_place(page, 1, 0)
    assert np.abs(z_of(page) - latent.normals(6, SIZE)).max() <= 0.01
    pin = page.get_by_test_id("map-cursor").bounding_box()
    assert pin is not None
    assert pin["x"] + pin["width"] / 2 == pytest.approx(middle["x"] + middle["width"] / 2, abs=2)
    page.get_by_test_id("plane-corner-1").select_option(label="number 1")
    page.wait_for_url(re.compile(r"map=p~s6~s5~s7"))  # the two change places


def test_the_cursor_stays_where_z_can_be(page: Page, app: App) -> None:
    opened(page, app)
    keep(page, "o_1.290", "o_2.290", "o_3.290")
    page.reload()
    page.wait_for_selector(SETTLED)
    kind(page, "Three pictures").click()
    page.wait_for_url(re.compile("map=p"))
    map_ = page.get_by_test_id("map")
    expect(page.get_by_test_id("map-beyond")).to_be_visible()
    map_.focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_url(lambda _: z_of(page)[1] > 2.95)
    x, y = place(page)
    assert 1 < x < 1.04, "z2 is 2.9 x, and ends at 3"
    assert z_of(page)[:3] == pytest.approx([2.9 * (1 - x - y), 2.9 * x, 2.9 * y], abs=0.0051)


def test_colours_of_what_is_read(page: Page, app: App) -> None:
    opened(page, app)
    plain = picture(page)
    legend = page.get_by_test_id("map-legend")
    expect(legend).to_be_hidden()
    tint = page.get_by_role("button", name="Colour by digit")
    tint.focus()
    page.keyboard.press("Enter")
    expect(tint).to_have_attribute("aria-pressed", "true")
    expect(legend.get_by_role("listitem")).to_have_count(10)
    page.wait_for_url(re.compile(r"map=n1\.2~t$"))
    page.wait_for_selector(COMPLETE)
    colours = page.get_by_test_id("map-canvas").evaluate(
        """c => { const at = c.getContext("2d"); const found = new Set();
          for (let i = 0; i < 225; i++)
            found.add(at.getImageData(28 * (i % 15), 28 * Math.floor(i / 15), 1, 1).data.join());
          return found.size; }"""
    )
    assert colours > 2, "the corners of cells have their digit's colour"
    page.keyboard.press("Enter")
    expect(legend).to_be_hidden()
    page.wait_for_selector(COMPLETE)
    assert picture(page) == plain
