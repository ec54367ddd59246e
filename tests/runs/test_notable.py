"""The moments of a run that are worth going back to."""

from __future__ import annotations

from dataclasses import replace

from gan.messages.events import Adjusted, Continued, Event, Paused, Quality
from gan.runs.notable import Moment, moments
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.words.notable import happened

EVEN, ONE = (0.1,) * 10, (0.91, 0.09, *(0.0,) * 8)


def check(step: int, distance: float, coverage: tuple[float, ...]) -> Quality:
    return Quality(step, 1.0, 1000, distance, 1.0, coverage, 0.9)


def after(*events: Event, **values: object) -> RunState:
    state = replace(RunState("r", "r", TrainConfig(), 0.0), **values)
    return state.after(enumerate(events, start=1))


def test_what_the_judge_saw() -> None:
    state = after(check(10, 90.0, ONE), check(20, 50.0, EVEN), check(30, 9.0, EVEN),
                  check(40, 80.0, ONE))  # fmt: skip
    assert moments(state) == [
        Moment(20, "all_ten_digits"),
        Moment(30, "best_quality"),
        Moment(40, "collapse"),
    ]


def test_what_people_changed() -> None:
    changes = {"generator_learning_rate": 0.25, "loss": "hinge", "max_steps": 90}
    state = after(
        Paused(5),
        Adjusted(10, changes),
        Continued(12, 12),
        Adjusted(12, {"max_seconds": 9.0}),
        Continued(20, 20),
        parent_step=12,
    )
    found = moments(state)
    assert found == [
        Moment(10, "adjusted", {"generator_learning_rate": 0.25, "loss": "hinge"}),
        Moment(12, "branched"),
        Moment(20, "went_on"),
    ]
    assert [happened(moment, {}) for moment in found] == [
        "generator learning rate 0.25, loss hinge",
        "branched",
        "went on",
    ]


def test_a_run_of_some_classes_has_all_of_its_own() -> None:
    few = (0.0, 0.0, 0.0, 0.5, *(0.0,) * 4, 0.5, 0.0)
    state = after(check(10, 9.0, few), check(20, 8.0, few))
    assert [happened(moment, {}) for moment in moments(state)] == ["best quality"]
    state = replace(state, config=TrainConfig(classes="3,8"))
    assert [happened(moment, {}) for moment in moments(state)] == ["all its digits", "best quality"]


def test_nothing_yet() -> None:
    assert moments(after()) == []
