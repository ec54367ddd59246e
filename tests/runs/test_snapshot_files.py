"""The files of snapshots: which make room for which, and what a full disk leaves of them."""

from __future__ import annotations

import errno

import numpy as np
import pytest
from runs.recorded_runs import CONFIG, SNAPSHOT, snapshot

from gan.messages.events import Snapshot
from gan.runs import library, snapshots
from gan.runs.errors import StoreError
from gan.runs.store import RunStore


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
