"""A worker that breaks, hangs or cannot start harms no request but the one that it is at."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from jobs.scripted_requests import Open, over, request, until

from gan.jobs.passing import PassingJobs, State
from gan.jobs.result_cache import ResultCache
from gan.messages.requests import Encoder
from gan.words.failures import failure
from gan.words.progress import doing


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("crash", "exit code 3, last words: the last words"),
        ("babble", "ended in the middle of it"),
        ("vanish", "exit code 4"),
        ("refuse", "it cannot be"),
    ],
)
def test_what_goes_wrong_is_said_and_harms_no_other(
    lane: PassingJobs, behaviour: str, words: str
) -> None:
    ticket, other = lane.ask(request(behaviour), "a"), lane.ask(request("be"), "a")
    status = over(lane, ticket)
    assert status.state is State.REFUSED
    assert words in failure(status.failed).error
    assert failure(status.failed).hint
    assert over(lane, other).state is State.DONE
    again = over(lane, lane.ask(request(behaviour), "a"))
    assert lane.look(ticket).failed is status.failed
    assert again.failed is not status.failed, "who asks again is not told what was told before"


def test_a_worker_that_does_not_stop_is_ended(opened: Open) -> None:
    lane = opened(stop_seconds=0.1)
    ticket = lane.ask(request("deaf"), "a")
    until(lane, ticket, State.WORKING)
    process = lane.worker_process_id
    lane.cancel(ticket)
    assert over(lane, lane.ask(request("be"), "a")).result.features.item() != process


def test_a_silent_worker_is_ended(opened: Open) -> None:
    lane = opened(silent_seconds=3.0)
    ticket = lane.ask(request("deaf"), "a")
    while doing(working := until(lane, ticket, State.WORKING).working) != "Acting":
        assert doing(working) == "Starting"
    assert "it had said nothing for 3 seconds" in failure(over(lane, ticket).failed).error


def test_a_worker_that_never_reads_is_ended(opened: Open) -> None:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    lane = opened(command=command, silent_seconds=0.3)
    status = over(lane, lane.ask(request("x" * 1_000_000), "a"))
    assert "it had said nothing for 0 seconds" in failure(status.failed).error


def test_a_worker_that_died_idle_costs_nothing(lane: PassingJobs) -> None:
    over(lane, lane.ask(request("be"), "a"))
    os.kill(lane.worker_process_id, signal.SIGKILL)
    assert over(lane, lane.ask(request("be:2"), "a")).state is State.DONE


def test_a_server_that_cannot_start_a_process_says_so(opened: Open) -> None:
    lane = opened(command=("/nowhere/python",))
    status = over(lane, lane.ask(request("be"), "a"))
    assert "cannot start a process for this: No such file" in failure(status.failed).error


def test_a_lane_that_breaks_off_goes_on(lane: PassingJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    put, failures = ResultCache.put, [MemoryError()]

    def out_of_memory(cache: ResultCache, name: str, result: Encoder) -> None:
        if failures:
            raise failures.pop()
        put(cache, name, result)

    monkeypatch.setattr(ResultCache, "put", out_of_memory)
    status = over(lane, lane.ask(request("be"), "a"))
    assert failure(status.failed).error == "This server could not go on with this: MemoryError."
    assert over(lane, lane.ask(request("be"), "a")).state is State.DONE
