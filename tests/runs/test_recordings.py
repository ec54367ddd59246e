"""The recordings of the presets: written, and played without TensorFlow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support import ROOT, TINY

from gan import network_file
from gan.messages.events import Finished, Preparing, Progress, Samples, Saved
from gan.messages.status import StopReason
from gan.network_file import Layer
from gan.runs import library, measures, recordings
from gan.runs.errors import NoSuchRun
from gan.runs.store import RunStore
from gan.settings.presets import presets

MAX_BYTES = 17_000_000
ALL_BYTES = 40_000_000
"""All of ``assets``."""


def generator(size: int) -> bytes:
    header = {"kind": "dense", "inputs": 4, "outputs": size, "activation": "tanh"}
    kernel = np.linspace(-1, 1, 4 * size, dtype="f4").reshape(4, size)
    return network_file.dump({"latent_dim": 4}, [Layer(header, kernel, np.zeros(size, "f4"))])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(recordings, "FOLDER", tmp_path / "recordings")
    yield recordings.FOLDER
    recordings.state.cache_clear()


def test_a_recording_plays_as_it_was_made(folder: Path, store: RunStore) -> None:
    images = np.arange(64, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8) * 4
    steps = (1, 2, 9, 40, 150)
    events = [
        Preparing("building_networks"),
        *(Progress(step, 8 * step, step / 10, 1.0, 2.0, 0.5, 0.4, 80.0) for step in steps),
        *(Saved(step) for step in steps),
        Samples(150, images),
        Finished(150, StopReason.COMPLETED),
    ]
    made = recordings.write("tiny", TINY, events, {step: generator(784) for step in steps}, "a Mac")
    assert made.name == "tiny.zip"
    name = library.recording_of("tiny")
    assert recordings.names() == [name]
    state = library.find(store, name)
    assert (state.recording, state.recorded_on, state.name) == (True, "a Mac", "tiny")
    assert (state.config, state.step, library.is_lesson(state)) == (TINY, 150, True)
    assert [saved.step for saved in state.saved] == [2, 9, 40, 150], "ever sparser to the past"
    (samples,) = library.samples(store, state)
    assert np.abs(samples.images.astype(int) - images).max() <= 9, "sixteen levels of grey"
    drawn = library.generator(store, state)
    assert drawn == network_file.restored(network_file.rounded(generator(784)))
    assert recordings.generator(name, 1) is None
    with pytest.raises(NoSuchRun, match="python -m gan train --preset tiny"):
        library.snapshot_path(store, state)


def test_discriminators_are_kept_beside_their_generators(folder: Path, store: RunStore) -> None:
    steps = (1, 4, 16)
    generators = {step: generator(784 + step) for step in steps}
    discriminators = {step: generator(step) for step in steps[1:]}
    events = [Saved(step) for step in steps]
    recordings.write("judged", TINY, events, generators, "here", discriminators)
    state = library.find(store, library.recording_of("judged"))
    assert library.drawable_steps(store, state) == [1, 4, 16]
    assert library.judged_steps(store, state) == [4, 16]
    for step, content in generators.items():
        found = library.generator(store, state, step)
        assert found == network_file.restored(network_file.rounded(content))
    for step, content in discriminators.items():
        found = library.discriminator(store, state, step)
        assert found == network_file.restored(network_file.rounded(content))
    newest = library.discriminator(store, state), library.generator(store, state)
    assert newest == tuple(
        network_file.restored(network_file.rounded(each[16]))
        for each in (discriminators, generators)
    )
    assert library.discriminator(store, state, 1) is None
    assert library.generator(store, state, 2) is None


def test_large_discriminators_take_of_the_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        recordings, "MAX_NETWORK_BYTES", 3 * len(network_file.rounded(generator(99)))
    )
    made = {step: generator(99) for step in (1, 5, 25)}
    for judges, kept in (({}, [1, 5, 25]), (made, [25])):
        recordings.write("large", TINY, [Saved(step) for step in made], made, "here", judges)
        state = recordings.state(library.recording_of("large"))
        assert [saved.step for saved in state.saved] == kept


def test_what_ships_without_discriminators_is_drawn(store: RunStore) -> None:
    for name in library.shipped_names():
        state = library.shipped(name)
        *_, last = steps = library.drawable_steps(store, state)
        assert last == (state.saved_step or state.step)
        for step in steps:
            assert network_file.read(library.generator(store, state, step) or b"")
        assert library.generator(store, state) == library.generator(store, state, last)
        for step in library.judged_steps(store, state):
            about, _ = network_file.read(library.discriminator(store, state, step) or b"")
            assert about["sees"] == "picture"
        assert library.generator(store, state, last + 1) is None
        assert library.discriminator(store, state, last + 1) is None


@pytest.mark.parametrize("discriminator", [b"", b"judges"])
def test_a_pretrained_network_may_have_a_discriminator(
    discriminator: bytes, tmp_path: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "PRETRAINED", tmp_path)
    events = [Progress(9, 72, 1.0, 1.0, 2.0, 0.5, 0.4, 80.0), Finished(9, StopReason.COMPLETED)]
    library.write_pretrained("tiny", TINY, events, b"weights", b"draws", b"judged before")
    library.write_pretrained("tiny", TINY, events, b"weights", b"draws", discriminator)
    state = library.find(store, "tiny")
    assert library.generator(store, state) == library.generator(store, state, 9) == b"draws"
    assert library.drawable_steps(store, state) == [9]
    assert library.discriminator(store, state, 9) == (discriminator or None)
    assert library.judged_steps(store, state) == ([9] if discriminator else [])


def test_large_generators_leave_only_the_last(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "MAX_NETWORK_BYTES", 9000)
    generators = {step: generator(784) for step in (1, 5, 25)}
    recordings.write("large", TINY, [Saved(step) for step in generators], generators, "here")
    state = recordings.state(library.recording_of("large"))
    assert [saved.step for saved in state.saved] == [25]


def test_a_damaged_recording_is_named(folder: Path, store: RunStore) -> None:
    recordings.write("torn", TINY, [Saved(1)], {1: generator(784)}, "here")
    (folder / "torn.zip").write_bytes((folder / "torn.zip").read_bytes()[:300])
    with pytest.raises(NoSuchRun, match="recorded-torn cannot be played"):
        library.find(store, "recorded-torn")


def test_all_that_ships_is_small_enough_to_be_cloned() -> None:
    assets = [path for path in library.PRETRAINED.parent.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in assets) < ALL_BYTES


def test_what_is_said_of_distances_is_what_was_measured() -> None:
    of_quick, of_digits = map(float, re.findall(r"some ([\d.]+)", measures.TARGETS)[2:])
    quick = library.shipped(library.recording_of("quick")).quality[-1]
    digits = library.pretrained("digits").quality[-1]
    assert of_quick == pytest.approx(quick.frechet_distance, rel=0.4)
    assert of_digits == pytest.approx(digits.frechet_distance, abs=0.2)


def test_every_preset_ships_with_a_recording() -> None:
    assert recordings.names() == sorted(map(library.recording_of, presets()))
    size = sum(path.stat().st_size for path in recordings.FOLDER.iterdir())
    assert size < MAX_BYTES
    for name, preset in presets().items():
        state = library.shipped(library.recording_of(name))
        assert state.config == preset.config, f"{name} was recorded with other settings"
        assert not state.status.is_live
        assert state.seconds > 0.9 * (preset.config.max_seconds or 0) or state.failed
        assert state.quality
        assert recordings.generator(state.id, state.saved_step or 0)


def test_recordings_play_without_tensorflow() -> None:
    code = (
        "import sys\nfrom gan.runs import recordings\n"
        "for name in recordings.names():\n"
        "    state = recordings.state(name)\n"
        "    recordings.samples(name), recordings.generator(name, state.saved_step)\n"
        "print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "False"]
