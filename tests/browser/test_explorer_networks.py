"""Networks that are damaged, and components that mount and overtake."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from browser.explorer_runs import LEARNED, served
from browser.server import App
from playwright.sync_api import Page, expect

from gan.server import assets
from gan.server.painting import palette
from gan.settings.config import CLASSES

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]


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
