"""What is made for the viewers of a run, and of the list of runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support import TINY

from gan.jobs.engine import Engine
from gan.messages.events import Finished, Progress, Quality, Samples, Started
from gan.messages.status import StopReason
from gan.server.stream import Parts
from gan.view.state import context
from gan.view.streams import topics


def progress(step: int) -> Progress:
    return Progress(step, 8 * step, step / 4, 1.1, 0.9, 0.6, 0.4, 320.0)


def test_a_run_shows_what_it_has_and_asks_for_its_page_when_that_becomes_another(
    engine: Engine,
) -> None:
    store = engine.store
    run = store.create(TINY, "mine")
    make = topics.maker_of(topics.run_topic(run))
    assert make is not None
    queued = make()["version"]

    def after(*events: Any) -> Parts:
        for event in events:
            store.append(run, event)
        return make()

    first = after(progress(1), Samples(1, np.zeros((16, 28, 28), np.uint8)))
    assert {"losses", "scores", "samples", "sampled", "standing"} <= set(first)
    assert first["version"] != queued
    second = after(progress(2), Samples(2, np.ones((16, 28, 28), np.uint8)))
    assert second["version"] == first["version"], "what moves is pushed, not drawn again"
    assert all(second[name] != first[name] for name in ("losses", "scores", "samples", "sampled"))
    judged = after(Quality(2, 0.5, 100, 9.0, 1.0, (0.1,) * 10, 0.9))
    assert judged["version"] != second["version"], "the panel that shows it appears"
    assert {"judged", "quality", "coverage", "measures"} <= set(judged)
    again = after(Quality(3, 0.7, 100, 8.0, 1.0, (0.1,) * 10, 0.9))
    assert again["version"] == judged["version"]
    assert again["quality"] != judged["quality"]
    over = after(Finished(3, StopReason.COMPLETED))
    assert over["version"] != again["version"]
    store.release(run)
    store.delete(run)
    assert make()["version"] == b"gone"


def test_a_run_that_cannot_be_read_any_more_lets_its_page_say_so(engine: Engine) -> None:
    run = engine.store.create(TINY, "mine")
    make = topics.maker_of(topics.run_topic(run))
    assert make is not None
    assert "standing" in make()
    with engine.store._database as database:
        database.execute("UPDATE runs SET config = '{\"latent_dim\": 0}' WHERE id = ?", (run,))
    context().forget(run)
    assert make() == {"version": b"failed"}


def test_what_failed_once_is_drawn_at_the_next_tick(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = engine.store.create(TINY, "mine")
    for event in (progress(1), Samples(1, np.zeros((16, 28, 28), np.uint8))):
        engine.store.append(run, event)
    make = topics.maker_of(topics.run_topic(run))
    assert make is not None
    draw = topics.curves
    monkeypatch.setattr(topics, "curves", lambda state: draw(None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        make()
    monkeypatch.setattr(topics, "curves", draw)
    assert {"losses", "samples"} <= set(make())


def test_the_list_of_runs_follows_each_live_run_and_reads_only_what_is_new(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, read = engine.store, []
    advance = store.advance
    monkeypatch.setattr(store, "advance", lambda state: (read.append(state.id), advance(state))[1])
    runs = [store.create(TINY, f"run {place}") for place in range(3)]
    store.append(runs[2], Started("CPU", 1, 1, 100))
    for run in runs[:2]:
        store.append(run, Finished(0, StopReason.STOPPED))
    make = topics.maker_of(topics.RUNS)
    assert make is not None
    before = make()
    assert f"row:{runs[2]}" in before
    assert f"row:{runs[0]}" not in before, "what stands still is the page's own"
    read.clear()
    store.append(runs[2], progress(1))
    moved = make()
    assert read == [runs[2]]
    assert moved["version"] == before["version"]
    assert moved[f"row:{runs[2]}"] != before[f"row:{runs[2]}"]
    store.rename(runs[0], "another name")
    assert make()["version"] != moved["version"]
