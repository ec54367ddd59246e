"""The queue, with a worker that acts instead of training."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support import look_until

from gan.data.datasets import DataError
from gan.jobs import lane, process
from gan.jobs.engine import Engine
from gan.jobs.limits import LimitReached, Limits
from gan.messages.commands import Adjust, Pace, Pause, Resume, Step
from gan.messages.events import Resumed, Stepped
from gan.messages.status import Part, RunStatus
from gan.runs import snapshots
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import ConfigError, TrainConfig
from gan.words.failures import failure

COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_worker.py")))
BEHAVIOURS = ("finish", "wait", "crash", "fail", "babble", "deaf", "vanish")
DEADLINE_SECONDS = 20.0


@pytest.fixture
def engine(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("PYTHONPATH", str(process.ROOT))
    engine = Engine(store, COMMAND)
    yield engine
    engine.close()


def config(behaviour: str) -> TrainConfig:
    return replace(TrainConfig(), seed=BEHAVIOURS.index(behaviour))


def until(engine: Engine, run: str, holds: Callable[[RunState], bool]) -> RunState:
    """The run's state once `holds` says yes to it."""
    return look_until(lambda: engine.store.state(run), holds)


def over(state: RunState) -> bool:
    return not state.status.is_live


def learning(state: RunState) -> bool:
    return state.saved_step is not None


def test_runs_go_through_one_worker_in_order(engine: Engine) -> None:
    runs = [engine.submit(config("finish"), f"run {i}") for i in range(3)]
    states = [until(engine, run, over) for run in runs]
    assert [state.status for state in states] == [RunStatus.FINISHED] * 3
    assert [state.saved_step for state in states] == [1] * 3


def test_a_waiting_run_knows_its_place(engine: Engine) -> None:
    first, second, third = (engine.submit(config("wait"), "r") for _ in range(3))
    until(engine, first, learning)
    assert [engine.place(run) for run in (first, second, third)] == [None, 0, 1]
    engine.stop(second)
    assert engine.store.state(second).status is RunStatus.STOPPED
    assert engine.place(third) == 0
    engine.stop(first)
    assert until(engine, first, over).status is RunStatus.STOPPED
    until(engine, third, learning)


def test_stop_keeps_what_was_learned(engine: Engine) -> None:
    run = engine.submit(config("wait"), "r")
    until(engine, run, learning)
    engine.stop(run)
    state = until(engine, run, over)
    assert (state.status, state.saved_step) == (RunStatus.STOPPED, 1)
    engine.stop(run)  # a second click changes nothing
    assert engine.store.state(run).seq == state.seq


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("crash", "exit code 3, last words: the last words"),
        ("babble", "in the middle of its work"),
        ("fail", "it broke"),
    ],
)
def test_a_worker_that_breaks_fails_its_run_only(
    engine: Engine, behaviour: str, words: str
) -> None:
    run, next_run = (engine.submit(config(b), "r") for b in (behaviour, "finish"))
    state = until(engine, run, over)
    assert state.status is RunStatus.FAILED
    assert state.failed is not None
    assert words in failure(state.failed).error
    assert state.saved_step == 1, "the last snapshot is kept"
    assert until(engine, next_run, over).status is RunStatus.FINISHED


def test_a_killed_worker_is_named_and_replaced(engine: Engine) -> None:
    run = engine.submit(config("wait"), "r")
    until(engine, run, learning)
    (worker,) = engine.worker_process_ids
    os.kill(worker, signal.SIGKILL)
    state = until(engine, run, over)
    assert state.failed is not None
    assert "signal 9" in failure(state.failed).error
    assert until(engine, engine.submit(config("finish"), "r"), over).status is RunStatus.FINISHED


def test_a_worker_that_dies_idle_costs_no_run(engine: Engine) -> None:
    until(engine, engine.submit(config("finish"), "r"), over)
    (worker,) = engine.worker_process_ids
    os.kill(worker, signal.SIGKILL)
    run = engine.submit(config("finish"), "r")
    assert until(engine, run, over).status is RunStatus.FINISHED


