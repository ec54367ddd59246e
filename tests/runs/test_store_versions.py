"""A store of an earlier version is brought up to date, and one of a later version is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from runs.recorded_runs import CONFIG, a_stopped_run

from gan.messages.events import Finished, Saved
from gan.messages.status import StopReason
from gan.runs.errors import StoreError
from gan.runs.store import RunStore


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
