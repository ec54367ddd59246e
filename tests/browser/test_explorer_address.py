"""What the explorer keeps in its address and in the browser: after Back, elsewhere, and later."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from browser.explorer_runs import SETTLED, chosen, picture, served, train_a_little
from browser.server import App
from playwright.sync_api import Browser, Page, expect
from support import TINY

from gan.data.datasets import Digits
from gan.messages.events import Finished, Started
from gan.messages.status import StopReason
from gan.runs import snapshots
from gan.runs.store import RunStore

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]


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
