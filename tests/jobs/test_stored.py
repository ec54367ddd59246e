"""Stored jobs, with a worker that acts: their place, their end, and what stays of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jobs import scripted_runs
from support import ROOT, look_until
from untrained import record

from gan.jobs.engine import Engine
from gan.jobs.limits import LimitReached
from gan.jobs.stored import StoredJobs
from gan.messages.codec import encode
from gan.messages.events import Started
from gan.messages.jobs import Cancelled, Done, Working
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.jobs import JobState, JobStatus, NoSuchJob
from gan.runs.store import RunStore
from gan.words.failures import failure

COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_job_worker.py")))
DONE, HELD, CRASH = ({"samples": number} for number in (1, 2, 3))


@pytest.fixture
def jobs(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredJobs]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    jobs = StoredJobs(store, COMMAND)
    yield jobs
    jobs.close()


@pytest.fixture
def run(store: RunStore) -> str:
    return record(store)


def until(store: RunStore, job: str, holds: Callable[[JobState], object]) -> JobState:
    return look_until(lambda: store.jobs.state(job), holds)


def over(state: JobState) -> bool:
    return not state.status.is_live


def working(state: JobState) -> bool:
    return state.status is JobStatus.WORKING


def test_a_job_is_done_and_its_result_stays(jobs: StoredJobs, store: RunStore, run: str) -> None:
    job = jobs.submit("judge", run, DONE)
    state = until(store, job, over)
    assert (state.status, state.kind, state.subject) == (JobStatus.DONE, "judge", run)
    assert state.result["bytes"] == len(store.snapshot_path(run, 10).read_bytes())
    assert state.created <= state.ended <= time.time()
    look_until(lambda: not jobs.has(job))  # it is let go of once that is recorded
    again = RunStore(store.home)
    again.recover()
    assert again.jobs.of(run) == [state]
    again.close()


def test_a_job_knows_its_place_and_how_far_it_is(
    jobs: StoredJobs, store: RunStore, run: str
) -> None:
    first = jobs.submit("judge", run, HELD)
    state = until(store, first, working)
    assert state.working == Working("as_told", 0.5, {"words": "Acting"})
    other = record(store)
    waiting = [jobs.submit("judge", each, {"samples": 1, "seed": 7}) for each in (run, other)]
    assert [jobs.place(job) for job in (first, *waiting)] == [None, 1, 2]
    assert store.jobs.state(waiting[0]).status is JobStatus.WAITING
    assert {state.id for state in jobs.open()} == {first, *waiting}
    jobs.cancel(waiting[0])
    assert store.jobs.state(waiting[0]).status is JobStatus.CANCELLED
    assert jobs.place(waiting[1]) == 1
    jobs.cancel(first)
    assert until(store, first, over).status is JobStatus.CANCELLED
    assert until(store, waiting[1], over).status is JobStatus.DONE
    jobs.cancel(first)  # a second click changes nothing


def test_the_same_job_is_done_once(jobs: StoredJobs, store: RunStore, run: str) -> None:
    first = jobs.submit("judge", run, HELD, "a")
    assert jobs.submit("judge", run, HELD, "b") == first
    jobs.cancel(first)
    until(store, first, over)
    again = jobs.submit("judge", run, HELD, "b")
    assert again != first
    assert [state.id for state in jobs.of(run)] == [again, first]


def test_what_goes_wrong_is_said_and_harms_no_other(
    jobs: StoredJobs, store: RunStore, run: str
) -> None:
    bad = jobs.submit("judge", run, CRASH)
    good = jobs.submit("judge", run, DONE)
    failed = until(store, bad, over).failed
    assert failed is not None
    assert "exit code 1, last words: the last words" in failure(failed).error
    assert until(store, good, over).status is JobStatus.DONE


def test_a_snapshot_that_cannot_be_read_is_told(
    jobs: StoredJobs, store: RunStore, run: str
) -> None:
    first = jobs.submit("judge", run, HELD)
    until(store, first, working)
    second = jobs.submit("judge", run, DONE)
    store.snapshot_path(run, 10).unlink()
    jobs.cancel(first)
    failed = until(store, second, over).failed
    assert failed is not None
    assert "cannot be read" in failure(failed).error
    with pytest.raises(NoSuchRun, match="before its first snapshot"):
        jobs.submit("judge", run, DONE)


def test_a_browser_has_so_many_jobs_at_a_time(jobs: StoredJobs, store: RunStore, run: str) -> None:
    sent = [jobs.submit("judge", run, {"samples": 2, "seed": n}, "a") for n in range(4)]
    with pytest.raises(LimitReached, match="4 jobs of this browser"):
        jobs.submit("judge", run, {"samples": 2, "seed": 9}, "a")
    jobs.cancel(sent[-1])
    jobs.submit("judge", run, {"samples": 2, "seed": 9}, "a")


def test_a_network_that_ships_has_jobs_too(jobs: StoredJobs, store: RunStore) -> None:
    state = until(store, jobs.submit("judge", "digits", DONE), over)
    assert (state.status, state.subject) == (JobStatus.DONE, "digits")
    with pytest.raises(NoSuchRun, match="without its weights"):
        jobs.submit("judge", "recorded-quick", DONE)


def test_the_end_of_the_server_interrupts_what_goes_on_and_what_waits(
    jobs: StoredJobs, store: RunStore, run: str
) -> None:
    sent = [jobs.submit("judge", run, {"samples": 2, "seed": n}) for n in range(2)]
    until(store, sent[0], working)
    jobs.close()
    for job in sent:
        assert store.jobs.state(job).status is JobStatus.INTERRUPTED
    with pytest.raises(LimitReached, match="going away"):
        jobs.submit("judge", run, DONE)


def test_a_job_whose_writer_was_killed_is_interrupted(store: RunStore, run: str) -> None:
    job = store.jobs.create("judge", run, {})
    store.jobs.append(job, Working("as_told", 0.5, {"words": "Acting"}))
    other = RunStore(store.home)
    other.recover()
    assert other.jobs.state(job).status is JobStatus.WORKING, "its writer lives"
    with pytest.raises(StoreError, match="still under way"):
        other.jobs.delete(job)
    store.jobs._writers.release(job)  # as a kill does
    other.recover()
    assert other.jobs.state(job).status is JobStatus.INTERRUPTED
    other.sweep()
    assert list((store.home / "jobs").iterdir()) == []
    other.jobs.delete(job)
    with pytest.raises(NoSuchJob):
        other.jobs.state(job)
    other.close()


def test_what_ends_while_others_look_after_it_stays_as_it_ended(store: RunStore, run: str) -> None:
    job = store.jobs.create("judge", run, {})
    other = RunStore(store.home)
    look = other.jobs.open

    def ends_meanwhile() -> list[JobState]:
        found = look()
        store.jobs.append(job, Done({"step": 10}))
        return found

    other.jobs.open = ends_meanwhile
    other.recover()
    assert other.jobs.state(job).status is JobStatus.DONE
    other.jobs.ask_to_end(job)  # too late, and no harm
    other.jobs.append(job, Cancelled(is_interrupted=True))
    assert other.jobs.state(job).result == {"step": 10}, "the first end counts"
    other.close()


@pytest.mark.parametrize("payload", ["text", encode(Started("CPU", 1, 1, 1))])
def test_a_damaged_report_fails_its_job_and_no_other(
    payload: bytes | str, store: RunStore, run: str
) -> None:
    store.jobs.adopt("judge", run, {"step": 10}, at=5.0)
    job = store.jobs.create("judge", run, {})
    store.jobs.append(job, Done({}))
    with store._database:
        store._database.execute("UPDATE job_events SET payload = ? WHERE job = ?", (payload, job))
    other = RunStore(store.home)
    statuses = {state.id: state.status for state in other.jobs.all()}
    assert statuses.pop(job) is JobStatus.FAILED
    assert list(statuses.values()) == [JobStatus.DONE]
    other.close()


def test_jobs_of_a_run_that_an_older_version_removed_are_swept(store: RunStore, run: str) -> None:
    for each in (run, "digits"):
        store.jobs.adopt("judge", each, {"step": 10}, at=5.0)
    with store._database:
        store._database.execute("DELETE FROM runs WHERE id = ?", (run,))
    store.sweep()
    assert [state.subject for state in store.jobs.all()] == ["digits"]


def test_jobs_go_with_their_run(store: RunStore, run: str) -> None:
    other = record(store)
    for each in (run, other):
        store.jobs.adopt("judge", each, {"step": 10}, at=5.0)
    store.delete(run)
    assert [state.subject for state in store.jobs.all()] == [other]
    store.restore(run)
    assert len(store.jobs.all()) == 2
    store.delete(run)
    store.purge(older_than=-1.0)
    assert store.jobs.of(run) == []
    assert store.jobs.of(other)[0].ended == 5.0


def test_an_engine_cancels_the_jobs_of_a_run_that_is_deleted(
    store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    engine = Engine(store, scripted_runs.COMMAND)
    monkeypatch.setattr(engine, "stored", StoredJobs(store, COMMAND))
    job = engine.stored.submit("judge", run, HELD)
    until(store, job, working)
    engine.delete(run)
    assert until(store, job, over).status is JobStatus.CANCELLED
    engine.close()
    assert engine.stored.lane.is_closing


def test_a_store_that_fails_ends_the_job_and_says_so(
    jobs: StoredJobs, store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.submit("judge", run, HELD)
    until(store, job, working)

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(store.jobs, "append", full)
        jobs.cancel(job)
        look_until(lambda: not jobs.has(job))
    (state,) = jobs.of(run)
    assert state.failed is not None
    assert (
        failure(state.failed).error
        == "What the job reported could not be recorded: The disk is full."
    )
    assert jobs.open() == []


def test_an_event_of_another_version_fails_its_job_only(store: RunStore, run: str) -> None:
    good, bad = (store.jobs.create("judge", run, {}) for _ in range(2))
    store.jobs.append(bad, Cancelled())
    with store._database:
        store._database.execute(
            "UPDATE job_events SET payload = ? WHERE job = ?", (b'{"kind": "Other"}\n', bad)
        )
    again = RunStore(store.home)
    states = {state.id: state for state in again.jobs.of(run)}
    assert states[bad].status is JobStatus.FAILED
    assert states[good].status is JobStatus.WAITING
    again.close()
