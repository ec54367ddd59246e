"""Searches for a digit in real Chromium: drawn, picked or made, by mouse and by keyboard alone."""

from __future__ import annotations

import base64
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browser.server import App
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route, expect
from support import noise_size

from gan import latent, network_file
from gan.network_file import Layer, inference
from gan.runs import library
from gan.runs.store import RunStore, default_home

pytestmark = pytest.mark.browser

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"
VERDICT = re.compile("^(Found|This generator cannot make|This search did not find)")
SAME = re.compile(r"^Found in [\d.]+ s with an error of")
PICTURE = "c => c.toDataURL()"
GREEN = """c => { const p = c.getContext('2d').getImageData(0, 0, 28, 28).data;
  return Array.from({length: 784}, (_, i) => p[4 * i + 1]); }"""
SIZE = noise_size("digits")
NOISE = [0.4, -1.1, 0.3, 0.9]
"""Over and over: the z of the digit that is looked for."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


def no_encoder(page: Page) -> None:
    """The server says that it fits no encoder: a search begins at random draws."""
    request = "**/_live/requests"
    refusal = {"state": "refused", "error": "No encoder today.", "hint": "Ask tomorrow."}
    page.route(request, lambda route: route.fulfill(json={"ticket": "t"}))
    page.route(f"{request}/*", lambda route: route.fulfill(json=refusal))


def encoder_of(z: NDArray[np.float64]) -> bytes:
    """An encoder that guesses z whatever it sees."""
    header = {"kind": "dense", "inputs": 784, "outputs": len(z), "activation": "linear"}
    layer = Layer(header, np.zeros((784, len(z)), np.float32), z.astype(np.float32))
    return network_file.dump({"sees": "picture", "latent_dim": len(z), "classes": 0}, [layer])


def opened(page: Page, app: App, run: str = "digits") -> Locator:
    page.goto(f"{app.url}/explore?run={run}&mode=find&z=s1")
    page.wait_for_selector(SETTLED)
    return page.get_by_test_id("find")


def drawn(z: NDArray[np.float64], run: str = "digits") -> NDArray[np.float64]:
    """The picture that a generator draws from z, 0 to 255, by other code than the page's."""
    with closing(RunStore(default_home())) as store:
        network = library.generator(store, library.find(store, run))
    assert network is not None
    return (inference.drawn(network, z[None]).ravel().astype(float) + 1) * 127.5


def seek(page: Page, picture: NDArray[Any]) -> None:
    """Pick a picture that the server seems to have, so that it is searched for."""
    sent = base64.b64encode(picture.astype(np.uint8).tobytes()).decode()
    told = {"digits": [{"picture": sent, "label": None}], "words": "Made for this test."}
    page.route("**/real-digits?*", lambda route: route.fulfill(json=told))
    page.get_by_role("radio", name="a real digit").check(force=True)
    page.get_by_test_id("real-digits").get_by_role("button").click()


def words(page: Page) -> Locator:
    """What is said about the search."""
    return page.get_by_test_id("find-words")


def spelled(page: Page) -> str:
    """The z in the page's address."""
    return parse_qs(urlsplit(page.url).query)["z"][0]


def noise_of(page: Page, size: int) -> NDArray[np.float64]:
    """And as numbers."""
    return latent.from_text(spelled(page), size)[0].astype(float)


