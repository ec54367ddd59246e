"""The generator in real Chromium: it draws what Keras draws, and follows the hand by itself."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from browser.server import App
from browser.wire import Wire
from playwright.sync_api import Browser, Locator, Page, expect
from support import TINY

from gan import latent
from gan.data.datasets import Digits
from gan.messages.events import Finished, Snapshot, Started
from gan.messages.status import StopReason
from gan.runs import snapshots
from gan.runs.store import RunStore
from gan.server import assets
from gan.server.addresses import LIVE
from gan.server.painting import palette
from gan.settings.config import ARCHITECTURES, CLASSES, TrainConfig

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"
TOLERANCE = 0.01  # of [-1, 1], the bar; what is seen is near 1e-6
PICTURES = 100
LEARNED = (1, 3, 7)


def served(name: str) -> str:
    """The address of one of the explorer's own files."""
    return f"/{LIVE}/{assets._digest()}/{name}"


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
    from gan.model import snapshots, training

    trainer = training.trainer(config, digits)
    trainer.tick(4)
    snapshot = snapshots.take_snapshot(trainer, 4)
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


DRAW = """async ([address, file, zs, labels]) => {
  const { ready } = await import(new URL("kernels.js", address));
  const { Generator } = await import(new URL("networks.js", address));
  await ready;
  const generator = new Generator(Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0)));
  return zs.map((z, i) => Array.from(generator.generate(z, labels[i])));
}"""


@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_agree_with_keras(page: Page, app: App, name: str) -> None:
    from lively import lively

    from gan.model import bundle

    config = NETWORKS[name]
    z = latent.sample(PICTURES, config.latent_dim, seed=5)
    labels = latent.even_classes(PICTURES, range(CLASSES))
    expected = bundle.compiled(lively(config))(z, labels).reshape(PICTURES, 784)
    file = base64.b64encode(bundle.export_generator(lively(config))).decode()
    page.goto(f"{app.url}/_stcore/health")
    studio = f"{app.url}{served('inference/')}"
    drawn = page.evaluate(DRAW, [studio, file, z.tolist(), labels.tolist()])
    assert np.abs(np.array(drawn) - expected).max() <= TOLERANCE
    assert np.ptp(expected) > 0.01, "there is something to agree on"


def drag(page: Page, thing: Locator) -> set[str]:
    """Move along a slider with the button held; the pictures that were seen."""
    canvas = page.get_by_test_id("explorer-canvas")
    box = thing.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.wait_for_selector(SETTLED)
    pictures = set()
    for share in np.linspace(0.1, 0.9, 30):
        page.mouse.move(box["x"] + share * box["width"], middle)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        pictures.add(picture(canvas))
    return pictures


def test_the_digit_follows_the_hand_without_the_server(clocked_page: Page, app: App) -> None:
    page = clocked_page
    wire = Wire(page)
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(SETTLED)
    wire.forget()
    pictures = drag(page, page.get_by_test_id("z3"))
    page.mouse.up()
    page.wait_for_url(re.compile(r"z=s\w+_3\."))
    page.wait_for_selector(SETTLED)
    page.clock.fast_forward(1000)  # longer than anything waits for a hand to rest
    assert wire.sent() == [], "the server hears nothing of it"
    assert len(pictures) > 15


