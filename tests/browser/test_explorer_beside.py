"""What others say about a digit, in real Chromium, of networks worked out by hand."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from browser.server import App
from browser.wire import Wire
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect
from support import TINY

from gan import latent, network_file
from gan.data import datasets
from gan.messages.events import Finished, Snapshot, Started
from gan.messages.status import StopReason
from gan.network_file import Layer
from gan.runs.store import RunStore

pytestmark = pytest.mark.browser

READY = "[data-testid=explorer-canvas][aria-busy=false]"
COPIED = 1234  # of the built-in digits
WEIGHT = 0.01  # D's, of every pixel
NOTHING = np.zeros(0, np.uint8)
TALL: ViewportSize = {"width": 1280, "height": 2400}
LONG = 2000
"""Milliseconds: longer than a digit has to rest before others are asked about it."""


def dense(kernel: np.ndarray, bias: np.ndarray, activation: str) -> Layer:
    inputs, outputs = kernel.shape
    header = {"kind": "dense", "inputs": inputs, "outputs": outputs, "activation": activation}
    return Layer(header, kernel.astype("f4"), bias.astype("f4"))


def copied() -> np.ndarray:
    """A real digit, [784]."""
    return datasets.load("builtin").images[COPIED].ravel()


def logits_of_ink() -> np.ndarray:
    """What tanh turns into `copied`, nearly."""
    return np.arctanh(np.clip(copied() / 127.5 - 1, -0.9999, 0.9999))


def copying_generator() -> bytes:
    """Draws a training digit from all zeros, and its negative where the first number is 3."""
    kernel = np.zeros((4, 784))
    kernel[0] = -2 / 3 * logits_of_ink()
    return network_file.dump({"latent_dim": 4}, [dense(kernel, logits_of_ink(), "tanh")])


def drawn(z: np.ndarray) -> np.ndarray:
    return np.tanh((1 - 2 / 3 * z[..., :1]) * logits_of_ink())


def linear_discriminator(score: str) -> bytes:
    """Likes ink, wherever it is."""
    layer = dense(np.full((784, 1), WEIGHT), np.array([0.5]), "linear")
    return network_file.dump({"sees": "picture", "classes": 0, "score": score}, [layer])


def logit(pictures: np.ndarray) -> np.ndarray:
    return pictures.sum(axis=-1) * WEIGHT + 0.5


def stored(store: RunStore, name: str, discriminator: bytes = b"") -> str:
    generator, judge = (np.frombuffer(each, "u1") for each in (copying_generator(), discriminator))
    run = store.create(TINY, name)
    for event in (
        Started("CPU", 1, 1, 200),
        Snapshot(4, NOTHING, generator, discriminator=judge),
        Finished(4, StopReason.COMPLETED),
    ):
        store.append(run, event)
    store.release(run)
    return run


@pytest.fixture(scope="module")
def judged(store: RunStore) -> str:
    return stored(store, "judged", linear_discriminator("probability"))


@pytest.fixture
def tall(page: Page) -> Page:
    """A page on which everything can be seen at once."""
    page.set_viewport_size(TALL)
    return page


@pytest.fixture
def clocked(clocked_page: Page) -> Page:
    """Another one, whose clock can be put forward."""
    clocked_page.set_viewport_size(TALL)
    return clocked_page


def opened(page: Page, app: App, run: str, z: str = "o") -> None:
    page.goto(f"{app.url}/explore?run={run}&z={z}")
    page.wait_for_selector(READY)


def expect_its_own(page: Page) -> None:
    """The neighbours that are shown are those of the digit that is shown."""
    expect(neighbours(page)).to_be_visible()
    expect(neighbours(page)).to_have_css("opacity", "1")  # those of a digit before are pale


def neighbours(page: Page) -> Locator:
    return page.get_by_test_id("neighbours")


def test_a_copy_is_called_a_copy_and_what_is_none_is_not(tall: Page, app: App, judged: str) -> None:
    opened(tall, app, judged)
    verdict = tall.get_by_test_id("neighbours-verdict")
    expect(verdict).to_have_text(re.compile(r"^Close to a copy\. .* differs from it by 0; "))
    label = datasets.load("builtin").labels[COPIED]  # type: ignore[index]
    items = neighbours(tall).get_by_role("listitem")
    expect(items).to_have_count(1 + 8)
    widths = items.locator("canvas").evaluate_all("all => all.map(each => each.clientWidth)")
    assert min(widths) == max(widths) > 50, "all of them can be seen"
    expect(items.nth(1)).to_have_text(f"a {label}0")
    distances = [int(text) for text in items.locator(".quiet").all_inner_texts()[1:]]
    assert distances == sorted(distances)
    nearest = items.nth(1).locator("canvas")
    shades = (
        "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 == 1)"
    )
    ink = np.array(nearest.evaluate(shades))  # green rises with the ink
    assert np.corrcoef(ink, copied())[0, 1] > 0.95
    expect(tall.get_by_test_id("neighbours-state")).to_contain_text("5,000 pictures were searched")

    tall.get_by_test_id("z1").focus()
    tall.keyboard.press("End")
    expect(verdict).to_have_text(re.compile(r"^No copy: more different from all real digits"))
    ends = re.search(r"from it by (\d+); .* nearest by (\d+) \(median\)", verdict.inner_text())
    assert ends is not None
    negative = 127.5 * (drawn(np.array([3.0, 0, 0, 0])) + 1)
    images = datasets.load("builtin").images.reshape(-1, 784).astype(float)
    distance = np.sqrt(((images - np.rint(negative)) ** 2).mean(axis=1)).min()
    assert int(ends[1]) == pytest.approx(distance, abs=1)
    assert 20 < int(ends[2]) < 60


def test_d_is_heard_on_a_scale_beside_other_digits(tall: Page, app: App, judged: str) -> None:
    opened(tall, app, judged)
    here = 100 / (1 + np.exp(-logit(drawn(np.zeros(4)))))
    now = tall.get_by_test_id("discriminator-now")
    marker = tall.get_by_test_id("discriminator-marker")
    words = f"{here:.0f}" if 1 <= here <= 99 else f"{here:.1f}"
    expect(now).to_have_text(f"D on this digit: {words}% real")
    others = tall.get_by_test_id("discriminator-others")
    expect(others).to_contain_text("of 64 random digits of this generator")
    found = [float(each) for each in re.findall(r"([\d.]+)%", others.inner_text())]
    zs = np.array([latent.normals(seed, 4) for seed in range(1, 65)])
    shares = 100 / (1 + np.exp(-np.sort(logit(drawn(zs)))))
    assert found == pytest.approx([shares[16], shares[47]], abs=1)

    before = marker.evaluate("m => m.style.left")
    tall.get_by_test_id("z1").focus()
    tall.keyboard.press("End")  # the negative: nearly all ink
    expect(now).not_to_have_text(f"D on this digit: {words}% real")
    expect(now).to_have_text(re.compile(r"(9\d|99\.\d|100\.0)% real$"))
    assert float(marker.evaluate("m => m.style.left")[:-1]) > float(before[:-1])


def test_where_d_looks(tall: Page, app: App, judged: str) -> None:
    opened(tall, app, judged)
    look = tall.get_by_role("button", name="Where D looks")
    overlay = tall.get_by_test_id("discriminator-overlay")
    expect(overlay).to_be_hidden()
    look.click()
    expect(look).to_have_attribute("aria-pressed", "true")
    expect(overlay).to_be_visible()
    pixel = overlay.evaluate("c => [...c.getContext('2d').getImageData(3, 3, 1, 1).data]")
    assert pixel[0] > pixel[2], "this D likes ink everywhere: orange"
    look.focus()
    tall.keyboard.press("Space")
    expect(overlay).to_be_hidden()


def test_a_score_is_no_probability(tall: Page, app: App, store: RunStore) -> None:
    opened(tall, app, stored(store, "scored", linear_discriminator("score")))
    score = float(logit(drawn(np.zeros(4))))
    now = tall.get_by_test_id("discriminator-now")
    expect(now).to_have_text(re.compile(r"^D on this digit: [+\u2212]\d+\.\d\d$"))
    shown = float(now.inner_text().split()[-1].replace("\u2212", "-"))
    assert shown == pytest.approx(score, abs=0.02)
    expect(tall.get_by_test_id("discriminator-others")).to_contain_text("the middle half get from")
    expect(tall.get_by_test_id("discriminator-others")).not_to_contain_text("%")


def test_nobody_is_asked_where_there_is_nobody(tall: Page, app: App, store: RunStore) -> None:
    nobody = tall.get_by_test_id("no-discriminator")
    opened(tall, app, stored(store, "unjudged"))
    expect(nobody).to_have_text(re.compile("^This network came without its discriminator"))
    expect(tall.get_by_role("button", name="Where D looks")).to_be_hidden()
    opened(tall, app, "digits-vae")
    expect(nobody).to_have_text(re.compile("^An autoencoder learns without a discriminator"))


def let_rest(page: Page) -> None:
    """The digit is drawn, and rests for longer than it has to."""
    page.wait_for_selector(READY)
    page.clock.fast_forward(LONG)


def test_nothing_is_sent_while_a_hand_drags(clocked: Page, app: App, judged: str) -> None:
    opened(clocked, app, judged)
    expect_its_own(clocked)
    box = clocked.get_by_test_id("z1").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    clocked.mouse.move(box["x"] + 0.5 * box["width"], middle)
    clocked.mouse.down()
    wire = Wire(clocked)
    for share in (0.6, 0.7, 0.8):
        clocked.mouse.move(box["x"] + share * box["width"], middle)
        expect(neighbours(clocked)).to_have_css("opacity", "0.45")
        let_rest(clocked)
    assert wire.sent() == []
    clocked.mouse.up()
    expect_its_own(clocked)
    assert len(wire.sent("POST http:")) == 1


def test_nothing_is_asked_while_walking_or_out_of_sight(
    clocked: Page, app: App, judged: str
) -> None:
    opened(clocked, app, judged)
    expect_its_own(clocked)
    clocked.emulate_media(reduced_motion="reduce")  # each digit of a walk rests for a second
    clocked.get_by_role("button", name="Walk").click()
    wire = Wire(clocked)
    for _ in range(4):
        clocked.wait_for_selector(READY)
        clocked.clock.run_for(900)
    assert wire.sent("/requests") == []
    clocked.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"
    )
    clocked.get_by_role("button", name="Walk").click()
    let_rest(clocked)
    assert wire.sent("/requests") == []
    clocked.evaluate(
        "() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }"
    )
    expect_its_own(clocked)
    assert len(wire.sent("POST http:")) == 1

    clocked.set_viewport_size({"width": 1280, "height": 600})
    beside = clocked.get_by_test_id("beside").element_handle()
    clocked.wait_for_function(OUT_OF_SIGHT, arg=beside)
    clocked.get_by_role("button", name="Random").click()
    wire.forget()
    let_rest(clocked)
    assert wire.sent("/requests") == []


OUT_OF_SIGHT = """beside => new Promise((done) => {
  const seen = new IntersectionObserver((entries) => {
    if (entries.at(-1).isIntersecting) return;
    seen.disconnect();
    done(true);
  });
  seen.observe(beside);
})"""
"""The page's own observer, which is older, has been told by then."""


def test_a_refusal_is_one_line_and_can_be_tried_again(clocked: Page, app: App, judged: str) -> None:
    def refuse(route: Route) -> None:
        told: dict[str, Any] = {"ticket": "none"}
        if route.request.method == "GET":
            told = {"state": "refused", "error": "The digits are gone.", "hint": "Bring them back."}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    requests = re.compile(r"/requests(/[^.]*)?$")
    clocked.route(requests, refuse)
    opened(clocked, app, judged)
    state = clocked.get_by_test_id("neighbours-state")
    expect(state).to_have_text(
        "The nearest digits are not known. The digits are gone. Bring them back."
    )
    wire = Wire(clocked)
    clocked.get_by_role("button", name="Random").click()
    let_rest(clocked)
    assert wire.sent("/requests") == [], "it does not nag"
    clocked.unroute(requests)
    clocked.get_by_role("button", name="Try again").click()
    expect_its_own(clocked)
    expect(clocked.get_by_role("button", name="Try again")).to_be_hidden()
