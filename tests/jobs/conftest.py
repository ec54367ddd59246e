"""Engines without pages in front of them, and with a worker that acts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jobs.scripted_runs import COMMAND, Start
from support import ROOT

from gan.jobs import lane
from gan.jobs.engine import Engine
from gan.jobs.limits import Limits
from gan.runs.store import RunStore


@pytest.fixture
def started(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts engines with limits and a worker of their own, which lose no time over a mishap."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(lane, "RETRY_SECONDS", 0.01)
    engines: list[Engine] = []

    def start(*command: str, **limits: float) -> Engine:
        engines.append(Engine(store, command or COMMAND, Limits(**limits)))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(started: Start) -> Engine:
    return started()
