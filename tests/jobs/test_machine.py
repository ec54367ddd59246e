"""What the machine allows is asked for, where there is something to ask."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from gan.jobs import machine

INFINITE = -1


class Resource(SimpleNamespace):
    """A system with limits of its own; a Mac refuses more than it can do."""

    RLIMIT_NOFILE, RLIM_INFINITY = 7, INFINITE

    def getrlimit(self, _: int) -> tuple[int, int]:
        return self.soft, self.hard

    def setrlimit(self, _: int, limits: tuple[int, int]) -> None:
        if limits[0] > self.most:
            raise ValueError("current limit exceeds maximum limit")
        self.soft, self.hard = limits


@pytest.mark.parametrize(
    ("soft", "hard", "most", "allowed"),
    [
        (1024, 20_000, 20_000, 20_000),
        (1024, 1 << 30, 1 << 30, 65_536),
        (256, INFINITE, 10_240, 10_240),  # a Mac
        (256, INFINITE, 100, 256),
        (1024, 1024, 1024, 1024),
        (100_000, 200_000, 200_000, 100_000),
        (INFINITE, INFINITE, 0, 65_536),
    ],
)
def test_as_many_files_as_there_may_be(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, allowed: int
) -> None:
    system = Resource(soft=soft, hard=hard, most=most)
    monkeypatch.setattr(machine, "resource", system)
    assert machine.allow_more_files() == allowed
    assert system.hard == hard
    assert system.soft in (allowed, INFINITE)


def test_a_system_without_such_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "resource", None)
    assert machine.allow_more_files() is None


@pytest.mark.parametrize(
    ("told", "is_there"),
    [
        ("flags\t\t: fpu amx_bf16 amx_tile\n", True),
        ("processor\t: 0\nflags\t\t: avx512f avx512_bf16\n", True),
        ("flags\t\t: avx2 avx512f\n", False),
        ("Features\t: fp asimd bf16\n", None),  # ARM's, which TensorFlow was not seen to use
        (None, None),
    ],
)
def test_whether_a_processor_has_units_for_bfloat16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str | None, is_there: bool | None
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr(machine, "_PROCESSORS", tmp_path / "cpuinfo")
    if told is not None:
        (tmp_path / "cpuinfo").write_text(told)
    assert machine.has_bfloat16.__wrapped__() is is_there


@pytest.mark.parametrize(
    ("told", "is_there"),
    [("echo 8.0; echo 9.0", True), ("echo 9.0; echo 7.5", False), ("exit 9", None)],
)
def test_whether_all_gpus_have_units_for_bfloat16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, is_there: bool | None
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{told}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    assert machine.has_bfloat16.__wrapped__() is is_there


def test_each_answer_on_bfloat16_is_a_sentence_of_its_own() -> None:
    words = machine.MIXED_PRECISION
    assert len(set(words.values())) == len(words) == 3
    assert all(sentence.endswith(".") for sentence in words.values())
