"""Runs that a worker acts: how they are sent, and until when a test waits for them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jobs.scripted_worker import BEHAVIOURS
from support import look_until

from gan.jobs.engine import Engine
from gan.messages.status import RunStatus
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.words.failures import failure

WORKER = str(Path(__file__).with_name("scripted_worker.py"))
COMMAND = (sys.executable, WORKER)
DEADLINE_SECONDS = 20.0

Start = Callable[..., Engine]
"""Starts an engine: its worker's command, if it is another one, and its limits by name."""


def config(behaviour: str) -> TrainConfig:
    return replace(TrainConfig(), seed=BEHAVIOURS.index(behaviour))


def submit(engine: Engine, behaviour: str) -> str:
    return engine.submit(config(behaviour), behaviour)


def until(engine: Engine, run: str, holds: Callable[[RunState], object]) -> RunState:
    """The run's state once `holds` says yes to it."""
    return look_until(lambda: engine.store.state(run), holds)


def over(state: RunState) -> bool:
    return not state.status.is_live


def learning(state: RunState) -> bool:
    return state.status is RunStatus.RUNNING and state.saved_step is not None


def waiting_run(engine: Engine) -> str:
    """A run that learns until it is told to stop."""
    run = submit(engine, "wait")
    until(engine, run, learning)
    return run


def trains_on(engine: Engine) -> bool:
    return until(engine, submit(engine, "finish"), over).status is RunStatus.FINISHED


def error_of(engine: Engine, run: str) -> str:
    failed = until(engine, run, over).failed
    assert failed is not None
    return failure(failed).error