def test_on_a_phone_the_digit_stays_in_sight(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/explore?run=digits&z=s1")
    page.wait_for_selector(SETTLED)
    small = page.get_by_test_id("companion").locator(".bar")
    expect(small).to_be_hidden()
    for mode, control in {
        "sliders": page.get_by_test_id("slider-order"),
        "map": page.get_by_test_id("map"),
        "path": page.get_by_test_id("path-play"),
        "sum": page.get_by_test_id("sum-amount"),
        "find": page.get_by_role("button", name="Undo stroke"),
    }.items():
        page.get_by_test_id(f"mode-{mode}").click()
        expect(control).to_be_visible()
        control.evaluate("e => e.scrollIntoView()")
        expect(small).to_be_visible()
        bar, below = small.bounding_box(), control.bounding_box()
        assert bar
        assert below
        assert 0 <= bar["y"] < 100, "right below the page's head"
        assert bar["y"] + bar["height"] <= below["y"] < 844, "it covers nothing that is in use"
    page.get_by_test_id("mode-map").click()
    page.get_by_test_id("map").press("Shift+ArrowRight")
    page.wait_for_function(
        """([one, other]) => one.toDataURL() === other.toDataURL()""",
        arg=[
            small.locator("canvas").element_handle(),
            page.get_by_test_id("explorer-canvas").element_handle(),
        ],
    )


def test_every_control_works_by_keyboard(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(SETTLED)
    z1, z2 = page.get_by_test_id("z1"), page.get_by_test_id("z2")
    start, address = z1.input_value(), page.url
    page.get_by_role("button", name="Random").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != address)
    expect(z1).not_to_have_value(start)
    drawn = z2.input_value()
    page.get_by_role("button", name="Lock z2", exact=True).focus()
    page.keyboard.press("Space")
    z1.focus()
    page.keyboard.press("Home")
    expect(z1).to_have_value("-3")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Space")
    expect(z1).not_to_have_value("-3")
    page.get_by_role("button", name="Redo").focus()
    page.keyboard.press("Space")
    expect(z1).to_have_value("-3")
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    expect(z1).to_have_value("0")
    expect(z2).to_have_value(drawn)  # it is locked
    page.get_by_role("button", name="Set z2 to 0", exact=True).focus()
    page.keyboard.press("Enter")
    expect(z2).to_have_value("0")
    page.wait_for_url(re.compile("z=o$"))
    page.get_by_test_id("scale").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("scale=0$"))


def test_sliders_are_found_and_ordered(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(SETTLED)
    sliders = page.get_by_role("group", name="The latent vector z")
    effect = re.compile("From -1 to 1 it changes a pixel")
    expect(page.get_by_test_id("z1")).to_have_attribute("title", effect)  # in that order by then
    names = sliders.locator(".name").all_inner_texts()
    assert sorted(names, key=lambda name: int(name[1:])) == [f"z{i}" for i in range(1, 65)]
    leaning = {f"z{i}" for i in range(1, 11)}
    assert len(leaning & set(names[:12])) >= 9, "the numbers that name the digit change it most"
    page.get_by_test_id("mode-map").click()
    page.reload()  # in another view, nobody has asked yet
    page.wait_for_selector(SETTLED)
    page.get_by_test_id("mode-sliders").click()
    expect(page.get_by_test_id("z1")).to_have_attribute("title", effect)
    page.get_by_test_id("slider-order").select_option("number")
    assert sliders.locator(".name").all_inner_texts()[:3] == ["z1", "z2", "z3"]
    page.get_by_test_id("slider-search").fill("7, 40")
    assert sliders.locator(".slider:visible .name").all_inner_texts() == ["z7", "z40"]
    page.get_by_test_id("slider-search").fill("70")
    expect(page.get_by_text("No number of z is called that.")).to_be_visible()


def test_a_strip_shows_where_its_slider_leads(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits")
    page.wait_for_selector(SETTLED)
    strip = page.locator(".slider", has=page.get_by_test_id("z2")).locator("canvas")
    page.wait_for_function(
        "c => c.getContext('2d').getImageData(6 * 28, 0, 1, 1).data[3] === 255",
        arg=strip.element_handle(),
    )
    last = strip.evaluate("c => c.getContext('2d').getImageData(6 * 28, 0, 28, 28).data.join()")
    box = strip.bounding_box()
    assert box is not None
    strip.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    expect(page.get_by_test_id("z2")).to_have_value("3")
    page.wait_for_selector(SETTLED)
    shown = page.get_by_test_id("explorer-canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, 28, 28).data.join()"
    )
    assert shown == last


def chosen(page: Page) -> Locator:
    return page.get_by_test_id("class-selector").locator("input:checked")


def test_a_digit_is_asked_for_by_mouse(page: Page, app: App, conditional_run: str) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}")
    page.wait_for_selector(SETTLED)
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
    page.wait_for_selector(SETTLED)
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
    page.wait_for_selector(SETTLED)
    page.get_by_role("radio", name="1").focus()
    for key, digit in (
        ("7", "7"), ("5", "7"), ("ArrowRight", "1"), ("ArrowDown", "3"), ("ArrowLeft", "1"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(chosen(page)).to_have_value(digit)
        expect(page.get_by_role("radio", name=digit)).to_be_focused()
    page.keyboard.press("3")
    page.wait_for_url(re.compile("digit=3"))


def test_back_and_reload_come_back(page: Page, app: App, conditional_run: str) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}&digit=7")
    page.wait_for_selector(SETTLED)
    expect(chosen(page)).to_have_value("7")
    page.get_by_role("radio", name="3").click()
    page.wait_for_url(re.compile("z=.*digit=3"))
    z = page.get_by_test_id("z1").input_value()
    page.reload()
    page.wait_for_selector(SETTLED)
    expect(chosen(page)).to_have_value("3")
    expect(page.get_by_test_id("z1")).to_have_value(z)
    page.get_by_role("radio", name="1").click()
    page.wait_for_url(re.compile("digit=1"))
    page.get_by_test_id("mode-map").click()
    page.wait_for_url(re.compile("mode=map"))
    canvas = page.get_by_test_id("explorer-canvas")
    before = picture(canvas)
    page.get_by_role("button", name="Walk").click()
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), before]
    )
    page.go_back()  # ends the walk, and nothing of that is kept
    expect(page.get_by_role("button", name="Walk")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("mode-sliders")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("z1")).to_have_value(z)
    assert page.url.endswith("digit=1")
    page.go_back()
    expect(chosen(page)).to_have_value("3")


