"""One bad run in the store touches no other, and what was left half done is removed."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from support import ROOT

from gan.messages.events import Event, Progress, Samples, Saved, Snapshot, Started
from gan.messages.status import RunStatus
from gan.runs import leftovers, library
from gan.runs import store as store_module
from gan.runs.errors import NoSuchRun, StoreError, UnreadableRun, explained
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(max_steps=20, max_seconds=None)
SNAPSHOT = Snapshot(5, np.arange(9, dtype=np.uint8), np.arange(4, dtype=np.uint8))
PROGRESS = Progress(5, 320, 0.5, 1.0, 1.0, 0.5, 0.5, 640.0)


def broken_off(store: RunStore) -> str:
    """A run that was going on when its writer was killed."""
    run = store.create(CONFIG, "r")
    for event in (PROGRESS, Samples(5, np.zeros((1, 28, 28), np.uint8)), SNAPSHOT):
        store.append(run, event)
    store.release(run)
    return run


def package(store: RunStore, run: str) -> tuple[RunState, list[Event], Snapshot]:
    """What `adopt` takes, of a run from elsewhere that is much like `run`."""
    return store.state(run), [Started("CPU", 1, 1, 1), Saved(5, 5)], SNAPSHOT


def event(kind: str, values: str) -> bytes:
    return f'{{"kind": "{kind}", "values": {values}, "arrays": []}}\n'.encode()


UNREADABLE = {
    "a torn event": (b'{"kind": "Progress", "val', "is damaged"),
    "an event that is a list": (b"[1]\n", "is damaged"),
    "an event whose values are a number": (event("Progress", "3"), "is damaged"),
    "a step that is a word": (
        event("Continued", '{"step": "five", "reported_step": 0}'),
        "is damaged",
    ),
    "an event of a later version": (event("Dreamt", '{"step": 3}'), "newer version"),
    "a field of a later version": (event("Paused", '{"step": 3, "mood": 1}'), "newer version"),
    "a change that is none": (
        event("Adjusted", '{"step": 3, "changes": {"latent_dim": 3}}'),
        "are none that this version",
    ),
    "a setting out of today's range": ('{"latent_dim": 100000}', "latent_dim"),
    "a setting of a later version": ('{"dreams": 3}', "dreams"),
    "a config that is torn": ('{"latent', "not JSON"),
}


@pytest.mark.parametrize(("damage", "words"), UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_run_that_cannot_be_read_touches_no_other(
    store: RunStore, damage: bytes | str, words: str
) -> None:
    bad, good = broken_off(store), broken_off(store)
    column = "events SET payload = ? WHERE run = ? AND seq = 1"
    if isinstance(damage, str):
        column = "runs SET config = ? WHERE id = ?"
    with store._database:
        store._database.execute(f"UPDATE {column}", (damage, bad))
    store.sweep()
    store.recover()
    store.purge()
    assert store.state(good).status is RunStatus.INTERRUPTED
    with pytest.raises(UnreadableRun, match=rf"{bad}.*{words}.*The run is kept as it is"):
        store.state(bad)
    if isinstance(damage, str):
        with pytest.raises(UnreadableRun, match=words):
            store.samples_at(bad, 2)
    store.delete(bad)
    store.purge(older_than=-1.0)
    assert store.ids() == [good]


def test_the_latest_run_is_the_newest_that_can_be_read(
    store: RunStore, caplog: pytest.LogCaptureFixture
) -> None:
    old, bad = broken_off(store), broken_off(store)
    with store._database:
        store._database.execute("UPDATE runs SET created = created + 9 WHERE id = ?", (bad,))
    assert library.find(store, library.LATEST).id == bad
    assert not caplog.messages
    with store._database:
        store._database.execute("UPDATE events SET payload = x'7b7d' WHERE run = ?", (bad,))
    assert library.find(store, library.LATEST).id == old
    (told,) = caplog.messages
    assert bad in told
    assert f"The newest that can be read is taken: {old}." in told
    store.delete(old)
    with pytest.raises(UnreadableRun, match=bad):
        library.find(store, library.LATEST)


def test_a_config_that_cannot_be_read_keeps_its_upload(store: RunStore) -> None:
    run = store.create(CONFIG, "r")
    kept = store.home / "uploads" / "0123456789abcdef.npz"
    kept.parent.mkdir()
    kept.touch()
    os.utime(kept, (1.0, 1.0))
    with store._database:
        config = f'{{"data": "{kept}", "torn'
        store._database.execute("UPDATE runs SET config = ? WHERE id = ?", (config, run))
    store.purge()
    assert kept.exists()


def test_ids_do_not_collide(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = iter(["aaaa", "aaaa", "bbbb", "aaaa", "cccc", "dddd"])
    monkeypatch.setattr(store_module.secrets, "token_hex", lambda _: next(chances))
    monkeypatch.setattr(store_module.time, "strftime", lambda _: "1126-120000-")
    (store.home / "runs" / "1126-120000-cccc").mkdir()
    runs = [store.create(CONFIG, "r") for _ in range(3)]
    assert runs == [f"1126-120000-{chance}" for chance in ("aaaa", "bbbb", "dddd")]


def test_only_a_damaged_record_is_one_to_move_away(store: RunStore) -> None:
    store._database.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(store.home / "store.sqlite3")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"locked .* all runs are kept: try again") as told:
        store.create(CONFIG, "r")
    other.close()
    assert "move" not in str(told.value)
    assert list((store.home / "runs").iterdir()) == []
    with (
        pytest.raises(StoreError, match=r"did not take this .* all runs are kept") as told,
        explained(store.home),
        store._database,
    ):
        store._database.execute("INSERT INTO runs (id) VALUES ('nameless')")
    assert "move" not in str(told.value)
    with (
        pytest.raises(StoreError, match=r"no more files just now .* doctor") as told,
        explained(store.home),
    ):
        raise OSError(errno.EMFILE, "Too many open files")
    assert "DIGIT_FORGE_HOME" not in str(told.value)
    store._database.execute("DROP TABLE events")
    with pytest.raises(StoreError, match=r"is damaged .* move the files away"):
        store.sizes()


def folders(store: RunStore) -> set[str]:
    return {path.name for path in (store.home / "runs").iterdir()}


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
    store.append(run, PROGRESS)
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
