"""Weights that do not fit their config, and whole packages with such weights."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
import untrained
from support import TINY

from gan import network_file
from gan.__main__ import main
from gan.data.datasets import Digits
from gan.exports import package
from gan.messages.events import Snapshot
from gan.model import bundle, families, importing, training
from gan.model.bundle import Bundle, BundleError
from gan.model.snapshots import take_snapshot
from gan.model.trainer import Trainer
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow

Weights = dict[str, np.ndarray]
G = bundle.AVERAGED


@pytest.fixture(scope="module")
def trained(few_digits: Digits) -> Snapshot:
    """The last snapshot of a tiny run."""
    return [
        event
        for event in training.train(TINY, few_digits, SimpleQueue())
        if isinstance(event, Snapshot)
    ][-1]


@pytest.fixture
def saved(trained: Snapshot) -> Bundle:
    return bundle.loads(trained.bundle.tobytes(), "trained")


@pytest.fixture(autouse=True)
def built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trainer takes seconds to build; each test only looks at it, or gives it new weights."""
    monkeypatch.setattr(families, "trainer", _trainer)


_build = families.trainer


@cache
def _learner(config: TrainConfig) -> Trainer:
    return _build(config, importing._blank(config.batch_size))


def _trainer(config: TrainConfig, _: Digits) -> Trainer:
    return _learner(config)


def test_weights_that_fit_become_the_snapshot_that_they_were(
    trained: Snapshot, saved: Bundle
) -> None:
    made = importing.snapshot(saved, trained.generator.tobytes(), can_go_on=True)
    assert (made.step, made.reported_step) == (trained.step, trained.reported_step)
    np.testing.assert_array_equal(made.generator, trained.generator)
    assert trained.discriminator.size
    np.testing.assert_array_equal(made.discriminator, trained.discriminator)
    again = bundle.loads(made.bundle.tobytes(), "made")
    assert (again.config, again.seconds, again.images_seen) == (
        saved.config,
        saved.seconds,
        saved.images_seen,
    )
    assert again.weights.keys() == saved.weights.keys()
    for name, array in saved.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)


def test_weights_that_only_draw_are_enough_to_draw(trained: Snapshot, saved: Bundle) -> None:
    made = importing.snapshot(saved.only_averaged(), trained.generator.tobytes(), can_go_on=False)
    np.testing.assert_array_equal(made.generator, trained.generator)
    assert not made.discriminator.size
    with pytest.raises(BundleError, match="is missing"):
        importing.snapshot(saved.only_averaged(), trained.generator.tobytes(), can_go_on=True)
    with pytest.raises(BundleError, match="belongs to no network"):
        importing.snapshot(saved, trained.generator.tobytes(), can_go_on=False)


def exchanged(one: str, other: str) -> Callable[[Weights], Weights]:
    return lambda weights: {**weights, one: weights[other], other: weights[one]}


def with_array(name: str, change: Callable[[np.ndarray], Any]) -> Callable[[Weights], Weights]:
    return lambda weights: {**weights, name: np.asarray(change(weights[name]))}


def negative_variance(weights: Weights) -> Weights:
    """An odd place of a batch normalisation that folding takes the root of."""
    return {**weights, f"{G}/004": np.full_like(weights[f"{G}/004"], -1.0)}


