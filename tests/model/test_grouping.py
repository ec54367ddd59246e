"""Runs whose classes nobody labelled: groups are found once, told, kept, and go on with the run."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from support import TINY

from gan.data import groups
from gan.data.datasets import Digits
from gan.data.groups import Groups
from gan.messages.commands import Command, Pace, Pause, Stop
from gan.messages.events import Event, Finished, Grouped, Preparing, Snapshot, Started
from gan.messages.status import StopReason
from gan.model import bundle, grouping, training
from gan.model.bundle import Bundle, BundleError
from gan.model.preparation import Preparation
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow

FOUND = replace(TINY, conditional="found", groups=4, latent_dim=6)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where groups are kept."""
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, few_digits: Digits) -> list[Event]:
    """The events of a run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIGIT_FORGE_HOME", str(tmp_path_factory.mktemp("whole")))
        return run(FOUND, few_digits)


def run(config: TrainConfig, digits: Digits, start: Bundle | None = None) -> list[Event]:
    return list(training.train(config, digits, SimpleQueue(), start))


def told(
    digits: Digits, commands: SimpleQueue[Command], start: Bundle | None = None
) -> tuple[list[Event], Digits | None]:
    """What is reported before the networks are built, and what D is then told."""
    events: list[Event] = []

    def listen() -> Generator[Event, None, Digits | None]:
        return (yield from grouping.told(FOUND, digits, commands, start))

    listening = listen()
    while True:
        try:
            events.append(next(listening))
        except StopIteration as end:
            return events, end.value


def last_bundle(events: list[Event]) -> Bundle:
    snapshots = [event for event in events if isinstance(event, Snapshot)]
    return bundle.loads(snapshots[-1].bundle.tobytes(), "test")


def assert_same_weights(one: list[Event], other: list[Event]) -> None:
    weights, others = last_bundle(one).weights, last_bundle(other).weights
    assert weights.keys() == others.keys()
    for name, value in weights.items():
        np.testing.assert_array_equal(value, others[name], err_msg=name)


def grouped(events: list[Event]) -> Grouped:
    (found,) = (event for event in events if isinstance(event, Grouped))
    return found


def test_groups_are_found_before_the_first_step_and_told(
    whole: list[Event], few_digits: Digits
) -> None:
    assert whole[0] == Preparing("finding_groups")
    assert [type(event) for event in whole[1:4]] == [Grouped, Preparing, Started]
    shown, saved = grouped(whole), last_bundle(whole)
    found = saved.weights[bundle.GROUPS]
    assert shown.images.shape == (4 * grouping.EXAMPLES, 28, 28)
    assert shown.shares == tuple(groups.shares(found, 4))
    assert shown.purity == groups.purity(found, few_digits.labels)
    pictures = groups.examples(few_digits.images, found, 4, grouping.EXAMPLES)
    np.testing.assert_array_equal(shown.images, pictures)
    assert saved.generator().inputs[0].shape == (None, 6)


def test_d_is_told_the_same_whatever_the_labels_are(home: Path, few_digits: Digits) -> None:
    others = (np.zeros_like(few_digits.labels), None)
    events, here = told(few_digits, SimpleQueue())
    purities = [grouped(events).purity]
    assert here is not None
    for labels in others:
        for path in (home / "groups").iterdir():
            path.unlink()
        events, there = told(Digits(few_digits.images, labels), SimpleQueue())
        assert there is not None
        np.testing.assert_array_equal(there.labels, here.labels)
        purities.append(grouped(events).purity)
    assert purities[0] < purities[1] == 1.0
    assert purities[2] is None, "nobody can say"


def test_a_run_goes_on_with_the_groups_that_it_began_with(
    whole: list[Event], home: Path, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = last_bundle(run(replace(FOUND, max_steps=2), few_digits))
    for path in (home / "groups").iterdir():
        path.unlink()
    monkeypatch.setattr(groups, "find", None)
    rest = run(FOUND, few_digits, start)
    assert not [event for event in rest if isinstance(event, Grouped)], "told once"
    assert_same_weights(rest, whole)


@pytest.mark.usefixtures("home")
def test_a_run_does_not_go_on_with_other_pictures(whole: list[Event], few_digits: Digits) -> None:
    fewer = Digits(few_digits.images[:150], few_digits.labels[:150])
    with pytest.raises(BundleError, match="sorted 200 pictures into groups, and now there are 150"):
        told(fewer, SimpleQueue(), last_bundle(whole))
    others = Digits(few_digits.images[::-1], few_digits.labels)
    with pytest.raises(BundleError, match="sorted other pictures than these into groups"):
        told(others, SimpleQueue(), last_bundle(whole))


@pytest.mark.usefixtures("home")
def test_a_second_run_takes_what_the_first_found(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, here = told(few_digits, SimpleQueue())
    monkeypatch.setattr(groups, "find", None)
    second, there = told(few_digits, SimpleQueue())
    assert here is not None
    assert there is not None
    np.testing.assert_array_equal(there.labels, here.labels)
    np.testing.assert_array_equal(grouped(second).images, grouped(first).images)
    assert grouped(second).shares == grouped(first).shares


@pytest.mark.usefixtures("home")
def test_a_prepared_training_has_the_groups_of_its_run(
    whole: list[Event], few_digits: Digits
) -> None:
    prepared = Preparation(FOUND, few_digits)
    for _ in prepared.stages:
        pass
    events = list(training.train(FOUND, few_digits, SimpleQueue(), prepared=prepared))
    assert_same_weights(events, whole)
    turned = (3 - last_bundle(whole).weights[bundle.GROUPS]).astype(np.uint8)
    other = prepared.learner(FOUND, Digits(few_digits.images, turned))
    np.testing.assert_array_equal(other.groups, turned, "what a run from elsewhere found")


def test_who_stops_the_run_meanwhile_does_not_wait_for_the_groups(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def find(*_: object) -> Iterator[Groups | None]:
        yield None
        raise AssertionError("nobody wants to know")

    monkeypatch.setattr(groups, "find", find)
    commands: SimpleQueue[Command] = SimpleQueue()
    events = training.train(FOUND, few_digits, commands)
    assert next(events) == Preparing("finding_groups")
    commands.put(Stop(StopReason.STOPPED))
    assert list(events) == [Finished(0, StopReason.STOPPED)]
    assert not (home / "groups").exists(), "nothing half is kept"


@pytest.mark.usefixtures("home")
def test_other_commands_wait_in_their_order(few_digits: Digits) -> None:
    commands: SimpleQueue[Command] = SimpleQueue()
    for command in (Pace(2.0), Pause()):
        commands.put(command)
    events, _ = told(few_digits, commands)
    assert [type(event) for event in events] == [Preparing, Grouped]
    assert [commands.get_nowait(), commands.get_nowait()] == [Pace(2.0), Pause()]


def test_of_many_groups_fewer_pictures_are_shown(few_digits: Digits) -> None:
    config = replace(FOUND, groups=64, latent_dim=64)
    shown = grouping._shown(config, few_digits, np.arange(200, dtype=np.uint8) % 64)
    assert len(shown.images) == 64 * 4 <= 256
