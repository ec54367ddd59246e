"""The generator in real Chromium: it draws what Keras draws, and follows the hand by itself."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from browser.server import App
from playwright.sync_api import Locator, Page, expect
from support import TINY

from gan import latent
from gan.config import ARCHITECTURES, CLASSES, TrainConfig
from gan.data import Digits
from gan.events import Finished, Snapshot, Started, StopReason
from gan.runs.store import RunStore
from gan.view.explorer import explorer as components

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]

READY = "[data-testid=explorer-canvas][data-ready=true]"
TOLERANCE = 0.01  # of [-1, 1], the bar; what is seen is near 1e-6
PICTURES = 30
LEARNED = (1, 3, 7)
MOUNT = """async ([script, data]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const parentElement = document.body.appendChild(document.createElement("div"));
  module.default({ data: Uint8Array.from(data), parentElement, setStateValue() {} });
}"""


def config_of(architecture: str, **values: Any) -> TrainConfig:
    values |= {"loss": "elbo"} if architecture == "vae" else {}
    latent_dim = 100 if architecture.startswith(("article", "dcgan")) else 32
    return replace(TINY, architecture=architecture, latent_dim=latent_dim, **values)


NETWORKS = {name: config_of(name) for name in ARCHITECTURES} | {
    f"{name} {conditional}": config_of(name, conditional=conditional)
    for name, conditional in (
        ("lean-dcgan", "projected"),
        ("fine-dcgan", "hidden"),
    )
}


@pytest.fixture(scope="module")
def store(app: App) -> Iterator[RunStore]:
    store = RunStore(app.home)
    yield store
    store.close()


def train_a_little(config: TrainConfig, digits: Digits) -> Snapshot:
    """A few steps, so that every weight and average has moved."""
    from gan.model import training

    trainer = training.trainer(config, digits)
    trainer.tick(4)
    snapshot = training.take_snapshot(trainer, 4)
    assert snapshot is not None
    return snapshot


def record(store: RunStore, config: TrainConfig, snapshot: Snapshot) -> str:
    run = store.create(config, config.architecture)
    for event in (Started("CPU", 1, 1, 200), snapshot, Finished(4, StopReason.COMPLETED)):
        store.append(run, event)
    store.release(run)
    return run


@pytest.fixture(scope="module")
def conditional_run(store: RunStore, few_digits: Digits) -> str:
    config = replace(TINY, conditional="projected", classes=",".join(map(str, LEARNED)))
    snapshot = train_a_little(config, few_digits)
    record(store, config, snapshot)  # a twin, which must not be taken for it
    return record(store, config, snapshot)


def picture(canvas: Locator) -> str:
    return canvas.evaluate("c => c.toDataURL()")


@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_agree_with_keras(page: Page, app: App, store: RunStore, name: str) -> None:
    from lively import lively

    from gan.model import bundle

    config = NETWORKS[name]
    exported = np.frombuffer(bundle.export_generator(lively(config)), np.uint8)
    run = record(store, config, Snapshot(4, exported[:0], exported))
    z = latent.sample(PICTURES, config.latent_dim, seed=5)
    labels = latent.even_classes(PICTURES, range(CLASSES))
    expected = bundle.compiled(lively(config))(z, labels).reshape(PICTURES, 784)
    page.goto(f"{app.url}/explore?run={run}")
    page.wait_for_selector(READY)
    drawn = page.get_by_test_id("explorer-canvas").evaluate(
        "(canvas, [zs, labels]) => zs.map((z, i) => Array.from(canvas.generate(z, labels[i])))",
        [z.tolist(), labels.tolist()],
    )
    difference = np.abs(np.array(drawn) - expected).max()
    assert difference <= TOLERANCE
    assert np.ptp(expected) > 0.01, "there is something to agree on"
    expect(page.get_by_test_id("class-selector")).to_be_visible(visible=config.is_conditional)


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


def chosen(page: Page) -> Locator:
    return page.get_by_test_id("class-selector").locator("input:checked")


def test_a_digit_is_asked_for_by_mouse(page: Page, app: App, conditional_run: str) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}")
    page.wait_for_selector(READY)
    selector = page.get_by_role("radiogroup", name="Digit to draw")
    canvas, z1 = page.get_by_test_id("explorer-canvas"), page.get_by_test_id("z1")
    for digit in range(CLASSES):
        expect(selector.get_by_role("radio", name=str(digit))).to_be_enabled(
            enabled=digit in LEARNED
        )
    expect(chosen(page)).to_have_value("1")
    z, before = z1.input_value(), picture(canvas)
    selector.get_by_role("radio", name="7").click()
    page.wait_for_url(re.compile("digit=7"))
    expect(z1).to_have_value(z)
    assert picture(canvas) != before

    page.get_by_role("button", name="Random").click()
    expect(z1).not_to_have_value(z)
    page.get_by_role("button", name="Walk").click()
    selector.get_by_role("radio", name="3").click()
    walked = z1.input_value()
    expect(z1).not_to_have_value(walked)  # on it goes
    page.get_by_role("button", name="Walk").click()
    page.wait_for_url(re.compile("digit=3"))
    expect(chosen(page)).to_have_value("3")
    for _ in range(3):  # the class, the walk, the random draw
        page.get_by_role("button", name="Undo").click()
    expect(chosen(page)).to_have_value("7")
    page.get_by_role("button", name="Undo").click()
    expect(chosen(page)).to_have_value("1")
    expect(z1).to_have_value(z)


def test_a_digit_is_asked_for_by_keyboard(page: Page, app: App, conditional_run: str) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}")
    page.wait_for_selector(READY)
    page.get_by_role("radio", name="1").focus()
    for key, digit in (
        ("7", "7"), ("5", "7"), ("ArrowRight", "1"), ("ArrowDown", "3"), ("ArrowLeft", "1"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(chosen(page)).to_have_value(digit)
        expect(page.get_by_role("radio", name=digit)).to_be_focused()
    page.keyboard.press("3")
    page.wait_for_url(re.compile("digit=3"))


def test_a_digit_is_kept_in_the_address(page: Page, app: App, conditional_run: str) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}&digit=7")
    page.wait_for_selector(READY)
    expect(chosen(page)).to_have_value("7")
    page.get_by_role("radio", name="3").click()
    page.wait_for_url(re.compile("z=.*digit=3"))
    z = page.get_by_test_id("z1").input_value()
    page.reload()
    page.wait_for_selector(READY)
    expect(chosen(page)).to_have_value("3")
    expect(page.get_by_test_id("z1")).to_have_value(z)
    page.get_by_role("radio", name="1").click()
    page.wait_for_url(re.compile("digit=1"))
    page.go_back()
    expect(chosen(page)).to_have_value("3")

    page.goto(f"{app.url}/explore?run={conditional_run}&digit=5")
    expect(page.get_by_text("has not learned: it knows 1, 3, 7. It draws the 1")).to_be_visible()
    page.wait_for_selector(READY)
    expect(chosen(page)).to_have_value("1")


def test_a_damaged_address_shows_a_message_and_a_digit(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits&z=1,2")
    expect(page.get_by_text("carries a noise vector of 2 numbers")).to_be_visible()
    page.wait_for_selector(READY)


def shades(**header: object) -> bytes:
    """A network of two numbers that ignores them: all its pixels have the value of the class."""
    described = {"latent_dim": 2, "classes": CLASSES} | header
    layer = {"kind": "dense", "inputs": 2 + CLASSES, "outputs": 784, "activation": "linear"}
    text = json.dumps(described | {"layers": [layer]}).encode()
    text += b" " * (-len(text) % 4)
    kernel = np.zeros((2 + CLASSES, 784), "<f4")
    kernel[2:] = np.arange(CLASSES)[:, None] / 10
    return b"".join(
        [b"DFGEN001", struct.pack("<I", len(text)), text, kernel.tobytes(), bytes(784 * 4)]
    )


@pytest.mark.parametrize("classes", [0, -1, 2.5, "10", None, 9])
def test_a_damaged_number_of_classes_shows_a_message(page: Page, app: App, classes: object) -> None:
    page.goto(f"{app.url}/_stcore/health")
    options = {"z": None, "digit": 0, "classes": [0], "revision": 0}
    data = components.pack(options, shades(classes=classes))
    page.evaluate(MOUNT, [components._script("sliders.js", "explorer.js"), list(data)])
    expect(page.get_by_test_id("explorer-error")).to_contain_text("its export is damaged")
    expect(page.get_by_test_id("explorer-canvas")).to_be_hidden()


def test_home_asks_for_one_learned_digit_after_another(page: Page, app: App) -> None:
    page.goto(f"{app.url}/_stcore/health")
    data = components.pack({"height": 300, "classes": list(LEARNED)}, shades())
    page.evaluate(MOUNT, [components._script("hero.js"), list(data)])
    canvas, seen = page.get_by_test_id("hero-canvas"), set()
    ink = "c => c.getContext('2d').getImageData(9, 9, 1, 1).data.join()"
    page.wait_for_selector("[data-testid=hero-canvas][data-ready=true]")
    allowed = {
        canvas.evaluate("(c, level) => c.generate([0, 0], level)[0].toFixed(1)", digit): digit
        for digit in LEARNED
    }
    assert sorted(allowed) == ["0.1", "0.3", "0.7"]
    while len(seen) < len(LEARNED):
        canvas.click()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen.add(canvas.evaluate(ink))
    for _ in range(10):
        canvas.click()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen.add(canvas.evaluate(ink))
    assert len(seen) == len(LEARNED)
