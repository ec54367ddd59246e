"""Sums of latent vectors in real Chromium: a thick 3, minus thin 3s, plus thin 8s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from browser.server import App
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, Route, expect

from gan import latent
from gan.network_file import inference
from gan.runs import library
from gan.runs.store import RunStore, default_home

pytestmark = pytest.mark.browser

PICTURE = "c => c.toDataURL()"
DRAWN = ".equation[aria-busy=false]"
SIZE = 64
"""Numbers of z of the networks here."""
HALF_A_STEP = 0.005 + 1e-9  # z is held in hundredths

HOSTILE = {
    "NaN~~~": "an amount",
    "2.5~~~": "an amount",
    "1~s1~s2": "not of three groups",
    "1~s1~s2~s3~s4": "not of three groups",
    "1~" + ",".join(["s1"] * 21) + "~~": "a group of 21 vectors",
    "1~" + "s1," * 3000 + "~~": "too long",
    "1~<script>alert(1)</script>~~": "cannot be read",
    "1~1,2,3~~": "cannot be read",
    "1~s1,~~": "cannot be read",
    "1~8s1~~": "do not fit this network",
    "1~o_65.10~~": "changes number 65",
    "1~o_1.301~~": "outside",
    "1~vAAAA~~": "of 2 numbers",
    "1~szzzzzzz~~": "is not one",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


def opened(
    page: Page, app: App, run: str = "digits", query: str = f"&sum={quote('1~~~')}"
) -> Locator:
    """The mode Sum on `run`, once its digit is drawn; empty, unless the query says otherwise."""
    page.goto(f"{app.url}/explore?run={run}&mode=sum{query}")
    expect(page.locator("[data-testid=explorer-canvas][aria-busy=false]")).to_be_visible()
    expect(page.locator(DRAWN)).to_be_visible()
    return page.get_by_test_id("sum")


def equation(page: Page) -> dict[str, Any]:
    """The groups and the amount, as the page's address tells them."""
    text = parse_qs(urlsplit(page.url).query).get("sum", ["1~~~"])[0]
    amount, *groups = text.split("~")
    latents = [
        [
            latent.from_text(spelled.lstrip("0123456789"), SIZE)[0].tolist()
            for spelled in filter(None, group.split(","))
        ]
        for group in groups
    ]
    return {"amount": float(amount), **dict(zip("ABC", latents, strict=True))}


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


def shown(page: Page) -> list[str]:
    """The pictures of the groups and of the equation, once they are drawn, and the amount."""
    expect(page.locator(DRAWN)).to_be_visible()
    drawn: list[str] = page.get_by_test_id("sum").evaluate(
        "e => [...e.querySelectorAll('.members canvas, .equation canvas')].map(c => c.toDataURL())"
    )
    return [*drawn, page.get_by_test_id("sum-amount").input_value()]


def show_example(page: Page) -> None:
    page.get_by_test_id("sum-example").click()
    expect(page.get_by_test_id("collected")).to_contain_text("In ")
    expect(page.locator(DRAWN)).to_be_visible()


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


def test_collecting_can_be_cancelled(page: Page, app: App) -> None:
    opened(page, app, "recorded-dcgan-tutorial")  # the slowest, so that there is time
    page.get_by_test_id("sum-example").press("Enter")
    expect(page.get_by_test_id("collecting")).to_contain_text(re.compile("[1-9] drawn"))
    page.get_by_role("button", name="Cancel", exact=True).press("Enter")
    expect(page.get_by_test_id("collecting")).to_be_hidden()
    expect(page.get_by_test_id("collected")).to_have_text("Cancelled: the groups are as they were.")
    expect(page.get_by_test_id("sum-example")).to_be_focused()
    assert equation(page)["A"] == []


def test_another_network_ends_collecting(page: Page, app: App) -> None:
    opened(page, app, "recorded-quick")
    held: list[Route] = []
    page.route(re.compile("/classifier"), lambda route: held.append(route))  # it waits for that
    page.get_by_test_id("collect-A").click()
    expect(page.get_by_test_id("collecting")).to_contain_text("0 drawn")
    page.keyboard.press("[")
    ended = re.compile("^Collecting ended, as the network is another now")
    expect(page.get_by_test_id("collected")).to_have_text(ended)
    expect(page.get_by_test_id("collecting")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.locator(DRAWN)).to_be_visible()
    assert equation(page)["A"] == []


def test_a_network_that_is_asked_for_its_digit(page: Page, app: App) -> None:
    sums = opened(page, app, "digits-conditional")
    expect(sums).to_contain_text("the sum is of z alone")
    show_example(page)
    expect(page.get_by_test_id("sum-words")).to_contain_text("the sum reads as 8")
    thick = page.get_by_test_id("sum-picture").evaluate(PICTURE)
    page.get_by_test_id("class-selector").get_by_label("0").check(force=True)
    expect(page.get_by_test_id("sum-words")).to_contain_text("the sum reads as 0")
    assert page.get_by_test_id("sum-picture").evaluate(PICTURE) != thick
    address = re.search(r"sum=1~3s(\w+)", page.url)
    assert address
    seeded = latent.normals(int(address[1], 36), 64)
    np.testing.assert_allclose(equation(page)["A"][0], seeded, atol=1e-9)


def test_too_few(page: Page, app: App) -> None:
    sums = opened(page, app, "recorded-article-dense")  # which draws 8s alone
    page.get_by_test_id("sum-example").click()
    expect(page.get_by_test_id("collected")).to_have_text(
        re.compile("^In 1,000 draws the classifier was sure of hardly anything but 8s")
    )
    page.get_by_test_id("collect-A").click()
    expect(page.get_by_test_id("collected")).to_have_text(
        "In 1,000 draws the classifier was sure (90% or more) of 0 3s. "
        "A: none, so it stays as it was."
    )
    expect(sums.get_by_test_id("group-A-count")).to_have_text("empty")


def test_hostile_addresses(page: Page, app: App) -> None:
    opened(page, app, query="&sum=1~s1~s2~s3")
    kept = shown(page)
    for text, problem in HOSTILE.items():
        page.evaluate(
            """text => {
              const address = `?run=digits&mode=sum&sum=${encodeURIComponent(text)}`;
              history.replaceState(history.state, "", address);
              dispatchEvent(new PopStateEvent("popstate"));
            }""",
            text,
        )
        notice = page.get_by_test_id("explorer-notice")
        expect(notice).to_contain_text(problem)
        expect(notice).to_contain_text("What could not be read was left out.")
        assert shown(page) == kept
    page.goto(f"{app.url}/explore?run=digits&mode=sum&sum=9~~~")
    expect(page.get_by_test_id("explorer-notice")).to_contain_text("an amount")
    expect(page.get_by_test_id("sum-words")).to_contain_text("Averaged, the sum reads as")
