"""What a page shows: its title, its heading, what is chosen and its digits, as numbers.

Pages are read as people and screen readers do: by roles and names, and by the pixels of what is
drawn. Nothing here names a class, a test id or a module.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

SIDE: Final = 28
MOST: Final = 12
"""Pictures of a panel that are read, the first ones: of a long list, more are never drawn."""
DIGIT: Final = "The digit that the generator draws from z"
CURVE: Final = ", along the path."
"""In the names of curves, which are drawn on canvases as digits are."""
RAMPS: Final = (
    ((18, 14, 30), (124, 92, 214), (250, 248, 255)),
    ((14, 26, 22), (40, 160, 105), (248, 255, 251)),
)
"""From paper to ink, red, green and blue: of what is generated, and of what is real."""

_READ: Final = """(canvases, [inks, side]) => canvases.map((canvas) => {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const places = Array.from({ length: width * height }, (_, i) => 4 * i);
  const colour = (at) => `${pixels[at]},${pixels[at + 1]},${pixels[at + 2]},${pixels[at + 3]}`;
  const ramp = inks.find((ink) => places.every((at) => colour(at) in ink));
  const light = (at) => 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  const levels = places.map((at) => (ramp ? ramp[colour(at)] : (light(at) * pixels[at + 3]) / 255));
  const from = (of, k) => Math.floor((k * of) / side);
  const to = (of, k) => Math.max(from(of, k) + 1, from(of, k + 1));
  const means = Array.from({ length: side * side }, (_, k) => {
    const [row, column] = [Math.floor(k / side), k % side];
    let [sum, many] = [0, 0];
    for (let y = from(height, row); y < to(height, row); y++)
      for (let x = from(width, column); x < to(width, column); x++, many++)
        sum += levels[y * width + x];
    return Math.round(sum / many);
  });
  const name = canvas.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
  const isBlank = places.every((at) => pixels[at + 3] === 0);
  return { name, isInk: ramp !== undefined, isBlank, means };
})"""

_NAMES: Final = """radios => radios
  .map((radio) => radio.closest("label")?.innerText.split("\\n")[0] ?? "")
  .filter((name) => name !== "")"""


def arrange(page: Page) -> None:
    """Bring what is shown into an order that is the same each time."""
    order = page.get_by_label("Order of the sliders")
    if order.is_visible():
        order.select_option("number")  # by effect, it depends on how fast the browser is


def shown(page: Page) -> dict[str, Any]:
    """What the page shows at this moment."""
    tab = page.get_by_role("tab", selected=True)
    is_explorer = page.get_by_role("img", name=DIGIT).count() > 0
    if is_explorer:
        pictures = [
            *_read(page.get_by_role("img", name=DIGIT)),
            *_read(page.get_by_role("tabpanel").locator("canvas:visible")),
        ]
    else:
        pictures = _read(page.locator("canvas:visible"))
    return {
        "title": page.title(),
        "heading": page.get_by_role("heading").all_inner_texts()[:1],
        "tab": tab.inner_text() if is_explorer and tab.count() == 1 else None,
        "chosen": []
        if is_explorer
        else page.get_by_role("radio", checked=True).evaluate_all(_NAMES),
        "alerts": [text for text in page.get_by_role("alert").all_inner_texts() if text.strip()],
        "pictures": pictures,
    }


def _read(canvases: Locator) -> list[dict[str, Any]]:
    """The canvases that are drawn, in the order of the page, each as 28 x 28 means of its levels.

    Where all colours are those of a digit, its levels are ink; else how light it is.
    """
    inks = [
        {",".join(map(str, (*colour, 255))): ink for ink, colour in enumerate(_palette(ramp))}
        for ramp in RAMPS
    ]
    read = canvases.evaluate_all(_READ, [inks, SIDE])
    return [
        {
            "name": each["name"],
            "is_ink": each["isInk"],
            "levels": base64.b64encode(bytes(each["means"])).decode(),
        }
        for each in read
        if not each["isBlank"] and CURVE not in each["name"]
    ][:MOST]


def _palette(ramp: tuple[tuple[int, ...], ...]) -> list[tuple[int, ...]]:
    """256 colours, evenly through the ramp."""
    stops = np.array(ramp, float)
    places = np.linspace(0, len(stops) - 1, 256)
    below = np.minimum(np.floor(places).astype(int), len(stops) - 2)
    share = (places - below)[:, None]
    colours = stops[below] + (stops[below + 1] - stops[below]) * share
    return [tuple(colour) for colour in np.floor(colours + 1e-9).astype(int).tolist()]


def levels(picture: dict[str, Any]) -> NDArray[np.float64]:
    """The 784 levels of one of `shown`'s pictures, 0 to 255."""
    return np.frombuffer(base64.b64decode(picture["levels"]), np.uint8).astype(float)


def are_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two pictures are the same: of ink to two levels in a hundred; else in proportion."""
    if one["is_ink"] != other["is_ink"]:
        return False  # one of them has other colours than a digit, such as those of its classes
    first, second = levels(one), levels(other)
    if one["is_ink"]:
        return bool(np.abs(first - second).max() <= 5 and np.abs(first - second).mean() <= 1)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return bool(np.ptp(first) == np.ptp(second) == 0)
    return bool(np.corrcoef(first, second)[0, 1] >= 0.99)


def difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    """How what a page shows is not what it should show; nothing if it is."""
    for what in ("title", "heading", "tab", "chosen", "alerts"):
        if found[what] != wanted[what]:
            return f"{what}: {found[what]!r}, not {wanted[what]!r}"
    names = [[each["name"] for each in shown["pictures"]] for shown in (found, wanted)]
    if len(names[0]) != len(names[1]):
        return f"pictures: {names[0]}, not {names[1]}"
    for place, pair in enumerate(zip(found["pictures"], wanted["pictures"], strict=True)):
        if not are_alike(*pair):
            return f"picture {place}, {names[1][place]!r}, is another"
    return ""
