"""The command that compares the families."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from untrained import GENERATOR, QUALITY, report, samples, snapshot

from gan.__main__ import main
from gan.messages.events import Finished, Started
from gan.messages.status import StopReason
from gan.runs import comparison
from gan.runs.store import RunStore
from gan.settings.presets import preset


@pytest.fixture
def run(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> str:
    """The one run that there is to compare."""
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(store.home))
    monkeypatch.setattr(comparison, "recordings_of", lambda shipped: [])
    run = store.create(replace(preset("ddpm"), max_seconds=60.0), "any name")
    told = (Started("CPU", 1, 1, 5000), report(8), QUALITY, samples(8), snapshot(8, 8))
    for event in (*told, Finished(8, StopReason.COMPLETED)):
        store.append(run, event)
    store.release(run)
    return run


def test_the_families_stand_side_by_side(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Built-in digits, 60 s of training"
    assert lines[1].split("  ")[-1].strip() == "Real digits"
    assert lines[2].split() == ["run", run]
    assert f"{round(len(GENERATOR) / 1000)} kB" in "\n".join(lines)
    assert lines[-2:] == [
        f"There is no run of a {title} to compare with. Train one: python -m gan train --preset "
        f"{name} --set max_seconds=60"
        for title, name in (("GAN", "quick"), ("Variational autoencoder", "vae"))
    ]


def test_a_script_gets_the_same_as_json(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == {"diffusion": run}
    assert told["setting"]["seconds"] == 60.0
    assert [row["cells"] for row in told["rows"] if row["name"] == "Precision"] == [["50.0%"]]
