"""Sums of latent vectors in real Chromium: a thick 3, minus thin 3s, plus thin 8s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browser.explorer_sum import DRAWN, PICTURE, SIZE, equation, opened, show_example
from browser.server import App
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from gan import latent
from gan.network_file import inference
from gan.runs import library
from gan.runs.store import RunStore, default_home

pytestmark = pytest.mark.browser


HALF_A_STEP = 0.005 + 1e-9  # z is held in hundredths


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


def gone_to(page: Page) -> NDArray[np.float64]:
    """The z of the sum, where people can go; and back again."""
    before = page.url
    page.get_by_test_id("sum-go").click()
    page.wait_for_url(lambda url: url != before)
    z = latent.from_text(parse_qs(urlsplit(page.url).query)["z"][0], SIZE)[0]
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_url(before)
    return z


def expected(told: dict[str, Any]) -> NDArray[np.float64]:
    """The sum of the groups that the page tells, by other code than the page's."""
    a, b, c = (np.mean(np.array(told[letter]), axis=0) for letter in "ABC")
    return np.asarray(np.clip(a + told["amount"] * (c - b), -3, 3))


def pictures(zs: Sequence[Sequence[float] | NDArray[np.float64]]) -> NDArray[np.float64]:
    """What `digits` draws from latent vectors, ink from 0 to 1, [n, 28, 28]."""
    with closing(RunStore(default_home())) as store:
        network = library.generator(store, library.find(store, "digits"))
    assert network is not None
    return (inference.drawn(network, np.array(zs)).reshape(-1, 28, 28).astype(float) + 1) / 2


