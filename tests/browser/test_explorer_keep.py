"""Taking a digit along, in real Chromium: files, links and lines that lead to the same picture."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.server import App
from PIL import Image
from playwright.sync_api import Page, expect
from support import ROOT

from gan import latent
from gan.drawing import picture

pytestmark = pytest.mark.browser

READY = "[data-testid=explorer-canvas][data-settled=true]"
SEEDS = [0, 1, 2**31, 2**32 - 1, *(2654435761 * k % 2**32 for k in range(1, 197))]
SPELL = """async ([base, cases]) => {
  const { normals } = await import(`${base}/latent.js`);
  const { readLatent, spellLatent } = await import(`${base}/address.js`);
  return cases.map(([seed, size, changes]) => {
    const z = normals(seed, size);
    const drawn = [...z];
    for (const [place, value] of changes) z[place] = value;
    const text = spellLatent(z, seed);
    const free = spellLatent(z, null);
    return { drawn, text, free, read: [...readLatent(text, size).z] };
  });
}"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


def opened(page: Page, app: App, place: str) -> None:
    page.goto(f"{app.url}/explore?{place}")
    page.wait_for_selector(READY)


def saved(page: Page, button: str, folder: Path) -> Path:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def modules(page: Page) -> str:
    """The address of the folder of the page's modules."""
    names = "performance.getEntriesByType('resource').map(each => each.name)"
    (address,) = {
        name.rpartition("/")[0] for name in page.evaluate(names) if "/explorer.js" in name
    }
    return str(address)


def test_python_and_the_page_spell_noise_alike(page: Page, app: App) -> None:
    opened(page, app, "run=digits")
    cases: list[tuple[int, int, list[tuple[int, float]]]] = []
    for k, seed in enumerate(SEEDS):
        size = (16, 64, 100)[k % 3]
        places = np.random.default_rng(seed).permutation(size)[: k % 20]  # some more than 16
        cases.append(
            (seed, size, [(int(at), ((37 * int(at) + k) % 601 - 300) / 100) for at in places])
        )
    told: list[dict[str, Any]] = page.evaluate(SPELL, [modules(page), cases])
    whole = 0
    for (seed, size, changes), page_says in zip(cases, told, strict=True):
        z = latent.normals(seed, size)
        assert z.tolist() == page_says["drawn"]
        for place, value in changes:
            z[place] = value
        assert latent.spelled(z, seed) == page_says["text"]
        assert latent.spelled(z) == page_says["free"]
        for text in (page_says["text"], page_says["free"]):
            assert latent.from_text(text, size)[0].tolist() == z.tolist() == page_says["read"]
        whole += page_says["text"].startswith("v")
    assert len(told) == 200
    assert 10 < whole < 100, "both ways of spelling are among them"


def test_png_svg_and_numbers_are_the_digit(page: Page, app: App, tmp_path: Path) -> None:
    opened(page, app, "run=digits-conditional&z=s1f3kz_3.-120&digit=4&scale=0.8")
    expected = np.asarray(picture("digits-conditional", "s1f3kz_3.-120", digit=4, scale=0.8))
    png = saved(page, "PNG", tmp_path)
    assert re.fullmatch(r"digits-conditional-\d+\.png", png.name)
    with Image.open(png) as image:
        assert image.size == (560, 560)
        large = np.asarray(image.convert("RGB")).astype(int)
    assert np.ptp(large, axis=2).max() == 0, "grey"
    assert np.abs(large[..., 0] - expected).max() <= 1
    small = large[::20, ::20, 0]
    np.testing.assert_array_equal(large[..., 0], small.repeat(20, 0).repeat(20, 1))

    page.get_by_test_id("png-zoom").fill("1")
    expect(page.get_by_text("28 \u00d7 28 pixels")).to_be_visible()
    with Image.open(saved(page, "PNG", tmp_path)) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("L")), small)

    page.get_by_test_id("png-zoom").fill("10")
    svg = ElementTree.parse(saved(page, "SVG", tmp_path)).getroot()
    assert (svg.get("viewBox"), svg.get("width")) == ("0 0 28 28", "280")
    painted = np.full((28, 28), -1)
    for rect in svg.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (int(rect.get(each, "0")) for each in ("x", "y", "width", "height"))
        levels = set(re.findall(r"\d+", rect.get("fill", "")))
        assert len(levels) == 1
        painted[y : y + height, x : x + width] = int(levels.pop())
    np.testing.assert_array_equal(painted, small)

    z = latent.from_text("s1f3kz_3.-120", 64)[0]
    told = json.loads(saved(page, "z as JSON", tmp_path).read_text())
    assert told["z"] == z.tolist()
    assert {name: told[name] for name in ("run", "digit", "scale", "spelled")} == {
        "run": "digits-conditional", "digit": 4, "scale": 0.8, "spelled": "s1f3kz_3.-120",
    }  # fmt: skip
    rows = saved(page, "z as CSV", tmp_path).read_text().splitlines()
    assert rows[0] == "z"
    assert [float(row) for row in rows[1:]] == z.tolist()


