"""What the command line refuses, and what it keeps when the disk is full."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli.command_curves import TRAIN

from gan.__main__ import main
from gan.commands import training
from gan.jobs import machine
from gan.runs.errors import StoreError
from gan.runs.store import RunStore

pytestmark = pytest.mark.usefixtures("home")


BAD = {
    "batch size 0": (["train", "--set", "batch_size=0"], "from 2 to 1024"),
    "negative learning rate": (["train", "--set", "generator_learning_rate=-1"], "from 1e-06"),
    "preset": (["train", "--preset", "nope"], "one of quick"),
    "architecture": (["train", "--set", "architecture=resnet"], "one of lean-dcgan"),
    "field": (["train", "--set", "depth=3"], "no such field"),
    "no value": (["train", "--set", "depth"], "FIELD=VALUE"),
    "word for a number": (["train", "--set", "seed=x"], "a whole number"),
    "steps and seconds": (["train", "--steps", "3", "--seconds", "3"], "not allowed with"),
    "missing file": (["train", "--data", "none.npz"], "no file"),
    "missing pictures": (["train", "--data", "none.zip"], "no file"),
    "class 12": (["train", "--set", "classes=3,12"], "classes from 0 to 9 such as 3,8"),
    "no share": (["train", "--set", "data_fraction=0"], "from 0.001 to 1"),
    "as good as nothing": (["train", "--until", "0"], "target_distance = 0.0 is not possible"),
    "until some day": (["train", "--until", "soon"], "invalid float value"),
    "too small a share": (["train", "--set", "data_fraction=0.001"], "Only 10 images of builtin"),
    "unknown run": (["evaluate", "0000-nope"], "no run '0000-nope'"),
    "no runs": (["evaluate", "latest"], "no runs in"),
    "no folder": (["sample", "digits", "--count", "1", "--out", "no/where.npz"], "no folder"),
    "a folder": (["sample", "digits", "--count", "1", "--out", "/"], "a folder"),
    "no digits": (["sample", "digits", "--count", "0", "--out", "a.npz"], "from 1 to"),
    "unknown option": (["runs", "--yaml"], "unrecognized arguments"),
    "no command": ([], "COMMAND"),
    "curve into no folder": (["curve", "digits", "--out", "no/where.csv"], "no folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_arguments_are_refused_in_a_sentence(
    name: str,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD[name]
    before = set(tmp_path.iterdir())
    try:
        code = main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    said = capsys.readouterr()
    assert code == 2
    assert words in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert said.out == ""
    assert set(tmp_path.iterdir()) - before <= {home}
    if home.exists():
        assert RunStore(home).ids() == []


def test_a_pickled_array_is_never_loaded(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, x_train=np.array([print] * 200), y_train=np.zeros(200, np.uint8))
    assert main(["train", "--data", str(path)]) == 2
    assert "pickled" in capsys.readouterr().err
    assert not home.exists()


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("name", "module"), [("mnist", "mnist"), ("fashion-mnist", "fashion_mnist")]
)
def test_no_network_is_explained(
    name: str,
    module: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keras

    def offline() -> None:
        raise Exception("URL fetch failure on ...: Temporary failure in name resolution")

    monkeypatch.setattr(getattr(keras.datasets, module), "load_data", offline)
    assert main(["train", "--data", name]) == 2
    said = capsys.readouterr().err
    assert "built-in 5,000 digits work without a network" in said
    assert RunStore(home).ids() == []


@pytest.mark.tensorflow
def test_a_full_disk_keeps_what_was_recorded(
    mnist_like: Path,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    append = RunStore.append

    def filling(self: RunStore, run: str, event: object) -> None:
        if self.state(run).step:
            raise StoreError("The disk is full. Everything recorded before is kept.")
        append(self, run, event)

    monkeypatch.setattr(RunStore, "append", filling)
    assert main([*TRAIN, "--data", str(mnist_like)]) == 1
    assert "full" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(home))
    assert main(["runs", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["status"], listed["step"]) == ("interrupted", 24)


def test_mixed_precision_is_not_refused_where_it_is_slower(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class EnoughError(Exception):
        """The run would begin now."""

    def start() -> None:
        raise EnoughError

    monkeypatch.setattr(training.terminal, "start_tensorflow", start)
    said = []
    for is_quick in (True, False, None):
        monkeypatch.setattr(machine, "has_bfloat16", lambda known=is_quick: known)
        with pytest.raises(EnoughError):
            main(["train", "--set", "precision=mixed"])
        said.append(capsys.readouterr().err)
    assert said[0] == ""
    assert said[1].strip() == machine.MIXED_PRECISION[False]
    assert said[2].strip() == machine.MIXED_PRECISION[None]
