"""Ten runs at once, from five browsers: is the queue fair, are places true, are pages quick?

    python tests/bench/bench_queue.py [--seconds 8] [--keep-pages]

Starts a server of its own with the defaults of this machine. Each of five browsers starts two runs
at about the same time; every half second each page's own words on its place are compared with the
order in which the runs really started, and a sixth browser goes from page to page by the links at
the top and notes how long each takes to show. All browsers share this machine's cores with the
server and its worker, which they do not in a class: so a page closes once its run has started,
unless told to `--keep-pages`. Ends with what was lost, which should be nothing.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser.conftest import CHROMIUM, FLAGS
from browser.server import start_app
from playwright.sync_api import Browser, Page, sync_playwright

from gan.messages.status import RunStatus
from gan.runs.store import RunStore

BROWSERS, RUNS = 5, 2
PAGES = {"Runs": "Pretrained", "Train": "Two networks play a game", "Home": "Nobody wrote"}
"""Links at the top, and words of the pages that they open."""


@dataclass
class Sent:
    """One run, and what its page said of its place."""

    browser: int
    page: Page
    run: str
    told: list[tuple[float, int]] = field(default_factory=list)
    """Seconds since the first start, and the runs that were said to start before it."""
    started: float = 0.0


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=8, help="of training in each run")
    parser.add_argument(
        "--keep-pages", action="store_true", help="draw each run's charts here too, not elsewhere"
    )
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="bench-queue-")) / "home"
    app = start_app(home)
    store = RunStore(home)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            sent = _start_all(browser, app.url, options.seconds)
            opened = _watch(browser, app.url, store, sent, options.keep_pages)
            browser.close()
        _report(store, sent, opened)
    finally:
        app.process.terminate()
        app.process.wait(30)
        store.close()


def _start_all(browser: Browser, url: str, seconds: int) -> list[Sent]:
    """Fill in all ten forms, then press all ten buttons, browser after browser."""
    forms: list[tuple[int, Page]] = []
    for number in range(BROWSERS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        for _ in range(RUNS):
            page = context.new_page()
            page.goto(f"{url}/train")
            page.get_by_text("All settings").click()
            budget = page.get_by_role("spinbutton", name="Seconds")
            budget.fill(str(seconds))
            budget.press("Enter")
            page.get_by_text(f"Takes about {seconds} s").wait_for()
            forms.append((number, page))
    sent = []
    for _, page in forms:
        page.get_by_role("button", name="Start training").click(no_wait_after=True)
    for number, page in forms:
        page.wait_for_url(re.compile("run="))
        run = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)["run"][0]
        sent.append(Sent(number, page, run))
    return sent


def _watch(
    browser: Browser, url: str, store: RunStore, sent: list[Sent], keep_pages: bool
) -> list[float]:
    """Follow all runs to their end; seconds that pages took to open meanwhile."""
    visitor = browser.new_page(viewport={"width": 1280, "height": 900})
    visitor.goto(url)
    began, opened = time.monotonic(), []
    while True:
        now = time.monotonic() - began
        states = {each.run: store.state(each.run) for each in sent}
        for each in sent:
            state = states[each.run]
            if state.status is not RunStatus.QUEUED:
                if not each.started and not keep_pages:
                    each.page.close()
                each.started = each.started or now
            elif (place := _told(each.page)) is not None:
                each.told.append((now, place))
        if not any(state.status.is_live for state in states.values()):
            return opened
        for name, words in PAGES.items():
            before = time.monotonic()
            visitor.get_by_test_id("stTopNavLink").get_by_text(name, exact=True).click()
            visitor.get_by_text(words).first.wait_for()
            opened.append(time.monotonic() - before)


def _told(page: Page) -> int | None:
    """How many runs the page says start before its own."""
    text = page.get_by_test_id("stMain").inner_text()
    if "Next in line" in text:
        return 0
    found = re.search(r"(One|\d+) runs? starts? before this one", text)
    return None if found is None else 1 if found[1] == "One" else int(found[1])


def _report(store: RunStore, sent: list[Sent], opened: list[float]) -> None:
    order = sorted(sent, key=lambda each: each.started)
    print("started in this order, by browser:", " ".join(str(each.browser) for each in order))
    first = {each.browser for each in order[:BROWSERS]}
    print(f"browsers among the first {BROWSERS}: {len(first)}")
    told = wrong = 0
    for each in sent:
        for when, place in each.told:
            before = sum(when < other.started < each.started for other in sent)
            told += 1
            wrong += abs(before - place) > 0
    print(f"places told: {told}; not true (pages are up to half a second behind): {wrong}")
    print(
        f"pages opened: {len(opened)}, median {statistics.median(opened):.2f} s, "
        f"p95 {statistics.quantiles(opened, n=20)[-1]:.2f} s, max {max(opened):.2f} s"
    )
    states = [store.state(each.run) for each in sent]
    whole = sum(
        state.status is RunStatus.FINISHED and bool(state.saved) and bool(state.quality)
        for state in states
    )
    print(f"finished with curve, snapshot and quality: {whole} of {len(sent)}")


if __name__ == "__main__":
    main()
