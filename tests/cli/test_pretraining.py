"""The networks that ship are trained for hours: a training can be ended, and goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import untrained
from support import TINY

from gan.__main__ import main
from gan.commands import pretraining, signals
from gan.messages.events import Event, Report, Samples
from gan.runs import library
from gan.runs.store import RunStore
from gan.settings import presets

RECIPE = replace(TINY, data="mnist", max_steps=200)  # a tick is 32 steps of 8 digits

REAL = presets.RECIPES


@pytest.fixture(autouse=True)
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One, of seconds, and a snapshot with each of its reports."""
    monkeypatch.setattr(presets, "RECIPES", {"tiny": RECIPE})
    monkeypatch.setattr(library, "PRETRAINED", tmp_path / "assets")
    monkeypatch.setattr(pretraining, "SNAPSHOT_GAP", 0.0)
    monkeypatch.setattr(signals, "GRACE_SECONDS", 200.0)  # what ends late would take us with it
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))


@pytest.fixture
def make(mnist_like: Path) -> Callable[..., int]:
    return lambda *arguments: main(
        ["make-pretrained", "tiny", "--data", str(mnist_like), *arguments]
    )


@pytest.fixture
def at_report(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """Let something happen once as a report after so many steps is written down."""
    append = RunStore.append

    def happen(step: int, what: Callable[[], object]) -> None:
        def appended(self: RunStore, run: str, event: Event) -> None:
            if isinstance(event, Report) and event.step >= step:
                monkeypatch.setattr(RunStore, "append", append)
                what()
            append(self, run, event)

        monkeypatch.setattr(RunStore, "append", appended)

    return happen


def fail() -> None:
    raise OSError("The power is gone.")


def interrupt() -> None:
    """As Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


def of_another_recipe(tmp_path: Path) -> tuple[RunStore, str]:
    """What is kept of a training that another recipe began, and its run, which is not let go."""
    store = RunStore(tmp_path / "home" / pretraining.FOLDER)
    run = store.create(replace(RECIPE, latent_dim=5), "tiny")
    for event in (untrained.report(64), untrained.snapshot(64, 64)):
        store.append(run, event)
    return store, run


def shipped() -> tuple[bytes, list[Event]]:
    """The browser's generator, and the recording, without what the clock says."""
    state = library.pretrained("tiny")
    folder = library.PRETRAINED / "tiny"
    assert (folder / "snapshot.npz").is_file()
    assert state.quality[-1].is_extrapolated
    timeless = [replace(each, seconds=0.0, images_per_second=0.0) for each in state.progress]
    return (folder / "generator.bin").read_bytes(), timeless


@pytest.mark.tensorflow
def test_ended_twice_and_gone_on_with_it_is_the_training_that_never_stopped(
    make: Callable[..., int],
    at_report: Callable[[int, Callable[[], object]], None],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert make() == 0
    whole, last = shipped(), library.recorded_samples("tiny")[-1]
    assert [report.step for report in whole[1]] == [32, 64, 96, 128, 160, 192, 200]
    assert "tiny: 0 of 200 steps are done." in capsys.readouterr().out
    store = RunStore(tmp_path / "home" / pretraining.FOLDER)
    assert store.ids() == [], "nothing is kept of what has shipped"

    at_report(64, interrupt)
    assert make() == 130
    assert "To go on from there: python -m gan make-pretrained tiny" in capsys.readouterr().err
    at_report(160, fail)
    assert make() == 1
    assert "The power is gone." in capsys.readouterr().err
    assert make() == 0
    assert "tiny: 128 of 200 steps are done." in capsys.readouterr().out
    assert shipped() == whole
    assert isinstance(library.recorded_samples("tiny")[-1], Samples)
    assert (library.recorded_samples("tiny")[-1].images == last.images).all()


def test_another_recipe_does_not_go_on_with_what_the_first_began(
    make: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store, _ = of_another_recipe(tmp_path)
    store.close()
    assert make() == 2
    said = capsys.readouterr().err
    assert "The recipe of tiny is not the one with which its training began" in said
    assert "64 steps are kept" in said
    assert store.home.name in said
    assert "--anew" in said


@pytest.mark.tensorflow
def test_clothes_are_learned_from_and_ship_like_digits(
    fashion: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(REAL["fashion"], max_steps=8, batch_size=4)
    monkeypatch.setattr(presets, "RECIPES", {"fashion": recipe})
    monkeypatch.setenv("DIGIT_FORGE_FASHION", str(fashion))
    assert main(["make-pretrained", "fashion"]) == 0
    state = library.pretrained("fashion")
    assert (state.step, state.config.data) == (8, "fashion-mnist")
    assert state.quality, "by what the classifier of digits sees of them"


@pytest.mark.tensorflow
def test_begun_anew_it_forgets_the_first(
    make: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store, run = of_another_recipe(tmp_path)
    assert make("--anew") == 1, "somebody writes it"
    assert f"The run {run} is still under way" in capsys.readouterr().err
    store.release(run)
    assert make("--anew") == 0
    assert "tiny: 0 of 200 steps are done." in capsys.readouterr().out
    assert library.pretrained("tiny").config == RECIPE
