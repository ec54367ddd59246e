"""How what ships in assets is made."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support import TINY

from gan import network_file
from gan.__main__ import main
from gan.messages.events import Quality
from gan.runs import library, recordings
from gan.settings import presets


def test_an_unknown_preset_is_not_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-recordings", "quick", "none", "nil"]) == 2
    assert "There is no preset nil, none." in capsys.readouterr().err


def test_a_pretrained_network_is_judged_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last judgement is another; nothing else of its recording changes."""
    shutil.copytree(library.PRETRAINED / "digits-vae", tmp_path / "digits-vae")
    monkeypatch.setattr(library, "PRETRAINED", tmp_path)
    before = library._recorded("digits-vae")
    told = [event for event in before[1] if isinstance(event, Quality)]
    assert len(told) > 1
    new = replace(told[-1], frechet_distance=1.5)
    library.judge_pretrained("digits-vae", new)
    job, events = library._recorded("digits-vae")
    assert job.config == before[0].config
    assert [event for event in events if isinstance(event, Quality)] == [*told[:-1], new]
    assert [type(event) for event in events] == [type(event) for event in before[1]]
    assert library.pretrained("digits-vae").quality[-1] == new
    library.pretrained.cache_clear()


@pytest.mark.tensorflow
def test_a_preset_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = replace(TINY, max_steps=40)
    monkeypatch.setattr(presets, "presets", lambda: {"tiny": presets.Preset(tiny, "Nothing.")})
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    assert main(["make-recordings"]) == 0
    assert "tiny.zip: " in capsys.readouterr().out
    state = library.shipped("recorded-tiny")
    recordings.state.cache_clear()
    assert (state.config, state.step, state.saved_step) == (tiny, 40, 40)
    assert state.samples is not None
    assert state.samples.step == 40
    assert "CPU cores, " in state.recorded_on
    about, _ = network_file.read(recordings.discriminator("recorded-tiny", 40))
    assert about == {"sees": "picture", "classes": 0, "score": "probability"}
