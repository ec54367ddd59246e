"""What was left half done is removed, and nothing else is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from runs.recorded_runs import CONFIG, PROGRESS, SNAPSHOT, broken_off
from support import ROOT

from gan.messages.events import Event, Saved, Snapshot, Started
from gan.messages.status import RunStatus
from gan.runs import leftovers
from gan.runs import store as store_module
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore


def folders(store: RunStore) -> set[str]:
    return {path.name for path in (store.home / "runs").iterdir()}


def package(store: RunStore, run: str) -> tuple[RunState, list[Event], Snapshot]:
    """What `adopt` takes, of a run from elsewhere that is much like `run`."""
    return store.state(run), [Started("CPU", 1, 1, 1), Saved(5, 5)], replace(SNAPSHOT, step=5)


@pytest.mark.parametrize("what", ["a start", "a branch", "going on"])
def test_a_full_disk_leaves_nothing_of_what_did_not_begin(
    store: RunStore, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_checked", lambda name: name)  # a name that takes room
    run = broken_off(store)
    store.recover()
    before, state = folders(store), store.state(run)
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    filler = "x" * 50_000

    def go_on_for_ever() -> None:
        while True:
            store.go_on(run, {"max_steps": 30})
            store.release(run)

    begin = {
        "a start": lambda: store.create(CONFIG, filler),
        "a branch": lambda: store.branch(run, 5, {}, filler),
        "going on": go_on_for_ever,
    }
    with pytest.raises(StoreError, match="is full"):
        begin[what]()
    assert folders(store) == before
    assert run not in store._writers
    with sqlite3.connect(store.home / "store.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    other.close()
    assert store.state(run).saved == state.saved


def test_what_was_killed_leaves_nothing(store: RunStore) -> None:
    kept, home = broken_off(store), store.home
    files = sorted((home / "runs" / kept).iterdir())
    (home / "runs" / kept / "snapshot-00000007.partial").touch()
    leftovers.begin(home / "runs" / "1126-120000-abcd")
    (home / "runs" / "1126-120000-abcd" / "snapshot-00000007.npz").touch()
    (home / "runs" / "1126-120000-ef01").mkdir()
    for name in ("writer.lock", "snapshot-00000007.partial"):
        (home / "runs" / "1126-120000-ef01" / name).touch()
    (home / "runs" / "my own notes").mkdir()
    (home / "imports" / "import-x1").mkdir(parents=True)
    (home / "imports" / "import-x1" / "run.zip").touch()
    (home / "uploads").mkdir()
    (home / "uploads" / "0123.4567.partial").touch()
    with store._database:
        store._database.execute("INSERT INTO events VALUES ('of no run', 1, 1, 'Paused', x'00')")
    store.sweep()
    assert folders(store) == {kept, "my own notes"}
    assert sorted((home / "runs" / kept).iterdir()) == files
    assert list((home / "imports").iterdir()) == []
    assert list((home / "uploads").iterdir()) == []
    assert list(store.events("of no run")) == []
    store.recover()
    assert store.state(kept).saved_step == 5


def test_the_runs_of_a_record_that_was_moved_away_stay_where_they_are(store: RunStore) -> None:
    parent = broken_off(store)
    store.recover()
    runs = {parent, store.branch(parent, 5, {}, "b").id, store.adopt(*package(store, parent))}
    upload = store.home / "uploads" / "0123456789abcdef.npz"
    upload.parent.mkdir()
    upload.touch()
    os.utime(upload, (1.0, 1.0))
    own = {"imports of the year", "import-photos", "tmpabcd1234"}
    for name in own:
        (store.home / name).mkdir()
        (store.home / name / "dear.txt").touch()
    store.close()
    aside = store.home / "aside"
    aside.mkdir()
    for path in list(store.home.glob("store.sqlite3*")):
        path.rename(aside / path.name)
    fresh = RunStore(store.home)
    new = broken_off(fresh)
    fresh.sweep()
    fresh.purge()
    assert folders(fresh) == {*runs, new}
    assert all((fresh.home / name / "dear.txt").exists() for name in own)
    fresh.close()
    for path in list(aside.iterdir()):
        path.rename(store.home / path.name)
    again = RunStore(store.home)
    for run in runs:
        assert again.snapshot_path(run, 5).read_bytes() == SNAPSHOT.bundle.tobytes()
    assert upload.exists(), "one of them may have been trained with it"
    again.close()


def test_a_purge_that_was_killed_is_brought_to_its_end(store: RunStore) -> None:
    run, other = broken_off(store), broken_off(store)
    for each in (run, other):
        store.recover()
        store.delete(each)
        leftovers.doom(store.home / "runs" / each)  # and then the process was killed
    store.restore(other)
    with store._database:
        store._database.execute("DELETE FROM runs WHERE id = ?", (run,))
    store.sweep()
    assert folders(store) == {other}
    assert not (store.home / "runs" / other / "half-made").exists()


CREATE = """
import sys
from pathlib import Path
from gan.settings.config import TrainConfig
from gan.runs import snapshots
from gan.runs.store import RunStore
store = RunStore(Path(sys.argv[1]))
with store._inserted(TrainConfig().to_json(), "r") as (_, run):
    print(run, flush=True)
    sys.stdin.readline()
(store.home / "runs" / run / "snapshot-00000007.partial").touch()
print("recorded", flush=True)
sys.stdin.readline()
"""


def test_a_sweep_leaves_alone_what_a_live_process_writes(store: RunStore) -> None:
    store._database.execute("PRAGMA busy_timeout = 1")
    with subprocess.Popen(
        [sys.executable, "-c", CREATE, str(store.home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        run = other.stdout.readline().strip()
        assert folders(store) == {run}
        with pytest.raises(StoreError, match="locked"):
            store.sweep()  # waits for whoever is about to record a run
        print(file=other.stdin, flush=True)
        assert other.stdout.readline() == "recorded\n"
        store.sweep()
        assert (store.home / "runs" / run / "snapshot-00000007.partial").exists()
        assert store.ids() == [run]
        other.stdin.close()
    store.sweep()
    assert [path.name for path in (store.home / "runs" / run).iterdir()] == ["writer.lock"]


def test_a_run_under_way_is_neither_deleted_nor_purged(store: RunStore) -> None:
    run, other = store.create(CONFIG, "r"), RunStore(store.home)
    for each in (store, other):
        with pytest.raises(StoreError, match="still under way, so it was not deleted: stop it"):
            each.delete(run)
    with store._database:  # as an earlier version let people do
        store._database.execute("UPDATE runs SET deleted = 1.0")
    other.purge()
    store.append(run, PROGRESS[0])
    store.release(run)
    other.restore(run)
    assert other.state(run).status is RunStatus.INTERRUPTED, "nobody goes on with it"
    other.delete(run)
    with pytest.raises(NoSuchRun):
        store.go_on(run, {})
    other.purge(older_than=-1.0)
    with pytest.raises(NoSuchRun):
        other.restore(run)
    assert list(other.events(run)) == []
    other.close()
