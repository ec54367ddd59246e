"""One bad run in the store touches no other, and what is damaged is explained."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest
from runs.recorded_runs import CONFIG, PROGRESS, broken_off

from gan.messages.status import RunStatus
from gan.runs import library
from gan.runs.errors import StoreError, UnreadableRun, explained
from gan.runs.store import RunStore


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


def test_a_damaged_event_is_explained(store: RunStore) -> None:
    run, other = store.create(CONFIG, "r"), store.create(CONFIG, "other")
    store.append(run, PROGRESS[0])
    with store._database:
        store._database.execute("UPDATE events SET payload = ? WHERE run = ?", (b"{}", run))
    with pytest.raises(UnreadableRun, match=r"Event 1 of the run .* is damaged .* is kept"):
        store.state(run)
    assert store.state(other).status is RunStatus.QUEUED


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