@pytest.mark.parametrize(
    "place",
    ["run=digits&z=s1f3kz", "run=digits-conditional&z=o_1.300&digit=7&scale=0.55",
     "run=recorded-quick&z=s7"],
)  # fmt: skip
def test_the_lines_of_python_make_the_same_picture(
    page: Page, app: App, tmp_path: Path, place: str
) -> None:
    opened(page, app, place)
    if "recorded" in place:
        page.get_by_test_id("moment").focus()
        page.keyboard.press("Home")
        page.wait_for_selector(READY)
    page.get_by_test_id("png-zoom").fill("3")
    python, command = page.get_by_test_id("python-line"), page.get_by_test_id("command-line")
    expect(python).to_have_value(re.compile("zoom=3"))
    if "recorded" in place:
        expect(python).to_have_value(re.compile(r"step=\d+"))
    with Image.open(saved(page, "PNG", tmp_path)) as image:
        shown = np.asarray(image.convert("L")).astype(int)
    for number, line in enumerate(([sys.executable, "-c", python.input_value()],
                                   shlex.split(command.input_value()))):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        if number:
            assert line[0] == "python"
            line[0] = sys.executable
        subprocess.run(line, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
        with Image.open(folder / "digit.png") as made:
            assert np.abs(np.asarray(made).astype(int) - shown).max() <= 1
    assert shown.max() > 100


def test_the_link_opens_the_same_digit(page: Page, app: App) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, app, "run=digits")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_test_id("keep-message")).to_have_text("The link is in the clipboard.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "z=s" in link
    before = page.get_by_test_id("explorer-canvas").evaluate("c => c.toDataURL()")
    page.goto(f"{app.url}/runs")
    page.goto(link)
    page.wait_for_selector(READY)
    assert page.get_by_test_id("explorer-canvas").evaluate("c => c.toDataURL()") == before
    page.get_by_role("button", name="Copy the line of Python").click()
    expect(page.get_by_test_id("keep-message")).to_contain_text("is in the clipboard")
    assert page.evaluate("navigator.clipboard.readText()").startswith("from gan.drawing import")


def test_without_a_clipboard_the_text_is_selected(page: Page, app: App) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    opened(page, app, "run=digits")
    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Enter")
    field = page.get_by_test_id("link-field")
    expect(field).to_be_focused()
    selected = field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert selected == page.url
    expect(page.get_by_test_id("keep-message")).to_contain_text("press Ctrl+C")


def test_bookmarks_go_out_and_come_in(page: Page, app: App, tmp_path: Path) -> None:
    opened(page, app, "run=digits&z=s5")
    page.get_by_role("button", name="Export bookmarks").click()
    message = page.get_by_test_id("keep-message")
    expect(message).to_contain_text("There are no bookmarks to export")
    marks = page.get_by_test_id("bookmarks").get_by_role("listitem")
    for _ in range(2):
        page.get_by_role("button", name="Bookmark", exact=True).click()
        page.get_by_role("button", name="Random").click()
    expect(marks).to_have_count(2)
    file = saved(page, "Export bookmarks", tmp_path)
    assert [mark["z"][0] for mark in json.loads(file.read_text())] == ["s", "s"]
    assert json.loads(file.read_text())[0]["z"] == "s5"

    chooser = page.get_by_test_id("bookmarks-file")
    bad = {
        "none.json": (b"rubbish", "This is not a file of bookmarks."),
        "other.json": (b'{"z": 1}', "This is not a file of bookmarks."),
        "half.json": (b'[{"z": "s5"}, {"name": "x"}]', "A bookmark has no noise vector."),
        "long.json": (b'[{"z": "s5"}, {"z": "o_65.1"}]', "this network takes 64"),
        "huge.json": (b" " * (2 << 20), "It is too large"),
    }
    for name, (content, words) in bad.items():
        chooser.set_input_files({"name": name, "mimeType": "application/json", "buffer": content})
        expect(message).to_contain_text(f"{name} was not taken in: ")
        expect(message).to_contain_text(words)
        expect(marks).to_have_count(2)
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    expect(marks).to_have_count(0)
    chooser.set_input_files(file)
    expect(message).to_have_text("2 bookmarks added.")
    expect(marks).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Go to ")).first.click()
    page.wait_for_url(re.compile("z=s5(&|$)"))
