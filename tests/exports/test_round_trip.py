"""A run goes along to another store, and on from there: the whole way, as people go it."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from gan.__main__ import main
from gan.data import uploads
from gan.data.datasets import Digits
from gan.messages.status import RunStatus
from gan.runs.errors import StoreError
from gan.runs.judgement import Judgement
from gan.runs.state import RunState
from gan.runs.store import RunStore

pytestmark = pytest.mark.tensorflow

HERE, THERE, ELSEWHERE = "here", "there", "elsewhere"
SETTINGS = ("batch_size=8", "latent_dim=10", "ema_decay=0.5", "conditional=found")


def told(home: Path, *arguments: object) -> list[str]:
    """What a command prints that is run on the store at `home`."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.setenv("DIGIT_FORGE_HOME", str(home))
        assert main([str(each) for each in arguments]) == 0
    return out.getvalue().splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trip")


@pytest.fixture(scope="module")
def original(folder: Path, few_digits: Digits) -> str:
    """The run that goes along: its id."""
    data = uploads.store(few_digits, folder / HERE)
    set_ = [word for setting in SETTINGS for word in ("--set", setting)]
    return told(folder / HERE, "train", "--steps", 30, "--data", data, *set_)[-1]


@pytest.fixture(scope="module")
def package(folder: Path, original: str) -> Path:
    told(folder / HERE, "evaluate", original, "--samples", 100)
    told(folder / HERE, "export", original, "--out", folder / "run.zip")
    return folder / "run.zip"


@pytest.fixture(scope="module")
def copy(folder: Path, package: Path, few_digits: Digits) -> str:
    """The run where it arrived, and where its pictures have been uploaded too: its id there."""
    uploads.store(few_digits, folder / THERE)
    *words, run = told(folder / THERE, "import", package)
    assert words == ["quick, at step 30. It can be explored, and go on."]
    return run


def state(home: Path, run: str) -> RunState:
    store = RunStore(home)
    try:
        return store.state(run)
    finally:
        store.close()


def curve(home: Path, run: str) -> list[list[str]]:
    """The rows of a run's curve without times."""
    out = home / "curve.csv"
    told(home, "curve", run, "--out", out)
    rows = list(csv.reader(out.read_text().splitlines()))
    time = rows[0].index("seconds")
    return [row[:time] + row[time + 1 :] for row in rows]


def test_the_copy_draws_the_same_digits(folder: Path, original: str, copy: str) -> None:
    drawn = []
    for home, run in ((HERE, original), (THERE, copy)):
        out = folder / f"{home}.npz"
        told(folder / home, "sample", run, "--count", 20, "--out", out)
        with np.load(out) as file:
            drawn.append({name: file[name] for name in file.files})
    np.testing.assert_array_equal(drawn[0]["z"], drawn[1]["z"])
    np.testing.assert_array_equal(drawn[0]["images"], drawn[1]["images"])
    assert (drawn[0]["images"][0] != drawn[0]["images"][1]).any()
    ours, theirs = (
        RunStore(folder / home).generator(run, 30)
        for home, run in ((HERE, original), (THERE, copy))
    )
    assert ours == theirs


def test_the_copy_learned_the_same(folder: Path, original: str, copy: str) -> None:
    ours, theirs = state(folder / HERE, original), state(folder / THERE, copy)
    assert theirs.progress == ours.progress
    assert theirs.quality == ours.quality
    assert theirs.started == ours.started
    assert theirs.grouped is not None
    assert ours.grouped is not None
    assert (theirs.grouped.shares, theirs.grouped.purity) == (
        ours.grouped.shares,
        ours.grouped.purity,
    )
    np.testing.assert_array_equal(theirs.grouped.images, ours.grouped.images)
    assert (theirs.name, theirs.created, theirs.status) == (ours.name, ours.created, ours.status)
    assert theirs.config.data == str(next((folder / THERE / "uploads").iterdir()))
    assert len(theirs.saved) == 1 < len(ours.saved) + 1
    before, after = (
        RunStore(folder / home).samples(run) for home, run in ((HERE, original), (THERE, copy))
    )
    assert [each.step for each in after] == [each.step for each in before]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.images, other.images)


def test_the_copy_was_judged_as_the_run_itself(folder: Path, original: str, copy: str) -> None:
    ours, theirs = (
        RunStore(folder / home).jobs.of(run) for home, run in ((HERE, original), (THERE, copy))
    )
    assert [job.result for job in theirs] == [job.result for job in ours]
    assert [job.ended for job in theirs] == [job.ended for job in ours]
    judged = Judgement.of(theirs[0].result)
    assert (judged.step, judged.samples, judged.times, judged.compared) == (30, 100, 5, 100)
    assert judged.generated["confidence"].spread > 0, "other digits each time"
    (line,) = [line for line in told(folder / THERE, "jobs") if copy in line]
    assert "judge thoroughly" in line
    assert "Step 30, 100 digits: Frechet distance" in line


def test_the_copy_goes_on_as_the_run_itself(folder: Path, original: str, copy: str) -> None:
    assert curve(folder / HERE, original) == curve(folder / THERE, copy)
    for home, run in ((HERE, original), (THERE, copy)):
        assert told(folder / home, "resume", run, "--steps", 30)[-1] == run
        assert state(folder / home, run).status is RunStatus.FINISHED
    ours = curve(folder / HERE, original)
    assert ours == curve(folder / THERE, copy)
    assert ours[-1][0] == "60"


def test_without_its_data_the_copy_can_be_explored(folder: Path, package: Path) -> None:
    *words, run = told(folder / ELSEWHERE, "import", package)
    name = next((folder / HERE / "uploads").iterdir()).name
    assert words == [
        "quick, at step 30. It can be explored; to go on it needs its data, "
        f"{name}, which are not here."
    ]
    assert state(folder / ELSEWHERE, run).config.data == name
    told(folder / ELSEWHERE, "export", run, "--out", folder / "again.zip")
    with zipfile.ZipFile(package) as first, zipfile.ZipFile(folder / "again.zip") as again:
        for name in first.namelist():
            assert first.read(name) == again.read(name), name


def test_a_pretrained_network_arrives_to_be_explored(folder: Path) -> None:
    home = folder / "explorers"
    told(home, "export", "digits-vae", "--out", folder / "vae.zip")
    words, run = told(home, "import", folder / "vae.zip")
    assert words.endswith("but not go on: it came with only the weights that draw.")
    for name in (run, "digits-vae"):
        told(home, "sample", name, "--count", 5, "--out", folder / f"{name}.npz")
    with np.load(folder / f"{run}.npz") as ours, np.load(folder / "digits-vae.npz") as shipped:
        np.testing.assert_array_equal(ours["images"], shipped["images"])
    with pytest.raises(StoreError, match="can be explored, but not go on"):
        RunStore(home).go_on(run, {})


def test_what_cannot_be_exported_is_told(
    folder: Path, original: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(folder / HERE))
    for arguments, words in (
        (["export", "0000-nope", "--out", str(folder / "x.zip")], "no run '0000-nope'"),
        (["export", original, "--out", str(folder / "no" / "x.zip")], "no folder"),
        (["export", original, "--out", str(folder)], "a folder"),
    ):
        assert main(arguments) == 2
        assert words in capsys.readouterr().err
    assert not (folder / "x.zip").exists()
