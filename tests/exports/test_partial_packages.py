"""Runs that are exported in part, or not at all, and what a full disk leaves."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import untrained
from exports.package_values import plain
from support import ROOT

from gan import network_file
from gan.data import uploads
from gan.data.datasets import Digits
from gan.exports import checks, history, package, unpacking
from gan.exports.unpacking import Package
from gan.messages.events import (
    Event,
    Failed,
    Finished,
    Paused,
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


@pytest.fixture
def found(packed: bytes, tmp_path: Path) -> Package:
    """What is read from the package."""
    path = tmp_path / "package" / "run.zip"
    path.parent.mkdir()
    path.write_bytes(packed)
    return unpacking.unpack(path)


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
