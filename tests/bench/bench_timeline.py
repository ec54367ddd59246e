"""How smoothly the time machine follows the hand, in real Chromium.

    python tests/bench/bench_timeline.py

A run of 60 s with its sheets, reports and checks is put into a store of its own, beside the
pretrained networks. Prints the intervals between frames of a drag, alone and in comparison.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench.bench_browser import spread
from bench.bench_explorer import FRAMES
from browser.conftest import CHROMIUM, FLAGS
from browser.server import App, start_app
from playwright.sync_api import Browser, sync_playwright

from gan.messages.events import Event, Finished, Progress, Quality, Samples, Started
from gan.messages.status import StopReason
from gan.runs import library
from gan.runs.store import RunStore
from gan.settings.presets import preset

SECONDS, STEPS_PER_SECOND = 60, 70


def events() -> Iterator[Event]:
    """What a run of `SECONDS` reports, drawn like the pretrained network."""
    drawn = library.recorded_samples("digits")
    yield Started("CPU", 1, 1, 5000)
    for tick in range(10 * SECONDS + 1):
        seconds, step = tick / 10, tick * STEPS_PER_SECOND // 10
        if tick:
            d, g = 1.2 + 0.2 * math.sin(tick), 1.1 + 0.2 * math.cos(tick)
            yield Progress(step, 32 * step, seconds, d, g, 0.6, 0.4, 2240.0)
        if tick % 10 == 0:
            yield Samples(step, drawn[tick // 10 % len(drawn)].images)
        if tick % 50 == 20:
            shares = (0.1,) * 10
            yield Quality(step, seconds, 1000, 400 / (1 + tick), 2.0, shares, 0.9)
    yield Finished(SECONDS * STEPS_PER_SECOND, StopReason.COMPLETED)


def drag(browser: Browser, app: App, run: str, beside: str) -> None:
    """Drag through `run` and print the intervals between frames."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{app.url}/run?run={run}")
    page.get_by_text("Time machine").click()
    page.get_by_role("group", name="Time machine").wait_for()
    if beside == "a pinned moment":
        page.get_by_role("button", name="Pin this moment").click()
    elif beside:
        page.get_by_role("combobox", name="Beside it").click()
        page.get_by_role("option", name=beside).first.click()
    page.wait_for_timeout(5000)
    for handle in ("slider", "plots"):
        place = page.locator(f".timeline-{handle}")
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        y = box["y"] + min(100, box["height"] / 2)
        page.mouse.move(box["x"] + box["width"] / 2, y)
        page.mouse.down()
        page.wait_for_timeout(500)
        before = len(sent)
        page.evaluate(FRAMES)
        for k in range(200):
            page.mouse.move(box["x"] + box["width"] * (0.52 + 0.42 * math.sin(k / 12)), y)
            page.wait_for_timeout(10)
        intervals = page.evaluate("() => window.stopFrames()")
        page.mouse.up()
        print(f"beside {beside or 'nothing'}, {handle}: {spread(intervals, 'ms')}; "
              f"{len(sent) - before} websocket frames")  # fmt: skip
    page.close()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        store = RunStore(home)
        run = store.create(replace(preset("quick"), max_seconds=float(SECONDS)), "a run of 60 s")
        for event in events():
            store.append(run, event)
        store.release(run)
        store.close()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        app = start_app(home)
        try:
            for beside in ("", "a pinned moment", "digits (", "digits-conditional"):
                drag(browser, app, run, beside)
        finally:
            app.process.terminate()
            app.process.wait(30)
            browser.close()


if __name__ == "__main__":
    main()
