"""Trainings that are prepared: used by whom they fit, from where they begin, and by nobody else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from support import TINY

from gan.jobs import training_work
from gan.messages.events import Event, Finished, Progress, Samples, Snapshot
from gan.messages.jobs import Prepare, Train
from gan.model import preparation, training
from gan.settings.config import TrainConfig


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[TrainConfig]:
    """The configs for which networks were built, by a worker that prepares nothing unasked."""
    configs: list[TrainConfig] = []
    build = preparation.trainer

    def counted(config: TrainConfig, *others: Any) -> Any:
        configs.append(config)
        return build(config, *others)

    monkeypatch.setattr(preparation, "trainer", counted)
    monkeypatch.setattr(training_work, "preset", lambda _: USUAL)
    monkeypatch.setattr(training_work, "_prepared", {})
    return configs


USUAL = replace(TINY, seed=99)


@pytest.fixture
def tiny(mnist_like: Path) -> TrainConfig:
    return replace(TINY, data=str(mnist_like), max_steps=6)


def prepare(*configs: TrainConfig) -> Iterator[None]:
    return training_work.prepare(Prepare(tuple(config.to_json() for config in configs)))


def run(config: TrainConfig, start: Snapshot | None = None) -> list[Event]:
    bundle = None if start is None else start.bundle
    return list(training_work.train(Train(config.to_json(), bundle), SimpleQueue()))


def plain(config: TrainConfig) -> Iterator[Event]:
    """The same run as nobody has prepared it."""
    return training.train(config, training_work.datasets.load_for(config), SimpleQueue())


def learned(events: list[Event]) -> list[Any]:
    """All of a run that its seed decides."""
    reports = [event for event in events if isinstance(event, Progress)]
    pictures = [event.images.tolist() for event in events if isinstance(event, Samples)]
    return [[(astuple(report)[0], *astuple(report)[3:7]) for report in reports], pictures]


def test_what_is_shown_is_used_and_changes_nothing(
    built: list[TrainConfig], tiny: TrainConfig
) -> None:
    for _ in prepare(tiny):
        pass
    assert built == [tiny, USUAL], "what most people start is ready too"
    prepared = learned(run(tiny))
    assert built == [tiny, USUAL], "nothing was built after Start"
    training_work._prepared.clear()
    stages = prepare(tiny)
    for _ in range(2):
        next(stages)
    half = learned(run(tiny))
    assert built == [tiny, USUAL, tiny], "what was half ready was finished, not begun anew"
    assert prepared == half == learned(list(plain(tiny)))


def test_what_is_no_longer_shown_is_dropped(built: list[TrainConfig], tiny: TrainConfig) -> None:
    stale, other = prepare(tiny), replace(tiny, seed=2)
    for _ in range(2):
        next(stale)
    for _ in prepare(other):
        pass
    assert [config.seed for config, _ in training_work._prepared] == [2, USUAL.seed]
    for _ in prepare():
        pass
    assert [config.seed for config, _ in training_work._prepared] == [USUAL.seed]
    assert built == [tiny, other, USUAL], "each once"


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2}, {"adam_beta_1": 0.9}, {"classes": "3,8"}],
    ids=str,
)
def test_another_run_has_networks_of_its_own(
    built: list[TrainConfig], tiny: TrainConfig, changes: dict[str, Any]
) -> None:
    stages = prepare(tiny)
    for _ in range(2):
        next(stages)
    other = replace(tiny, **changes)
    run(other)
    assert built == [tiny, other]


def test_pictures_that_have_changed_are_not_taken_for_those_of_before(
    built: list[TrainConfig], tiny: TrainConfig
) -> None:
    before = learned(run(tiny))
    path = Path(tiny.data)
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "x_train": arrays["x_train"][::-1]})
    os.utime(path, ns=(1, 1))
    assert learned(run(tiny)) != before
    assert built.count(tiny) == 2


def test_rates_and_budget_may_differ(built: list[TrainConfig], tiny: TrainConfig) -> None:
    tiny = replace(tiny, learning_rate_schedule="cosine")
    config = replace(tiny, generator_learning_rate=1e-2, discriminator_learning_rate=1e-5)
    config = replace(config, max_steps=5)
    for _ in zip(prepare(tiny), range(2), strict=False):
        pass
    assert learned(run(config)) == learned(list(plain(config)))
    assert built == [tiny]


def test_a_run_begins_or_goes_on_in_the_networks_of_the_one_before(
    built: list[TrainConfig], tiny: TrainConfig
) -> None:
    first = run(tiny)
    (snapshot,) = [event for event in first if isinstance(event, Snapshot)]
    longer = replace(tiny, max_steps=9)
    going_on = run(longer, snapshot)
    assert learned(run(tiny)) == learned(first)
    assert built == [tiny]
    whole = learned(list(plain(longer)))
    assert learned(going_on)[1][-1] == whole[1][-1], "as if it had never stopped"


def test_what_overflowed_leaves_nothing_to_the_next_run(
    built: list[TrainConfig], tiny: TrainConfig
) -> None:
    first = run(tiny)
    (used,) = training_work._prepared.values()
    learner = used.learner(tiny)
    for weight in learner.generator.weights:
        weight.assign(np.full(weight.shape, np.nan))
    learner.tick(1)
    assert learner.read_totals()[1] == 1, "the first step that was not finite"
    again = run(tiny)
    assert isinstance(again[-1], Finished)
    assert learned(again) == learned(first)
    assert built == [tiny]


def test_what_cannot_be_prepared_is_told_to_who_starts_it(
    built: list[TrainConfig], tiny: TrainConfig, tmp_path: Path
) -> None:
    gone = replace(tiny, data=str(tmp_path / "gone.npz"))
    for _ in prepare(gone, tiny):
        pass
    assert built == [tiny, USUAL], "the next one is prepared all the same"
    with pytest.raises(training_work.datasets.DataError, match="no file"):
        run(gone)


def test_nothing_is_fetched_because_somebody_reads(
    built: list[TrainConfig], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("DIGIT_FORGE_MNIST", raising=False)
    monkeypatch.setattr(training_work.download, "_fetch", lambda _: pytest.fail("fetched"))
    for _ in prepare(replace(TINY, data="mnist")):
        pass
    assert built == [USUAL]