def slants(inks: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far strokes lean to the right, as the negative regression of columns on rows."""
    rows, columns = np.mgrid[:28, :28]
    return np.array(
        [
            -np.cov(columns.ravel(), rows.ravel(), aweights=ink.ravel())[0, 1]
            / np.cov(rows.ravel(), aweights=ink.ravel())
            for ink in inks
        ]
    )


def test_a_thick_3_minus_thin_3s_plus_thin_8s(page: Page, app: App, browser: Browser) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(socket.url)))
    opened(page, app)
    expect(page.get_by_test_id("sum-words")).to_contain_text("A, B and C are empty")
    expect(page.get_by_test_id("sum-go")).to_be_disabled()
    quiet = len(sent)
    show_example(page)
    assert len(sent) == quiet, "collecting and adding up happens in the browser alone"
    told = equation(page)
    assert [len(told[letter]) for letter in "ABC"] == [16, 16, 16]
    thick, thin, other = (pictures(told[letter]).mean(axis=(1, 2)) for letter in "ABC")
    assert thick.min() > thin.max()
    words = page.get_by_test_id("sum-words")
    expect(words).to_have_text(
        re.compile(r"^Averaged, the sum reads as 8 \(\d+%\)\. One by one, [0-7] of 8 read as 8\.")
    )
    expect(page.get_by_test_id("sum-singles").get_by_role("listitem")).to_have_count(8)
    expect(page.locator(".explorer > .view > .status")).to_contain_text("reads as 8")
    z = gone_to(page)
    np.testing.assert_allclose(z, expected(told), atol=HALF_A_STEP)
    result = pictures([z]).mean()
    assert result > 1.3 * other.mean(), "the sum of thick 3, thin 3 and thin 8 is thick"

    same = browser.new_page()
    same.goto(page.url)
    expect(same.locator(DRAWN)).to_be_visible()
    expect(same.get_by_test_id("sum-words")).to_have_text(words.inner_text())
    shared = same.get_by_test_id("sum-picture").evaluate(PICTURE)
    same.close()
    assert shared == page.get_by_test_id("sum-picture").evaluate(PICTURE)


def test_an_example_until_there_are_groups_of_ones_own(page: Page, app: App) -> None:
    sums = opened(page, app, query="")
    expect(page.get_by_test_id("sum-words")).to_contain_text("Averaged, the sum reads as 8")
    expect(page.get_by_test_id("sum-mark")).to_contain_text("Example")
    counts = [page.get_by_test_id(f"group-{letter}-count") for letter in "ABC"]
    for count in counts:
        expect(count).to_have_text("16 vectors, an example")
    assert "sum=" not in page.url, "it comes again by itself"
    a = sums.get_by_role("region", name="Group A")
    a.get_by_role("button", name="Add the large digit").press("Enter")
    expect(counts[0]).to_have_text("1 vector")
    page.wait_for_url(re.compile(r"sum=1~s\w+~s\w+,s\w+,"))
    page.get_by_test_id("sum-clear").press("Enter")
    expect(page.get_by_test_id("sum-words")).to_contain_text("B and C are empty")
    expect(page.get_by_test_id("sum-mark")).to_be_hidden()
    expect(page.get_by_test_id("sum-example")).to_be_focused()
    page.get_by_test_id("mode-path").click()
    page.get_by_test_id("mode-sum").click()
    expect(counts[0]).to_have_text("1 vector")
    expect(counts[1]).to_have_text("empty")


def test_go_there_and_back(page: Page, app: App) -> None:
    opened(page, app, query="&z=s1f&sum=0.5~s1,s2~s3,s4~s5,o_3.-120")
    canvas = page.get_by_test_id("explorer-canvas")
    before, there = canvas.evaluate(PICTURE), page.get_by_test_id("sum-picture").evaluate(PICTURE)
    assert before != there
    told = equation(page)
    assert told["amount"] == 0.5
    assert told["C"][1] == [0, 0, -1.2] + [0] * 61
    page.get_by_test_id("sum-go").click()
    page.wait_for_function("url => !location.href.includes(url)", arg="&z=s1f&")
    z = latent.from_text(parse_qs(urlsplit(page.url).query)["z"][0], SIZE)[0]
    np.testing.assert_allclose(z, expected(told), atol=HALF_A_STEP)
    expect(canvas).to_have_attribute("aria-busy", "false")
    assert canvas.evaluate(PICTURE) == there
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function("url => location.href.includes(url)", arg="&z=s1f&")
    expect(canvas).to_have_attribute("aria-busy", "false")
    assert canvas.evaluate(PICTURE) == before


def test_groups_by_hand(page: Page, app: App) -> None:
    sums = opened(page, app, query="&z=s1f")
    a, b, c = (sums.get_by_role("region", name=f"Group {letter}") for letter in "ABC")
    a.get_by_role("button", name="Add the large digit").click()
    expect(page.get_by_test_id("sum-words")).to_contain_text("B and C are empty")
    page.get_by_role("button", name="Bookmark", exact=True).click()
    for group in (b, c):
        group.get_by_role("button", name="Add the bookmark").click()
    expect(page.get_by_test_id("sum-words")).to_contain_text("leaves nothing to average")
    told = equation(page)
    np.testing.assert_allclose(gone_to(page), told["A"][0], atol=HALF_A_STEP)

    page.get_by_test_id("scale").fill("0.5")
    a.get_by_role("button", name="Add the large digit").click()
    expect(page.get_by_test_id("group-A-count")).to_have_text("2 vectors")
    whole, half = equation(page)["A"]
    np.testing.assert_allclose(half, np.array(whole) / 2, atol=HALF_A_STEP)
    page.wait_for_function("() => location.search.includes('sum=1~s1f,')")
    expect(page.get_by_role("group", name="The picture")).to_have_css("padding", "0px")


def test_slants_by_keyboard_alone(page: Page, app: App) -> None:
    sums = opened(page, app)
    for letter, trait in (("A", "slanted left"), ("C", "slanted right")):
        sums.get_by_role("group", name=f"Collect for {letter}").get_by_label("How many").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("4")
        page.keyboard.press("Tab")
        page.keyboard.type(trait)
        page.keyboard.press("Tab")
        page.keyboard.type("1")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id(f"group-{letter}-count")).to_have_text("4 vectors")
        most = trait.replace(" ", " to the ")
        expect(page.get_by_test_id("collected")).to_have_text(
            re.compile(rf"\d+ draws .* of \d+ 1s\. {letter}: the 4 most {most} 1s\.$")
        )
    told = equation(page)
    left, right = (slants(pictures(told[letter])) for letter in "AC")
    assert left.max() < right.min()
    assert (right > 0.2).all()

    sums.get_by_role("button", name="Remove digit 4 of A").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("group-A-count")).to_have_text("3 vectors")
    expect(sums.get_by_role("button", name="Remove digit 3 of A")).to_be_focused()
    assert equation(page)["A"] == told["A"][:3]
    here = sums.get_by_role("region", name="Group B").get_by_role("button", name="Add the large")
    here.press("Enter")
    page.get_by_test_id("sum-amount").press("ArrowLeft")
    expect(page.locator(DRAWN)).to_be_visible()
    told = equation(page)
    assert told["amount"] == 0.95
    expect(page.locator(".explorer > .view > .status")).to_contain_text("Amount 0.95. Averaged")
    np.testing.assert_allclose(gone_to(page), expected(told), atol=HALF_A_STEP)
