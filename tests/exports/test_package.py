"""What a run's package holds, and what comes out of it in another store."""

from __future__ import annotations

import csv
import dataclasses
import errno
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import untrained
from PIL import Image
from safetensors.numpy import load
from support import ROOT

from gan import network_file
from gan.data import uploads
from gan.data.datasets import Digits
from gan.exports import checks, history, package, pictures, unpacking
from gan.exports.unpacking import Package
from gan.messages.events import (
    Event,
    Failed,
    Finished,
    Paused,
    Quality,
    Report,
    Samples,
    Saved,
    Stepped,
    Trace,
)
from gan.messages.status import Part, RunStatus, StopReason
from gan.runs import library, snapshots
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.store import RunStore
from gan.runs.writers import Writers
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


def plain(value: Any) -> Any:
    """An event, or anything else, so that two of them can be compared."""
    if not dataclasses.is_dataclass(value):
        return value
    values = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return type(value), {
        name: (each.dtype.str, each.shape, each.tobytes()) if isinstance(each, np.ndarray) else each
        for name, each in values.items()
    }


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


def test_a_run_without_a_snapshot_is_not_exported(store: RunStore, tmp_path: Path) -> None:
    run = untrained.record(store, untrained.EVENTS[:4])
    with pytest.raises(NoSuchRun, match="before its first snapshot"):
        package.write(store, store.state(run), tmp_path / "run.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_damaged_snapshot_is_told(store: RunStore, tmp_path: Path) -> None:
    state = store.state(untrained.record(store))
    store.snapshot_path(state.id, 10).write_bytes(b"PK torn")
    with pytest.raises(StoreError, match=r"snapshot-00000010\.npz cannot be read"):
        package.write(store, state, tmp_path / "run.zip")


def test_a_full_disk_leaves_no_half_package(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = store.state(untrained.record(store))
    (tmp_path / "run.zip").write_bytes(b"the one before")
    writestr = zipfile.ZipFile.writestr

    def full(self: zipfile.ZipFile, info: zipfile.ZipInfo, *rest: Any) -> None:
        if info.filename == "generator.onnx":
            raise OSError(errno.ENOSPC, "No space left on device")
        writestr(self, info, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        package.write(store, state, tmp_path / "run.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"home", "run.zip"}
    assert (tmp_path / "run.zip").read_bytes() == b"the one before"


def test_a_run_that_is_learning_arrives_as_interrupted(store: RunStore, tmp_path: Path) -> None:
    run = untrained.record(store, [*untrained.EVENTS[:6], Paused(8)])
    state = store.state(run)
    store.append(run, untrained.report(9))
    package.write(store, state, tmp_path / "run.zip")
    found = unpacking.unpack(tmp_path / "run.zip")
    assert found.events[-1] == Finished(8, StopReason.INTERRUPTED)
    assert found.state.status is RunStatus.INTERRUPTED
    assert found.state.progress == (untrained.report(4), untrained.report(8))
    assert found.saved == Saved(5, 4)


def test_a_run_that_failed_arrives_as_failed(store: RunStore, tmp_path: Path) -> None:
    run = untrained.record(
        store, [*untrained.EVENTS[:6], Failed("store_refused", {"reason": "It broke."})]
    )
    package.write(store, store.state(run), tmp_path / "run.zip")
    assert unpacking.unpack(tmp_path / "run.zip").state.failed == Failed(
        "store_refused", {"reason": "It broke."}
    )


def test_a_run_of_an_earlier_version_can_only_be_explored(store: RunStore, tmp_path: Path) -> None:
    run = untrained.record(store, untrained.EVENTS[:5])
    store.append(run, Saved(5, None))
    package.write(store, store.state(run), tmp_path / "run.zip")
    found = unpacking.unpack(tmp_path / "run.zip")
    assert found.saved == Saved(5, None)
    assert all(name.startswith("averaged_generator/") for name in found.weights)
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        assert b"but not go on" in archive.read("README.txt")


def test_of_many_samples_and_traces_some_are_taken(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand: list[Event] = []
    for step in range(11, 31):
        by_hand += [Stepped(step, Part.BOTH), untrained.report(step), untrained.samples(step)]
        by_hand.append(replace(untrained.TRACE, step=step))
    run = untrained.record(store, [*untrained.EVENTS[:-1], *by_hand])
    monkeypatch.setattr(history, "MAX_SAMPLES", 7)
    package.write(store, store.state(run), tmp_path / "run.zip")
    found = unpacking.unpack(tmp_path / "run.zip").events
    shown = [event.step for event in found if isinstance(event, Samples)]
    assert (len(shown), shown[0], shown[-1]) == (7, 0, 30)
    assert [event.step for event in found if isinstance(event, Trace)] == [30]
    assert [event.step for event in found if isinstance(event, Saved)] == [10]
    monkeypatch.setitem(checks.MOST, "reports", (Report, 20))
    with pytest.raises(StoreError, match="cannot be exported: it holds more than 20 reports"):
        package.write(store, store.state(run), tmp_path / "run.zip")


@pytest.mark.parametrize("name", library.pretrained_names())
def test_a_pretrained_network_is_exported_to_be_explored(
    name: str, store: RunStore, tmp_path: Path
) -> None:
    state = library.pretrained(name)
    package.write(store, state, tmp_path / "run.zip")
    found = unpacking.unpack(tmp_path / "run.zip")
    assert found.saved.reported_step is None
    assert found.state.progress == state.progress
    assert found.state.quality == state.quality
    assert [plain(event) for event in found.events if isinstance(event, Samples)] == [
        plain(event) for event in library.samples(store, state)
    ]
    packed, shipped = (
        network_file.read(content or b"")
        for content in (found.generator, library.generator(store, state))
    )
    assert packed[0] == shipped[0]
    for one, other in zip(packed[1], shipped[1], strict=True):
        assert plain(one) == plain(other), "the shipped file may be of an older form"
    assert found.state.status is RunStatus.FINISHED


def test_adopting_leaves_nothing_when_the_disk_is_full(
    found: Package, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def adopt() -> str:
        return store.adopt(found.state, found.events, untrained.snapshot(10, 9))

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(snapshots.os, "fsync", no_space)
        with pytest.raises(StoreError, match="full"):
            adopt()
    assert list((store.home / "runs").iterdir()) == store.ids() == []
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"):
        adopt()
    assert list((store.home / "runs").iterdir()) == store.ids() == []
    with sqlite3.connect(store.home / "store.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (0,)
    database.close()
    store._database.execute("PRAGMA max_page_count = 1000000")
    run = adopt()
    assert store.ids() == [run]


def test_adopting_leaves_nothing_when_it_cannot_be_the_writer(
    found: Package, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lock(self: Writers, run: str) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Writers, "acquire", no_lock)
    with pytest.raises(StoreError, match="cannot be used"):
        store.adopt(found.state, found.events, untrained.snapshot(10, 9))
    assert list((store.home / "runs").iterdir()) == store.ids() == []


def test_exporting_never_loads_tensorflow(store: RunStore, tmp_path: Path) -> None:
    run = untrained.record(store)
    code = (
        "import sys; from pathlib import Path; from gan.runs.store import RunStore\n"
        "from gan.exports import package, unpacking\n"
        "store, file = RunStore(Path(sys.argv[1])), Path(sys.argv[3])\n"
        "package.write(store, store.state(sys.argv[2]), file, tensorboard=True)\n"
        "unpacking.unpack(file)\n"
        "print([m for m in ('tensorflow', 'keras', 'streamlit', 'plotly') if m in sys.modules])"
    )
    arguments = [sys.executable, "-c", code, store.home, run, tmp_path / "run.zip"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_upload_is_found_again(few_digits: Digits, tmp_path: Path) -> None:
    from gan.commands import packing

    here, there = tmp_path / "here", tmp_path / "there"
    path = uploads.store(few_digits, here)
    settings = replace(untrained.CONFIG, data=path.name)
    state = replace(library.pretrained("digits"), config=settings, begun=None)
    assert packing._with_upload(state, there) is state
    uploads.store(few_digits, there)
    found = packing._with_upload(state, there)
    assert found.config.data == found.begun.data == str(there / "uploads" / path.name)
