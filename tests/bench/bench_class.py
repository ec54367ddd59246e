"""A class: viewers of one live run, a real browser beside them, and sixty who come at once.

    python tests/bench/bench_class.py [--root CHECKOUT] [--viewers 1 10 20 40 60 200] [--seconds 20]

Starts servers of its own, of this checkout or of another one to compare with. The viewers are those
of `crowd.py`, in a process of their own beside the server and its training, on the same cores. A
picture is a new point on the curves; its delay counts from when its step stood in the store. The
real browser is Chromium, which draws on these cores too. Prints a table of each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from browser.conftest import CHROMIUM, FLAGS
from browser.server import App, start_app
from crowd import Viewer
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from untrained import record

from gan.runs.store import RunStore

SETTLING = 6.0
"""Seconds until a crowd has its pages, which are not counted."""
PAGES = {"Home": "", "Train": "train", "Explore": "explore", "Runs": "runs"}
CLASS = 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to measure")
    parser.add_argument("--viewers", type=int, nargs="*", default=[1, 10, 20, 40, 60, 200])
    parser.add_argument("--beside", type=int, nargs="*", default=[1, CLASS])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--clicks", type=int, default=20)
    parser.add_argument("--pages", nargs="*", default=list(PAGES))
    parser.add_argument("--kept", type=int, default=24, help="runs in the store of those who come")
    parser.add_argument("--crowd", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.crowd:
        url, page, address, database, viewers = options.crowd
        crowd = _crowd(url, page, address, database, int(viewers), options.seconds)
        print(json.dumps(asyncio.run(crowd)))
        return
    if options.viewers or options.beside:
        _live(options)
    for name in options.pages:
        _at_once(options, name)


def _live(options: argparse.Namespace) -> None:
    app = start_app(Path(tempfile.mkdtemp(prefix="bench-class-")) / "home", options.root)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            run = _start(browser, app, 3600)
            time.sleep(15)  # training is at its pace
            print(
                "viewers | pages open in s, median, max | pictures a second, least, median | "
                "delay in s, p50, p95 | sheets a second | server, % of a core | steps a second | "
                "crowd, % of a core | server, MB | pages drawn again"
            )
            for count in options.viewers:
                _watched(app, run, count, options.seconds)
            for count in options.beside:
                _beside(browser, app, run, count, options.clicks)
            browser.close()
    finally:
        app.process.terminate()
        app.process.wait(30)


def _start(browser: Browser, app: App, seconds: int) -> str:
    """The id of a run that goes on for so long."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{app.url}/train")
    page.get_by_text("All settings").click()
    budget = page.get_by_role("spinbutton", name="Seconds")
    budget.fill(str(seconds))
    budget.press("Enter")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("run="))
    page.get_by_test_id("sample-grid").wait_for()
    run = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)["run"][0]
    page.close()
    return run


def _watched(app: App, run: str, count: int, seconds: float) -> None:
    crowd = _send_crowd(app, run, count, seconds)
    time.sleep(SETTLING)
    before = _processor_seconds(app.process.pid), time.monotonic(), _steps(app, run)
    time.sleep(seconds - 2 * 1.5)
    passed = time.monotonic() - before[1]
    server = (_processor_seconds(app.process.pid) - before[0]) / passed
    pace = (_steps(app, run) - before[2]) / passed
    memory = _resident_megabytes(app.process.pid)
    told = json.loads(crowd.communicate(timeout=120)[0])
    print(
        f"{count} | {told['opened']} | {told['pictures']} | {told['delay']} | {told['sheets']} | "
        f"{100 * server:.0f} | {pace:.1f} | {told['processor']} | {memory:.0f} | {told['redrawn']}",
        flush=True,
    )


