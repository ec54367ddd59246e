"""What the machine allows is asked for, where there is something to ask."""

from __future__ import annotations

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
