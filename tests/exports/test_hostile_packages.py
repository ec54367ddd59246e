"""Packages that nobody should make: each is refused in a sentence, and nothing of it is kept.

None of these gets as far as TensorFlow; weights that do not fit are in `test_importing`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import untrained
from exports.hostile_archives import ARCHIVES
from exports.hostile_builds import (
    CHANGED,
    GOOD,
    Members,
    both_configs,
    packed,
    then,
    told,
)
from exports.hostile_events import REPORTS
from exports.hostile_weights import WEIGHTS
from untrained import (
    EVENTS,
    zipped,
)

from gan.__main__ import main
from gan.exports import checks, unpacking
from gan.messages import events
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

REFUSED = {**ARCHIVES, **REPORTS, **WEIGHTS}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds a run, and never gets another."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    store = RunStore(home)
    untrained.record(store)
    store.close()
    return home


@pytest.fixture(autouse=True)
def use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(home))


def refused(path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence with which a package is refused, once it is sure that nothing else happened."""
    before, beside = untrained.there_is(home), set(path.parent.iterdir())
    assert main(["import", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.endswith(".\n")
    assert len(said.err) < 600
    assert untrained.there_is(home) == before
    assert set(path.parent.iterdir()) == beside
    return said.err


def test_these_packages_are_made_of_a_good_one(members: Members, tmp_path: Path) -> None:
    assert TrainConfig.from_json(json.dumps(json.loads(members["run.json"])["config"])) == CHANGED
    for build in (packed(), told(*GOOD), then(events.Paused(10)), both_configs(seed=5)):
        path = tmp_path / "good.zip"
        path.write_bytes(build(members))
        unpacking.unpack(path)


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_package_is_refused_in_a_sentence(
    name: str, members: Members, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build, words = REFUSED[name]
    path = tmp_path / "bad.zip"
    path.write_bytes(build(members))
    was_loaded = "gan.model.importing" in sys.modules
    assert words in refused(path, home, capsys)
    assert ("gan.model.importing" in sys.modules) == was_loaded


def test_what_is_no_file_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no file" in refused(tmp_path / "none.zip", home, capsys)
    assert "There is no file" in refused(home, home, capsys)


@pytest.mark.parametrize(
    ("owner", "limit", "value", "words"),
    [
        (unpacking, "MAX_FILE_BYTES", 10_000, "is larger than"),
        (unpacking, "MAX_UNPACKED_BYTES", 10_000, "it unpacks to more than"),
        (unpacking, "MAX_ENTRIES", 11, "far too many members"),
        (checks, "MAX_EVENTS", len(GOOD) - 1, f"it holds more than {len(GOOD) - 1} events"),
    ],
)
def test_each_limit_holds(
    owner: Any,
    limit: str,
    value: int,
    words: str,
    members: Members,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "run.zip"
    path.write_bytes(zipped(members))
    monkeypatch.setattr(owner, limit, value)
    assert words in refused(path, home, capsys)
    if limit in ("MAX_ENTRIES", "MAX_EVENTS"):
        monkeypatch.setattr(owner, limit, value + 1)
        unpacking.unpack(path)


def test_every_kind_of_event_that_is_recorded_is_checked(store: RunStore) -> None:
    run = untrained.record(store)
    for _, event in store.events(run):
        checks.check_event(event)
    assert len(GOOD) == len(EVENTS) - 1
