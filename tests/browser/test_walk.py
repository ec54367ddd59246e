"""The main walk, in real Chromium: from Home to a run, to its digits, to its noise."""

from __future__ import annotations

import re
import urllib.parse

import pytest
from browser.server import App
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser

CANVAS = "c => c.toDataURL()"


def stop_of(page: Page) -> Locator:
    return page.get_by_role("button", name="Stop", exact=True)


STEP_SHOWN = """() => Number(document.querySelector("canvas[aria-label*='digits after']")
    ?.ariaLabel.match(/after (\\d+) steps/)[1] ?? -1)"""


def step_of(page: Page) -> int:
    """The step whose samples are shown."""
    return page.evaluate(STEP_SHOWN)


def wait_for_step(page: Page, above: int) -> None:
    page.wait_for_function(f"above => ({STEP_SHOWN})() > above", arg=above)


def curve_steps(page: Page) -> list[float]:
    """The steps of the loss chart's first line."""
    return page.get_by_test_id("loss-chart").evaluate("c => Array.from(c.data?.[0]?.x ?? [])")


def query(page: Page) -> dict[str, list[str]]:
    return urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)


def test_home_shows_a_digit_that_keeps_changing(page: Page, app: App) -> None:
    page.goto(app.url)
    canvas = page.get_by_role("button", name="A digit that the generator draws")
    expect(canvas).to_have_attribute("aria-busy", "false")
    for _ in range(3):
        shown = [canvas.element_handle(), canvas.evaluate(CANVAS)]
        page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=shown)
    for door in ("Train", "Explore", "Runs"):
        links = page.get_by_test_id("stMain").get_by_role("link", name=door, exact=True)
        expect(links).to_be_visible()


def test_from_a_click_to_a_digit_of_ones_own(page: Page, app: App) -> None:
    page.goto(app.url)
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile(r"/run\?run="))
    run = query(page)["run"][0]
    wait_for_step(page, above=0)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.length > 2"
    )
    first = curve_steps(page)
    wait_for_step(page, above=step_of(page))
    page.wait_for_function(
        "last => document.querySelector('[data-testid=loss-chart]').data[0].x.at(-1) > last",
        arg=first[-1],
    )

    page.reload()
    wait_for_step(page, above=0)
    page.wait_for_function(
        "last => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.at(-1) > last",
        arg=first[-1],
    )
    again = curve_steps(page)
    assert again[0] <= first[0] + 32, "the whole curve is there, from its beginning"
    assert query(page)["run"] == [run]

    stop_of(page).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()
    expect(stop_of(page)).to_have_count(0)

    page.get_by_role("link", name="Explore this network").click()
    page.wait_for_selector("[data-testid=explorer-canvas][aria-busy=false]")
    assert query(page)["run"] == [run]
    canvas = page.get_by_test_id("explorer-canvas")
    before = canvas.evaluate(CANVAS)
    page.get_by_test_id("z1").focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "before => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector("
        "'[data-testid=explorer-canvas]')?.toDataURL() !== undefined && e.shadowRoot.querySelector("
        "'[data-testid=explorer-canvas]').toDataURL() !== before)",
        arg=before,
    )
    page.wait_for_url(re.compile(r"z=s\w+_1\.300"))
    moved = canvas.evaluate(CANVAS)

    page.reload()
    page.wait_for_selector("[data-testid=explorer-canvas][aria-busy=false]")
    expect(page.get_by_test_id("z1")).to_have_value("3")
    assert canvas.evaluate(CANVAS) == moved, "the address opens the same picture"

    page.get_by_role("link", name="Runs").first.click()
    expect(page.get_by_text(re.compile(r"\bstopped$")).first).to_be_visible()