def stroke(page: Page, canvas: Locator, *points: tuple[float, float]) -> None:
    """Draw from point to point, as shares of the canvas."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for place, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if place == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_digit_of_its_own_is_found_again(page: Page, app: App) -> None:
    no_encoder(page)
    opened(page, app)
    picture = np.rint(drawn(np.resize(NOISE, SIZE)))
    seek(page, picture)
    expect(words(page)).to_contain_text(SAME)
    assert float(page.get_by_test_id("find-error").inner_text()) < 20
    page.wait_for_selector(SETTLED)
    found = drawn(noise_of(page, SIZE))  # what is in the address is what was found
    error = np.sqrt(np.mean((found - picture) ** 2))
    assert error == pytest.approx(float(page.get_by_test_id("find-error").inner_text()), abs=0.2)
    page.get_by_role("button", name="Undo", exact=True).click()
    assert spelled(page) == "s1", "and back to where people were"


def test_a_digit_drawn_by_mouse(page: Page, app: App) -> None:
    no_encoder(page)
    find = opened(page, app)
    canvas = page.get_by_test_id("drawing")
    expect(page.get_by_role("button", name="Search")).to_be_disabled()
    stroke(page, canvas, (0.1, 0.1), (0.4, 0.1), (0.25, 0.5))  # small, in a corner
    expect(words(page)).to_contain_text(VERDICT)
    expect(words(page)).to_contain_text("The classifier reads the target as 7")
    ink = np.reshape(page.get_by_test_id("find-target").evaluate(GREEN), (28, 28)) > 100
    rows, columns = np.nonzero(ink)
    assert 17 <= np.ptp(rows) + 1 <= 21, "as tall as MNIST's digits"
    assert abs(rows.mean() - 13.5) < 1.5
    assert abs(columns.mean() - 13.5) < 1.5
    assert spelled(page) != "s1"
    one = canvas.evaluate(PICTURE)
    stroke(page, canvas, (0.3, 0.3), (0.6, 0.3))
    assert canvas.evaluate(PICTURE) != one
    page.get_by_role("button", name="Undo stroke").click()
    assert canvas.evaluate(PICTURE) == one
    expect(page.get_by_test_id("find-error")).to_have_text(re.compile(r"\d"))  # of another search
    expect(find).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Clear").click()
    expect(words(page)).to_contain_text("Draw a digit")
    expect(page.get_by_role("button", name="Search")).to_be_disabled()


def test_a_digit_drawn_by_keyboard_alone(page: Page, app: App) -> None:
    no_encoder(page)
    opened(page, app, "recorded-article-dense")
    page.get_by_role("radio", name="a digit that I draw").focus()
    page.keyboard.press("Tab")
    canvas = page.get_by_test_id("drawing")
    expect(canvas).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    status = page.locator(".status")
    expect(status).to_have_text("Pen down")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    expect(status).to_have_text("Pen at 50% across, 79% down")
    page.keyboard.press("Enter")
    expect(words(page)).to_contain_text(VERDICT)
    expect(words(page)).to_contain_text("The classifier reads the target as 1")
    page.keyboard.press("Backspace")
    expect(words(page)).to_contain_text("Draw a digit")


def test_a_real_digit_is_picked(page: Page, app: App) -> None:
    no_encoder(page)
    opened(page, app)
    page.get_by_role("radio", name="a digit that I draw").focus()
    page.keyboard.press("ArrowRight")
    digits = page.get_by_test_id("real-digits").get_by_role("button")
    expect(digits).to_have_count(20)
    one = digits.nth(6).locator("canvas").evaluate(GREEN)
    page.get_by_role("button", name="Others").click()
    expect(digits).to_have_count(20)
    assert digits.nth(6).locator("canvas").evaluate(GREEN) != one
    digits.nth(6).focus()
    page.keyboard.press("Enter")
    expect(digits.nth(6)).to_have_attribute("aria-pressed", "true")
    picked = digits.nth(6).locator("canvas").evaluate(GREEN)
    assert page.get_by_test_id("find-target").evaluate(GREEN) == picked
    expect(words(page)).to_contain_text(VERDICT)
    expect(words(page)).to_contain_text("what was found")
    expect(page.get_by_test_id("encoder")).to_contain_text("No encoder today. Ask tomorrow.")


def test_cancel_keeps_the_best_so_far(page: Page, app: App) -> None:
    no_encoder(page)
    opened(page, app, "recorded-dcgan-tutorial")
    stripes = np.tile([0, 0, 255, 0], 196)
    seek(page, stripes)
    expect(page.get_by_test_id("find-error")).to_have_text(re.compile(r"\d"))
    page.get_by_test_id("find-cancel").click()
    expect(words(page)).to_contain_text(re.compile("^Cancelled after .* kept"))
    expect(page.get_by_test_id("find-cancel")).to_be_hidden()
    page.wait_for_selector(SETTLED)
    error = page.get_by_test_id("find-error").inner_text()
    found = drawn(noise_of(page, 100), "recorded-dcgan-tutorial")
    away = np.sqrt(np.mean((found - stripes) ** 2))
    assert away == pytest.approx(float(error), abs=0.5)


def test_another_moment_ends_the_search(page: Page, app: App) -> None:
    no_encoder(page)
    page.goto(f"{app.url}/explore?run=recorded-quick&z=s1")
    page.wait_for_selector(SETTLED)
    page.get_by_test_id("mode-find").click()
    seek(page, np.tile([0, 0, 255, 0], 196))
    page.get_by_test_id("snapshot").focus()
    page.keyboard.press("Home")
    expect(words(page)).to_contain_text("The network is another now")
    expect(page.get_by_test_id("find-error")).not_to_have_text(re.compile(r"\d"))
    assert spelled(page) == "s1", "what the network before would have found is nobody's"


@pytest.mark.parametrize("run", ["digits", "recorded-article-dense"])
def test_a_checkerboard_cannot_be_made(page: Page, app: App, run: str) -> None:
    no_encoder(page)
    find = opened(page, app, run)
    rows, columns = np.indices((28, 28)) // 4
    seek(page, 255 * ((rows + columns) % 2))
    expect(words(page)).to_contain_text(
        re.compile(r"^This generator cannot make that \w+: the nearest it comes differs by 1\d\d")
    )
    expect(find).to_have_attribute("aria-busy", "false")


def test_the_encoders_guess_is_one_start_and_can_be_compared(page: Page, app: App) -> None:
    told: dict[str, Any] = {"state": "working", "share": 0.4, "doing": "Fitting"}
    asked: list[Any] = []

    def ask(route: Route) -> None:
        wish = json.loads(route.request.post_data or "")
        asked.append(wish)
        route.fulfill(json={"ticket": "t" if wish["kind"] == "encoder" else "other"})

    refusal = {"state": "refused", "error": "Not today.", "hint": ""}
    page.route("**/_live/requests/other", lambda route: route.fulfill(json=refusal))
    page.route("**/_live/requests", ask)
    page.route("**/_live/requests/t", lambda route: route.fulfill(json=told))
    opened(page, app)
    state = page.get_by_test_id("encoder")
    expect(state).to_contain_text("Fitting: 40%")
    z = np.resize(NOISE, SIZE)
    page.route("**/_live/requests/t/file", lambda route: route.fulfill(body=encoder_of(z)))
    told |= {"state": "done", "result": {"url": "/_live/requests/t/file"}}
    expect(state).to_contain_text("An encoder guesses where to begin.")
    encoders = [wish for wish in asked if wish["kind"] == "encoder"]
    assert [wish["run"] for wish in encoders] == ["digits"], "asked once, for this network"
    seek(page, np.rint(drawn(z)))
    expect(words(page)).to_contain_text(SAME)
    assert float(page.get_by_test_id("find-error").inner_text()) < 1, "the guess was right"
    assert np.abs(noise_of(page, SIZE) - z).max() < 0.02
    page.get_by_role("button", name="Compare with random starts").click()
    compared = page.get_by_test_id("find-compared")
    expect(compared).to_contain_text(re.compile(r"random draws: 0\.\d .* random draws only: [1-9]"))
    page.get_by_role("radio", name="random draws only").check(force=True)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_test_id("find-error")).to_have_text(re.compile("^[1-9]"))


def test_fitting_an_encoder_can_be_cancelled(page: Page, app: App) -> None:
    ended: list[str] = []
    waiting = {"state": "waiting", "place": 2}

    def look(route: Route) -> None:
        ended.extend(["cancelled"] if route.request.method == "DELETE" else [])
        route.fulfill(json=waiting)

    page.route("**/_live/requests", lambda route: route.fulfill(json={"ticket": "t"}))
    page.route("**/_live/requests/t", look)
    opened(page, app)
    state = page.get_by_test_id("encoder")
    expect(state).to_contain_text("2 before this one in line")
    page.get_by_role("button", name="Cancel fitting the encoder").click()
    expect(state).to_contain_text("No encoder")
    page.get_by_role("button", name="Fit an encoder").click()
    expect(state).to_contain_text("2 before this one in line")  # what it asked before was heard
    assert ended == ["cancelled"]
