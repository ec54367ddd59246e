"""A paused run lets others go first, and its worker may be silent while nobody asks it anything."""

from __future__ import annotations

import os
import signal
import time
from types import SimpleNamespace
from typing import Any

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

from gan.jobs.engine import Engine
from gan.jobs.queue import Start as Begin
from gan.jobs.queue import Waiting
from gan.jobs.slot import Slot
from gan.messages.commands import Adjust, Pace, Pause, Resume, Step
from gan.messages.events import Paced, Paused, Resumed, Stepped
from gan.messages.status import Part, RunStatus
from gan.runs.errors import NoSuchRun
from gan.settings.config import TrainConfig


def paused(engine: Engine) -> str:
    """A run of the browser a, held."""
    run = engine.submit(config("wait"), "r", "a")
    until(engine, run, learning)
    engine.tell(run, Pause())
    until(engine, run, lambda state: state.status is RunStatus.PAUSED)
    return run


def test_a_paused_run_may_be_silent(started: Start) -> None:
    engine = started(silent_seconds=60.0)
    run = paused(engine)
    slot = engine.lane.slot_of(run)
    assert slot is not None
    with engine.lane.changed:
        engine.lane._look_after(slot, now=time.monotonic() + 3600)
        assert slot.verdict == "", "an hour later its worker is not ended"
    engine.tell(run, Resume())
    until(engine, run, lambda state: state.status is RunStatus.RUNNING)


def test_a_paused_run_lets_others_go_first_and_comes_back(started: Start) -> None:
    engine = started(pause_seconds=0.0)
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


def test_a_parked_run_is_stopped_or_interrupted(started: Start) -> None:
    engine = started(pause_seconds=0.0)
    first = paused(engine)
    submit(engine, "finish")
    until(engine, first, lambda state: state.is_parked)
    engine.stop(first)
    assert engine.store.state(first).status is RunStatus.STOPPED
    assert not engine.has(first)
    engine.go_on(first, {})
    until(engine, first, lambda state: state.status is RunStatus.RUNNING)
    engine.stop(first)
    until(engine, first, over)
    second = paused(engine)
    submit(engine, "finish")
    until(engine, second, lambda state: state.is_parked)
    engine.close()
    assert engine.store.state(second).status is RunStatus.INTERRUPTED


def test_a_run_that_is_gone_when_it_is_parked_stops_nobody(engine: Engine) -> None:
    run = waiting_run(engine)
    engine.tell(run, Pause())
    until(engine, run, lambda state: state.status is RunStatus.PAUSED)
    with engine._changed:
        engine.lane.slots[0].ask_to_park()
        engine.tell(run, Resume())  # too late
        with engine.store._database as database:
            database.execute("UPDATE runs SET deleted = 1.0 WHERE id = ?", (run,))
    assert trains_on(engine)
    assert not engine.has(run)
    engine.stop(run)
    with pytest.raises(NoSuchRun):
        engine.store.state(run)


def test_a_paused_worker_that_does_not_answer_is_ended(started: Start) -> None:
    engine = started(silent_seconds=0.5)
    run = waiting_run(engine)
    engine.tell(run, Pause())
    until(engine, run, lambda state: state.status is RunStatus.PAUSED)
    for process_id in engine.worker_process_ids:
        os.kill(process_id, signal.SIGSTOP)
    engine.tell(run, Resume())
    assert "it had said nothing for 0 seconds" in error_of(engine, run)
    assert trains_on(engine)


def test_a_paused_worker_owes_answers_only_to_what_has_some() -> None:
    worker: Any = SimpleNamespace(
        is_ready=True, is_silent=lambda *_: True, send=lambda _: None, expect=lambda: None
    )
    slot = Slot(0, worker, Waiting("run", "", Begin(TrainConfig()), 0, 0), is_given=True)
    slot.note(Paused(1))
    for command, answer in (
        (Pause(), None),
        (Adjust({}), None),
        (Step(), Stepped(2, Part.BOTH)),
        (Pace(2.0), Paced(2, 2.0)),
    ):
        slot.tell(command)
        assert slot.is_silent(0.0, 1.0) == (answer is not None)
        if answer:
            slot.note(answer)
            assert not slot.is_silent(0.0, 1.0)
    for _ in range(2):  # clicks
        slot.tell(Resume())
    slot.note(Resumed(2))
    slot.note(Paused(3))
    assert not slot.is_silent(0.0, 1.0)
