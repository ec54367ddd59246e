"""The generator in real Chromium: it draws what Keras draws, and follows the hand by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from browser.server import App
from playwright.sync_api import Page, expect
from support import TINY

from gan import latent
from gan.data import Digits
from gan.events import Finished, Started, StopReason
from gan.runs import library
from gan.runs.store import RunStore

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]

READY = "[data-testid=explorer-canvas][data-ready=true]"
TOLERANCE = 0.01  # of [-1, 1], the bar; what is seen is near 1e-6
LATENT_DIMS = {
    "lean-dcgan": 32,
    "article-dense": 100,
    "article-mnist": 100,
    "dcgan-tutorial": 100,
}


@pytest.fixture(scope="module")
def store(app: App) -> Iterator[RunStore]:
    store = RunStore(app.home)
    yield store
    store.close()


def train_a_little(store: RunStore, architecture: str, digits: Digits) -> str:
    """A run of a few steps, so that every weight and average has moved."""
    from gan.model import training

    config = replace(TINY, architecture=architecture, latent_dim=LATENT_DIMS[architecture])
    trainer = training.Trainer(config, digits.images)
    trainer.tick(4)
    run = store.create(config, architecture)
    store.append(run, Started("CPU", 1, 1, len(digits)))
    store.append(run, training.take_snapshot(trainer, 4))
    store.append(run, Finished(4, StopReason.COMPLETED))
    store.release(run)
    return run


@pytest.mark.parametrize("architecture", LATENT_DIMS)
def test_a_hundred_pictures_agree_with_keras(
    page: Page, app: App, store: RunStore, few_digits: Digits, architecture: str
) -> None:
    from gan.model import bundle

    run = train_a_little(store, architecture, few_digits)
    z = latent.sample(100, LATENT_DIMS[architecture], seed=5)
    generator = bundle.load(library.snapshot_path(store, store.state(run))).generator()
    expected = bundle.compiled(generator)(z).reshape(100, 784)
    page.goto(f"{app.url}/explore?run={run}")
    page.wait_for_selector(READY)
    drawn = page.get_by_test_id("explorer-canvas").evaluate(
        "(canvas, zs) => zs.map(z => Array.from(canvas.generate(z)))", z.tolist()
    )
    difference = np.abs(np.array(drawn) - expected).max()
    assert difference <= TOLERANCE
    assert np.ptp(expected) > 0.01, "there is something to agree on"


def test_the_digit_follows_the_hand_without_the_server(page: Page, app: App) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(READY)
    slider, canvas = page.get_by_test_id("z3"), page.get_by_test_id("explorer-canvas")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.evaluate("() => new Promise(done => setTimeout(done, 500))")  # let the page settle
    before, pictures = len(sent), set()
    for share in np.linspace(0.1, 0.9, 30):
        page.mouse.move(box["x"] + share * box["width"], middle)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        pictures.add(canvas.evaluate("c => c.toDataURL()"))
    assert len(sent) == before, "no websocket traffic during the drag"
    assert len(pictures) > 20
    page.mouse.up()
    page.wait_for_url(re.compile("z="))
    assert len(sent) > before


def test_every_control_works_by_keyboard(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(READY)
    canvas = page.get_by_test_id("explorer-canvas")
    start = canvas.evaluate("c => c.toDataURL()")
    page.get_by_role("button", name="Random").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("z="))
    assert canvas.evaluate("c => c.toDataURL()") != start
    page.get_by_test_id("z1").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("z1")).to_have_value("-3")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("z1")).not_to_have_value("-3")
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("z2")).to_have_value("0")


def test_a_damaged_address_shows_a_message_and_a_digit(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits&z=1,2")
    expect(page.get_by_text("carries a noise vector of 2 numbers")).to_be_visible()
    page.wait_for_selector(READY)