REFUSED: dict[str, tuple[Callable[[Weights], Weights], str]] = {
    "a weight too few": (
        lambda weights: {k: v for k, v in weights.items() if k != "discriminator/000"},
        "discriminator/000 is missing",
    ),
    "a weight too many": (
        lambda weights: {**weights, "discriminator/999": np.zeros(1, "f4")},
        "discriminator/999 belongs to no network",
    ),
    "weights of other places": (exchanged(f"{G}/000", f"{G}/001"), f"{G}/000 is float32 [64]"),
    "weights of another shape": (
        with_array(f"{G}/000", lambda array: array.reshape(-1)),
        f"{G}/000 is float32 [12544] instead of float32 [4, 3136]",
    ),
    "wide weights": (with_array(f"{G}/000", np.float64), "is float64 [4, 3136] instead of"),
    "whole weights": (
        with_array("generator_optimizer/000", np.float32),
        "generator_optimizer/000 is float32 [] instead of int64 []",
    ),
    "a weight of no number": (
        with_array("generator/000", lambda array: array * np.nan),
        "generator/000 is not all finite",
    ),
    "like weights exchanged": (exchanged(f"{G}/001", f"{G}/002"), "The weights do not agree"),
    "a weight that is another": (
        with_array(f"{G}/000", lambda array: array + np.eye(*array.shape, dtype="f4")),
        "The weights do not agree",
    ),
    "a variance below nothing": (negative_variance, "The weights do not agree"),
}


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_weights_that_do_not_fit_are_refused(name: str, trained: Snapshot, saved: Bundle) -> None:
    change, words = REFUSED[name]
    changed = replace(saved, weights=change(dict(saved.weights)))
    with pytest.raises(BundleError) as refused:
        importing.snapshot(changed, trained.generator.tobytes(), can_go_on=True)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"latent_dim": 5},
        {"discriminator_normalization": "spectral"},
        {"architecture": "vae", "loss": "elbo"},
    ],
    ids=str,
)
def test_the_config_of_another_network_is_refused(
    changes: dict[str, Any], trained: Snapshot, saved: Bundle
) -> None:
    other = replace(saved, config=saved.config.with_values(changes))
    with pytest.raises(BundleError, match="do not fit the config"):
        importing.snapshot(other, trained.generator.tobytes(), can_go_on=True)


FOUND = replace(TINY, conditional="found", groups=3)
PLACES = np.arange(20, dtype=np.uint8) % 3


@pytest.fixture(scope="module")
def sorted_(few_digits: Digits) -> Snapshot:
    """The snapshot of a run that found groups, before its first step."""
    digits = Digits(few_digits.images[:20], PLACES)
    return take_snapshot(families.trainer(FOUND, digits), 0)


def test_groups_go_along_however_many_pictures_they_are_of(sorted_: Snapshot) -> None:
    saved = bundle.loads(sorted_.bundle.tobytes(), "sorted")
    made = importing.snapshot(saved, sorted_.generator.tobytes(), can_go_on=True)
    again = bundle.loads(made.bundle.tobytes(), "made")
    np.testing.assert_array_equal(again.weights[bundle.GROUPS], PLACES)
    assert again.weights[bundle.GROUPED].tolist() == saved.weights[bundle.GROUPED].tolist()


@pytest.mark.parametrize(
    "groups",
    [None, PLACES + np.uint8(1), PLACES.astype("i4"), PLACES[None], np.array(2, np.uint8)],
    ids=["missing", "beyond the last", "of another type", "in a row", "a number"],
)
def test_groups_that_are_none_are_refused(sorted_: Snapshot, groups: np.ndarray | None) -> None:
    saved = bundle.loads(sorted_.bundle.tobytes(), "sorted")
    others = {name: array for name, array in saved.weights.items() if name != bundle.GROUPS}
    changed = others if groups is None else {**others, bundle.GROUPS: groups}
    with pytest.raises(BundleError, match="does not say which groups of pictures"):
        importing.snapshot(
            replace(saved, weights=changed), sorted_.generator.tobytes(), can_go_on=True
        )


def test_a_generator_that_is_not_the_snapshots_is_refused(trained: Snapshot, saved: Bundle) -> None:
    about, layers = network_file.read(trained.generator.tobytes())
    layers[0].kernel = layers[0].kernel + np.float32(0.01)
    for other in (
        network_file.dump(about, layers),
        network_file.dump({**about, "classes": 10}, layers),
        network_file.dump(about, layers[:1]),
        untrained.GENERATOR,
        b"no generator",
    ):
        with pytest.raises(BundleError, match=r"do not agree|is damaged"):
            importing.snapshot(saved, other, can_go_on=True)


@pytest.mark.parametrize("name", ["a weight too few", "like weights exchanged"])
def test_a_package_of_such_weights_leaves_nothing(
    name: str,
    trained: Snapshot,
    saved: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change, words = REFUSED[name]
    changed = bundle.dump(replace(saved, weights=change(dict(saved.weights))))
    here = RunStore(tmp_path / "here")
    run = here.create(TINY, "tiny")
    here.append(run, replace(trained, bundle=np.frombuffer(changed, np.uint8)))
    package.write(here, here.state(run), tmp_path / "run.zip")
    home = tmp_path / "there"
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(home))
    RunStore(home).close()
    before = untrained.there_is(home)
    assert main(["import", str(tmp_path / "run.zip")]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert said.out == ""
    assert untrained.there_is(home) == before
    with sqlite3.connect(home / "store.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM runs").fetchone() == (0,)
    database.close()
