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
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browser.server import App
from PIL import Image
from playwright.sync_api import Page, expect
from support import ROOT, noise_size

from gan import latent
from gan.drawing import picture

pytestmark = pytest.mark.browser

READY = "[data-testid=explorer-canvas][aria-busy=false]"
PLACE = "digit-forge:bookmarks:digits"
KEEP_ELSEWHERE = """([place, marks]) => {
  const other = document.body.appendChild(document.createElement("iframe")); // another page of it
  other.contentWindow.localStorage.setItem(place, JSON.stringify(marks));
  other.remove();
}"""
KEEPS_NOTHING = """for (const name of ["getItem", "setItem"]) {
  const usual = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...rest) {
    if (key.startsWith("digit-forge:")) throw new DOMException("Denied", "SecurityError");
    return usual.call(this, key, ...rest);
  };
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


def kept(page: Page) -> list[dict[str, Any]]:
    """The bookmarks that the browser keeps."""
    marks: list[dict[str, Any]] = json.loads(
        page.evaluate("place => localStorage.getItem(place)", PLACE)
    )
    return marks


def take_in(page: Page, marks: list[dict[str, Any]]) -> None:
    """Import a file of bookmarks."""
    content = json.dumps(marks).encode()
    page.get_by_test_id("bookmarks-file").set_input_files(
        {"name": "marks.json", "mimeType": "application/json", "buffer": content}
    )


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

    z = latent.from_text("s1f3kz_3.-120", noise_size("digits-conditional"))[0]
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
    step = ""
    if "recorded" in place:
        last = page.url
        page.get_by_test_id("snapshot").focus()
        page.keyboard.press("Home")
        page.wait_for_url(lambda url: url != last)
        step = f"step={parse_qs(urlsplit(page.url).query)['step'][0]}, "
    page.get_by_test_id("png-zoom").fill("3")
    python, command = page.get_by_test_id("python-line"), page.get_by_test_id("command-line")
    expect(python).to_have_value(re.compile(f"{step}zoom=3"))
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
    expect(page.get_by_test_id("export-message")).to_have_text("The link is in the clipboard.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "z=s" in link
    before = page.get_by_test_id("explorer-canvas").evaluate("c => c.toDataURL()")
    page.goto(f"{app.url}/runs")
    page.goto(link)
    page.wait_for_selector(READY)
    assert page.get_by_test_id("explorer-canvas").evaluate("c => c.toDataURL()") == before
    page.get_by_role("button", name="Copy the line of Python").click()
    expect(page.get_by_test_id("export-message")).to_contain_text("is in the clipboard")
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
    expect(page.get_by_test_id("export-message")).to_contain_text("press Ctrl+C")


def test_bookmarks_go_out_and_come_in(page: Page, app: App, tmp_path: Path) -> None:
    opened(page, app, "run=digits&z=s5")
    page.get_by_role("button", name="Export bookmarks").click()
    message = page.get_by_test_id("export-message")
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
    size = noise_size("digits")
    bad = {
        "none.json": (b"rubbish", "This is not a file of bookmarks."),
        "other.json": (b'{"z": 1}', "This is not a file of bookmarks."),
        "half.json": (b'[{"z": "s5"}, {"name": "x"}]', "A bookmark has no noise vector."),
        "long.json": (
            b'[{"z": "s5"}, {"z": "o_%d.1"}]' % (size + 1),
            f"this network takes {size}",
        ),
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


def test_bookmarks_keep_the_focus(page: Page, app: App) -> None:
    opened(page, app, "run=digits")
    strip = page.get_by_test_id("bookmarks")
    for _ in range(3):
        page.get_by_role("button", name="Random").click()
        page.get_by_role("button", name="Bookmark", exact=True).click()
    goes = strip.get_by_role("button", name=re.compile("^Go to "))
    removes = strip.get_by_role("button", name=re.compile("^Remove "))
    expect(goes).to_have_count(3)
    name = strip.get_by_role("textbox").first
    name.fill(" one ")
    name.press("Enter")
    expect(strip.get_by_role("button", name="Go to one")).to_be_visible()
    expect(name).to_be_focused()
    expect(name).to_have_value("one")
    name.fill("two")
    address = page.url
    goes.nth(1).hover()
    page.mouse.down()
    expect(strip.get_by_role("button", name="Go to two")).to_be_visible()
    page.mouse.up()  # the click that ended the name
    page.wait_for_url(lambda url: url != address)

    removes.nth(1).press("Enter")
    expect(goes).to_have_count(2)
    expect(removes.nth(1)).to_be_focused()
    for left in (1, 0):
        page.keyboard.press("Enter")
        expect(goes).to_have_count(left)
    expect(page.get_by_role("button", name="Put it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(strip.get_by_role("button", name="Go to two")).to_be_focused()
    assert [mark["name"] for mark in kept(page)] == ["two"]


def test_another_page_keeps_bookmarks_as_well(page: Page, app: App) -> None:
    opened(page, app, "run=digits")
    goes = page.get_by_test_id("bookmarks").get_by_role("button", name=re.compile("^Go to "))
    page.get_by_role("button", name="Bookmark", exact=True).click()
    expect(goes).to_have_count(1)
    theirs = {"id": "theirs", "name": "theirs", "z": "s6"}
    page.evaluate(KEEP_ELSEWHERE, [PLACE, [*kept(page), theirs]])
    expect(goes).to_have_count(2)
    page.get_by_role("button", name="Bookmark", exact=True).click()
    expect(goes).to_have_count(3)
    assert [mark["id"] for mark in kept(page)][1] == "theirs"


def test_a_file_brings_as_much_as_there_is_room_for(page: Page, app: App) -> None:
    opened(page, app, "run=digits")
    message = page.get_by_test_id("export-message")
    marks: list[dict[str, Any]] = [{"name": {"toString": 1}, "z": "s1", "scale": 0.1234}]
    marks += [{"id": "same", "name": f"mark {i}", "z": f"s{i}"} for i in range(69)]
    take_in(page, marks)
    left = "There was no room for {} more: remove some first."
    expect(message).to_have_text(f"60 bookmarks added. {left.format(10)}")
    assert {name: kept(page)[0][name] for name in ("name", "scale")} == {
        "name": "digit", "scale": 0.12,
    }  # fmt: skip
    take_in(page, marks)
    expect(message).to_have_text(f"0 bookmarks added. {left.format(70)}")
    page.get_by_role("button", name="Remove mark 0", exact=True).click()
    take_in(page, marks[:2])
    expect(message).to_have_text(f"1 bookmark added. {left.format(1)}")
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("status").get_by_text("60 bookmarks are as many")).to_be_visible()
    assert len(kept(page)) == 60


def test_a_browser_that_keeps_nothing(page: Page, app: App) -> None:
    page.add_init_script(KEEPS_NOTHING)
    opened(page, app, "run=digits")
    marks = page.get_by_role("region", name="Bookmarks")
    expect(marks.get_by_role("status")).to_contain_text("keeps nothing beyond this page")
    page.get_by_role("button", name="Bookmark", exact=True).click()
    expect(marks.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_test_id("python-line")).to_have_value(re.compile("picture"))


def test_what_fails_is_said(page: Page, app: App) -> None:
    opened(page, app, "run=digits")
    page.evaluate(
        """() => {
          URL.createObjectURL = () => { throw new Error("no room"); };
          Blob.prototype.text = () => Promise.reject(new Error("It is gone."));
        }"""
    )
    message = page.get_by_test_id("export-message")
    for name in ("PNG", "SVG", "z as JSON", "z as CSV"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(message).to_have_text("Nothing was saved (no room). Try again.")
        take_in(page, [])
        expect(message).to_contain_text("marks.json was not taken in: It is gone.")
