"""Whether the explorer follows the hand, in real Chromium: frames, the map, agreement with Keras.

    python tests/bench/bench_explorer.py [--runs quick quality ...]

For each network a slider is dragged, then the cursor on the map, 200 moves each, a map of 15 x 15
digits is drawn for another digit, and directions are asked for that are new. Prints
the intervals between frames, the websocket frames and requests while a hand moved, the seconds
until the map is complete, and those until the directions span it. Starts a server of its own on an
empty store, with a few steps' run of each preset beside the pretrained networks.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from browser.conftest import CHROMIUM, FLAGS
from browser.modules import modules
from browser.server import App, start_app
from playwright.sync_api import Locator, Page, sync_playwright

from gan import latent
from gan.data import datasets
from gan.messages.events import Finished
from gan.messages.status import StopReason
from gan.runs import library
from gan.runs.snapshots import GENERATOR
from gan.runs.store import RunStore
from gan.server import networks
from gan.settings import presets

PRESETS = (
    "quick",
    "quality",
    "conditional",
    "unconditional",
    "vae",
    "article-dense",
    "article-mnist",
    "article-mended",
    "dcgan-tutorial",
)
"""One for each architecture, and each way to ask for a class."""
MOVES = 200
SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"
COMPLETE = "[data-testid=map][aria-busy=false]"
FRAMES = """() => { const times = []; let on = true;
  const frame = now => { times.push(now); if (on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.stopFrames = () => { on = false; return times.slice(1).map((t, i) => t - times[i]); }; }"""
DRAW = """async ([base, network, zs, labels]) => {
  const { take } = await import(`${base}/../inference/cache.js`);
  const generator = await take("generator", network);
  return zs.map((z, i) => Array.from(generator.generate(Float64Array.from(z), labels[i])));
}"""


class Listener:
    """Counts what a page sends."""

    def __init__(self, page: Page) -> None:
        self.sent = 0
        page.on("websocket", lambda socket: socket.on("framesent", self.count))
        page.on("request", self.count)

    def count(self, _: object) -> None:
        """One more."""
        self.sent += 1


def drag(page: Page, listener: Listener, thing: Locator, along: bool) -> tuple[list[float], int]:
    """Frame intervals (ms) of a drag over `thing`, and what was sent meanwhile."""
    thing.scroll_into_view_if_needed()
    box = thing.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(800)
    before = listener.sent
    page.evaluate(FRAMES)
    for k in range(MOVES):
        across = 0.45 * math.sin(k / 9)
        upwards = 0 if along else 0.45 * math.cos(k / 13)
        page.mouse.move(x + across * box["width"], y + upwards * box["height"])
        page.wait_for_timeout(10)
    intervals = page.evaluate("() => window.stopFrames()")
    traffic = listener.sent - before
    page.mouse.up()
    return intervals, traffic


def draw_map(page: Page) -> tuple[float, list[float]]:
    """Seconds until a map that was not there before is complete, and the frames meanwhile."""
    page.evaluate(FRAMES)
    start = time.perf_counter()
    page.get_by_role("button", name="Random").click()
    page.wait_for_selector("[data-testid=map][aria-busy=true]")
    page.wait_for_selector(COMPLETE)
    seconds = time.perf_counter() - start
    return seconds, page.evaluate("() => window.stopFrames()")


def open_map(page: Page) -> float:
    """Seconds from the click on its tab until the map shows the principal directions."""
    start = time.perf_counter()
    page.get_by_test_id("mode-map").click()
    page.wait_for_selector("[data-testid=map][aria-label*='spanned by principal']")
    return time.perf_counter() - start


def agreement(page: Page, store: RunStore, run: str) -> float:
    """Largest difference in any pixel of 100 pictures from Keras, on the [-1, 1] scale."""
    from gan.model import bundle

    state = library.find(store, run)
    z = latent.sample(100, state.config.latent_dim, seed=11)
    loaded = bundle.load(library.snapshot_path(store, state))
    labels = latent.even_classes(100, loaded.config.chosen_classes)
    expected = bundle.compiled(loaded.generator())(z, labels).reshape(100, 784)
    step = library.drawable_steps(store, state)[-1]
    network = f"/{networks.folder(run)}/{step}/{GENERATOR}"
    drawn = page.evaluate(DRAW, [modules(page), network, z.tolist(), labels.tolist()])
    return float(np.abs(np.array(drawn) - expected).max())


def add_run(store: RunStore, preset: str) -> str:
    """A run of `preset`, trained for a few steps on real digits."""
    from gan.model import snapshots, training

    settings = replace(presets.preset(preset), batch_size=16, max_steps=8, max_seconds=None)
    trainer = training.trainer(settings, datasets.load("builtin"))
    trainer.tick(8)
    run = store.create(settings, preset)
    snapshot = snapshots.take_snapshot(trainer, 8)
    store.append(run, snapshot)
    store.append(run, Finished(8, StopReason.COMPLETED))
    store.release(run)
    return run


def measure(page: Page, app: App, store: RunStore, run: str, name: str) -> None:
    """Drag, draw and compare, and print."""
    listener = Listener(page)
    page.goto(f"{app.url}/explore?run={run}")
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(5000)  # strips, effects and neighbours are there
    slider = drag(page, listener, page.get_by_test_id("z3"), along=True)
    cost = page.locator(".facts > div", has_text="ms a picture").locator("dd").inner_text()
    directions = open_map(page)
    page.wait_for_selector(COMPLETE)
    page.wait_for_timeout(2000)
    pad = drag(page, listener, page.get_by_test_id("map"), along=False)
    page.wait_for_timeout(1500)
    maps = [draw_map(page) for _ in range(3)]
    print(f"{name}: {cost} ms a picture; at most {agreement(page, store, run):.1e} from Keras")
    for what, (intervals, traffic) in (("slider", slider), ("pad", pad)):
        print(f"    {what:<7} frames: {spread(intervals)} ms; {traffic} messages")
    seconds = " ".join(f"{wait:.2f}" for wait, _ in maps)
    longest = max(interval for _, intervals in maps for interval in intervals)
    print(f"    a new map of 15 x 15: {seconds} s; longest frame {longest:.0f} ms")
    print(f"    directions, first use: {directions:.2f} s", flush=True)


def spread(values: list[float]) -> str:
    """Median, 95th percentile and largest."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]
    return f"median {statistics.median(values):.1f}  p95 {p95:.1f}  max {ordered[-1]:.1f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", nargs="+", default=[*presets.PRETRAINED, *PRESETS])
    names = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        app = start_app(Path(folder) / "home")
        store = RunStore(app.home)
        try:
            for name in names:
                run = name if name in presets.PRETRAINED else add_run(store, name)
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                measure(page, app, store, run, name)
                page.close()
        finally:
            store.close()
            app.process.terminate()
            app.process.wait(30)
            browser.close()


if __name__ == "__main__":
    main()
