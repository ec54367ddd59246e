"""A run that goes on, or a branch, takes its turn like any other and keeps nobody waiting."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jobs.scripted_runs import (
    DEADLINE_SECONDS,
    config,
    learning,
    over,
    submit,
    trains_on,
    until,
    waiting_run,
)

from gan.jobs.engine import Engine
from gan.jobs.limits import LimitReached, Limits
from gan.messages.commands import Pause
from gan.messages.status import RunStatus
from gan.runs import snapshots
from gan.runs.errors import StoreError
from gan.words.failures import failure


def test_a_run_goes_on_where_it_was_saved(engine: Engine) -> None:
    run = submit(engine, "finish")
    first = until(engine, run, over)
    engine.go_on(run, {"max_steps": 9})
    state = until(engine, run, lambda state: over(state) and state.seq > first.seq + 3)
    assert state.status is RunStatus.FINISHED
    assert state.config.max_steps == 9
    assert [report.step for report in state.progress] == [1, 1], "the script reports it again"


def test_a_branch_runs_beside_its_parent(engine: Engine) -> None:
    run = submit(engine, "finish")
    parent = until(engine, run, over)
    branch = engine.branch(run, 1, {"discriminator_learning_rate": 0.5}, "b")
    state = until(engine, branch, over)
    assert (state.status, state.parent, state.parent_step) == (RunStatus.FINISHED, run, 1)
    assert state.config.discriminator_learning_rate == 0.5
    assert engine.store.state(run) == parent
    assert engine.store.branches(run) == [branch]
    with pytest.raises(StoreError, match="no snapshot of step 7"):
        engine.branch(run, 7, {}, "c")
    assert len(engine.store.ids()) == 2


def test_a_waiting_continuation_can_be_stopped(engine: Engine) -> None:
    run = submit(engine, "finish")
    until(engine, run, over)
    busy = waiting_run(engine)
    engine.go_on(run, {})
    assert engine.place(run) == 0
    engine.stop(run)
    state = engine.store.state(run)
    assert (state.status, state.step, state.saved_step) == (RunStatus.STOPPED, 1, 1)
    engine.go_on(run, {})
    engine.stop(busy)
    assert until(engine, run, over).status is RunStatus.FINISHED


def test_a_lost_snapshot_fails_the_run_only(engine: Engine) -> None:
    run = submit(engine, "finish")
    until(engine, run, over)
    engine.store.snapshot_path(run, 1).unlink()
    engine.go_on(run, {})
    state = until(engine, run, over)
    assert state.failed is not None
    assert "cannot be read" in failure(state.failed).error
    assert trains_on(engine)


def test_a_run_that_goes_on_after_a_stop_is_left_alone(
    engine: Engine,
) -> None:
    run = waiting_run(engine)
    workers = engine.worker_process_ids
    engine.stop(run)
    seq = until(engine, run, over).seq
    assert not engine.is_stopping(run)
    engine.go_on(run, {})
    until(engine, run, lambda state: state.seq > seq + 2 and learning(state))
    assert engine.worker_process_ids == workers, "in the same worker"
    slot = engine.lane.slot_of(run)
    assert slot is not None
    with engine.lane.changed:
        engine.lane._look_after(slot, now=time.monotonic() + engine.lane.policy.stop_seconds + 1)
        assert slot.verdict == "", "once it should long have stopped, it is not ended"


def test_a_stop_in_the_moment_of_the_start_is_heard(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = waiting_run(engine)
    engine.stop(run)
    until(engine, run, over)
    path, reading, go = engine.store.snapshot_path, threading.Event(), threading.Event()

    def slow_path(*arguments: Any) -> Path:
        reading.set()
        go.wait(DEADLINE_SECONDS)
        return path(*arguments)

    monkeypatch.setattr(engine.store, "snapshot_path", slow_path)
    engine.go_on(run, {})
    assert reading.wait(DEADLINE_SECONDS)
    engine.stop(run)
    assert engine.is_stopping(run)
    go.set()
    state = until(engine, run, over)
    assert (state.status, state.step) == (RunStatus.STOPPED, 1)


def test_nobody_waits_while_a_branch_is_copied(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every file system lets two runs have one file, and a run may have 128 MB of them."""
    run = engine.submit(config("finish"), "r", "a")
    until(engine, run, over)
    copying, go = threading.Event(), threading.Event()
    copy = shutil.copyfile

    def slow_copy(*paths: Path) -> None:
        copying.set()
        assert go.wait(DEADLINE_SECONDS)
        copy(*paths)

    def no_link(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(snapshots.os, "link", no_link)
    monkeypatch.setattr(snapshots.shutil, "copyfile", slow_copy)
    engine.limits = Limits(runs_per_browser=2)
    with ThreadPoolExecutor(1) as thread:
        branch = thread.submit(engine.branch, run, 1, {}, "b", "a")
        try:
            assert copying.wait(DEADLINE_SECONDS)
            other = engine.submit(config("wait"), "other", "a")
            until(engine, other, learning)
            engine.tell(other, Pause())
            until(engine, other, lambda state: state.status is RunStatus.PAUSED)
            with pytest.raises(LimitReached, match="2 runs of this browser"):
                engine.submit(config("finish"), "too many", "a")
            engine.stop(other)
            until(engine, other, over)
            assert not branch.done()
        finally:
            go.set()
        state = until(engine, branch.result(), over)
    assert (state.status, state.parent) == (RunStatus.FINISHED, run)
