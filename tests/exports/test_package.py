"""What a run's package holds, and what comes out of it in another store."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import untrained
from exports.package_values import plain
from PIL import Image
from safetensors.numpy import load

from gan.exports import history, package, pictures, unpacking
from gan.exports.unpacking import Package
from gan.messages.events import (
    Quality,
    Saved,
)
from gan.messages.status import RunStatus
from gan.runs.store import RunStore
from gan.words.progress import doing

OF_ITS_PLACE = (
    "id",
    "created",
    "is_imported",
    "preparing",
    "config",
    "begun",
    "seq",
    "saved",
    "samples",
    "trace",
)
"""What differs between a run and its import, or holds arrays, and is compared by itself."""


@pytest.fixture
def found(packed: bytes, tmp_path: Path) -> Package:
    """What is read from the package."""
    path = tmp_path / "package" / "run.zip"
    path.parent.mkdir()
    path.write_bytes(packed)
    return unpacking.unpack(path)


def test_the_members_are_those_that_the_read_me_explains(members: dict[str, bytes]) -> None:
    assert list(members) == [name for name in package.MEMBERS if name != package.TENSORBOARD]
    text = members["README.txt"].decode()
    for name in members:
        assert f"\n{name} " in text
    assert "tensorboard" not in text
    assert "first one: a run of Digit Forge, at step 10." in text
    assert "it needs its data, digits.npz" in text


def test_nothing_names_a_place_on_this_machine(members: dict[str, bytes]) -> None:
    for name, content in members.items():
        for place in (b"/data of mine", b"home", str(Path.home()).encode()):
            assert place not in content, name
    about = json.loads(members["run.json"])
    assert about["config"]["data"] == about["begun"]["data"] == "digits.npz"
    assert b"Loading digits.npz" in members["events.bin"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("There is no file /home/anna/x y/digits.npz.", "There is no file digits.npz."),
        (r"C:\Users\anna\digits.npz is damaged.", "digits.npz is damaged."),
        ("Out of memory at ~/a/b: 3/4 of 100 images/s", "Out of memory at b: 3/4 of 100 images/s"),
        ("shape[3](7)\x1b", "shape[3] (7) "),
        ("of shape[3]: too large\nthat is", "of shape[3] : too large\nthat is"),
    ],
)
def test_words_keep_all_but_places(text: str, kept: str, store: RunStore) -> None:
    settings = replace(untrained.CONFIG, data="/home/anna/x y/digits.npz")
    state = replace(store.state(untrained.record(store)), config=settings)
    assert history.plain(text, store, state) == kept


def test_an_import_is_the_run_that_was_exported(
    found: Package, store: RunStore, tmp_path: Path
) -> None:
    original = store.state(untrained.record(store))
    other = RunStore(tmp_path / "elsewhere")
    run = other.adopt(found.state, found.events, untrained.snapshot(10, 9))
    copy = other.state(run)
    for field in dataclasses.fields(original):
        if field.name not in OF_ITS_PLACE:
            assert getattr(copy, field.name) == getattr(original, field.name), field.name
    assert copy.config == replace(original.config, data="digits.npz")
    assert copy.begun == replace(original.begun, data="digits.npz")
    assert copy.saved == (Saved(10, 9),)
    assert [plain(each) for each in other.samples(run)] == [
        plain(each) for each in store.samples(original.id)
    ]
    assert plain(copy.trace) == plain(untrained.TRACE)
    assert [shown.step for shown in other.samples(run)] == [0, 5, 10]
    assert copy.status is RunStatus.FINISHED
    assert copy.preparing is not None
    assert doing(copy.preparing) == "Loading digits.npz"
    assert other.generator(run, 10) == untrained.GENERATOR
    assert found.generator == untrained.GENERATOR
    assert (found.seconds, found.images_seen) == (2.5, 80)
    for name, array in found.weights.items():
        np.testing.assert_array_equal(array, untrained.WEIGHTS[name])
        assert array.dtype == untrained.WEIGHTS[name].dtype
        assert array.shape == untrained.WEIGHTS[name].shape
    assert found.weights.keys() == untrained.WEIGHTS.keys()
    other.recover()
    assert other.state(run).seq == copy.seq, "it is over, and nobody writes it"
    assert other.go_on(run, {}).status is RunStatus.QUEUED
    other.close()


def test_a_run_is_created_when_it_was(
    members: dict[str, bytes], found: Package, store: RunStore
) -> None:
    run = store.adopt(found.state, found.events, untrained.snapshot(10, 9))
    assert store.state(run).created == json.loads(members["run.json"])["created"]


def test_judgements_go_along(found: Package) -> None:
    assert found.judgements == ((6.0, untrained.JUDGED), (5.0, untrained.JUDGED))


def test_a_run_that_was_never_judged_thoroughly_has_none(store: RunStore, tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    package.write(store, store.state(untrained.record(store)), path)
    with zipfile.ZipFile(path) as archive:
        assert package.JUDGEMENTS not in archive.namelist()
    assert unpacking.unpack(path).judgements == ()


def test_what_is_unpacked_can_be_read_by_all(packed: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}


def test_the_same_run_makes_the_same_file(store: RunStore, tmp_path: Path) -> None:
    state = store.state(untrained.record(store))
    for name in ("a.zip", "b.zip"):
        package.write(store, state, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"home", "a.zip", "b.zip"}


def test_tables_have_what_was_reported(members: dict[str, bytes]) -> None:
    curve = list(csv.DictReader(io.StringIO(members["curve.csv"].decode())))
    assert [row["step"] for row in curve] == ["4", "8", "9", "10"]
    assert {row["d_loss"] for row in curve} == {"1.5"}
    (judged,) = csv.DictReader(io.StringIO(members["quality.csv"].decode()))
    expected = {"step": "8", "floor": "1.25", "coverage_9": "0.1", "precision": "0.5", "recall": ""}
    assert expected.items() <= judged.items()
    assert list(judged)[-1] == "floor_high"


def test_tables_of_an_older_judgement_have_empty_fields(store: RunStore) -> None:
    from gan.exports import curves

    older = Quality(8, 2.0, 100, 12.5, 1.25, (0.1,) * 10, 0.75)
    state = replace(store.state(untrained.record(store)), quality=(older, untrained.QUALITY))
    file = io.StringIO()
    curves.write_quality(file, state)
    first, second = csv.DictReader(io.StringIO(file.getvalue()))
    assert (first["real_coverage_0"], second["real_coverage_0"]) == ("", "0.1")
    assert None not in first, "as many cells as columns"


def test_the_weights_can_be_read_with_the_library(members: dict[str, bytes]) -> None:
    arrays = load(members["generator.safetensors"])
    assert sorted(arrays) == ["layer_0/bias", "layer_0/kernel"]
    np.testing.assert_array_equal(
        arrays["layer_0/kernel"], untrained.WEIGHTS["averaged_generator/000"]
    )
    assert load(members["state.safetensors"])["generator_optimizer/000"].shape == ()


def test_the_sheet_shows_the_last_samples(members: dict[str, bytes]) -> None:
    with Image.open(io.BytesIO(members["samples.png"])) as picture:
        assert (picture.mode, picture.size) == ("L", (3 * 242, 3 * 242))
        shown = np.asarray(picture)[::3, ::3]
    last = untrained.samples(10).images
    np.testing.assert_array_equal(shown[2:30, 2:30], last[0])
    np.testing.assert_array_equal(shown[2:30, 32:60], last[1])
    np.testing.assert_array_equal(shown[32:60, 2:30], last[8])
    assert not shown[:2].any()


def test_the_moving_picture_shows_all_samples(members: dict[str, bytes]) -> None:
    with Image.open(io.BytesIO(members["learning.gif"])) as film:
        assert film.n_frames == 3
        durations = []
        for frame, step in enumerate((0, 5, 10)):
            film.seek(frame)
            durations.append(film.info["duration"])
            shown = np.asarray(film.convert("L"))[::2, ::2][2:30, 2:30].astype(int)
            assert np.abs(shown - untrained.samples(step).images[0]).max() <= 9
        assert durations[0] == durations[1] < durations[2]


def test_a_long_film_is_shortened() -> None:
    assert pictures.evenly(5, 60) == [0, 1, 2, 3, 4]
    chosen = pictures.evenly(1000, 60)
    assert (len(set(chosen)), chosen[0], chosen[-1]) == (60, 0, 999)
    assert set(np.diff(chosen)) <= {16, 17}
    assert pictures.evenly(0, 60) == []