def test_a_shared_address_opens_the_same_picture(page: Page, app: App, browser: Browser) -> None:
    page.goto(f"{app.url}/explore?run=digits-conditional")
    page.wait_for_selector(SETTLED)
    page.get_by_role("button", name="Random").click()
    page.get_by_role("radio", name="8").click()
    for name in ("z5", "z40"):
        page.get_by_test_id(name).focus()
        page.keyboard.press("PageUp")
    page.get_by_test_id("scale").focus()
    page.keyboard.press("PageDown")
    page.wait_for_url(re.compile(r"z=s\w+_5\.-?\d+_40\.-?\d+.*digit=8.*scale="))
    page.wait_for_selector(SETTLED)
    assert len(page.url) < 160, "short enough to send"
    shown = picture(page.get_by_test_id("explorer-canvas"))
    other = browser.new_context().new_page()
    other.goto(page.url)
    other.wait_for_selector(SETTLED)
    assert picture(other.get_by_test_id("explorer-canvas")) == shown
    other.context.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("z=<script>alert(1)</script>&mode=__proto__", "is not one"),
        ("digit=5&scale=7&step=12", "this network chooses itself what it draws"),
    ],
)
def test_a_damaged_address_shows_a_message_and_a_digit(
    page: Page, app: App, address: str, words: str
) -> None:
    page.goto(f"{app.url}/explore?run=digits&{address}")
    page.wait_for_selector(SETTLED)
    notice = page.get_by_test_id("explorer-notice")
    expect(notice).to_contain_text(words)
    if "mode" in address:
        expect(notice).to_contain_text("asks for a view that there is not")
    else:
        expect(notice).to_contain_text("scales z by something that is not from 0 to 1")
        expect(notice).to_contain_text("asks for step 12, of which nothing is kept")
    page.wait_for_url(re.compile(r"run=digits&z=[sv][\w-]+$"))


READ = """async ([address, texts]) => {
  const { readLatent } = await import(address);
  return texts.map((text) => {
    try { return String(readLatent(text, 64).z); }
    catch (error) { return `${error.constructor.name}: ${error.message}`; }
  });
}"""


