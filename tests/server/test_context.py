"""What routes and pages share: one engine, opened once, and what is known of its runs."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import TINY

from gan.jobs.engine import Engine
from gan.messages.commands import Pause
from gan.messages.events import Finished, Started
from gan.messages.status import RunStatus, StopReason
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.store import RunStore
from gan.server import context as context_module
from gan.server.context import RETRY_SECONDS, Context, open_engine
from gan.settings.config import TrainConfig
from gan.view import state

STARTED = Started("CPU", 1, 1, 100)
WAITS_TO_BE_TOLD = TrainConfig(seed=1)


@pytest.fixture
def context(engine: Engine) -> Context:
    return state.context()


def test_sixty_who_come_at_once_share_one_engine(engine: Engine) -> None:
    made: list[Engine] = []

    def make() -> Engine:
        made.append(engine)
        return engine

    context, together = Context(make), threading.Barrier(60)

    def ask(_: int) -> Engine:
        together.wait(10)
        return context.engine

    with ThreadPoolExecutor(60) as threads:
        assert set(threads.map(ask, range(60))) == {engine}
    assert len(made) == 1


def test_a_store_that_cannot_be_had_is_closed_and_tried_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[RunStore] = []

    def open_store(home: Path) -> RunStore:
        opened.append(RunStore(home))
        return opened[-1]

    monkeypatch.setattr(context_module, "default_home", lambda: tmp_path)
    monkeypatch.setattr(context_module, "RunStore", open_store)
    now = 0.0
    context = Context(open_engine, clock=lambda: now)
    holder = RunStore(tmp_path)
    lock = holder.claim()
    for _ in range(5):
        with pytest.raises(StoreError, match="Another Digit Forge server"):
            _ = context.engine
    assert len(opened) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0]._database.execute("SELECT 1")
    now = RETRY_SECONDS
    with pytest.raises(StoreError):
        _ = context.engine
    assert len(opened) == 2
    lock.release()
    holder.close()


def test_a_server_that_ends_opens_nothing_any_more(engine: Engine) -> None:
    context = Context(lambda: engine)
    context.close()
    with pytest.raises(StoreError, match="This server is ending"):
        _ = context.engine


def test_only_what_is_new_of_a_run_is_read(
    context: Context, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = engine.store.create(TINY, "mine")
    read, advance = [], engine.store.advance
    monkeypatch.setattr(
        engine.store, "advance", lambda state: (read.append(state.seq), advance(state))[1]
    )
    assert context.known(run) == context.known(run)
    assert read == [0]
    for event in (STARTED, Finished(0, StopReason.STOPPED)):
        engine.store.append(run, event)
        seen = context.known(run)
    assert read == [0, 0, 1]
    context.forget(run)
    assert context.known(run) == seen
    assert read == [0, 0, 1, 0]


def test_what_ships_is_known_beside_what_is_stored(context: Context, engine: Engine) -> None:
    run = engine.store.create(TINY, "mine")
    assert context.known("digits") is library.shipped("digits")
    assert context.stored("digits") is None
    assert [each.id for each in context.known_runs()[0]] == [run]
    assert context.is_known(run)
    assert not context.is_known("nobody")


def test_a_run_that_cannot_be_read_is_known_and_told(context: Context, engine: Engine) -> None:
    good, bad = (engine.store.create(TINY, "mine") for _ in range(2))
    with engine.store._database as database:
        database.execute("UPDATE runs SET config = '{\"latent_dim\": 0}' WHERE id = ?", (bad,))
    assert context.is_known(bad)
    states, troubles = context.known_runs()
    assert [each.id for each in states] == [good]
    (trouble,) = troubles
    assert bad in trouble


def test_a_change_of_a_run_is_waited_for(context: Context, engine: Engine) -> None:
    still = engine.store.create(TINY, "still")
    assert not context.changed(still, context.seq(still), timeout=0.0)
    run = engine.submit(WAITS_TO_BE_TOLD, "mine")
    while (known := context.known(run)).saved_step is None:
        assert context.changed(run, known.seq, timeout=30.0)
    engine.tell(run, Pause())
    while (known := context.known(run)).status is not RunStatus.PAUSED:
        assert context.changed(run, known.seq, timeout=30.0)
    assert context.changed(run, known.seq - 1, timeout=0.0), "it had come to that before"


def test_nobody_waits_for_an_engine_that_ends(context: Context, engine: Engine) -> None:
    run = engine.store.create(TINY, "mine")
    engine.store.append(run, Finished(0, StopReason.STOPPED))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(context.changed, run, context.seq(run), 600.0)
        engine.close()
        assert not waiting.result(30)
