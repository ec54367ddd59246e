"""What a form shows is prepared while people read it, and no run is disturbed by that."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from support import TINY, look_until

from gan.jobs import shown, worker
from gan.jobs.engine import Engine
from gan.jobs.inbox import Inbox
from gan.jobs.shown import MOST_SHOWN
from gan.messages.codec import encode, read
from gan.messages.events import Failed
from gan.messages.jobs import Job, Prepare
from gan.messages.requests import FindDirections
from gan.runs.state import RunState
from gan.settings.config import TrainConfig

WAITS = 1  # the seed with which the scripted worker learns until it is told to stop


def seeds_told(engine: Engine) -> list[list[int]]:
    """Of each word to the workers, the seeds of what they shall prepare."""
    log = (engine.store.home / "worker.log").read_text().splitlines()
    words = (line.split() for line in log if line.startswith("prepares"))
    return [list(map(int, seeds)) for _, *seeds in words]


def of_seed(seed: int) -> TrainConfig:
    return replace(TrainConfig(), seed=seed)


def test_what_a_form_shows_is_prepared(engine: Engine) -> None:
    engine.show(of_seed(7), "somebody")
    assert look_until(lambda: seeds_told(engine)) == [[7]]


def test_only_what_people_have_settled_on_is_prepared(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "SETTLED_SECONDS", float("inf"))
    for seed in (7, 8, 9):
        engine.show(of_seed(seed), "somebody")
    look_until(lambda: engine.lane.first_free)
    monkeypatch.setattr(shown, "SETTLED_SECONDS", 0.0)
    assert look_until(lambda: seeds_told(engine)) == [[9]], "a choice that is no more is dropped"


def test_of_many_visitors_the_last_few_have_theirs_prepared(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "SETTLED_SECONDS", float("inf"))
    for visitor in range(60):
        engine.show(of_seed(visitor), f"visitor {visitor}")
    engine.show(of_seed(100), "visitor 58")
    monkeypatch.setattr(shown, "SETTLED_SECONDS", 0.0)
    assert look_until(lambda: seeds_told(engine)) == [[100, 59, 57][:MOST_SHOWN]]


def test_a_run_that_learns_is_not_disturbed(engine: Engine) -> None:
    def learning(state: RunState) -> bool:
        return state.saved_step is not None

    run = engine.submit(of_seed(WAITS), "r")
    look_until(lambda: engine.store.state(run), learning)
    engine.show(of_seed(7), "somebody")
    engine.lane.slots[0].look_after(0.0, engine.lane.policy, somebody_waits=False)
    look_until(lambda: engine.lane.first_free is None)
    assert seeds_told(engine) == []
    engine.stop(run)
    assert look_until(lambda: seeds_told(engine)) == [[7]], "its turn comes with the run's end"


def test_a_worker_that_breaks_over_it_is_not_followed_by_another(engine: Engine) -> None:
    engine.show(of_seed(7), "somebody")
    look_until(lambda: seeds_told(engine))
    (broken,) = engine.worker_process_ids
    os.kill(broken, 9)
    run = engine.submit(of_seed(0), "r")
    look_until(lambda: not engine.has(run))
    assert engine.worker_process_ids != [broken]
    engine.show(of_seed(8), "another")
    assert look_until(lambda: seeds_told(engine)) == [[8, 7]], "nothing before that"


def test_a_job_does_not_wait_for_all_that_is_prepared() -> None:
    into, out = os.pipe()
    inbox, outbox = Inbox(os.fdopen(into, "rb")), io.BytesIO()
    done: list[str] = []
    with os.fdopen(out, "wb") as pipe:

        def prepare(wanted: Prepare) -> Iterator[None]:
            for stage in ("first", "second", "third"):
                done.append(f"{stage} of {len(wanted.configs)}")
                if done == ["first of 0"]:
                    none = np.frombuffer(b"no generator", np.uint8)
                    pipe.write(encode(Job("directions", FindDirections(none))))
                    pipe.flush()
                    look_until(lambda: not inbox.jobs.empty())
                elif stage == "second" and not wanted.configs:
                    assert outbox.getvalue(), "the job came before the second stage"
                    pipe.write(encode(Prepare((TINY.to_json(),))))
                    pipe.flush()
                    look_until(lambda: not inbox.jobs.empty())
                elif stage == "third":
                    inbox.close()
                yield

        worker.serve(inbox, outbox, prepare)
    said = io.BytesIO(outbox.getvalue())
    assert isinstance([read(said), read(said)][-1], Failed)
    assert done == ["first of 0", "second of 0", "first of 1", "second of 1", "third of 1"]
