"""A worker that breaks, dies, hangs or does not start costs no run but its own."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jobs.scripted_runs import (
    DEADLINE_SECONDS,
    WORKER,
    Start,
    error_of,
    learning,
    over,
    submit,
    trains_on,
    until,
    waiting_run,
)

from gan.jobs import process
from gan.jobs.engine import Engine
from gan.jobs.inbox import Inbox
from gan.messages.codec import encode
from gan.messages.commands import Step
from gan.messages.jobs import Job, Train
from gan.messages.status import Part, RunStatus
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig
from gan.words.failures import failure


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
    run, next_run = (submit(engine, b) for b in (behaviour, "finish"))
    state = until(engine, run, over)
    assert state.status is RunStatus.FAILED
    assert state.failed is not None
    assert words in failure(state.failed).error
    assert state.saved_step == 1, "the last snapshot is kept"
    assert until(engine, next_run, over).status is RunStatus.FINISHED


def test_a_killed_worker_is_named_and_replaced(engine: Engine) -> None:
    run = waiting_run(engine)
    (worker,) = engine.worker_process_ids
    os.kill(worker, signal.SIGKILL)
    state = until(engine, run, over)
    assert state.failed is not None
    assert "signal 9" in failure(state.failed).error
    assert trains_on(engine)


def test_a_worker_that_dies_idle_costs_no_run(engine: Engine) -> None:
    until(engine, submit(engine, "finish"), over)
    (worker,) = engine.worker_process_ids
    os.kill(worker, signal.SIGKILL)
    run = submit(engine, "finish")
    assert until(engine, run, over).status is RunStatus.FINISHED


def test_a_worker_that_does_not_stop_is_ended(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.lane.policy = replace(engine.lane.policy, stop_seconds=0.1)
    run = submit(engine, "deaf")
    until(engine, run, learning)
    engine.stop(run)
    assert engine.is_stopping(run)
    state = until(engine, run, over)
    assert state.failed is not None
    assert "it did not stop within" in failure(state.failed).error
    until(engine, run, lambda _: not engine.is_stopping(run))


def test_a_worker_that_says_nothing_is_ended(started: Start) -> None:
    engine = started(silent_seconds=1.0)
    run, next_run = (submit(engine, b) for b in ("deaf", "finish"))
    state = until(engine, run, over)
    assert state.failed is not None
    assert "it had said nothing for 1 seconds" in failure(state.failed).error
    assert state.saved_step == 1
    assert until(engine, next_run, over).status is RunStatus.FINISHED


def test_a_worn_worker_is_replaced(started: Start) -> None:
    engine = started(worker_runs=2)
    workers = []
    for _ in range(4):
        run = waiting_run(engine)
        workers += engine.worker_process_ids
        engine.stop(run)
        until(engine, run, over)
    assert workers[0] == workers[1] != workers[2] == workers[3]


def test_a_worker_that_cannot_start_fails_its_run(started: Start) -> None:
    engine = started(sys.executable, "-c", "raise SystemExit('no TensorFlow here')")
    run = engine.submit(TrainConfig(), "r")
    assert "3 times in a row: exit code 1, last words: no TensorFlow here" in error_of(engine, run)


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
    engine = started(sys.executable, "-c", code, WORKER, str(mark), slots=slots, silent_seconds=1.0)
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


def test_a_worker_whose_server_was_killed_in_the_middle_of_a_word_ends() -> None:
    inbox = Inbox(io.BytesIO(encode(Job("train", Train("{}")))[:-9]))
    assert inbox.jobs.get(timeout=DEADLINE_SECONDS) is None
