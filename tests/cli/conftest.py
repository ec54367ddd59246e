"""A home of its own for commands, and a run in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.command_curves import TRAIN

from gan.__main__ import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands keep what they make, on a machine without data sets."""
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DIGIT_FORGE_MNIST", raising=False)
    monkeypatch.delenv("DIGIT_FORGE_FASHION", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, mnist_like: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of a short run."""
    assert main([*TRAIN, "--data", str(mnist_like), "--seed", "3"]) == 0
    return capsys.readouterr().out.splitlines()[-1]
