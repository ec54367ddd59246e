"""A data set is one entry, which everything reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gan.commands import kept_findings
from gan.commands.findings import Level
from gan.data import datasets, registry
from gan.data.array_files import read_split
from gan.data.datasets import DataError, Digits, NotDownloaded
from gan.data.neighbours import Neighbourhood
from gan.data.registry import DataSet
from gan.data.sources import Fetched, RemoteFile
from gan.exports import history
from gan.runs import measures
from gan.settings import presets
from gan.settings.config import DEFAULT_DATA, TrainConfig


@pytest.fixture
def squares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataSet:
    """A data set that was not there before, and is not on this machine yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("SQUARES", raising=False)
    entry = DataSet(
        name="squares",
        title="Squares",
        offer="{count} squares: downloaded once, {megabytes} MB",
        class_counts=(20,) * 10,
        has_digits=False,
        source=Fetched(
            variable="SQUARES",
            place="squares.npz",
            files=(RemoteFile("squares.npz", "http://127.0.0.1:9/squares.npz"),),
            megabytes=3,
            without_network="Set SQUARES to a file of squares.",
        ),
        read=read_split,
        class_names=tuple("abcdefghij"),
    )
    monkeypatch.setattr(registry, "DATA_SETS", {**registry.DATA_SETS, "squares": entry})
    return entry


@pytest.mark.parametrize("data_set", registry.DATA_SETS.values(), ids=lambda each: each.name)
def test_an_entry_says_all_that_is_asked(data_set: DataSet) -> None:
    assert registry.DATA_SETS[data_set.name] is data_set
    assert len(data_set.class_counts) == 10
    assert len(data_set.class_names) in (0, 10)
    assert f"{data_set.count:,}" in data_set.words
    assert "{" not in data_set.words


def test_all_recipes_name_data_sets_that_there_are() -> None:
    assert TrainConfig().data == DEFAULT_DATA == registry.BUILTIN.name
    recipes = [each.config for each in presets.presets().values()]
    for config in (*recipes, *presets.PRETRAINED.values()):
        assert config.data in registry.DATA_SETS


def test_the_builtin_digits_are_as_their_entry_says() -> None:
    digits = registry.BUILTIN.load("train")
    assert tuple(np.bincount(digits.labels).tolist()) == registry.BUILTIN.class_counts
    with pytest.raises(DataError, match="are for training"):
        datasets.load_test("builtin")


def test_a_new_entry_is_no_path(squares: DataSet, tmp_path: Path, few_digits: Digits) -> None:
    settings = TrainConfig(data="squares")
    with pytest.raises(NotDownloaded, match="Squares is not on this machine yet"):
        datasets.load_for(settings)
    assert history.portable(settings) == settings
    place = tmp_path / "datasets" / "squares.npz"
    place.parent.mkdir()
    np.savez(place, x_train=few_digits.images, y_train=few_digits.labels)
    np.testing.assert_array_equal(datasets.load_for(settings).images, few_digits.images)


def test_a_new_entry_is_offered_by_its_names(squares: DataSet) -> None:
    assert squares.words == "200 squares: downloaded once, 3 MB"
    assert squares.class_words(7) == "7 h"
    assert registry.MNIST.class_words(7) == "7"


def test_a_new_entry_is_looked_for_by_the_doctor(
    squares: DataSet, tmp_path: Path, mnist_like: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, found = kept_findings.data()
    assert (found.level, found.what) == (Level.NOTE, "Squares")
    assert found.advice == "The first run that asks for it fetches it; or set SQUARES."
    monkeypatch.setenv("SQUARES", str(mnist_like))
    *_, found = kept_findings.data()
    assert (found.level, found.found) == (Level.OK, f"200 in {mnist_like}")


def test_a_new_entry_is_judged_with_doubt(squares: DataSet) -> None:
    assert "only ever seen handwritten digits" in measures.doubt("squares")
    assert measures.doubt("builtin") == measures.doubt("mnist") == ""


def test_the_builtin_digits_stand_in_for_a_new_entry(squares: DataSet) -> None:
    found = Neighbourhood.of(TrainConfig(data="squares", classes="3"))
    assert found.note.startswith("The pictures of Squares cannot be read on this server")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data_fraction": 0.001, "classes": "3"}, "Only 1 images of squares are left"),
        ({"batch_size": 256}, "Only 200 images of squares are left"),
    ],
)
def test_what_leaves_too_little_is_refused_before_it_is_fetched(
    squares: DataSet, changes: dict[str, object], words: str
) -> None:
    settings = TrainConfig(data="squares")
    datasets.check(settings)
    with pytest.raises(DataError, match=words):
        datasets.check(replace(settings, **changes))


def test_a_name_with_a_slip_is_told_from_a_file() -> None:
    with pytest.raises(DataError, match=r"nor a data set of that name: there are builtin, mnist,"):
        datasets.load("fashion_mnist")