def _send_crowd(app: App, run: str, count: int, seconds: float) -> subprocess.Popen[str]:
    """Viewers in a process of their own, counted from when they have settled."""
    address, database = f"run={run}", str(app.home / "store.sqlite3")
    return subprocess.Popen(
        [
            sys.executable, __file__, "--seconds", str(seconds),
            "--crowd", app.url, _page_of_runs(app), address, database, str(count),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def _page_of_runs(app: App) -> str:
    """The page that shows a run: an earlier version has none of its own."""
    return "run" if (app.root / "pages" / "run.py").is_file() else "train"


async def _crowd(
    url: str, page: str, address: str, database: str, count: int, seconds: float
) -> dict[str, Any]:
    """Look on with so many, and say what they saw once all had their pages."""
    began = time.monotonic()
    since, until = began + SETTLING, began + SETTLING + seconds
    viewers = [Viewer(url, page, address) for _ in range(count)]
    recorder = asyncio.create_task(_recorded(database, address.removeprefix("run="), until))
    await asyncio.gather(*(viewer.stay(until) for viewer in viewers))
    recorded = await recorder
    delays, rates, sheets = [], [], []
    for viewer in viewers:
        pictures = [(when, step) for when, step in viewer.seen.pictures if when >= since]
        rates.append(len(pictures) / seconds)
        sheets.append(viewer.seen.sheets / (until - began))
        steps = [step for _, step in recorded]
        for when, step in pictures:
            place = bisect_left(steps, step)
            if place < len(steps):
                delays.append(when - recorded[place][0])
    opened = [viewer.seen.opened for viewer in viewers]
    known = [each for each in opened if each is not None]
    return {
        "opened": f"{len(known)} of {count}: {_spread(known, 0.5, 1.0)}",
        "pictures": f"{min(rates):.1f}, {statistics.median(rates):.1f}",
        "delay": _spread(delays, 0.5, 0.95),
        "sheets": f"{statistics.median(sheets):.1f}",
        "processor": f"{100 * time.process_time() / (until - began):.0f}",
        "redrawn": sum(viewer.seen.redrawn for viewer in viewers),
    }


async def _recorded(database: str, run: str, until: float) -> list[tuple[float, int]]:
    """When which step stood in the store, looked up every 25 ms."""
    seen: list[tuple[float, int]] = []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    query = "SELECT step FROM events WHERE run = ? AND kind = 'Progress' ORDER BY seq DESC LIMIT 1"
    while time.monotonic() < until:
        row = connection.execute(query, (run,)).fetchone()
        if row and (not seen or row[0] > seen[-1][1]):
            seen.append((time.monotonic(), row[0]))
        await asyncio.sleep(0.025)
    connection.close()
    return seen


def _beside(browser: Browser, app: App, run: str, count: int, clicks: int) -> None:
    """A real browser beside so many viewers."""
    crowd = _send_crowd(app, run, count, 120.0)
    try:
        time.sleep(SETTLING)
        opened = [_timed(lambda: _open(browser, app, run)) for _ in range(5)]
        page = _open(browser, app, run)
        gap = _longest_gap(page, 20.0)
        paused = [_pressed(page) for _ in range(clicks)]
        page.close()
        print(
            f"a browser beside {count}: page {statistics.median(opened):.2f} s (median of 5, max "
            f"{max(opened):.2f}); longest time without a new picture {gap:.2f} s; Pause and Resume "
            f"on screen after {_spread(paused, 0.5, 0.95)} s (p50, p95 of {clicks})",
            flush=True,
        )
    except PlaywrightTimeout as error:
        print(f"a browser beside {count}: {str(error).splitlines()[0]}", flush=True)
    finally:
        crowd.terminate()
        crowd.wait()


def _timed(work: Callable[[], Page]) -> float:
    began = time.monotonic()
    page = work()
    passed = time.monotonic() - began
    page.close()
    return passed


def _open(browser: Browser, app: App, run: str) -> Page:
    """A page that shows the digits and the curve of a run."""
    page = browser.contexts[0].new_page() if browser.contexts else browser.new_page()
    page.goto(f"{app.url}/{_page_of_runs(app)}?run={run}")
    page.wait_for_selector("[data-testid=loss-chart] .scatterlayer", timeout=60_000)
    page.wait_for_selector("[data-testid=sample-grid]", timeout=60_000)
    return page


def _longest_gap(page: Page, seconds: float) -> float:
    """The longest time in which the curve did not grow."""
    script = """seconds => new Promise(done => {
      const chart = () => document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.at(-1);
      const began = performance.now();
      let [last, since, longest] = [chart(), began, 0];
      const look = () => {
        const [now, step] = [performance.now(), chart()];
        if (step !== last || now - began > 1000 * seconds) {
          longest = Math.max(longest, now - since);
          [last, since] = [step, now];
        }
        if (now - began > 1000 * seconds) done(longest / 1000);
        else setTimeout(look, 20);
      };
      look();
    })"""
    return float(page.evaluate(script, seconds))


def _pressed(page: Page) -> float:
    """Seconds from a click on Pause or Resume to the other one in its place."""
    pause = page.get_by_role("button", name="Pause", exact=True)
    resume = page.get_by_role("button", name="Resume", exact=True)
    here, there = (pause, resume) if pause.count() else (resume, pause)
    began = time.monotonic()
    here.click()
    there.wait_for(timeout=60_000)
    passed = time.monotonic() - began
    page.wait_for_timeout(700)
    return passed


def _at_once(options: argparse.Namespace, name: str) -> None:
    """So many who ask for a page of a server that nobody has visited, and then once more."""
    home = Path(tempfile.mkdtemp(prefix="bench-class-")) / "home"
    store = RunStore(home)
    for _ in range(options.kept):
        record(store)
    store.close()
    app = start_app(home, options.root)
    try:
        time.sleep(3)  # its worker is loading TensorFlow
        for state in ("cold", "warm"):
            opened = asyncio.run(_visits(app.url, PAGES[name]))
            known = [each for each in opened if each is not None]
            print(
                f"{CLASS} at once, {name}, {state}: {len(known)} have it after "
                f"{_spread(known, 0.5, 1.0)} s (median, last)",
                flush=True,
            )
            time.sleep(2)
    finally:
        app.process.terminate()
        app.process.wait(30)


async def _visits(url: str, page: str) -> list[float | None]:
    return await asyncio.gather(*(Viewer(url, page).visit(60.0) for _ in range(CLASS)))


def _spread(values: list[float], *shares: float) -> str:
    if not values:
        return "none"
    values = sorted(values)
    return ", ".join(f"{values[min(len(values) - 1, int(s * len(values)))]:.2f}" for s in shares)


def _steps(app: App, run: str) -> int:
    connection = sqlite3.connect(f"file:{app.home / 'store.sqlite3'}?mode=ro", uri=True)
    (step,) = connection.execute(
        "SELECT max(step) FROM events WHERE run = ? AND kind = 'Progress'", (run,)
    ).fetchone()
    connection.close()
    return int(step)


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_megabytes(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
