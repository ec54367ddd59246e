"""The training loop: a generator of events that knows nothing of disks, processes or screens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from queue import SimpleQueue

from gan.data.datasets import Digits
from gan.messages.commands import Command
from gan.messages.events import Event, Failed, Finished, Parked, Preparing, Started
from gan.model import bundle, grouping
from gan.model.control import Control
from gan.model.devices import device
from gan.model.families import trainer
from gan.model.preparation import Preparation, judge_for
from gan.model.progress import RunProgress
from gan.model.reporting import Reporter
from gan.model.snapshots import NotFinite
from gan.model.trainer import Trainer
from gan.settings.config import TrainConfig


def train(
    config: TrainConfig,
    digits: Digits,
    commands: SimpleQueue[Command],
    start: bundle.Bundle | None = None,
    is_paused: bool = False,
    prepared: Preparation | None = None,
    snapshot_gap: float = math.inf,
) -> Iterator[Event]:
    """Train as `config` says on `digits`, obeying `commands` between two ticks.

    Yields `Preparing`, perhaps `Grouped`, `Started`, then a report of the family, `Samples`,
    `Quality` and `Snapshot` as they fall due, what the commands did, and ends with `Finished`, or
    with `Failed` once a loss is not finite; told to `Park` in a pause, it ends with `Parked`. From
    a snapshot `start` it goes on as if it had never stopped; with `is_paused` it waits to be told
    so. What was `prepared` is of the same digits, and of a config that is compiled in the same way.
    Snapshots are at most `snapshot_gap` seconds apart.
    """
    told = yield from grouping.told(config, digits, commands, start)
    if told is None:
        return
    yield Preparing("building_networks")
    learner = prepared.learner(config, told) if prepared else trainer(config, told)
    if start is not None:
        learner.restore(start)
    judge = judge_for(config, digits)  # ready now, so that it does not count as training time
    yield _started(learner, len(digits))
    progress = RunProgress(learner, start)
    reporter = Reporter(progress, judge, lambda: not commands.empty(), snapshot_gap)
    control = Control(progress, reporter, commands)
    try:
        if is_paused:
            yield from control.pause()
            yield from control.obey()
        else:
            yield progress.samples()
            progress.clock.go()
        progress.end_if_spent()
        while progress.ending is None and not control.is_parked:
            progress.advance(control.steps_at_once())
            yield from control.slow_down()
            if progress.ending is None and progress.is_report_due:
                yield from reporter.due()
            yield from control.obey()
        if control.is_parked:
            yield progress.snapshot()
            yield Parked(progress.step)
            return
        yield from reporter.last()
    except NotFinite as stop:
        yield _failure(stop.step)
        return
    yield Finished(progress.step, progress.ending)


def _started(learner: Trainer, training_images: int) -> Started:
    counterpart = learner.counterpart
    return Started(
        device=device(),
        training_images=training_images,
        generator_parameters=learner.generator.count_params(),
        discriminator_parameters=counterpart.count_params() if counterpart else 0,
    )


def _failure(step: int) -> Failed:
    return Failed("not_finite", {"step": step})
