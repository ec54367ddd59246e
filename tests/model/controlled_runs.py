"""Runs that a script holds, steps and changes, and what their events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest
from support import TINY

from gan.data.datasets import Digits
from gan.messages.commands import Command
from gan.messages.events import Event, Snapshot
from gan.model import bundle, reporting, training
from gan.settings.config import TrainConfig

CONFIG = replace(TINY, max_steps=70)  # a tick is 32 steps of 8 digits


def run(
    config: TrainConfig,
    digits: Digits,
    script: Callable[[Event], list[Command]] = lambda event: [],
    start: bundle.Bundle | None = None,
    is_paused: bool = False,
) -> list[Event]:
    """The events of a run in which `script` answers each with commands.

    Its snapshots are those that somebody asks for, and the last one: none comes by the clock.
    """
    commands: SimpleQueue[Command] = SimpleQueue()
    events = []
    never = SimpleNamespace(is_due=lambda now: False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reporting, "SnapshotSchedule", lambda seconds, gap: never)
        for event in training.train(config, digits, commands, start, is_paused=is_paused):
            events.append(event)
            for command in script(event):
                commands.put(command)
    return events


def kinds(events: list[Event], *wanted: type) -> Iterator[Event]:
    return (event for event in events if isinstance(event, wanted))


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


def changed(one: bundle.Bundle, other: bundle.Bundle, prefix: str) -> bool:
    return any(
        (value != other.weights[name]).any()
        for name, value in one.weights.items()
        if name.startswith(prefix)
    )
