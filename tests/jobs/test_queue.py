"""The order of the queue, and what a server gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gan.jobs import limits as limits_module
from gan.jobs.limits import LimitReached, Limits
from gan.jobs.queue import FairQueue, Start, waits
from gan.runs.errors import StoreError
from gan.settings.config import TrainConfig

START = Start(TrainConfig())


def order(queue: FairQueue[Start[TrainConfig]]) -> str:
    return " ".join(waiting.key for waiting in queue.order())


def filled(*runs: str) -> FairQueue[Start[TrainConfig]]:
    """A queue in which each run belongs to the browser of its first letter."""
    queue: FairQueue[Start[TrainConfig]] = FairQueue()
    for run in runs:
        queue.add(run, run[0], START)
    return queue


def test_browsers_take_turns_however_many_runs_one_sends() -> None:
    assert order(filled("a1", "a2", "a3", "b1", "c1", "b2")) == "a1 b1 c1 a2 b2 a3"


def test_a_newcomer_does_not_overtake_those_of_the_turn_that_is_on() -> None:
    queue = filled("a1", "a2", "b1", "a3")
    assert [queue.take().key for _ in range(3)] == ["a1", "b1", "a2"]
    queue.add("c1", "c", START)
    queue.add("b2", "b", START)
    assert order(queue) == "c1 b2 a3"


def test_who_has_just_had_a_turn_waits_for_the_others() -> None:
    queue = filled("a1")
    queue.take()
    queue.add("a2", "a", START)
    queue.add("b1", "b", START)
    assert order(queue) == "b1 a2"


def test_what_is_taken_back_costs_no_turn() -> None:
    queue = filled("a1", "b1", "a2")
    for _ in range(5):
        queue.withdraw("a2")
        queue.add("a2", "a", START)
    queue.add("b2", "b", START)
    assert order(queue) == "a1 b1 a2 b2"
    queue.withdraw("b1")
    queue.add("b3", "b", START)
    assert order(queue) == "a1 a2 b2 b3", "b2 keeps its turn, and b3 comes after it"
    with pytest.raises(KeyError):
        queue.withdraw("b1")


def test_who_was_there_before_goes_first() -> None:
    queue = filled("a1", "b1")
    queue.put_first("x", "a", START)
    queue.put_first("y", "b", START)
    assert order(queue) == "x y a1 b1"
    queue.add("c1", "c", START)
    assert queue.take().key == "x"
    assert order(queue) == "y a1 b1 c1", "no turn was used up"


def test_two_who_wait_for_one_thing_go_by_the_earlier_turn() -> None:
    queue = filled("a1", "a2", "a3", "b1")
    assert order(queue) == "a1 b1 a2 a3"
    queue.share("a3", "c")
    assert order(queue) == "a1 a3 b1 a2", "it came before b1, and is of the same turn now"
    queue.add("c1", "c", START)
    assert order(queue) == "a1 a3 b1 a2 c1", "that was the first turn of c"
    queue.share("a1", "b")
    assert order(queue) == "a1 a3 b1 a2 c1", "nobody waits longer because others join"
    queue.add("b2", "b", START)
    assert order(queue) == "a1 a3 b1 a2 c1 b2", "a turn that was of no use is not counted"


def test_runs_leave_and_change_where_they_stand() -> None:
    queue = filled("a1", "b1", "c1")
    assert queue.remove("b1").owner == "b"
    assert "b1" not in queue
    assert len(queue) == 2
    with pytest.raises(KeyError):
        queue.remove("b1")
    queue.change("c1", replace(START, step=7))
    assert [waiting.start.step for waiting in queue.order()] == [None, 7]


@pytest.mark.parametrize(
    ("left", "ahead", "slots", "seconds"),
    [
        ([], [], 1, 0.0),
        ([30.0], [], 1, 30.0),
        ([30.0], [60.0, 10.0], 1, 100.0),
        ([30.0, 5.0], [60.0, 10.0], 2, 40.0),  # 5 s, then 60 s there and 10 s after the 30
        ([30.0], [60.0], 2, 30.0),
        ([None], [], 1, None),
        ([None, 5.0], [], 2, 5.0),
        ([None, 5.0], [None], 2, None),
    ],
)
def test_how_long_a_run_waits(
    left: list[float | None], ahead: list[float | None], slots: int, seconds: float | None
) -> None:
    assert waits(left, ahead, slots) == seconds


def test_the_environment_sets_limits() -> None:
    limits = Limits.of_environment(
        {"DIGIT_FORGE_SLOTS": "3", "DIGIT_FORGE_MAX_SECONDS": "90.5", "OTHER": "1"}
    )
    assert (limits.slots, limits.max_seconds) == (3, 90.5)
    assert limits.queue_length == Limits().queue_length


@pytest.mark.parametrize(
    ("cores", "gpus", "slots"), [(0.5, [], 1), (2, [], 1), (16, [], 4), (16, ["0", "1"], 2)]
)
def test_slots_suit_the_machine(
    monkeypatch: pytest.MonkeyPatch, cores: float, gpus: list[str], slots: int
) -> None:
    monkeypatch.setattr(limits_module.machine, "cores", lambda: cores)
    monkeypatch.setattr(limits_module.machine, "gpus", lambda: gpus)
    limits = Limits.of_environment({})
    assert limits.slots == slots
    shares = [limits.environment_of(slot) for slot in range(slots)]
    if slots == 1:
        assert shares == [{}]
    elif gpus:
        assert shares == [{"CUDA_VISIBLE_DEVICES": "0"}, {"CUDA_VISIBLE_DEVICES": "1"}]
    else:
        assert shares[3]["TF_NUM_INTRAOP_THREADS"] == "4"


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "", "inf"])
def test_a_senseless_limit_is_named(text: str) -> None:
    with pytest.raises(StoreError, match=r"DIGIT_FORGE_SLOTS is .* a whole number of at least 1"):
        Limits.of_environment({"DIGIT_FORGE_SLOTS": text})


def test_a_run_gets_an_end_that_the_server_allows() -> None:
    limits = Limits(max_seconds=90.0, max_steps=500)
    short = replace(TrainConfig(), max_seconds=60.0)
    assert limits.bounded(short) == short
    by_steps = replace(short, max_seconds=None, max_steps=400)
    assert limits.bounded(by_steps) == replace(by_steps, max_seconds=90.0)
    with pytest.raises(LimitReached, match=r"91 seconds are more .* at most 90"):
        limits.bounded(replace(short, max_seconds=91.0))
    with pytest.raises(LimitReached, match=r"501 steps are more .* at most 500"):
        limits.bounded(replace(by_steps, max_steps=501))
