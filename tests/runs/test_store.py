"""The record of runs: nothing is lost, damage is explained."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gan.messages.events import (
    Adjusted,
    Continued,
    Failed,
    Finished,
    Preparing,
    Progress,
    Samples,
    Saved,
    Snapshot,
    Started,
    VaeProgress,
)
from gan.messages.status import RunStatus, StopReason
from gan.runs import library, snapshots
from gan.runs.errors import NoSuchRun, StoreError, UnreadableRun
from gan.runs.store import RunStore
from gan.settings.config import ConfigError, TrainConfig

CONFIG = TrainConfig(max_steps=20, max_seconds=None)
PROGRESS = [Progress(s, s * 64, s / 10, 1.0, 1.0, 0.5, 0.5, 640.0) for s in (5, 10)]
SNAPSHOT = Snapshot(10, np.arange(9, dtype=np.uint8), np.arange(4, dtype=np.uint8))
ROOT = Path(__file__).parents[2]


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


def test_a_snapshot_that_does_not_fit_leaves_the_old_one(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, SNAPSHOT)

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshots.os, "fsync", no_space)
    with pytest.raises(StoreError, match="full"):
        store.append(run, Snapshot(20, np.zeros(99, np.uint8), np.zeros(99, np.uint8)))
    assert store.snapshot_path(run, 10).read_bytes() == bytes(range(9))
    assert store.state(run).saved_step == 10
    assert not list(store.snapshot_path(run, 10).parent.glob("*.partial"))


def test_a_damaged_or_newer_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match=r"damaged.*Nothing was changed.*store\.sqlite3"):
        RunStore(tmp_path)
    assert path.read_bytes() == b"not a database" * 100
    path.unlink()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StoreError, match="newer Digit Forge"):
        RunStore(tmp_path)


def test_only_the_last_samples_are_read_again(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    for step in (1, 2, 3):
        store.append(run, Samples(step, np.full((1, 28, 28), step, np.uint8)))
        store.append(run, PROGRESS[0])
    assert len(list(store.events(run))) == 6
    state = store.state(run)
    assert state.samples is not None
    assert (state.samples.step, state.seq, len(state.progress)) == (3, 6, 3)


def test_a_damaged_event_is_explained(store: RunStore) -> None:
    run, other = store.create(CONFIG, "r"), store.create(CONFIG, "other")
    store.append(run, PROGRESS[0])
    with store._database:
        store._database.execute("UPDATE events SET payload = ? WHERE run = ?", (b"{}", run))
    with pytest.raises(UnreadableRun, match=r"Event 1 of the run .* is damaged .* is kept"):
        store.state(run)
    assert store.state(other).status is RunStatus.QUEUED


def test_a_home_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        RunStore(tmp_path / "home")


def test_a_failed_run_says_why(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, Failed("what happened", "what to do"))
    state = store.state(run)
    assert state.status is RunStatus.FAILED
    assert state.failed == Failed("what happened", "what to do")


def snapshot(step: int, size: int = 9, judges: int = 0) -> Snapshot:
    content = np.full(max(size, judges), step % 256, np.uint8)
    return Snapshot(
        *(step, content[:size], content[:2]),
        reported_step=step - step % 5,
        discriminator=content[:judges],
    )


def a_stopped_run(store: RunStore) -> str:
    run = store.create(CONFIG, "first")
    store.append(run, Started("CPU", 1, 2, 3))
    store.append(run, PROGRESS[0])
    store.append(run, snapshot(7))
    store.append(run, PROGRESS[1])
    store.append(run, snapshot(12))
    store.append(run, replace(PROGRESS[1], step=12))
    store.append(run, Finished(12, StopReason.STOPPED))
    store.release(run)
    return run


def test_a_run_goes_on_from_its_last_snapshot(store: RunStore) -> None:
    run = a_stopped_run(store)
    state = store.go_on(run, {"max_steps": 40})
    assert state.status is RunStatus.QUEUED
    assert [report.step for report in state.progress] == [5, 10], "12 will be reported again"
    assert state.config == replace(CONFIG, max_steps=40)
    assert state.marks == (Continued(12, 10), Adjusted(12, {"max_steps": 40}))
    with pytest.raises(StoreError, match="is not over"):
        store.go_on(run, {})
    store.release(run)
    store.recover()
    assert store.state(run).status is RunStatus.INTERRUPTED, "it had not begun again"


def test_a_branch_shares_the_history_before_it(store: RunStore) -> None:
    run = a_stopped_run(store)
    branch = store.branch(run, 7, {"generator_learning_rate": 0.1}, "second")
    assert (branch.parent, branch.parent_step, branch.name) == (run, 7, "second")
    assert [report.step for report in branch.progress] == [5]
    assert branch.config == replace(CONFIG, generator_learning_rate=0.1)
    assert [saved.step for saved in branch.saved] == [7]
    assert store.snapshot_path(branch.id, 7).read_bytes() == bytes([7] * 9)
    assert not store.snapshot_path(branch.id, 12).exists()
    store.append(branch.id, replace(PROGRESS[0], step=10))
    assert [report.step for report in store.state(branch.id).progress] == [5, 10]
    parent = store.state(run)
    assert (parent.status, parent.step, parent.config) == (RunStatus.STOPPED, 12, CONFIG)
    store.delete(run)
    store.purge(older_than=-1.0)
    assert store.snapshot_path(branch.id, 7).read_bytes() == bytes([7] * 9)


def test_where_a_run_cannot_go_on_from(store: RunStore) -> None:
    run = a_stopped_run(store)
    with pytest.raises(StoreError, match=r"no snapshot of step 9. There are: 7, 12\."):
        store.branch(run, 9, {}, "b")
    with pytest.raises(ConfigError, match="keeps the value that it began with"):
        store.go_on(run, {"latent_dim": 9})
    old = store.create(CONFIG, "old")
    with pytest.raises(StoreError, match="before its first snapshot"):
        store.go_on(old, {})
    store.append(old, Saved(12))
    with pytest.raises(StoreError, match="earlier version"):
        store.go_on(old, {})
    assert len(store.ids()) == 2
    assert store.state(run).status is RunStatus.STOPPED


def test_snapshots_make_room_for_new_ones(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.create(CONFIG, "r")
    monkeypatch.setattr(snapshots, "MAX_SNAPSHOTS", 6)
    for step in range(1, 101):
        store.append(run, snapshot(step))
    steps = [saved.step for saved in store.state(run).saved]
    assert len(steps) == 6
    assert (steps[0], steps[-1]) == (1, 100)
    assert len([step for step in steps if step < 30]) >= 3, "early moments stay"
    files = {path.name for path in store.snapshot_path(run, 1).parent.glob("*-*.*")}
    assert len(files) == 12
    assert store.generator(run, steps[2]) == bytes([steps[2]] * 2)
    branch = store.branch(run, 100, {}, "b")
    assert [saved.step for saved in branch.saved] == steps
    monkeypatch.setattr(snapshots, "MAX_BYTES", 100)
    store.append(run, snapshot(101, size=90))
    assert [saved.step for saved in store.state(run).saved] == [1, 101]


def test_a_snapshot_may_have_a_discriminator(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create(CONFIG, "r")
    store.append(run, snapshot(3))  # as of an earlier version
    empty = store.sizes()[run]
    for step in (5, 7, 9):
        store.append(run, snapshot(step, judges=4000))
    assert 12_000 < store.sizes()[run] - empty < 16_000
    state = store.state(run)
    assert library.drawable_steps(store, state) == [3, 5, 7, 9]
    assert library.judged_steps(store, state) == [5, 7, 9]
    assert store.discriminator(run, 3) is None
    assert store.discriminator(run, 7) == bytes([7] * 4000)
    assert library.discriminator(store, state) == bytes([9] * 4000)
    assert library.discriminator(store, state, 3) is None
    assert library.generator(store, state) == bytes([9] * 2)
    assert library.generator(store, state, 5) == bytes([5] * 2)
    assert library.generator(store, state, 6) is None
    branch = store.branch(run, 7, {}, "b")
    assert library.judged_steps(store, branch) == [5, 7]
    monkeypatch.setattr(snapshots, "MAX_BYTES", 9000)
    store.append(run, snapshot(11, judges=4000))
    assert library.drawable_steps(store, store.state(run)) == [3, 5, 11]
    files = {path.name for path in store.snapshot_path(run, 3).parent.glob("*-*.*")}
    assert {name for name in files if "discr" in name} == {
        "discriminator-00000005.bin",
        "discriminator-00000011.bin",
    }
    assert len(files) == 8
    assert store.discriminator(branch.id, 7) == bytes([7] * 4000), "what is shared stays"


def test_a_discriminator_that_does_not_fit_leaves_nothing_of_its_snapshot(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create(CONFIG, "r")
    synced = iter([None, None, OSError(errno.ENOSPC, "No space left on device")])

    def fsync(_: int) -> None:
        if problem := next(synced):
            raise problem

    monkeypatch.setattr(snapshots.os, "fsync", fsync)
    with pytest.raises(StoreError, match="full"):
        store.append(run, snapshot(5, judges=4))
    assert [path.name for path in store.snapshot_path(run, 5).parent.iterdir()] == ["writer.lock"]


def without_jobs(store: RunStore) -> None:
    """Make the record one of the version before there were jobs beside trainings."""
    for table in ("job_events", "jobs"):
        store._database.execute(f"DROP TABLE {table}")
    store._database.execute("PRAGMA user_version = 2")


def test_a_store_from_before_there_were_jobs_is_brought_up_to_date(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = a_stopped_run(store)
    stands = store.state(run)
    without_jobs(store)
    store.close()
    store = RunStore(tmp_path)
    assert store.state(run) == stands
    assert store.jobs.of(run) == []
    store.jobs.adopt("judge", run, {"step": 12}, at=1.0)
    assert store.jobs.of(run)[0].result == {"step": 12}
    store.close()


def test_a_store_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.create(CONFIG, "r")
    store.append(run, Saved(12))
    store.append(run, Finished(12, StopReason.STOPPED))
    folder = store.snapshot_path(run, 12).parent
    (folder / "snapshot.npz").write_bytes(b"old")
    (folder / "generator.bin").write_bytes(b"new")
    for column in ("parent", "parent_step"):
        store._database.execute(f"ALTER TABLE runs DROP COLUMN {column}")
    without_jobs(store)
    store._database.execute("PRAGMA user_version = 1")
    store.close()
    store = RunStore(tmp_path)
    assert store.state(run).saved_step == 12
    assert store.snapshot_path(run, 12).read_bytes() == b"old"
    assert store.generator(run, 12) == b"new"
    store.close()


def test_all_samples_are_kept_but_those_rolled_back(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    images = np.zeros((2, 28, 28), np.uint8)
    for step in (0, 5, 9):
        store.append(run, Samples(step, images))
    store.append(run, Continued(5, 5))
    store.append(run, Samples(7, images))
    assert [samples.step for samples in store.samples(run)] == [0, 5, 7]
    assert store.state(run).samples is not None


def test_a_branch_is_measured_by_the_config_of_its_step(store: RunStore) -> None:
    run = a_stopped_run(store)
    store.append(run, Adjusted(9, {"loss": "hinge"}))
    branch = store.branch(run, 7, {"label_smoothing": 0.1}, "smoothed, which hinge cannot be")
    assert (branch.config.loss, branch.config.label_smoothing) == ("non-saturating", 0.1)
    with pytest.raises(ConfigError, match="label_smoothing"):
        store.branch(run, 12, {"label_smoothing": 0.1}, "b")


def test_a_change_after_the_last_snapshot_is_rolled_back_with_it(store: RunStore) -> None:
    run = a_stopped_run(store)
    store.append(run, Adjusted(12, {"instance_noise": 0.5}))
    store.append(run, Adjusted(13, {"loss": "hinge"}))
    state = store.go_on(run, {"max_steps": 40})
    assert state.config == replace(CONFIG, instance_noise=0.5, max_steps=40)
    assert [mark.step for mark in state.marks] == [12, 12, 12]


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


def test_a_branch_goes_without_a_snapshot_that_makes_room_meanwhile(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, link = a_stopped_run(store), os.link
    first = store.state(run).saved[0].step

    def make_room(file: Path, other: Path) -> None:
        snapshots.remove(file.parent, [first])
        link(file, other)

    monkeypatch.setattr(snapshots.os, "link", make_room)
    store.append(run, snapshot(20))
    branch = store.branch(run, 20, {}, "b")
    assert first not in [saved.step for saved in branch.saved]
    assert all(store.snapshot_path(branch.id, saved.step).is_file() for saved in branch.saved)
    with pytest.raises(StoreError, match="is not there any more"):
        store.branch(run, first, {}, "c")
    assert set(store.ids()) == {branch.id, run}, "nothing of it is left"
