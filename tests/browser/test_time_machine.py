"""The time machine in real Chromium: one run, one beside it, one that still learns."""

from __future__ import annotations

import re

import numpy as np
import pytest
from browser.server import App
from browser.wire import Wire
from playwright.sync_api import Locator, Page, expect
from support import TINY, look_until

from gan.messages.events import Event, Finished, Progress, Samples, Saved, Started
from gan.messages.status import StopReason
from gan.runs import library
from gan.runs.notable import moments
from gan.runs.store import RunStore

pytestmark = pytest.mark.browser

CANVAS = "c => c.toDataURL()"


def sheets(*names: str) -> int:
    """How many pictures ship with the recordings."""
    return sum(len(library.recorded_samples(name)) for name in names)


def first_after(name: str, code: str) -> int:
    """The step of a recording's first pictures since this had happened, or else of its last."""
    found = next(each for each in moments(library.pretrained(name)) if each.code == code)
    steps = [each.step for each in library.recorded_samples(name)]
    return next((step for step in steps if step >= found.step), steps[-1])


def opened(page: Page, app: App, run: str) -> None:
    """Open the time machine of `run`, and wait for all its sheets."""
    page.goto(f"{app.url}/run?run={run}")
    page.get_by_text("Time machine").click()
    await_sheets(page)


def await_sheets(page: Page) -> None:
    expect(page.get_by_role("group", name="Samples")).to_have_attribute("aria-busy", "false")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the run")


def stands_at(page: Page) -> int:
    """The step at which the cursor stands, as a screen reader says it."""
    words = slider(page).get_attribute("aria-valuetext") or ""
    return int(words.removeprefix("step ").replace(",", ""))


def is_at(page: Page, step: str | re.Pattern[str]) -> None:
    """Wait until the cursor stands at this step, as a screen reader says it."""
    words = f"step {step}" if isinstance(step, str) else re.compile(f"^step {step.pattern}$")
    expect(slider(page)).to_have_attribute("aria-valuetext", words)


def sheet(page: Page, place: int) -> Locator:
    return page.get_by_role("group", name="Samples").get_by_role("img").nth(place)


def is_of(sheet: Locator, step: str | re.Pattern[str]) -> None:
    """Wait until a sheet shows this step."""
    pattern = step if isinstance(step, str) else step.pattern
    expect(sheet).to_have_attribute("aria-label", re.compile(rf" digits after {pattern} steps$"))


def test_a_recording_plays(page: Page, app: App) -> None:
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "/sheets/" in each.url else None)
    last = library.recorded_samples("digits")[-1].step
    opened(page, app, "digits")
    is_at(page, f"{last:,}")
    assert len(asked) == len(set(asked)) == sheets("digits")
    slider(page).focus()
    page.keyboard.press("Home")
    is_of(sheet(page, 0), "0")
    noise = sheet(page, 0).evaluate(CANVAS)
    page.get_by_role("button", name="best quality").click()
    best = first_after("digits", "best_quality")
    expect(slider(page)).not_to_have_attribute("aria-valuetext", "step 0")
    expect(page.locator("[aria-live]", has_text=f"Step {best:,}")).to_have_count(1)
    assert sheet(page, 0).evaluate(CANVAS) != noise
    expect(page.locator(".timeline-words")).to_have_text(
        re.compile(r"Frechet distance: generated \d")
    )
    box = page.locator(".timeline-plots").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 70, box["y"] + 80)
    early = look_until(lambda: stands_at(page), lambda step: step < last / 12)
    page.get_by_role("button", name="Play").click()
    look_until(lambda: stands_at(page), lambda step: step > max(2 * early, last / 12))
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("button", name=re.compile("Branch from"))).to_be_hidden()

    page.get_by_role("button", name="all ten digits").click()
    step = first_after("digits", "all_ten_digits")
    is_of(sheet(page, 0), str(step))
    page.get_by_role("button", name="Pin this moment").click()
    slider(page).press("End")
    steps = rf"^Step {last:,}, pinned step {step:,}"
    words = re.compile(steps + r" .* generated [\d.]+ \(pinned [\d.]+\)")
    expect(page.locator(".timeline-words")).to_have_text(words)
    expect(page.get_by_text(f"Pinned: step {step:,}, ")).to_be_visible()
    is_of(sheet(page, 0), str(step))
    is_of(sheet(page, 1), str(last))
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator(".timeline-sheet:visible")).to_have_count(1)


def test_two_recordings_side_by_side_and_a_drag_that_asks_nobody(page: Page, app: App) -> None:
    wire = Wire(page)
    opened(page, app, "digits")
    page.get_by_role("combobox", name="Beside it").click()
    page.get_by_role("option", name=re.compile("^digits-conditional")).click()
    expect(page.locator(".timeline-legend")).to_have_text("A: digitsB: digits-conditional")
    expect(page.locator(".timeline-sheet:visible")).to_have_count(2)
    await_sheets(page)
    expect(page.get_by_text("A is this run, B the one beside it")).to_be_visible()
    wire.forget()
    box = page.locator(".timeline-plots").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 60)
    page.mouse.down()
    seen = set()
    for share in np.linspace(0.9, 0.3, 25):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 60)
        seen.add(slider(page).get_attribute("aria-valuetext"))
    page.mouse.up()
    assert len(seen) > 3
    assert wire.sent() == [], "a drag is drawn in the browser alone"
    words = page.locator(".timeline-words")
    expect(words).to_have_text(re.compile(r"A at step [\d,]+, B at step [\d,]+, after \d+ s"))
    expect(words).to_have_text(re.compile(r"Loss: D [\d.]+ \(B [\d.]+\)"))
    page.get_by_role("combobox", name="Compare after").select_option("step")
    expect(words).to_have_text(re.compile(r"^A at step ([\d,]+), B at step \1 \u00b7"))


def test_the_timeline_of_a_run_that_learns_moves_on(page: Page, app: App) -> None:
    store = RunStore(app.home)
    run = store.create(TINY, "mine")

    def learn(*steps: int) -> None:
        for step in steps:
            events: list[Event] = [
                Samples(step, np.full((16, 28, 28), step, np.uint8)),
                Saved(step, step),
                Progress(step, 8 * step, step / 4, 1.1, 0.9, 0.6, 0.4, 320.0),
            ]
            for event in events:
                store.append(run, event)

    store.append(run, Started("here", 1, 1, 1))
    learn(10, 20)
    opened(page, app, run)
    is_at(page, "20")
    learn(30, 40)
    is_at(page, "40")
    await_sheets(page)
    slider(page).press("Home")
    is_at(page, "10")
    learn(50)
    expect(slider(page)).to_have_attribute("max", "4")  # there are five now
    is_at(page, "10")
    page.get_by_role("button", name="Follow").click()
    is_at(page, "50")
    expect(page.get_by_role("button", name="Branch from step 50")).to_be_visible()
    store.append(run, Finished(50, StopReason.COMPLETED))
    store.release(run)
    store.close()
    expect(page.get_by_role("button", name="Follow")).to_be_hidden()
    is_at(page, "50")
