"""What people wait for, in real Chromium: opening, starting, stopping, dragging.

    python tests/bench/bench_browser.py [--rounds 5]

Starts a server of its own on an empty store, with a run of each architecture beside the pretrained
network. Prints a distribution for each figure.
"""

from __future__ import annotations

import argparse
import math
import os
import re
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
from browser.server import App, start_app
from playwright.sync_api import Browser, Page, sync_playwright

from gan import data, latent, presets
from gan.events import Finished, StopReason
from gan.runs import library
from gan.runs.store import RunStore

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
"""One for each architecture, and both ways to ask for a class."""
FIRST_POINT = "() => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.length"
READY = "[data-testid=explorer-canvas][data-ready=true]"
FRAMES = """() => { const times = []; let on = true;
  const frame = now => { times.push(now); if (on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.stopFrames = () => { on = false; return times.slice(1).map((t, i) => t - times[i]); }; }"""


def opening(browser: Browser, app: App) -> float:
    """Seconds from asking for Home in a fresh browser to a digit that has moved."""
    page, start = browser.new_context().new_page(), time.perf_counter()
    page.goto(app.url)
    page.wait_for_selector("[data-testid=hero-canvas][data-ready=true]")
    canvas = page.get_by_test_id("hero-canvas")
    first = canvas.evaluate("c => c.toDataURL()")
    while canvas.evaluate("c => c.toDataURL()") == first:
        pass
    seconds = time.perf_counter() - start
    page.context.close()
    return seconds


def start_and_stop(page: Page, app: App) -> tuple[float, float]:
    """Seconds from the click on Start to the first point, and from Stop to "stopped"."""
    page.goto(f"{app.url}/train")
    button = page.get_by_role("button", name="Start training")
    button.wait_for()
    page.wait_for_timeout(3000)
    start = time.perf_counter()
    button.click()
    page.wait_for_function(FIRST_POINT)
    first_point = time.perf_counter() - start
    page.wait_for_timeout(4000)
    start = time.perf_counter()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile(r"\bstopped$")).wait_for()
    return first_point, time.perf_counter() - start


def drag(page: Page, app: App, run: str) -> tuple[list[float], int, str]:
    """Frame intervals (ms) of a slider drag, websocket frames sent, the page's ms a picture."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{app.url}/explore?run={run}")
    page.wait_for_selector(READY)
    page.wait_for_timeout(2000)
    box = page.get_by_test_id("z3").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.wait_for_timeout(600)
    before = len(sent)
    page.evaluate(FRAMES)
    for k in range(150):
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.45 * math.sin(k / 9)), middle)
        page.wait_for_timeout(12)
    intervals = page.evaluate("() => window.stopFrames()")
    traffic = len(sent) - before
    page.mouse.up()
    return intervals, traffic, page.locator("[data-fact=cost]").inner_text()


def agreement(page: Page, store: RunStore, run: str) -> float:
    """Largest difference in any pixel of 100 pictures from Keras, on the [-1, 1] scale."""
    from gan.model import bundle

    state = library.find(store, run)
    z = latent.sample(100, state.config.latent_dim, seed=11)
    loaded = bundle.load(library.snapshot_path(store, state))
    labels = latent.even_classes(100, loaded.config.chosen_classes)
    expected = bundle.compiled(loaded.generator())(z, labels).reshape(100, 784)
    drawn = page.get_by_test_id("explorer-canvas").evaluate(
        "(canvas, [zs, labels]) => zs.map((z, i) => Array.from(canvas.generate(z, labels[i])))",
        [z.tolist(), labels.tolist()],
    )
    return float(np.abs(np.array(drawn) - expected).max())


def add_run(store: RunStore, preset: str) -> str:
    """A run of `preset`, trained for a few steps on real digits."""
    from gan.model import training

    settings = replace(presets.preset(preset), batch_size=16, max_steps=8, max_seconds=None)
    trainer = training.trainer(settings, data.load("builtin"))
    trainer.tick(8)
    run = store.create(settings, preset)
    snapshot = training.take_snapshot(trainer, 8)
    assert snapshot is not None
    store.append(run, snapshot)
    store.append(run, Finished(8, StopReason.COMPLETED))
    store.release(run)
    return run


def memory(app: App) -> float:
    """The server's largest resident memory so far, in MB."""
    status = (Path("/proc") / str(app.process.pid) / "status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000  # type: ignore[index]


def spread(values: list[float], unit: str) -> str:
    """Median, 95th percentile and largest."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]
    return f"median {statistics.median(values):.2f}  p95 {p95:.2f}  max {ordered[-1]:.2f} {unit}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = range(parser.parse_args().rounds)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        app = start_app(Path(folder) / "home")
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            start_and_stop(page, app)  # the first one warms the worker
            print("Home to a moving digit: ", spread([opening(browser, app) for _ in rounds], "s"))
            waits = [start_and_stop(page, app) for _ in rounds]
            print("Start to first point:   ", spread([wait[0] for wait in waits], "s"))
            print("Stop to stopped:        ", spread([wait[1] for wait in waits], "s"))
            print(f"Server's memory:         {memory(app):.0f} MB at most, "
                  f"{'with' if 'tensorflow' in _maps(app) else 'without'} TensorFlow")  # fmt: skip
            store = RunStore(app.home)
            page.close()
            for name in (*presets.PRETRAINED, *PRESETS):
                run = name if name in presets.PRETRAINED else add_run(store, name)
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                intervals, traffic, cost = drag(page, app, run)
                difference = agreement(page, store, run)
                print(f"{name}, frames of a drag: {spread(intervals, 'ms')}")
                print(f"    {cost} ms a picture; {traffic} websocket frames; at most "
                      f"{difference:.1e} from Keras")  # fmt: skip
                page.close()
            store.close()
        finally:
            app.process.terminate()
            app.process.wait(30)
            browser.close()


def _maps(app: App) -> str:
    return (Path("/proc") / str(app.process.pid) / "maps").read_text()


if __name__ == "__main__":
    main()
