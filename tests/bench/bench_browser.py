"""What people wait for, in real Chromium: opening, starting, stopping.

    python tests/bench/bench_browser.py [--rounds 5]

Starts a server of its own on an empty store. Prints a distribution for each figure.
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
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from browser.conftest import CHROMIUM, FLAGS
from browser.server import App, start_app
from playwright.sync_api import Browser, Page, sync_playwright

FIRST_POINT = "() => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.length"


def opening(browser: Browser, app: App) -> float:
    """Seconds from asking for Home in a fresh browser to a digit that has moved."""
    page, start = browser.new_context().new_page(), time.perf_counter()
    page.goto(app.url)
    page.wait_for_selector("canvas[role=button][aria-busy=false]")
    canvas = page.get_by_role("button", name="A digit that the generator draws")
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
        finally:
            app.process.terminate()
            app.process.wait(30)
            browser.close()


def _maps(app: App) -> str:
    return (Path("/proc") / str(app.process.pid) / "maps").read_text()


if __name__ == "__main__":
    main()
