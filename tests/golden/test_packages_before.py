"""The ZIPs that the version before the redraw exported are taken in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import seen

from gan.__main__ import main

PACKAGES: dict[str, Any] = json.loads((seen.FOLDER / "store.json").read_text())["packages"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seen.unpacked(tmp_path_factory.mktemp("before")) / "packages"


def _created(created: float) -> dict[str, float]:
    """When the run was made: never in the future, by the clock of whoever takes it in."""
    assert created > 0
    return {"created": created}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_holds_what_was_packed(folder: Path, name: str) -> None:
    found, before = seen.unpack(folder / f"{name}.zip"), PACKAGES[name]
    assert seen.standing(found.state) == before["state"] | _created(found.state.created)
    assert [seen.told(event) for event in found.events] == before["events"]
    assert seen.values_of(dict(found.weights)) == before["weights"]
    assert (found.seconds, found.images_seen) == (before["seconds"], before["images_seen"])
    np.testing.assert_allclose(seen.drawn(found.generator), seen.pictures(before["drawn"]), atol=1)


@pytest.mark.tensorflow
def test_a_package_becomes_a_run(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path))
    assert main(["import", str(folder / "conditional.zip")]) == 0
    said = capsys.readouterr().out
    assert "It can be explored, and go on." in said
    store, before = seen.RunStore(tmp_path), PACKAGES["conditional"]
    run = said.split()[-1]
    state = store.state(run)
    moved = {"is_imported": True, "seq": before["state"]["seq"] + 1}
    assert seen.standing(state) == before["state"] | moved | _created(state.created)
    generator = store.generator(run, state.saved[-1].step)
    assert generator is not None
    np.testing.assert_allclose(seen.drawn(generator), seen.pictures(before["drawn"]), atol=1)
    assert len(store.samples(run)) == sum(event["kind"] == "Samples" for event in before["events"])
    store.close()
