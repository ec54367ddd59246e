"""The generator in real Chromium: it draws what Keras draws, and follows the hand by itself."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from browser.explorer_runs import LEARNED, SETTLED, chosen, picture, served
from browser.server import App
from browser.wire import Wire
from playwright.sync_api import Locator, Page, expect
from support import DENOISING, TINY, noise_size

from gan import latent
from gan.settings.config import ARCHITECTURES, CLASSES, TrainConfig

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]


TOLERANCE = 0.01  # of [-1, 1], the bar; what is seen is near 1e-6


PICTURES = 100


def config_of(architecture: str, **values: Any) -> TrainConfig:
    if architecture.startswith("ddpm"):
        return replace(TINY, **{**DENOISING, "architecture": architecture})
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
    size = noise_size("digits")
    assert sorted(names, key=lambda name: int(name[1:])) == [f"z{i + 1}" for i in range(size)]
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
