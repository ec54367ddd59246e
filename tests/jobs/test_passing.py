"""Passing jobs, with a worker that acts: their turn, their end, and when they are forgotten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from jobs.scripted_requests import Open, gone, held, over, request, until
from support import look_until

from gan.jobs.limits import LimitReached
from gan.jobs.passing import PassingJobs, State
from gan.messages.requests import Directions, FindNearest, FitEncoder
from gan.messages.requests import Neighbours as NeighbourPictures
from gan.settings.config import TrainConfig
from gan.words.failures import failure
from gan.words.progress import doing


def test_a_request_is_met_with_its_progress(lane: PassingJobs, go: Path) -> None:
    assert lane.worker_process_id is None, "nobody has asked yet"
    ticket = lane.ask(held(go), "a")
    status = until(lane, ticket, State.WORKING)
    while status.working.share == 0:
        status = lane.look(ticket)
    assert (doing(status.working), status.working.share) == ("Acting", 0.5)
    go.touch()
    status = over(lane, ticket)
    assert status.state is State.DONE
    assert isinstance(status.result, Directions)
    assert status.result.features.item() == lane.worker_process_id
    assert over(lane, lane.ask(request("be", FitEncoder), "a")).state is State.DONE
    assert status.result.features.item() == lane.worker_process_id, "one process for all"


def test_a_place_is_fair_between_browsers(lane: PassingJobs, go: Path) -> None:
    first = lane.ask(held(go), "a")
    until(lane, first, State.WORKING)
    more = [lane.ask(held(go, number), "a") for number in (1, 2)]
    other = lane.ask(held(go, 3), "b")
    assert [lane.look(ticket).place for ticket in (*more, other)] == [2, 3, 1]
    assert lane.look(other).state is State.WAITING
    lane.cancel(other)
    assert [lane.look(ticket).place for ticket in more] == [1, 2]
    go.touch()
    assert [over(lane, ticket).state for ticket in (first, *more, other)] == [
        *[State.DONE] * 3,
        State.CANCELLED,
    ]


def test_the_same_request_is_met_once_for_all_who_ask(lane: PassingJobs, go: Path) -> None:
    first = lane.ask(held(go), "a")
    until(lane, first, State.WORKING)
    lane.ask(held(go, 1), "a")
    waiting, shared = lane.ask(held(go, 2), "a"), lane.ask(held(go, 2), "b")
    assert lane.look(waiting).place == lane.look(shared).place == 1, "it is the turn of b"
    beside = lane.ask(held(go), "b")
    assert lane.look(beside).state is State.WORKING
    lane.cancel(first)
    lane.cancel(waiting)
    assert lane.look(first).state is lane.look(waiting).state is State.CANCELLED
    assert lane.look(beside).state is State.WORKING, "somebody still wants it"
    go.touch()
    result = over(lane, beside).result
    assert over(lane, lane.ask(held(go), "c")).result is result
    assert over(lane, shared).state is State.DONE


def test_cancel_ends_what_goes_on_and_lets_the_next_one_in(lane: PassingJobs, go: Path) -> None:
    first, second = lane.ask(held(go), "a"), lane.ask(request("be"), "a")
    until(lane, first, State.WORKING)
    process = lane.worker_process_id
    lane.cancel(first)
    again = lane.ask(held(go), "a")
    assert over(lane, second).result.features.item() == process, "it was not killed for that"
    assert lane.look(first).state is State.CANCELLED
    until(lane, again, State.WORKING)
    go.touch()
    assert over(lane, again).state is State.DONE
    lane.cancel(again)
    assert lane.look(again).state is State.DONE, "what is over stays as it is"


def test_an_idle_worker_goes_and_comes_back(opened: Open) -> None:
    lane = opened(idle_seconds=0.1)
    lane.warm()
    process = look_until(lambda: lane.worker_process_id)
    assert process is not None
    look_until(lambda: gone(process))
    assert over(lane, lane.ask(request("be"), "a")).state is State.DONE


def test_what_nobody_looks_at_is_cancelled_and_then_forgotten(opened: Open, go: Path) -> None:
    lane = opened(abandoned_seconds=1.5, remembered_seconds=1.6)
    left, waiting = lane.ask(held(go), "a"), lane.ask(held(go, 1), "a")
    watched = lane.ask(request("be"), "b")
    assert over(lane, watched).state is State.DONE, "the two before it were given up"
    look_until(lambda: not lane._tickets)  # a look at one would be a reason to remember
    assert [lane.look(ticket).state for ticket in (left, waiting, watched)] == [State.UNKNOWN] * 3
    assert lane.look("made up").state is State.UNKNOWN
    lane.cancel("made up")


def test_one_browser_and_all_of_them_have_limits(opened: Open, go: Path) -> None:
    lane = opened(open_per_owner=2, open=6, waiting=3, waiting_bytes=10_000)
    until(lane, lane.ask(held(go), "a"), State.WORKING)
    lane.ask(held(go, 1), "a")
    with pytest.raises(LimitReached, match="2 such requests of this browser"):
        lane.ask(held(go), "a")
    with pytest.raises(LimitReached, match="2 such requests are open already"):
        lane.ask(request("wait:" + "x" * 10_000), "b")
    lane.ask(held(go, 2), "b")
    lane.ask(held(go, 3), "b")
    with pytest.raises(LimitReached, match="4 such requests are open already"):
        lane.ask(held(go, 4), "c")
    lane.ask(held(go, 3), "c")  # it takes no place of its own
    lane.ask(held(go, 3), "d")
    with pytest.raises(LimitReached, match="6 such requests are open already"):
        lane.ask(held(go, 3), "e")
    go.touch()


def test_close_cancels_what_there_is(opened: Open, go: Path) -> None:
    lane = opened()
    first, second = lane.ask(held(go), "a"), lane.ask(held(go, 1), "a")
    until(lane, first, State.WORKING)
    process = lane.worker_process_id
    lane.close()
    lane.close()
    assert gone(process)
    assert lane.look(first).state is lane.look(second).state is State.CANCELLED
    with pytest.raises(LimitReached, match="going away"):
        lane.ask(request("be"), "a")
    unused = opened()
    unused.close()


def test_the_real_worker_meets_requests_without_tensorflow(tmp_path: Path) -> None:
    lane = PassingJobs(tmp_path)
    try:
        asked = FindNearest(TrainConfig().to_json(), np.zeros((28, 28), np.uint8), 3)
        status = over(lane, lane.ask(asked, "a"))
        assert isinstance(status.result, NeighbourPictures)
        assert status.result.searched == 5000
        status = over(lane, lane.ask(request("no generator"), "a"))
        assert "damaged" in failure(status.failed).error
        maps = Path(f"/proc/{lane.worker_process_id}/maps")
        if maps.exists():
            assert "tensorflow" not in maps.read_text()
    finally:
        lane.close()
