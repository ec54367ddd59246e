"""The command about stored jobs, beside whoever is at work on one."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from untrained import JUDGED, record

from gan.__main__ import main
from gan.jobs.stored import StoredJobs
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Working
from gan.runs.jobs import JobStatus
from gan.runs.store import RunStore

DEADLINE_SECONDS = 20.0


@pytest.fixture
def run(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(store.home))
    return record(store)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return Path(__file__).parents[1] / "jobs" / "scripted_job_worker.py"


def test_jobs_are_listed_with_what_came_of_them(
    store: RunStore, run: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jobs"]) == 0
    assert "No jobs yet" in capsys.readouterr().out
    store.jobs.adopt("judge", "digits", JUDGED.result(), at=5.0)
    failed = store.jobs.create("judge", run, {})
    store.jobs.append(failed, Failed("as_told", {"error": "It broke.", "hint": "Mend it."}))
    going = store.jobs.create("judge", run, {})
    store.jobs.append(going, Working("as_told", 0.25, {"words": "Acting"}))
    assert main(["jobs"]) == 0
    said = capsys.readouterr().out
    assert "judge thoroughly  digits" in said
    assert "Step 10, 10,000 digits: Frechet distance 3.0 (2.5 to 3.5)" in said
    assert f"{failed}  judge thoroughly  {run:<16}  failed       It broke." in said
    assert "25% Acting" in said
    assert main(["jobs", "--json"]) == 0
    told = {job["id"]: job for job in json.loads(capsys.readouterr().out)}
    assert [told[job]["status"] for job in (failed, going)] == ["failed", "working"]
    assert told[going]["share"] == 0.25
    store.jobs.release(going)


def test_a_job_of_a_server_is_cancelled_from_a_terminal(
    store: RunStore, run: str, worker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = StoredJobs(store, (sys.executable, str(worker)))
    job, waiting = (jobs.submit("judge", run, {"samples": 2, "seed": n}) for n in range(2))
    deadline = time.monotonic() + DEADLINE_SECONDS
    while store.jobs.state(job).status is not JobStatus.WORKING:
        assert time.monotonic() < deadline
    for each in (waiting, job):
        assert main(["jobs", "--cancel", each]) == 0
        assert f"The job {each} was cancelled." in capsys.readouterr().out
        assert store.jobs.state(each).status is JobStatus.CANCELLED
    assert main(["jobs", "--cancel", job]) == 2
    assert "is over" in capsys.readouterr().err
    jobs.close()


def test_a_job_of_a_terminal_is_cancelled_by_a_server(store: RunStore, run: str) -> None:
    job = store.jobs.create("judge", run, {})  # as `evaluate` does
    server = RunStore(store.home)
    jobs = StoredJobs(server)
    assert not jobs.is_stopping(job)
    jobs.cancel(job)
    assert jobs.is_stopping(job)
    assert store.jobs.is_unwanted(job)
    store.jobs.append(job, Cancelled())
    assert server.jobs.state(job).status is JobStatus.CANCELLED
    assert not jobs.is_stopping(job)
    jobs.close()
    server.close()
