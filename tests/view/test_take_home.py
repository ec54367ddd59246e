"""A package that comes in, whatever it is called and however little room there is."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from gan.jobs.engine import Engine
from gan.runs import leftovers
from gan.runs.errors import StoreError
from gan.view.runs import take_home


def upload(name: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, getbuffer=lambda: memoryview(b"a package"))


@pytest.mark.parametrize(
    "name", ["\u6570" * 120 + ".zip", "x" * 250 + ".zip", ".zip", "../../a b.zip"]
)
def test_any_file_name_will_do(engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    seen = []

    def take_in(path: Path) -> str:
        seen.append((path.parent.parent, path.read_bytes(), len(path.name.encode()) <= 255))
        return "1126-120000-abcd"

    monkeypatch.setattr(engine, "take_in", take_in)
    folder = engine.store.home / leftovers.IMPORTS
    assert take_home._imported(upload(name)) == "1126-120000-abcd"
    assert seen == [(folder, b"a package", True)]
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(StoreError, match="is full"):
        take_home._imported(upload("run.zip"))
    assert list((engine.store.home / leftovers.IMPORTS).iterdir()) == []


def test_a_server_that_cannot_start_the_import_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan.jobs import process

    def no_process(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(process.subprocess, "run", no_process)
    with pytest.raises(StoreError, match=r"could not start a process for this .* try again"):
        take_home._imported(upload("run.zip"))
