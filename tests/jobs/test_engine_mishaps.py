"""Whatever happens to a worker, to a run or to the server's own threads: others train on."""

from __future__ import annotations

import errno
import io
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support import look_until

from gan.jobs import lane, process
from gan.jobs.engine import Engine
from gan.jobs.inbox import Inbox
from gan.jobs.limits import LimitReached, Limits
from gan.jobs.queue import Start as Begin
from gan.jobs.queue import Waiting
from gan.jobs.slot import Slot
from gan.messages.codec import encode
from gan.messages.commands import Adjust, Pace, Pause, Resume, Step
from gan.messages.events import Event, Paced, Paused, Progress, Resumed, Stepped
from gan.messages.jobs import Job, Train
from gan.messages.status import Part, RunStatus
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig
from gan.words.failures import failure

WORKER = Path(__file__).with_name("scripted_worker.py")
BEHAVIOURS = ("finish", "wait", "crash", "fail", "babble", "deaf", "vanish")
DEADLINE_SECONDS = 20.0

Start = Callable[..., Engine]


@pytest.fixture
def started(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts an engine with limits and a worker of its own, which loses no time over a mishap."""
    monkeypatch.setenv("PYTHONPATH", str(process.ROOT))
    monkeypatch.setattr(lane, "RETRY_SECONDS", 0.01)
    engines: list[Engine] = []

    def start(*command: str, **limits: float) -> Engine:
        command = command or (sys.executable, str(WORKER))
        engines.append(Engine(store, command, Limits(**limits)))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(started: Start) -> Engine:
    return started()


def submit(engine: Engine, behaviour: str) -> str:
    return engine.submit(replace(TrainConfig(), seed=BEHAVIOURS.index(behaviour)), behaviour)


def until(engine: Engine, run: str, holds: Callable[[RunState], Any]) -> RunState:
    return look_until(lambda: engine.store.state(run), holds)


def over(state: RunState) -> bool:
    return not state.status.is_live


def learning(state: RunState) -> bool:
    return state.status is RunStatus.RUNNING and state.saved_step is not None


def trains_on(engine: Engine) -> bool:
    return until(engine, submit(engine, "finish"), over).status is RunStatus.FINISHED


def error_of(engine: Engine, run: str) -> str:
    failed = until(engine, run, over).failed
    assert failed is not None
    return failure(failed).error


def waiting_run(engine: Engine) -> str:
    run = submit(engine, "wait")
    until(engine, run, learning)
    return run


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


FIRST_TIME = """
import runpy, sys, time
from pathlib import Path
worker, mark = sys.argv[1:]
if not Path(mark).exists():
    Path(mark).touch()
    {}
runpy.run_path(worker, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("mishap", "slots"), [("sys.exit('not yet')", 1), ("sys.exit(3)", 2), ("time.sleep(60)", 1)]
)
def test_a_worker_that_never_gets_ready_costs_no_run(
    started: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mishap: str, slots: int
) -> None:
    monkeypatch.setattr(process, "START_SECONDS", 2.0 if "sleep" in mishap else 60.0)
    code, mark = FIRST_TIME.format(mishap), tmp_path / "mark"
    engine = started(
        sys.executable, "-c", code, str(WORKER), str(mark), slots=slots, silent_seconds=1.0
    )
    assert trains_on(engine)
    assert mark.exists()


@pytest.mark.parametrize("slots", [1, 2])
def test_a_process_that_cannot_be_had_once_costs_no_run(
    started: Start, monkeypatch: pytest.MonkeyPatch, slots: int
) -> None:
    real, failures = subprocess.Popen, [errno.EAGAIN, errno.EMFILE, None]

    def popen(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        if failures and (number := failures.pop(0)):
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    monkeypatch.setattr(process.subprocess, "Popen", popen)
    engine = started(slots=slots)
    assert trains_on(engine)
    assert failures == []


def test_no_process_at_all_fails_one_run_after_the_other(started: Start, store: RunStore) -> None:
    log = store.home / "worker.log"
    log.mkdir()
    engine = started()
    runs = [submit(engine, "finish") for _ in range(2)]
    for run in runs:
        assert "3 times in a row: it could not be started (Is a directory)" in error_of(engine, run)
    log.rmdir()
    assert trains_on(engine)


def test_a_job_that_no_worker_survives_is_given_up(engine: Engine) -> None:
    assert "last words: gone without a word" in error_of(engine, submit(engine, "vanish"))
    assert trains_on(engine)


def test_an_event_that_cannot_be_recorded_fails_its_run_only(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, failures = engine.store.append, [MemoryError()]

    def out_of_memory(run: str, event: Event) -> None:
        if isinstance(event, Progress) and failures:
            raise failures.pop()
        append(run, event)

    monkeypatch.setattr(engine.store, "append", out_of_memory)
    run = submit(engine, "wait")
    assert error_of(engine, run) == "What the run reported could not be recorded: MemoryError."
    until(engine, run, lambda _: not engine.has(run))
    assert trains_on(engine)
    assert engine.store.state(run).seq == 3, "nothing was recorded after that"


def test_a_recorder_that_breaks_off_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, failures = Slot.note, [ZeroDivisionError("by nothing")]

    def break_off(slot: Slot, event: Event) -> None:
        if failures:
            raise failures.pop()
        note(slot, event)

    monkeypatch.setattr(Slot, "note", break_off)
    run = submit(engine, "wait")
    assert "could not go on with the run: ZeroDivisionError: by nothing" in error_of(engine, run)
    assert trains_on(engine)


def test_the_watch_goes_on(started: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    is_silent, failures = Slot.is_silent, [ZeroDivisionError()]

    def break_off(slot: Slot, *arguments: float) -> bool:
        if failures:
            raise failures.pop()
        return is_silent(slot, *arguments)

    monkeypatch.setattr(Slot, "is_silent", break_off)
    engine = started(silent_seconds=0.5)
    assert "it had said nothing for 0 seconds" in error_of(engine, submit(engine, "deaf"))
    assert not failures


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


def test_a_start_that_fails_may_be_tried_again(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space() -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "recover", no_space)
        with pytest.raises(StoreError, match="The disk is full") as told:
            Engine(store)
    assert told.tb, "which keeps all that was there then"
    store.claim().release()


def test_a_worker_whose_server_was_killed_in_the_middle_of_a_word_ends() -> None:
    inbox = Inbox(io.BytesIO(encode(Job("train", Train("{}")))[:-9]))
    assert inbox.jobs.get(timeout=DEADLINE_SECONDS) is None


def test_a_stopped_worker_keeps_nobody_waiting(started: Start) -> None:
    engine = started(silent_seconds=1.0)
    run = submit(engine, "finish")
    seq = until(engine, run, over).seq
    (number,) = engine.worker_process_ids
    engine.store.snapshot_path(run, 1).write_bytes(bytes(1 << 20))  # more than a pipe holds
    os.kill(number, signal.SIGSTOP)
    engine.go_on(run, {})
    until(engine, run, lambda _: engine.at_work == [run])
    assert engine.waiting == []
    engine.tell(run, Step(Part.GENERATOR))
    state = until(engine, run, lambda state: state.seq > seq + 1 and over(state))
    assert state.status is RunStatus.FINISHED, "in a fresh worker"
    assert number not in engine.worker_process_ids


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


def test_news_comes_with_each_event(engine: Engine) -> None:
    seen = engine.news(-1, 0.0)
    run = submit(engine, "finish")
    assert engine.news(seen, DEADLINE_SECONDS) > seen
    until(engine, run, lambda _: not engine.has(run))
    assert engine.news(engine.news(-1, 0.0), 0.0) == seen + 5
