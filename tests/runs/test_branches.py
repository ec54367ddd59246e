"""A run goes on from its last snapshot, and a branch from any of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from runs.recorded_runs import CONFIG, PROGRESS, a_stopped_run, snapshot

from gan.messages.events import Adjusted, Continued, Saved
from gan.messages.status import RunStatus
from gan.runs import snapshots
from gan.runs.errors import StoreError
from gan.runs.store import RunStore
from gan.settings.config import ConfigError


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


def test_a_change_after_the_last_snapshot_is_rolled_back_with_it(store: RunStore) -> None:
    run = a_stopped_run(store)
    store.append(run, Adjusted(12, {"instance_noise": 0.5}))
    store.append(run, Adjusted(13, {"loss": "hinge"}))
    state = store.go_on(run, {"max_steps": 40})
    assert state.config == replace(CONFIG, instance_noise=0.5, max_steps=40)
    assert [mark.step for mark in state.marks] == [12, 12, 12]


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


def test_a_branch_is_measured_by_the_config_of_its_step(store: RunStore) -> None:
    run = a_stopped_run(store)
    store.append(run, Adjusted(9, {"loss": "hinge"}))
    branch = store.branch(run, 7, {"label_smoothing": 0.1}, "smoothed, which hinge cannot be")
    assert (branch.config.loss, branch.config.label_smoothing) == ("non-saturating", 0.1)
    with pytest.raises(ConfigError, match="label_smoothing"):
        store.branch(run, 12, {"label_smoothing": 0.1}, "b")


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
