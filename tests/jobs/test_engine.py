"""The queue: in which order runs go through the workers, and what they are told on their way."""

from __future__ import annotations

import pytest
from jobs.scripted_runs import (
    COMMAND,
    DEADLINE_SECONDS,
    Start,
    config,
    learning,
    over,
    submit,
    until,
    waiting_run,
)

from gan.jobs.engine import Engine
from gan.messages.commands import Adjust, Pace, Pause, Resume, Step
from gan.messages.events import Stepped
from gan.messages.status import Part, RunStatus
from gan.runs.errors import StoreError
from gan.runs.store import RunStore
from gan.settings.config import ConfigError


def test_runs_go_through_one_worker_in_order(engine: Engine) -> None:
    runs = [engine.submit(config("finish"), f"run {i}") for i in range(3)]
    states = [until(engine, run, over) for run in runs]
    assert [state.status for state in states] == [RunStatus.FINISHED] * 3
    assert [state.saved_step for state in states] == [1] * 3


def test_a_waiting_run_knows_its_place(engine: Engine) -> None:
    first, second, third = (submit(engine, "wait") for _ in range(3))
    until(engine, first, learning)
    assert [engine.place(run) for run in (first, second, third)] == [None, 0, 1]
    engine.stop(second)
    assert engine.store.state(second).status is RunStatus.STOPPED
    assert engine.place(third) == 0
    engine.stop(first)
    assert until(engine, first, over).status is RunStatus.STOPPED
    until(engine, third, learning)


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


def test_two_slots_run_two_at_a_time(started: Start) -> None:
    engine = started(slots=2)
    first, second, third = (submit(engine, "wait") for _ in range(3))
    for run in (first, second):
        until(engine, run, learning)
    assert sorted(engine.at_work) == sorted([first, second])
    assert engine.waiting == [third]
    assert len(set(engine.worker_process_ids)) == 2
    engine.stop(second)
    until(engine, third, learning)
    engine.close()
    assert [engine.store.state(run).status for run in (first, third)] == [RunStatus.INTERRUPTED] * 2


def test_stop_keeps_what_was_learned(engine: Engine) -> None:
    run = waiting_run(engine)
    engine.stop(run)
    state = until(engine, run, over)
    assert (state.status, state.saved_step) == (RunStatus.STOPPED, 1)
    engine.stop(run)  # a second click changes nothing
    assert engine.store.state(run).seq == state.seq


def test_commands_reach_the_run_and_are_recorded(engine: Engine) -> None:
    run = waiting_run(engine)
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


def test_news_comes_with_each_event(engine: Engine) -> None:
    seen = engine.news(-1, 0.0)
    run = submit(engine, "finish")
    assert engine.news(seen, DEADLINE_SECONDS) > seen
    until(engine, run, lambda _: not engine.has(run))
    assert engine.news(engine.news(-1, 0.0), 0.0) == seen + 5


def test_what_is_under_way_is_not_deleted(started: Start) -> None:
    engine = started(pause_seconds=0.0)
    running = waiting_run(engine)
    queued = submit(engine, "wait")
    for run in (running, queued):
        with pytest.raises(StoreError, match="still under way, so it was not deleted"):
            engine.delete(run)
    engine.tell(running, Pause())
    until(engine, running, lambda state: state.is_parked)
    with pytest.raises(StoreError, match="still under way"):
        engine.delete(running)
    for run in (running, queued):
        engine.stop(run)
        until(engine, run, lambda _, run=run: not engine.has(run))
        engine.delete(run)
    assert engine.store.ids() == []


def test_closing_interrupts_what_is_going_on(engine: Engine) -> None:
    running, waiting = (submit(engine, "wait") for _ in range(2))
    until(engine, running, learning)
    engine.close()
    for run in (running, waiting):
        assert engine.store.state(run).status is RunStatus.INTERRUPTED
    engine.store.claim().release()  # the store is free again


def test_the_engine_is_alone_on_its_store(engine: Engine) -> None:
    with pytest.raises(StoreError, match="Another Digit Forge server"):
        Engine(RunStore(engine.store.home), COMMAND)