def test_a_worker_that_does_not_stop_is_ended(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.lane.policy = replace(engine.lane.policy, stop_seconds=0.1)
    run = engine.submit(config("deaf"), "r")
    until(engine, run, learning)
    engine.stop(run)
    assert engine.is_stopping(run)
    state = until(engine, run, over)
    assert state.failed is not None
    assert "it did not stop within" in failure(state.failed).error
    until(engine, run, lambda _: not engine.is_stopping(run))


def test_closing_interrupts_what_is_going_on(engine: Engine) -> None:
    running, waiting = (engine.submit(config("wait"), "r") for _ in range(2))
    until(engine, running, learning)
    engine.close()
    for run in (running, waiting):
        assert engine.store.state(run).status is RunStatus.INTERRUPTED
    engine.store.claim().release()  # the store is free again


def test_a_worker_that_cannot_start_fails_its_run(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "RETRY_SECONDS", 0.01)
    broken = Engine(store, (sys.executable, "-c", "raise SystemExit('no TensorFlow here')"))
    state = until(broken, broken.submit(TrainConfig(), "r"), over)
    assert state.failed is not None
    assert (
        "3 times in a row: exit code 1, last words: no TensorFlow here"
        in failure(state.failed).error
    )
    broken.close()


def test_bad_data_and_a_long_queue_leave_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no file"):
        engine.submit(replace(TrainConfig(), data=str(tmp_path / "none.npz")), "r")
    engine.limits = Limits(queue_length=0)
    with pytest.raises(LimitReached, match="0 runs are waiting already"):
        engine.submit(TrainConfig(), "r")
    assert engine.store.ids() == []


def test_a_store_that_fails_ends_the_run_and_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = engine.submit(config("wait"), "r")
    until(engine, run, learning)

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(engine.store, "append", full)
        engine.stop(run)
        look_until(lambda: run in engine.unrecorded)
    assert failure(engine.unrecorded[run]).error == "The disk is full."
    assert until(engine, engine.submit(config("finish"), "r"), over).step == 1


def test_the_engine_is_alone_on_its_store(engine: Engine) -> None:
    with pytest.raises(StoreError, match="Another Digit Forge server"):
        Engine(RunStore(engine.store.home), COMMAND)


def test_commands_reach_the_run_and_are_recorded(engine: Engine) -> None:
    run = engine.submit(config("wait"), "r")
    until(engine, run, learning)
    engine.tell(run, Pause())
    state = until(engine, run, lambda state: state.status is RunStatus.PAUSED)
    assert state.status.is_live
    engine.tell(run, Step(Part.DISCRIMINATOR))
    state = until(engine, run, lambda state: len(state.marks) == 2)
    assert (state.marks[1], state.held_step) == (Stepped(2, Part.DISCRIMINATOR), 2)
    engine.tell(run, Resume())
    engine.tell(run, Pace(2.0))
    engine.tell(run, Adjust({"loss": "hinge"}))
    state = until(engine, run, lambda state: state.config.loss == "hinge")
    assert state.status is RunStatus.RUNNING
    assert state.steps_per_second == 2.0
    assert state.config_at(1) == config("wait")
    assert state.config_at(2).loss == "hinge"
    with pytest.raises(ConfigError, match="keeps the value"):
        engine.tell(run, Adjust({"latent_dim": 3}))
    engine.stop(run)
    seq = until(engine, run, over).seq
    engine.tell(run, Pause())  # nobody is there to hear it
    until(engine, engine.submit(config("finish"), "after it, in the same worker"), over)
    assert engine.store.state(run).seq == seq


def test_a_run_goes_on_where_it_was_saved(engine: Engine) -> None:
    run = engine.submit(config("finish"), "r")
    first = until(engine, run, over)
    engine.go_on(run, {"max_steps": 9})
    state = until(engine, run, lambda state: over(state) and state.seq > first.seq + 3)
    assert state.status is RunStatus.FINISHED
    assert state.config.max_steps == 9
    assert [report.step for report in state.progress] == [1, 1], "the script reports it again"


def test_a_branch_runs_beside_its_parent(engine: Engine) -> None:
    run = engine.submit(config("finish"), "r")
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
    run = engine.submit(config("finish"), "r")
    until(engine, run, over)
    busy = engine.submit(config("wait"), "busy")
    until(engine, busy, learning)
    engine.go_on(run, {})
    assert engine.place(run) == 0
    engine.stop(run)
    state = engine.store.state(run)
    assert (state.status, state.step, state.saved_step) == (RunStatus.STOPPED, 1, 1)
    engine.go_on(run, {})
    engine.stop(busy)
    assert until(engine, run, over).status is RunStatus.FINISHED


def test_a_lost_snapshot_fails_the_run_only(engine: Engine) -> None:
    run = engine.submit(config("finish"), "r")
    until(engine, run, over)
    engine.store.snapshot_path(run, 1).unlink()
    engine.go_on(run, {})
    state = until(engine, run, over)
    assert state.failed is not None
    assert "cannot be read" in failure(state.failed).error
    assert until(engine, engine.submit(config("finish"), "r"), over).status is RunStatus.FINISHED


@pytest.fixture
def limited(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Limits], Engine]]:
    """An engine with limits of its own."""
    monkeypatch.setenv("PYTHONPATH", str(process.ROOT))
    engines: list[Engine] = []

    def start(limits: Limits) -> Engine:
        engines.append(Engine(store, COMMAND, limits))
        return engines[0]

    yield start
    engines[0].close()


Start = Callable[[Limits], Engine]


def test_browsers_take_turns(engine: Engine) -> None:
    busy = engine.submit(config("wait"), "busy", "a")
    until(engine, busy, learning)
    sent = [engine.submit(config("finish"), "r", owner) for owner in "aabbc"]
    a1, a2, b1, b2, c1 = sent
    assert engine.waiting == [b1, c1, a1, b2, a2]
    assert [engine.place(run) for run in sent] == [2, 4, 0, 3, 1]
    assert engine.owned_by("a") == [busy, a1, a2]
    engine.stop(busy)
    for run in sent:
        until(engine, run, over)
    until(engine, a2, lambda _: engine.owned_by("a") == [])


