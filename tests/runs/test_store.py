"""The record of runs: all that happened is in it, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from runs.recorded_runs import CONFIG, PROGRESS, SNAPSHOT, a_stopped_run
from support import ROOT

from gan.messages.events import (
    Continued,
    Failed,
    Finished,
    Preparing,
    Samples,
    Started,
    VaeProgress,
)
from gan.messages.status import RunStatus, StopReason
from gan.runs import store as store_module
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig


def test_a_run_is_the_fold_of_its_events(store: RunStore) -> None:
    run = store.create(CONFIG, "first")
    assert store.state(run).status is RunStatus.QUEUED
    for event, status in (
        (Preparing("loading"), RunStatus.STARTING),
        (Started("CPU", 1, 2, 3), RunStatus.RUNNING),
        (PROGRESS[0], RunStatus.RUNNING),
        (PROGRESS[1], RunStatus.RUNNING),
        (SNAPSHOT, RunStatus.RUNNING),
        (Finished(10, StopReason.STOPPED), RunStatus.STOPPED),
    ):
        store.append(run, event)
        assert store.state(run).status is status
    state = store.state(run)
    assert state.config == CONFIG
    assert state.progress == tuple(PROGRESS)
    assert (state.step, state.images_seen, state.seconds, state.fraction) == (10, 640, 1.0, 0.5)
    assert state.images_per_second == 640.0
    assert state.seconds_left == pytest.approx(1.0)
    assert state.saved_step == 10
    assert store.generator(run, 10) == bytes([0, 1, 2, 3])
    assert store.snapshot_path(run, 10).read_bytes() == bytes(range(9))


def test_a_variational_autoencoders_run_is_the_fold_of_its_events(store: RunStore) -> None:
    settings = TrainConfig(architecture="vae", loss="elbo", max_steps=20, max_seconds=None)
    run = store.create(settings, "vae")
    reports = [VaeProgress(s, s * 32, s / 10, 150.0, 20.0, 320.0) for s in (5, 10)]
    store.append(run, reports[0])
    before = store.state(run)
    store.append(run, reports[1])
    state = store.advance(before)
    assert state == store.state(run)
    assert state.config == settings
    assert state.progress == tuple(reports)
    assert (state.step, state.images_seen, state.seconds, state.fraction) == (10, 320, 1.0, 0.5)
    assert state.images_per_second == 320.0


def test_a_state_advances_by_what_is_new(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    before = store.state(run)
    for event in PROGRESS:
        store.append(run, event)
    later = store.advance(before)
    assert [seq for seq, _ in store.events(run, after=1)] == [2]
    assert later == store.state(run)
    assert store.advance(later) == later


def test_everything_survives_a_new_process(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    images = np.arange(784, dtype=np.uint8).reshape(1, 28, 28)
    store.append(run, Samples(3, images))
    code = (
        "import sys; from pathlib import Path; from gan.runs.store import RunStore;"
        "state = RunStore(Path(sys.argv[1])).state(sys.argv[2]);"
        "print(state.name, state.samples.step, int(state.samples.images.sum()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code, store.home, run],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.split() == ["r", "3", str(images.sum())]


def test_only_the_last_samples_are_read_again(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    for step in (1, 2, 3):
        store.append(run, Samples(step, np.full((1, 28, 28), step, np.uint8)))
        store.append(run, PROGRESS[0])
    assert len(list(store.events(run))) == 6
    state = store.state(run)
    assert state.samples is not None
    assert (state.samples.step, state.seq, len(state.progress)) == (3, 6, 3)


def test_all_samples_are_kept_but_those_rolled_back(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    images = np.zeros((2, 28, 28), np.uint8)
    for step in (0, 5, 9):
        store.append(run, Samples(step, images))
    store.append(run, Continued(5, 5))
    store.append(run, Samples(7, images))
    assert [samples.step for samples in store.samples(run)] == [0, 5, 7]
    assert store.state(run).samples is not None


def test_a_failed_run_says_why(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, Failed("not_finite", {"step": 7}))
    state = store.state(run)
    assert state.status is RunStatus.FAILED
    assert state.failed == Failed("not_finite", {"step": 7})


def test_a_run_whose_writer_is_gone_is_interrupted(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, PROGRESS[0])
    other = RunStore(store.home)
    other.recover()
    assert other.state(run).status is RunStatus.QUEUED, "its writer lives"
    store.release(run)
    other.recover()
    state = other.state(run)
    assert (state.status, state.step) == (RunStatus.INTERRUPTED, 5)
    other.recover()
    assert other.state(run).seq == state.seq, "once is enough"
    other.close()


def test_a_second_server_is_refused(store: RunStore) -> None:
    lock = store.claim()
    other = RunStore(store.home)
    with pytest.raises(StoreError, match=r"Another Digit Forge server.*DIGIT_FORGE_HOME"):
        other.claim()
    lock.release()
    other.claim().release()
    other.close()


def test_a_home_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        RunStore(tmp_path / "home")


def test_a_full_disk_keeps_what_was_recorded(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, PROGRESS[0])
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    noise = np.random.default_rng(0).integers(0, 256, (64, 28, 28), np.uint8)
    with pytest.raises(StoreError, match=r"disk that holds .* is full.*kept"):
        store.append(run, Samples(6, noise))
    assert store.state(run).progress == (PROGRESS[0],)
    store._database.execute("PRAGMA max_page_count = 1000000")
    store.append(run, PROGRESS[1])
    assert store.state(run).progress == tuple(PROGRESS)


def test_ids_do_not_collide(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = iter(["aaaa", "aaaa", "bbbb", "aaaa", "cccc", "dddd"])
    monkeypatch.setattr(store_module.secrets, "token_hex", lambda _: next(chances))
    monkeypatch.setattr(store_module.time, "strftime", lambda _: "1126-120000-")
    (store.home / "runs" / "1126-120000-cccc").mkdir()
    runs = [store.create(CONFIG, "r") for _ in range(3)]
    assert runs == [f"1126-120000-{chance}" for chance in ("aaaa", "bbbb", "dddd")]


@pytest.mark.parametrize(
    "name",
    ["\u200b\u200b", "a\u202eb", "\x1b[2J", "\x00", "[Sign in](http://a.example)"],
    ids=ascii,
)
def test_no_run_has_a_name_that_is_more_than_a_name(store: RunStore, name: str) -> None:
    run = a_stopped_run(store)
    for call in (
        lambda: store.create(CONFIG, name),
        lambda: store.branch(run, 7, {}, name),
        lambda: store.rename(run, name),
    ):
        with pytest.raises(StoreError, match=r"can be seen.*choose another name"):
            call()
    assert store.ids() == [run]
    assert store.state(run).name == "first"
    assert [folder.name for folder in (store.home / "runs").iterdir() if folder.is_dir()] == [run]


def test_rename_delete_and_undo(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    store.rename(run, "  two   words ")
    assert store.state(run).name == "two words"
    for bad in ("", " ", "x" * 61):
        with pytest.raises(StoreError, match="1 to 60"):
            store.rename(run, bad)
    store.release(run)
    store.delete(run)
    assert store.ids() == []
    with pytest.raises(NoSuchRun):
        store.state(run)
    store.restore(run)
    assert store.ids() == [run]


def test_deleted_runs_are_purged_only_when_old(store: RunStore) -> None:
    run, kept = store.create(CONFIG, "r"), store.create(CONFIG, "kept")
    store.append(run, SNAPSHOT)
    store.release(run)
    store.delete(run)
    store.purge()
    store.restore(run)
    assert store.state(run).saved_step == 10
    store.delete(run)
    store.purge(older_than=-1)
    assert store.ids() == [kept]
    assert not store.snapshot_path(run, 10).parent.exists()
    with pytest.raises(NoSuchRun):
        store.restore(run)


def test_uploads_go_once_no_run_has_used_them_for_a_day(store: RunStore) -> None:
    folder = store.home / "uploads"
    folder.mkdir()
    used, unused, fresh = (folder / f"{name}.npz" for name in ("used", "unused", "fresh"))
    for path in (used, unused, fresh):
        path.write_bytes(b"x")
    for path in (used, unused):
        os.utime(path, (1.0, 1.0))
    run = store.create(replace(TrainConfig(), data=str(used)), "r")
    store.release(run)
    store.delete(run)
    store.purge()
    assert sorted(path.name for path in folder.iterdir()) == ["fresh.npz", "used.npz"]
    store.purge(older_than=-1.0)
    assert [path.name for path in folder.iterdir()] == ["fresh.npz"]