def test_a_damaged_noise_vector_is_never_taken(page: Page, app: App) -> None:
    texts = {
        "1,2": "carries a noise vector of 2 numbers; this network takes 64",
        "": "is not one",
        ",".join(["9"] * 64): "outside -3 to 3",
        ",".join(["NaN"] * 64): "is not one",
        "szzzzzzz": "is not one",
        "s1_65.10": "changes number 65 of the noise vector; this network takes 64",
        "s1_0.10": "changes number 0 of the noise vector",
        "s1_1.301": "outside -3 to 3",
        "s1_1.1e3": "cannot be read",
        "s1_": "cannot be read",
        "vAA": "carries a noise vector of 1 numbers",
        "v" + "__" * 64: "outside -3 to 3",
        "v" + "A=" * 64: "cannot be read",
    }
    page.goto(f"{app.url}/_stcore/health")
    told = page.evaluate(READ, [served("latent/address.js"), list(texts)])
    for text, (words, found) in zip(texts, zip(texts.values(), told, strict=True), strict=True):
        assert found.startswith("AddressError: "), text
        assert words in found, text


def test_a_digit_that_was_not_learned_is_explained(
    page: Page, app: App, conditional_run: str
) -> None:
    page.goto(f"{app.url}/explore?run={conditional_run}&digit=5")
    expect(page.get_by_text("has not learned: it knows 1, 3, 7.")).to_be_visible()
    expect(chosen(page)).to_have_value("1")


def test_the_same_noise_at_each_moment(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=recorded-quick&z=s1")
    page.wait_for_selector(SETTLED)
    canvas, moment = page.get_by_test_id("explorer-canvas"), page.get_by_test_id("snapshot")
    z, grown = page.get_by_test_id("z1").input_value(), picture(canvas)
    moment.focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"step=\d+"))
    page.wait_for_function(
        "([canvas, grown]) => canvas.toDataURL() !== grown", arg=[canvas.element_handle(), grown]
    )
    young = page.get_by_test_id("snapshot-step").inner_text()
    page.wait_for_url(re.compile(rf"step={re.sub(r'[^0-9]', '', young)}(&|$)"))
    assert page.get_by_test_id("z1").input_value() == z
    page.get_by_role("button", name="Grow").click()
    expect(page.get_by_test_id("snapshot-step")).not_to_have_text(young)
    expect(page.get_by_role("button", name="Grow")).to_have_attribute("aria-pressed", "false")
    page.wait_for_selector(SETTLED)
    assert picture(canvas) == grown


def test_a_live_run_shows_its_newest_network(
    page: Page, app: App, store: RunStore, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(TINY, latent_dim=16)
    run = store.create(config, "growing")
    store.append(run, Started("CPU", 1, 1, 200))
    first = train_a_little(config, few_digits)
    store.append(run, first)
    page.goto(f"{app.url}/explore?run={run}&z=s5")
    page.wait_for_selector(SETTLED)
    before = picture(page.get_by_test_id("explorer-canvas"))
    store.append(run, replace(train_a_little(replace(config, seed=9), few_digits), step=8))
    expect(page.get_by_test_id("snapshot-step")).to_have_text("8 steps")
    page.wait_for_selector(SETTLED)
    assert picture(page.get_by_test_id("explorer-canvas")) != before
    assert page.url.endswith(f"run={run}&z=s5")
    store.append(run, replace(first, step=12))
    shown, moment = page.get_by_test_id("snapshot-step"), page.get_by_test_id("snapshot")
    expect(shown).to_have_text("12 steps")
    moment.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("step=8"))
    monkeypatch.setattr(snapshots, "MAX_SNAPSHOTS", 2)
    store.append(run, replace(first, step=16))  # steps 8 and 12 have to go for it
    expect(moment).to_have_attribute("max", "2")
    expect(shown).to_have_text("8 steps")  # it is looked at, so it stays
    page.keyboard.press("ArrowLeft")
    expect(shown).to_have_text("4 steps")
    expect(moment).to_have_attribute("max", "1")  # and is gone once nobody looks at it
    store.append(run, Finished(16, StopReason.COMPLETED))
    store.release(run)


