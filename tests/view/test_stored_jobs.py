"""A run's page: what can be done with it beside training, and what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest
from support import ROOT, look_until
from untrained import JUDGED, record

from gan.jobs.engine import Engine
from gan.jobs.kinds import KINDS
from gan.jobs.policy import FOR_STORED
from gan.jobs.stored import StoredJobs
from gan.runs.jobs import JobState, JobStatus
from gan.view.streams import topics

COMMAND = (sys.executable, str(ROOT / "tests" / "jobs" / "scripted_job_worker.py"))
NOON = 1_000_036_800.0  # of 9 September 2001, in Greenwich


@pytest.fixture
def acting(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredJobs]:
    """The engine's stored jobs, with a worker that acts."""
    jobs = StoredJobs(engine.store, COMMAND, FOR_STORED)
    monkeypatch.setattr(engine, "stored", jobs)
    yield jobs
    jobs.close()


@pytest.fixture
def run(engine: Engine) -> str:
    return record(engine.store)


def opened(app: AppTest, run: str) -> AppTest:
    app.switch_page("pages/run.py")
    app.query_params.update({"run": run})
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    parts = [*app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join(part.value for part in parts)


def until(engine: Engine, job: str, holds: Callable[[JobState], object]) -> JobState:
    return look_until(lambda: engine.store.jobs.state(job), holds)


def pushed(engine: Engine, topic: str) -> dict[str, bytes]:
    make = topics.maker_of(topic)
    assert make is not None
    return dict(make())


def test_a_judgement_is_started_followed_and_cancelled(
    app: AppTest, engine: Engine, acting: StoredJobs, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS["judge"].options, "samples", 2)  # to act until it is stopped
    opened(app, run)
    before = pushed(engine, topics.run_topic(run))["version"]
    app.button(key=f"job:judge:{run}").click().run()
    (job,) = engine.store.jobs.of(run)
    until(engine, job.id, lambda state: state.status is JobStatus.WORKING)
    parts = pushed(engine, topics.run_topic(run))
    assert parts["version"] != before, "every viewer's page is drawn again"
    assert json.loads(parts[f"job:{job.id}"]) == {"fraction": 0.5, "words": "Acting ..."}
    assert f"job:{job.id}" in pushed(engine, topics.RUNS)
    app.run()
    assert not [button for button in app.button if button.key == f"job:judge:{run}"]
    app.button(key=f"cancel:{topics.run_topic(run)}:{job.id}").click().run()
    until(engine, job.id, lambda state: state.status is JobStatus.CANCELLED)
    app.run()
    assert "The last one was cancelled." in said(app)
    assert app.button(key=f"job:judge:{run}"), "it may be started again"


def test_a_job_that_waits_says_how_many_come_before_it(
    engine: Engine, acting: StoredJobs, run: str
) -> None:
    first = acting.submit("judge", run, {"samples": 2})
    until(engine, first, lambda state: state.status is JobStatus.WORKING)
    second = acting.submit("judge", run, {"samples": 2, "seed": 1})
    third = acting.submit("judge", run, {"samples": 2, "seed": 2})
    parts = pushed(engine, topics.run_topic(run))
    assert b"One other job comes before it." in parts[f"job:{second}"]
    assert b"2 other jobs come before it." in parts[f"job:{third}"]


@pytest.mark.parametrize("subject", ["mine", "digits"])
def test_a_judgement_is_a_table_on_the_page_of_its_network(
    app: AppTest, engine: Engine, run: str, subject: str
) -> None:
    subject = run if subject == "mine" else subject
    engine.store.jobs.adopt("judge", subject, {**JUDGED.result(), "step": 5}, at=NOON)
    engine.store.jobs.adopt("judge", subject, JUDGED.result(), at=NOON)
    text = said(opened(app, subject))
    assert "Judge thoroughly" in text
    assert "| **Frechet distance** | 3.0 (2.5 to 3.5) | 0.8 (0.5 to 1.0) |" in text
    assert "| **Precision** | 50.0% ± 25.0 | 50.0% ± 25.0 |" in text
    assert "What does this mean?" in text
    assert "| Generated | 10.0% | 10.0% |" in text
    assert "The real digits beside it: **Built-in digits**." in text
    assert "The network of step 10, judged on 09 Sep 2001" in text
    assert "The network of step 10 drew 10,000 digits in each of 5 rounds" in text
    assert "2,500 generated digits were compared with 2,500 real ones" in text
    assert "09 Sep 2001" in text
    assert "Step 5, 10,000 digits: Frechet distance 3.0" in text, "the one before it, in a line"


def test_only_what_kept_a_snapshot_is_judged(app: AppTest, engine: Engine) -> None:
    assert "Judge thoroughly" not in said(opened(app, "recorded-quick"))
    early = engine.store.create(engine.store.state(record(engine.store)).config, "early")
    assert "Judge thoroughly" not in said(opened(app, early))


def test_an_open_job_stands_on_the_page_runs(
    app: AppTest, engine: Engine, acting: StoredJobs
) -> None:
    job = acting.submit("judge", "digits", {"samples": 2})
    until(engine, job, lambda state: state.status is JobStatus.WORKING)
    app.switch_page("pages/runs.py").run()
    assert not app.exception
    assert "Jobs that are open" in said(app)
    app.button(key=f"cancel:{topics.RUNS}:{job}").click().run()
    until(engine, job, lambda state: state.status is JobStatus.CANCELLED)
    app.run()
    assert "Jobs that are open" not in said(app)


def test_a_job_of_the_command_line_is_told_to_end(app: AppTest, engine: Engine, run: str) -> None:
    job = engine.store.jobs.create("judge", run, {})
    opened(app, run).button(key=f"cancel:{topics.run_topic(run)}:{job}").click().run()
    assert engine.store.jobs.is_unwanted(job)
    assert [button.label for button in app.button if button.disabled] == ["Cancelling"]
    engine.store.jobs.release(job)
