"""Whatever happens to the record or to the server's own threads: others train on."""

from __future__ import annotations

import pytest
from jobs.scripted_runs import Start, error_of, over, submit, trains_on, until, waiting_run
from support import look_until

from gan.jobs.engine import Engine
from gan.jobs.slot import Slot
from gan.messages.events import Event, Progress
from gan.runs.errors import StoreError
from gan.runs.store import RunStore
from gan.words.failures import failure


def test_a_store_that_fails_ends_the_run_and_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = waiting_run(engine)

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(engine.store, "append", full)
        engine.stop(run)
        look_until(lambda: run in engine.unrecorded)
    assert failure(engine.unrecorded[run]).error == "The disk is full."
    assert until(engine, submit(engine, "finish"), over).step == 1


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
