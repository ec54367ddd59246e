"""A store of the version before the redraw opens, and its runs are as they were left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import seen

from gan.__main__ import main

STORE = json.loads((seen.FOLDER / "store.json").read_text())
RUNS: dict[str, Any] = STORE["runs"]
KEPT = sorted(RUNS.keys() - {"deleted"})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store; what tests change of it are names and ends of runs, which no other looks at."""
    return seen.unpacked(tmp_path_factory.mktemp("before")) / "home"


@pytest.fixture(scope="module")
def store(home: Path) -> Iterator[seen.RunStore]:
    store = seen.RunStore(home)
    yield store
    store.close()


@pytest.mark.parametrize("what", KEPT)
def test_a_run_stands_where_it_stood(store: seen.RunStore, what: str) -> None:
    run = RUNS[what]["id"]
    assert seen.standing(store.state(run)) == RUNS[what]["state"]
    assert seen.samples(store, run) == RUNS[what]["samples"]


@pytest.mark.parametrize("what", [what for what in KEPT if RUNS[what]["drawn"]])
def test_a_generator_draws_what_it_drew(store: seen.RunStore, what: str) -> None:
    run = RUNS[what]["id"]
    for step, drawn in RUNS[what]["drawn"].items():
        generator = store.generator(run, int(step))
        assert generator is not None
        expected = seen.pictures(drawn)
        assert np.ptp(expected) > 10, "there is something to see"
        np.testing.assert_allclose(seen.drawn(generator), expected, atol=1)


def test_the_list_is_that_of_before(store: seen.RunStore) -> None:
    assert store.ids() == STORE["ids"]
    assert RUNS["renamed"]["state"]["name"] == "after it was renamed"
    assert store.branches(RUNS["held"]["id"]) == [RUNS["branch"]["id"]]


def test_a_run_whose_process_was_killed_is_interrupted_now(tmp_path: Path) -> None:
    store = seen.RunStore(seen.unpacked(tmp_path) / "home")
    store.recover()
    found = {what: store.state(RUNS[what]["id"]) for what in KEPT}
    assert RUNS["killed"]["state"]["status"] == "running"
    assert found["killed"].status == "interrupted"
    for what in KEPT:
        if what != "killed":
            assert seen.standing(found[what]) == RUNS[what]["state"]
    store.close()


def test_a_deleted_run_comes_back(tmp_path: Path) -> None:
    store = seen.RunStore(seen.unpacked(tmp_path) / "home")
    run = RUNS["deleted"]["id"]
    store.restore(run)
    assert run in store.ids()
    assert seen.standing(store.state(run)) == RUNS["deleted"]["state"]
    store.close()


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", ["interrupted", "branch"])
def test_a_run_goes_on(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = seen.unpacked(tmp_path) / "home"
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(home))
    run, before = RUNS[what]["id"], RUNS[what]["state"]
    assert main(["resume", run, "--steps", "4"]) == 0
    assert capsys.readouterr().out.split()[-1] == run
    store = seen.RunStore(home)
    state = store.state(run)
    saved = before["saved"][-1]["values"]["step"]
    assert (state.status, state.step) == ("finished", saved + 4)
    kept = [seen.told(report) for report in state.progress if report.step <= saved]
    assert kept == [each for each in before["progress"] if each["values"]["step"] <= saved]
    store.close()
