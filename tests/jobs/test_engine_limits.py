"""What one server gives: so many runs, for so long, and so much room."""

from __future__ import annotations

import itertools
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from jobs.scripted_runs import (
    Start,
    config,
    error_of,
    learning,
    over,
    submit,
    trains_on,
    until,
    waiting_run,
)

from gan.data.datasets import DataError
from gan.jobs.engine import Engine
from gan.jobs.limits import LimitReached, Limits
from gan.messages.commands import Adjust, Pace
from gan.messages.status import RunStatus
from gan.settings.config import TrainConfig


def test_bad_data_and_a_long_queue_leave_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no file"):
        engine.submit(replace(TrainConfig(), data=str(tmp_path / "none.npz")), "r")
    engine.limits = Limits(queue_length=0)
    with pytest.raises(LimitReached, match="0 runs are waiting already"):
        engine.submit(TrainConfig(), "r")
    assert engine.store.ids() == []


def test_a_browser_has_so_many_runs_at_a_time(started: Start) -> None:
    engine = started(runs_per_browser=2)
    first, second = (engine.submit(config("wait"), "r", "a") for _ in range(2))
    with pytest.raises(LimitReached, match="2 runs of this browser"):
        engine.submit(config("wait"), "r", "a")
    until(engine, first, learning)
    engine.submit(config("wait"), "r", "b")
    engine.stop(second)
    third = engine.submit(config("wait"), "r", "a")
    assert engine.owned_by("a") == [first, third]
    with pytest.raises(LimitReached, match="2 runs of this browser"):
        engine.branch(first, 1, {}, "branch", "a")


def test_a_full_store_takes_no_more_runs(engine: Engine) -> None:
    run = submit(engine, "finish")
    until(engine, run, over)
    assert engine.store.sizes()[run] > 6, "the bytes of its snapshot and events"
    engine.limits = replace(engine.limits, stored_mb=0)
    with pytest.raises(LimitReached, match="delete runs that nobody needs"):
        submit(engine, "finish")
    assert engine.store.ids() == [run]


def test_runs_beyond_the_limits_are_not_started(engine: Engine) -> None:
    engine.limits = replace(engine.limits, max_seconds=30.0)
    with pytest.raises(LimitReached, match="at most 30"):
        submit(engine, "finish")
    run = engine.submit(replace(config("wait"), max_seconds=None, max_steps=9), "r")
    until(engine, run, learning)
    assert engine.store.state(run).config.max_seconds == 30.0
    with pytest.raises(LimitReached, match="at most 30"):
        engine.tell(run, Adjust({"max_seconds": 31.0}))
    engine.stop(run)
    until(engine, run, over)
    with pytest.raises(LimitReached, match="at most 30"):
        engine.go_on(run, {"max_seconds": 40.0})
    engine.go_on(run, {"max_steps": 20, "max_seconds": None})
    state = until(engine, run, lambda state: state.status is RunStatus.RUNNING)
    assert (state.config.max_steps, state.config.max_seconds) == (20, 30.0)


def test_a_flood_of_commands_keeps_nobody_waiting(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.lane.policy = replace(engine.lane.policy, stop_seconds=0.1)
    run = waiting_run(engine)
    (number,) = engine.worker_process_ids
    os.kill(number, signal.SIGSTOP)
    sent = itertools.count()

    def flood() -> None:
        while next(sent) < 10_000:
            engine.tell(run, Pace(1.0))

    with pytest.raises(LimitReached, match="1,000 commands before it that it has not heard"):
        flood()
    assert next(sent) > 1000
    for _ in range(3):
        engine.stop(run)
    assert "it did not stop within" in error_of(engine, run)
    assert trains_on(engine)
