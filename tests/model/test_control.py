"""Time under control: pause, slow motion, changed settings, going on and back."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from model.controlled_runs import CONFIG, assert_same_weights, changed, kinds, run, snapshots

from gan.data.datasets import Digits
from gan.messages.commands import Adjust, Command, Pace, Park, Pause, Resume, Step
from gan.messages.events import (
    Adjusted,
    Event,
    Finished,
    Paced,
    Parked,
    Paused,
    Progress,
    Resumed,
    Samples,
    Snapshot,
    Stepped,
)
from gan.messages.status import Part, StopReason
from gan.model import bundle

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def whole(few_digits: Digits) -> list[Event]:
    """The run that never stopped."""
    return run(CONFIG, few_digits)


def curve(events: list[Event], until: int | None = None) -> list[tuple[float, ...]]:
    """What is not time of each report."""
    return [
        astuple(replace(event, seconds=0.0, images_per_second=0.0))
        for event in events
        if isinstance(event, Progress) and (until is None or event.step <= until)
    ]


def test_going_on_gives_the_run_that_never_stopped(whole: list[Event], few_digits: Digits) -> None:
    before = run(replace(CONFIG, max_steps=40), few_digits)
    assert [point[0] for point in curve(before)] == [32, 40]
    (saved,) = snapshots(before)
    assert (saved.step, saved.reported_step, saved.images_seen) == (40, 32, 320)
    after = run(CONFIG, few_digits, start=saved)
    assert curve(before, until=saved.reported_step) + curve(after) == curve(whole)
    assert_same_weights(snapshots(after)[-1], snapshots(whole)[-1])
    first = next(kinds(after, Progress))
    assert first.seconds > saved.seconds


def test_a_pause_changes_nothing(whole: list[Event], few_digits: Digits) -> None:
    def script(event: Event) -> list[Command]:
        match event:
            case Progress(step=32):
                return [Pause()]
            case Paused():
                return [Resume()]
        return []

    events = run(CONFIG, few_digits, script)
    at = events.index(Paused(32))
    assert [type(event) for event in events[at + 1 : at + 4]] == [Samples, Snapshot, Resumed]
    assert curve(events) == curve(whole)
    assert_same_weights(snapshots(events)[-1], snapshots(whole)[-1])
    (paused, _) = snapshots(events)
    assert (paused.step, paused.reported_step) == (32, 32)
    assert_same_weights(snapshots(run(CONFIG, few_digits, start=paused))[-1], snapshots(whole)[-1])


def test_a_run_that_was_parked_comes_back_as_it_was(whole: list[Event], few_digits: Digits) -> None:
    """Parked after 32 steps and one by hand; that one, and the rest, are as if it had stayed."""

    def held(event: Event) -> list[Command]:
        match event:
            case Progress(step=32):
                return [Pause(), Step(), Park(), Resume()]
        return []

    before = run(CONFIG, few_digits, held)
    assert before[-1] == Parked(33), "and nothing is heard after that"
    parked = snapshots(before)[-1]
    assert (parked.step, parked.reported_step) == (33, 33)

    def recalled(event: Event) -> list[Command]:
        match event:
            case Paused():
                return [Step(), Resume()]
        return []

    after = run(CONFIG, few_digits, recalled, parked, is_paused=True)
    at = after.index(Paused(33))
    assert not list(kinds(after[:at], Progress, Samples)), "not a step before it is told so"
    assert next(kinds(after, Stepped)) == Stepped(34, Part.BOTH)
    assert_same_weights(snapshots(after)[-1], snapshots(whole)[-1])
    assert [point[0] for point in curve(before) + curve(after)] == [32, 33, 34, 64, 70]


def test_slow_motion_reports_each_step(few_digits: Digits, whole: list[Event]) -> None:
    def script(event: Event) -> list[Command]:
        match event:
            case Progress(step=32):
                return [Pace(40.0)]
            case Progress(step=36):
                return [Pace(None)]
        return []

    events = run(CONFIG, few_digits, script)
    assert list(kinds(events, Paced)) == [Paced(32, 40.0), Paced(36, None)]
    assert [point[0] for point in curve(events)] == [32, 33, 34, 35, 36, 64, 70]
    samples = [event.step for event in kinds(events, Samples)]
    assert set(samples) >= {33, 34, 35, 70}
    assert_same_weights_but_totals(snapshots(events)[-1], snapshots(whole)[-1])


def assert_same_weights_but_totals(one: bundle.Bundle, other: bundle.Bundle) -> None:
    for name, value in one.weights.items():
        if not name.startswith("totals"):
            np.testing.assert_array_equal(value, other.weights[name], err_msg=name)


@pytest.mark.parametrize(
    "changes",
    [
        {"generator_learning_rate": 0.5},
        {"discriminator_steps": 3},
        {"loss": "hinge", "instance_noise": 0.2},
    ],
)
def test_a_changed_setting_counts_from_the_next_step(
    changes: dict[str, Any], few_digits: Digits, whole: list[Event]
) -> None:
    def script(event: Event) -> list[Command]:
        return [Adjust(changes)] if isinstance(event, Progress) and event.step == 32 else []

    events = run(CONFIG, few_digits, script)
    assert list(kinds(events, Adjusted)) == [Adjusted(32, changes)]
    before, after = snapshots(events)
    assert before.step == 32, "the moment before can be gone back to"
    assert before.config == CONFIG
    assert after.config == replace(CONFIG, **changes)
    gone_on = snapshots(run(after.config, few_digits, start=before))[-1]
    assert_same_weights(gone_on, after)
    assert changed(snapshots(whole)[-1], after, "generator/")
    last = list(kinds(events, Progress))[-1]
    assert last.images_seen == 32 * 8 + 38 * 8 * after.config.discriminator_steps


@pytest.mark.parametrize("changes", [{"latent_dim": 9}, {"loss": "elbo"}, {"max_steps": None}])
def test_what_cannot_change_does_not(changes: dict[str, Any], few_digits: Digits) -> None:
    config = replace(CONFIG, max_steps=33)
    events = run(config, few_digits, lambda event: [Adjust(changes)] * isinstance(event, Samples))
    assert not list(kinds(events, Adjusted))
    assert events[-1] == Finished(33, StopReason.COMPLETED)


def test_a_budget_can_be_cut_short(few_digits: Digits) -> None:
    def script(event: Event) -> list[Command]:
        return [Adjust({"max_steps": 5})] * isinstance(event, Progress)

    events = run(CONFIG, few_digits, script)
    assert events[-1] == Finished(32, StopReason.COMPLETED)
