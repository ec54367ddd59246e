"""Passing jobs, with a worker that acts."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import ROOT, look_until

from gan.jobs.limits import LimitReached
from gan.jobs.passing import PassingJobs, State, Status
from gan.jobs.policy import FOR_PASSING
from gan.jobs.result_cache import ResultCache
from gan.messages.requests import Directions, Encoder, FindDirections, FindNearest, FitEncoder
from gan.messages.requests import Neighbours as NeighbourPictures
from gan.settings.config import TrainConfig
from gan.words.failures import failure
from gan.words.progress import doing

COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_request_worker.py")))

Open = Callable[..., PassingJobs]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens lanes on one home, and closes them."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lanes = []

    def opened(command=COMMAND, **limits: float) -> PassingJobs:
        lanes.append(PassingJobs(tmp_path, command, replace(FOR_PASSING, **limits)))
        return lanes[-1]

    yield opened
    for lane in lanes:
        lane.close()


@pytest.fixture
def lane(opened: Open) -> PassingJobs:
    return opened()


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """The file for which requests wait that `held` makes."""
    return tmp_path / "go"


def request(behaviour: str, kind=FindDirections):
    return kind(np.frombuffer(behaviour.encode(), np.uint8))


def held(go: Path, number: int = 0):
    """A request that goes on until `go` is there; each number is another one."""
    return request(f"wait:{go.parent}/{'./' * number}{go.name}")


def until(lane: PassingJobs, ticket: str, *states: State) -> Status:
    return look_until(lambda: lane.look(ticket), lambda status: status.state in states)


def over(lane: PassingJobs, ticket: str) -> Status:
    return until(lane, ticket, State.DONE, State.REFUSED, State.CANCELLED)


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


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


def test_a_worker_that_does_not_stop_is_ended(opened: Open) -> None:
    lane = opened(stop_seconds=0.1)
    ticket = lane.ask(request("deaf"), "a")
    until(lane, ticket, State.WORKING)
    process = lane.worker_process_id
    lane.cancel(ticket)
    assert over(lane, lane.ask(request("be"), "a")).result.features.item() != process


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


def test_results_are_kept_on_the_disk(opened: Open, tmp_path: Path) -> None:
    lane = opened()
    asked = request("be", FitEncoder)
    result = over(lane, lane.ask(asked, "a")).result
    lane.close()
    again = opened(command=("/nowhere/python",))
    status = again.look(again.ask(asked, "b"))
    assert status.state is State.DONE
    assert isinstance(status.result, Encoder)
    np.testing.assert_array_equal(status.result.network, result.network)
    (file,) = (tmp_path / "errands").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    fresh = opened()
    assert over(fresh, fresh.ask(asked, "b")).state is State.DONE, "computed anew"
    assert fresh.worker_process_id is not None


def test_the_disk_keeps_the_last_used_within_its_room(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path / "errands", 3500)
    for place, name in enumerate(("one", "two", "three")):
        cache.put(name, Encoder(np.zeros(1000, np.uint8)))
        os.utime(tmp_path / "errands" / f"{name}.bin", (place, place))
    (tmp_path / "errands" / "left.1.partial").touch()
    assert cache.get("one") is not None
    cache.put("four", Encoder(np.ones(1000, np.uint8)))
    assert sorted(path.stem for path in (tmp_path / "errands").iterdir()) == [
        "four",
        "one",
        "three",
    ]
    assert cache.get("two") is None
    for damaged in (b"", b"x" * 40, (tmp_path / "errands" / "one.bin").read_bytes()[:-9]):
        (tmp_path / "errands" / "one.bin").write_bytes(damaged)
        assert cache.get("one") is None
        assert not (tmp_path / "errands" / "one.bin").exists()
    (tmp_path / "file").touch()
    ResultCache(tmp_path / "file", 100).put("one", Encoder(np.zeros(1, np.uint8)))  # no folder


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
