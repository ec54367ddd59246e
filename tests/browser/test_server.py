"""The server as a process: light, and careful with what its workers know."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.server import App, start_app
from playwright.sync_api import Page, expect
from support import look_until

from gan.messages.status import RunStatus
from gan.runs.state import RunState
from gan.runs.store import RunStore

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]
MAX_SERVER_BYTES = 300e6


def start_run(page: Page, app: App) -> str:
    """The id of a run started on the Train page."""
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/run?run=*")
    return page.url.split("run=")[1]


def until(store: RunStore, run: str, holds: Callable[[RunState], object]) -> RunState:
    return look_until(lambda: store.state(run), holds, seconds=60)


def assert_light(app: App) -> None:
    proc = Path("/proc") / str(app.process.pid)
    status = (proc / "status").read_text().splitlines()
    memory = next(line for line in status if "VmHWM" in line)
    assert int(memory.split()[1]) * 1024 < MAX_SERVER_BYTES
    assert "tensorflow" not in (proc / "maps").read_text()


@pytest.mark.parametrize(
    ("number", "keeps_learning"), [(signal.SIGTERM, True), (signal.SIGKILL, False)]
)
def test_a_server_is_light_and_loses_nothing_when_it_goes_away(
    page: Page, tmp_path: Path, number: signal.Signals, keeps_learning: bool
) -> None:
    app = start_app(tmp_path / "home")
    store = RunStore(app.home)
    run = start_run(page, app)
    before = until(store, run, lambda state: state.saved_step and state.step > state.saved_step)
    assert_light(app)
    page.goto("about:blank")
    onlooker = page.context.new_page()
    onlooker.goto(f"{app.url}/runs")
    expect(onlooker.locator(".live-words", has_text="steps in")).to_be_visible()  # it is fed
    expect(onlooker.get_by_text(re.compile(r"\brunning$"))).to_be_visible()
    os.kill(app.process.pid, number)
    app.wait()
    second = start_app(tmp_path / "home", port=app.port)
    try:
        state = until(store, run, lambda state: not state.status.is_live)
        assert state.status is RunStatus.INTERRUPTED
        assert state.progress[: len(before.progress)] == before.progress
        assert store.snapshot_path(run, state.saved_step).is_file()
        if keeps_learning:
            assert state.saved_step == state.step, "a snapshot was saved on the way out"
        page.goto(f"{second.url}/run?run={run}")
        expect(page.get_by_text(re.compile(r"\binterrupted$"))).to_be_visible()
        expect(page.get_by_test_id("sample-grid")).to_be_visible()
        expect(onlooker.get_by_text(re.compile(r"\binterrupted$"))).to_be_visible()
        onlooker.get_by_role("button", name="More").first.click()
        expect(onlooker.get_by_role("button", name="Rename")).to_be_visible()
        onlooker.close()
        page.goto("about:blank")  # a page whose server is gone complains
    finally:
        second.process.terminate()
        second.wait()
        store.close()


def test_a_second_server_on_the_same_store_says_so(page: Page, app: App) -> None:
    second = start_app(app.home)
    try:
        page.goto(second.url)
        expect(page.get_by_text("Another Digit Forge server is using the runs")).to_be_visible()
    finally:
        second.process.terminate()
        second.wait()