def test_a_browser_has_so_many_runs_at_a_time(limited: Start) -> None:
    engine = limited(Limits(runs_per_browser=2))
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
    run = engine.submit(config("finish"), "r")
    until(engine, run, over)
    assert engine.store.sizes()[run] > 6, "the bytes of its snapshot and events"
    engine.limits = replace(engine.limits, stored_mb=0)
    with pytest.raises(LimitReached, match="delete runs that nobody needs"):
        engine.submit(config("finish"), "r")
    assert engine.store.ids() == [run]


def test_runs_beyond_the_limits_are_not_started(engine: Engine) -> None:
    engine.limits = replace(engine.limits, max_seconds=30.0)
    with pytest.raises(LimitReached, match="at most 30"):
        engine.submit(config("finish"), "r")
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


def test_two_slots_run_two_at_a_time(limited: Start) -> None:
    engine = limited(Limits(slots=2))
    first, second, third = (engine.submit(config("wait"), "r") for _ in range(3))
    for run in (first, second):
        until(engine, run, learning)
    assert sorted(engine.at_work) == sorted([first, second])
    assert engine.waiting == [third]
    assert len(set(engine.worker_process_ids)) == 2
    engine.stop(second)
    until(engine, third, learning)
    engine.close()
    assert [engine.store.state(run).status for run in (first, third)] == [RunStatus.INTERRUPTED] * 2


def test_a_worn_worker_is_replaced(limited: Start) -> None:
    engine = limited(Limits(worker_runs=2))
    workers = []
    for _ in range(4):
        run = engine.submit(config("wait"), "r")
        until(engine, run, learning)
        workers += engine.worker_process_ids
        engine.stop(run)
        until(engine, run, over)
    assert workers[0] == workers[1] != workers[2] == workers[3]


def test_a_worker_that_says_nothing_is_ended(limited: Start) -> None:
    engine = limited(Limits(silent_seconds=1.0))
    run, next_run = (engine.submit(config(b), "r") for b in ("deaf", "finish"))
    state = until(engine, run, over)
    assert state.failed is not None
    assert "it had said nothing for 1 seconds" in failure(state.failed).error
    assert state.saved_step == 1
    assert until(engine, next_run, over).status is RunStatus.FINISHED


def test_a_paused_run_may_be_silent(limited: Start) -> None:
    engine = limited(Limits(silent_seconds=60.0))
    run = paused(engine)
    slot = engine.lane.slot_of(run)
    assert slot is not None
    with engine.lane.changed:
        engine.lane._look_after(slot, now=time.monotonic() + 3600)
        assert slot.verdict == "", "an hour later its worker is not ended"
    engine.tell(run, Resume())
    until(engine, run, lambda state: state.status is RunStatus.RUNNING)


def paused(engine: Engine) -> str:
    """A run of the browser a, held."""
    run = engine.submit(config("wait"), "r", "a")
    until(engine, run, learning)
    engine.tell(run, Pause())
    until(engine, run, lambda state: state.status is RunStatus.PAUSED)
    return run


def test_a_paused_run_lets_others_go_first_and_comes_back(limited: Start) -> None:
    engine = limited(Limits(pause_seconds=0.0))
    run = paused(engine)
    assert not engine.store.state(run).is_parked, "nobody waits"
    other, last = (engine.submit(config("wait"), "r", "b") for _ in range(2))
    until(engine, other, learning)
    state = engine.store.state(run)
    assert (state.status, state.is_parked) == (RunStatus.PAUSED, True)
    assert engine.has(run)

    engine.tell(run, Step(Part.GENERATOR))
    assert engine.store.state(run).status is RunStatus.QUEUED
    assert engine.waiting == [run, last], "it was there before"
    engine.tell(run, Resume())
    engine.stop(other)
    state = until(engine, run, lambda state: state.status is RunStatus.RUNNING and state.progress)
    state = until(engine, run, lambda state: isinstance(state.marks[-1], Resumed))
    assert Stepped(2, Part.GENERATOR) in state.marks
    engine.stop(run)
    assert until(engine, run, over).status is RunStatus.STOPPED
    until(engine, last, learning)


def test_a_parked_run_is_stopped_or_interrupted(limited: Start) -> None:
    engine = limited(Limits(pause_seconds=0.0))
    first = paused(engine)
    engine.submit(config("finish"), "r")
    until(engine, first, lambda state: state.is_parked)
    engine.stop(first)
    assert engine.store.state(first).status is RunStatus.STOPPED
    assert not engine.has(first)
    engine.go_on(first, {})
    until(engine, first, lambda state: state.status is RunStatus.RUNNING)
    engine.stop(first)
    until(engine, first, over)
    second = paused(engine)
    engine.submit(config("finish"), "r")
    until(engine, second, lambda state: state.is_parked)
    engine.close()
    assert engine.store.state(second).status is RunStatus.INTERRUPTED


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
