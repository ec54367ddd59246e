"""Engines without pages in front of them, and lanes of passing jobs, with workers that act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jobs import scripted_requests, scripted_runs
from jobs.scripted_requests import Open
from jobs.scripted_runs import Start
from support import ROOT

from gan.jobs.engine import Engine
from gan.jobs.limits import Limits
from gan.jobs.passing import PassingJobs
from gan.jobs.policy import FOR_PASSING
from gan.runs.store import RunStore


@pytest.fixture
def started(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts engines with limits and a worker of their own, which lose no time over a mishap."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr("gan.jobs.lane.RETRY_SECONDS", 0.01)
    engines: list[Engine] = []

    def start(*command: str, **limits: float) -> Engine:
        engines.append(Engine(store, command or scripted_runs.COMMAND, Limits(**limits)))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(started: Start) -> Engine:
    return started()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens lanes of passing jobs on one home, and closes them."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lanes = []

    def opened(command=scripted_requests.COMMAND, **limits: float) -> PassingJobs:
        lanes.append(PassingJobs(tmp_path, command, replace(FOR_PASSING, **limits)))
        return lanes[-1]

    yield opened
    for lane in lanes:
        lane.close()


@pytest.fixture
def lane(opened: Open) -> PassingJobs:
    return opened()


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """The file for which requests wait that `scripted_requests.held` makes."""
    return tmp_path / "go"
