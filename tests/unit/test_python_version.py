"""The Pythons that the app runs on: told truly, and before anything fails."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from gan.__main__ import main
from gan.commands import python_version


def pretend(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14), (4, 0)])
def test_every_command_refuses_another_python_in_a_sentence(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(version, monkeypatch)
    for command in ("train", "doctor", "--help"):
        assert main([command]) == 1
        said = capsys.readouterr().err
        assert said.startswith(
            "Digit Forge needs Python 3.11 to 3.13, which TensorFlow is made for"
        )
        assert f"this is Python {version[0]}.{version[1]}. Nothing was installed" in said


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_those_that_it_is_made_for_are_let_through(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(version, monkeypatch)
    assert python_version.refusal() == ""


def test_tensorflow_is_made_for_the_newest_that_is_let_through() -> None:
    known = importlib.metadata.metadata("tensorflow").get_all("Classifier") or []
    names = [re.fullmatch(r"Programming Language :: Python :: 3\.(\d+)", name) for name in known]
    newest = max(int(name[1]) for name in names if name)
    assert (3, newest) == python_version.NEWEST


def first_command(path: str) -> str:
    (line,) = [
        each
        for each in (ROOT / path).read_text().splitlines()
        if "gan.commands.python_version" in each
    ]
    return line


@pytest.mark.parametrize("path", ["README.md", ".ci/run"])
def test_installing_begins_with_the_question_and_stops_there(path: str, tmp_path: Path) -> None:
    """With a ``python3`` that says that it is 3.14, and that must not be asked for more."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys; sys.version_info = (3, 14, 0, 'final', 0)\n"
    )
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\necho "$2" >&2\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    asked = subprocess.run(
        ["bash", "-ec", first_command(path)],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 1
    said = asked.stderr.splitlines()
    assert said[0] == "gan.commands.python_version", "nothing else is run"
    assert said[1].startswith("Digit Forge needs Python 3.11 to 3.13")
    assert (len(said), asked.stdout) == (2, "")
