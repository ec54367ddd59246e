"""Steps by hand while time stands still: of both networks, or of one alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model.controlled_runs import CONFIG, changed, kinds, run, snapshots

from gan.data.datasets import Digits
from gan.messages.commands import Command, Pause, Step, Stop
from gan.messages.events import Event, Finished, Samples, Snapshot, Stepped
from gan.messages.status import Part, StopReason
from gan.model import bundle
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow


def single_steps(config: TrainConfig, digits: Digits, *parts: Part) -> list[Event]:
    """A run that is paused as soon as possible, takes these steps by hand, and stops."""
    commands = iter([Pause(), *map(Step, parts), Stop()])

    def script(event: Event) -> list[Command]:
        if isinstance(event, Samples):
            return [command for command in [next(commands, None)] if command]
        return []

    return run(config, digits, script)


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


def test_stop_ends_a_pause(few_digits: Digits) -> None:
    events = single_steps(CONFIG, few_digits)
    assert events[-1] == Finished(32, StopReason.STOPPED)
    assert isinstance(events[-4], Snapshot)
