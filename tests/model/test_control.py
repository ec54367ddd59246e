"""Time under control: pause, single steps, slow motion, changed settings, going on and back."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from support import DENOISING, TINY

from gan.data.datasets import Digits
from gan.messages.commands import Adjust, Command, Pace, Park, Pause, Resume, Step, Stop
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
from gan.model import bundle, reporting, training
from gan.model.schedules import SnapshotSchedule
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow

CONFIG = replace(TINY, max_steps=70)  # a tick is 32 steps of 8 digits


@pytest.fixture(autouse=True, scope="module")
def no_snapshot_by_the_clock() -> Iterator[None]:
    """What is left are those that somebody asks for, and the last one."""
    with pytest.MonkeyPatch.context() as patch:
        never = SimpleNamespace(is_due=lambda now: False)
        patch.setattr(reporting, "SnapshotSchedule", lambda seconds, gap: never)
        yield


def run(
    config: TrainConfig,
    digits: Digits,
    script: Callable[[Event], list[Command]] = lambda event: [],
    start: bundle.Bundle | None = None,
    is_paused: bool = False,
) -> list[Event]:
    """The events of a run in which `script` answers each with commands."""
    commands: SimpleQueue[Command] = SimpleQueue()
    events = []
    for event in training.train(config, digits, commands, start, is_paused=is_paused):
        events.append(event)
        for command in script(event):
            commands.put(command)
    return events


def curve(events: list[Event], until: int | None = None) -> list[tuple[float, ...]]:
    """What is not time of each report."""
    return [
        astuple(replace(event, seconds=0.0, images_per_second=0.0))
        for event in events
        if isinstance(event, Progress) and (until is None or event.step <= until)
    ]


def snapshots(events: list[Event]) -> list[bundle.Bundle]:
    return [
        bundle.loads(event.bundle.tobytes(), "test")
        for event in events
        if isinstance(event, Snapshot)
    ]


def assert_same_weights(one: bundle.Bundle, other: bundle.Bundle) -> None:
    assert one.weights.keys() == other.weights.keys()
    for name, value in one.weights.items():
        np.testing.assert_array_equal(value, other.weights[name], err_msg=name)


def kinds(events: list[Event], *wanted: type) -> Iterator[Event]:
    return (event for event in events if isinstance(event, wanted))


@pytest.fixture(scope="module")
def whole(few_digits: Digits) -> list[Event]:
    """The run that never stopped."""
    return run(CONFIG, few_digits)


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


def single_steps(config: TrainConfig, digits: Digits, *parts: Part) -> list[Event]:
    """A run that is paused as soon as possible, takes these steps by hand, and stops."""
    commands = iter([Pause(), *map(Step, parts), Stop()])

    def script(event: Event) -> list[Command]:
        if isinstance(event, Samples):
            return [command for command in [next(commands, None)] if command]
        return []

    return run(config, digits, script)


def changed(one: bundle.Bundle, other: bundle.Bundle, prefix: str) -> bool:
    return any(
        (value != other.weights[name]).any()
        for name, value in one.weights.items()
        if name.startswith(prefix)
    )


@pytest.mark.parametrize(
    ("part", "moves"),
    [
        (Part.BOTH, {"generator/", "discriminator/"}),
        (Part.GENERATOR, {"generator/"}),
        (Part.DISCRIMINATOR, {"discriminator/"}),
    ],
)
def test_a_single_step_moves_what_it_says(part: Part, moves: set[str], few_digits: Digits) -> None:
    # Spectral normalisation and no batch normalisation: what looks only has nothing to update.
    config = replace(CONFIG, architecture="article-mnist", discriminator_normalization="none")
    events = single_steps(config, few_digits, part)
    before, after = snapshots(events)
    assert list(kinds(events, Stepped)) == [Stepped(before.step + 1, part)]
    assert after.step == before.step + 1
    for network in ("generator/", "discriminator/"):
        assert changed(before, after, network) is (network in moves), network
    assert changed(before, after, bundle.AVERAGED) is (part is not Part.DISCRIMINATOR)
    samples = list(kinds(events, Samples))
    assert [event.step for event in samples[-3:]] == [before.step, after.step, after.step]
    assert isinstance(events[-1], Finished)


def test_a_step_of_both_by_hand_is_an_ordinary_step(few_digits: Digits) -> None:
    events = single_steps(CONFIG, few_digits, Part.BOTH, Part.BOTH)
    last = snapshots(events)[-1]
    ordinary = snapshots(run(replace(CONFIG, max_steps=last.step), few_digits))[-1]
    for prefix in ("generator", "discriminator"):
        assert not changed(ordinary, last, prefix)


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


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate_half_life": 20},
        {"architecture": "article-dense", "discriminator_normalization": "none"},  # dropout
        {"architecture": "vae", "loss": "elbo"},
        {**DENOISING, "adam_beta_2": 0.99, "generator_hidden_units": 8},
    ],
)
def test_all_that_a_run_needs_is_in_its_snapshot(
    values: dict[str, Any], few_digits: Digits
) -> None:
    config = replace(CONFIG, **values)
    before = snapshots(run(replace(config, max_steps=40), few_digits))[-1]
    after, whole = (snapshots(run(config, few_digits, start=at))[-1] for at in (before, None))
    assert_same_weights(after, whole)


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


def test_stop_ends_a_pause(few_digits: Digits) -> None:
    events = single_steps(CONFIG, few_digits)
    assert events[-1] == Finished(32, StopReason.STOPPED)
    assert isinstance(events[-4], Snapshot)


def test_a_snapshot_of_another_network_is_refused(few_digits: Digits) -> None:
    saved = snapshots(run(replace(CONFIG, max_steps=1), few_digits))[-1]
    with pytest.raises(bundle.BundleError, match="is missing or has the wrong shape"):
        run(replace(CONFIG, latent_dim=9), few_digits, start=saved)
    torn = replace(saved, weights={k: v for k, v in saved.weights.items() if k != "totals/000"})
    with pytest.raises(bundle.BundleError, match="totals/000"):
        run(CONFIG, few_digits, start=torn)


def test_snapshots_are_dense_at_first_and_cheap_later() -> None:
    schedule, taken, seconds = SnapshotSchedule(0.0), [], 0.0
    while seconds < 3600:
        if schedule.is_due(seconds):
            taken.append(seconds)
            schedule.taken(seconds, seconds + 0.04)
        seconds += 0.1
    gaps = [later - earlier for earlier, later in itertools.pairwise(taken)]
    assert len([time for time in taken if time < 5]) >= 5
    assert 20 < len(taken) < 60
    assert min(gaps) > 0.49
    assert all(gap < 0.16 * time + 2.5 for gap, time in zip(gaps, taken, strict=False))
    costly = SnapshotSchedule(0.0)
    costly.taken(1.0, 3.0)
    assert not costly.is_due(50.0)
    assert costly.is_due(61.0)


def test_no_more_than_the_longest_gap_is_ever_lost() -> None:
    schedule = SnapshotSchedule(0.0, longest_gap=100.0)
    schedule.taken(500.0, 500.1)  # the next one would come when the run is 15% older
    assert not schedule.is_due(570.0)
    assert schedule.is_due(575.2)
    schedule.taken(5000.0, 5000.1)
    assert not schedule.is_due(5100.0)
    assert schedule.is_due(5100.2)