def test_bookmarks_stay_in_the_browser(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?run=digits&z=s1")
    page.wait_for_selector(SETTLED)
    canvas, strip = page.get_by_test_id("explorer-canvas"), page.get_by_test_id("bookmarks")
    kept = picture(canvas)
    page.get_by_role("button", name="Bookmark", exact=True).click()
    name = strip.get_by_role("textbox", name="Name of the bookmark")
    name.fill("mine")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Random").click()
    page.wait_for_url(lambda url: "z=s1" not in url.split("&"))
    page.reload()
    page.wait_for_selector(SETTLED)
    assert picture(canvas) != kept
    strip.get_by_role("button", name="Go to mine").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("z=s1$"))
    page.wait_for_selector(SETTLED)
    assert picture(canvas) == kept
    strip.get_by_role("button", name="Remove mine").click()
    expect(strip.get_by_role("listitem")).to_have_count(0)
    page.get_by_role("button", name="Put it back").click()
    expect(strip.get_by_role("listitem")).to_have_count(1)


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


DAMAGED = [
    *(shades(classes=classes) for classes in (0, -1, 2.5, "10", None, 9)),
    shades()[:-4],
    shades() + b"more",
    b"",
    shades().replace(b"linear", b"cosine"),
    shades()[:-4] + np.float32(np.nan).tobytes(),
    shades(latent_dim=1 << 40),
]
OPEN = """async ([address, files]) => {
  const { Generator } = await import(address);
  return files.map((bytes) => {
    try { return new Generator(Uint8Array.from(bytes)) && "it opened"; }
    catch (error) { return error.constructor.name; }
  });
}"""


def test_a_damaged_network_is_never_opened(page: Page, app: App) -> None:
    page.goto(f"{app.url}/_stcore/health")
    files = [list(content) for content in [shades(), *DAMAGED]]
    told = page.evaluate(OPEN, [served("inference/networks.js"), files])
    assert told == ["it opened"] + ["DamagedFile"] * len(DAMAGED)


def test_a_damaged_network_shows_a_message(page: Page, app: App) -> None:
    page.route("**/generator.bin", lambda route: route.fulfill(body=DAMAGED[0]))
    page.goto(f"{app.url}/explore?run=digits")
    expect(page.get_by_test_id("explorer-error")).to_contain_text("its file is damaged")
    expect(page.get_by_test_id("explorer-canvas")).to_be_hidden()


MOUNT = """async ([script, data]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  module.default({ data, parentElement: document.body.appendChild(document.createElement("div")) });
}"""


OVERTAKE = """async ([script, data]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const parentElement = document.body.appendChild(document.createElement("div"));
  const [older, newer] = [0, 1].map(() => module.default({ data, parentElement }));
  (await older)();
  await newer;
}"""


def empty_page(page: Page, app: App) -> None:
    """Open a page of the app's that has nothing on it; its network is `shades`."""
    page.route("**/generator.bin", lambda route: route.fulfill(body=shades()))
    page.route("**/empty", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(f"{app.url}/empty")


def test_a_message_that_overtakes_another_ends_nothing(page: Page, app: App) -> None:
    """Streamlit cleans up after the older one, which was still being loaded."""
    empty_page(page, app)
    data = {"network": f"{app.url}/generator.bin", "classes": list(LEARNED), "height": 300}
    page.evaluate(OVERTAKE, [assets.loader("home/home.js"), data])
    digits = page.get_by_role("button", name="A digit that the generator draws")
    expect(digits).to_have_count(1)
    expect(digits).to_have_attribute("aria-busy", "false")


def test_home_asks_for_one_learned_digit_after_another(page: Page, app: App) -> None:
    empty_page(page, app)
    data = {"network": f"{app.url}/generator.bin", "classes": list(LEARNED), "height": 300}
    page.evaluate(MOUNT, [assets.loader("home/home.js"), data])
    canvas, seen = page.get_by_role("button", name="A digit that the generator draws"), set()
    ink = "c => Array.from(c.getContext('2d').getImageData(9, 9, 1, 1).data).join()"
    expect(canvas).to_have_attribute("aria-busy", "false")
    while len(seen) < len(LEARNED):
        canvas.click()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen.add(canvas.evaluate(ink))
    for _ in range(10):
        canvas.click()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen.add(canvas.evaluate(ink))
    shades_of_learned = [round(127.5 * (1 + digit / 10)) for digit in LEARNED]
    colours = palette("generated")[shades_of_learned].tolist()
    assert seen == {",".join(map(str, [*colour, 255])) for colour in colours}