HEADINGS = {
    "Home": "Nobody wrote these digits",
    "Train": "Train a GAN",
    "Explore": "Explore latent space",
    "Runs": "Runs",
}
ADDRESSES = {
    "/": "Nobody wrote these digits",
    "/train": "Train a GAN",
    "/run?run=recorded-quick": "quick",
    "/explore?run=digits": "Explore latent space",
    "/runs": "Runs",
    "/train?run=recorded-quick": "quick",  # as runs were addressed before they had a page
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_navigation_leads_from_each_page_to_each_page(
    page: Page, app: App, address: str
) -> None:
    for name, heading in HEADINGS.items():
        page.goto(f"{app.url}{address}")
        expect(page.get_by_role("heading", name=ADDRESSES[address], exact=True)).to_be_visible()
        page.get_by_test_id("stTopNavLink").get_by_text(name, exact=True).click()
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        if name == "Train":
            expect(page.get_by_role("button", name="Start training")).to_be_visible()
            assert "run" not in query(page)


def test_a_lost_connection_is_said_and_comes_back_by_itself(page: Page, app: App) -> None:
    """A stream that is cut and refused for a while, as when a laptop changes its network."""
    held: list[WebSocketRoute] = []
    is_cut = False

    def pass_on(route: WebSocketRoute) -> None:
        if is_cut:
            route.close()
        else:
            route.connect_to_server()
            held.append(route)

    page.route_web_socket(re.compile("_live/stream"), pass_on)
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Start training").click()
    wait_for_step(page, above=0)
    is_cut = True
    for route in held:
        route.close()
    lost = page.get_by_text(re.compile(r"connection to the server is lost: what you see is \d+ s"))
    expect(lost).to_be_visible()
    before = step_of(page)
    is_cut = False
    wait_for_step(page, above=before)
    expect(lost).to_be_hidden()
    stop_of(page).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()


def test_a_second_viewer_sees_the_same_run(page: Page, app: App, browser: Browser) -> None:
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("run="))
    wait_for_step(page, above=0)
    other = browser.new_page()
    other.goto(page.url)
    wait_for_step(other, above=0)
    stop_of(other).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()
    other.close()


def test_zoom_outlasts_the_ticks(page: Page, app: App) -> None:
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.length > 4"
    )
    chart = page.get_by_test_id("loss-chart")
    box = chart.locator(".nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    zoomed = chart.evaluate("c => { c.marked = true; return c.layout.xaxis.range; }")
    before = step_of(page)
    wait_for_step(page, above=before)
    wait_for_step(page, above=step_of(page))
    assert chart.evaluate("c => [c.layout.xaxis.range, c.marked]") == [zoomed, True]
    stop_of(page).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()


def test_time_is_held_moved_by_hand_and_branched(page: Page, app: App) -> None:
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Start training").click()
    wait_for_step(page, above=0)
    page.get_by_role("button", name="Pause", exact=True).click()
    held = page.get_by_text(re.compile(r"Time stands still after step \d"))
    expect(held).to_be_visible()
    before = int(re.sub(r"\D", "", held.inner_text()))
    page.get_by_role("button", name="G alone").click()
    expect(held).to_have_text(f"Time stands still after step {before + 1:,}.")
    expect(page.get_by_text("G was updated, D stood still")).to_be_visible()
    page.wait_for_selector("[data-testid=logits-chart] .scatterlayer")
    for name in ("real", "fake", "gradient"):
        expect(page.get_by_test_id(f"trace-{name}")).to_be_visible()

    page.get_by_role("button", name="Change settings").click()
    rate = page.get_by_role("spinbutton", name="Generator learning rate")
    rate.fill("0.05")
    rate.press("Enter")
    page.get_by_role("button", name="Change from the next step on").click()
    marked = "() => document.querySelector('[data-testid=loss-chart]')?.innerHTML.includes"
    page.wait_for_function(f"{marked}('learning rate 0.05')")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Resume").click()
    wait_for_step(page, above=before + 1)
    stop_of(page).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()

    page.get_by_role("button", name="Go back and branch").click()
    handle = page.get_by_role("slider")
    handle.focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Branch from here").click()
    expect(page.get_by_text(re.compile("A branch, from step"))).to_be_visible()
    wait_for_step(page, above=before)
    stop_of(page).click()
    expect(page.get_by_text(re.compile(r"\bstopped$"))).to_be_visible()
