"""The event file, read by TensorBoard itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import untrained
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import (
    IMAGES,
    SCALARS,
    TENSORS,
    EventAccumulator,
)

from gan.exports import event_files, package, pictures
from gan.messages.events import VaeProgress
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow  # which TensorBoard takes up if it is there


def opened(content: bytes, folder: Path) -> EventAccumulator:
    (folder / event_files.FILE_NAME).write_bytes(content)
    everything = dict.fromkeys((SCALARS, IMAGES, TENSORS), 0)
    return EventAccumulator(str(folder), everything).Reload()


def test_tensorboard_reads_curves_and_judgements(store: RunStore, tmp_path: Path) -> None:
    state = store.state(untrained.record(store))
    read = opened(event_files.event_file(state, store.samples(state.id)), tmp_path)
    told = {
        tag: [(each.step, each.value) for each in read.Scalars(tag)]
        for tag in read.Tags()["scalars"]
    }
    steps = (4, 8, 9, 10)
    assert told == {
        "loss/discriminator": [(step, 1.5) for step in steps],
        "loss/generator": [(step, 0.75) for step in steps],
        "score/real": [(step, 0.5) for step in steps],
        "score/generated": [(step, 0.25) for step in steps],
        "quality/frechet_distance": [(8, 12.5)],
        "quality/floor": [(8, 1.25)],
        "quality/confidence": [(8, 0.75)],
        "quality/precision": [(8, 0.5)],
        "quality/real_precision": [(8, 0.875)],
    }
    times = [each.wall_time for each in read.Scalars("loss/generator")]
    assert times == pytest.approx([state.created + step / 4 for step in steps], abs=1e-3)
    assert read.FirstEventTimestamp() == pytest.approx(state.created, abs=1e-3)


def test_tensorboard_reads_pictures_and_the_config(store: RunStore, tmp_path: Path) -> None:
    state = store.state(untrained.record(store))
    shown = store.samples(state.id)
    read = opened(event_files.event_file(state, shown), tmp_path)
    images = read.Images("samples")
    assert [image.step for image in images] == [0, 5, 10]
    for image, samples in zip(images, shown, strict=True):
        with Image.open(io.BytesIO(image.encoded_image_string)) as picture:
            assert picture.size == (image.width, image.height)
            sheet = pictures.sheet(samples.images, 8, 2)
            np.testing.assert_array_equal(np.asarray(picture), sheet)
    assert images[-1].wall_time == pytest.approx(state.created + 2.5, abs=1e-3)
    (text,) = read.Tensors("config/text_summary")
    config = json.loads(text.tensor_proto.string_val[0])
    assert TrainConfig(**config) == state.config


def test_tensorboard_reads_the_terms_of_an_autoencoder(tmp_path: Path) -> None:
    config = TrainConfig(architecture="vae", loss="elbo")
    report = VaeProgress(8, 512, 0.5, 120.5, float("inf"), 1024.0)
    state = replace(RunState("vae", "vae", config, created=1e9), progress=(report,))
    read = opened(event_files.event_file(state, []), tmp_path)
    assert sorted(read.Tags()["scalars"]) == ["loss/divergence", "loss/reconstruction"]
    (point,) = read.Scalars("loss/reconstruction")
    assert (point.step, point.value, point.wall_time) == (8, 120.5, 1e9 + 0.5)
    assert read.Scalars("loss/divergence")[0].value == float("inf")
    assert read.Tags()["images"] == []


def test_a_package_brings_the_event_file_on_request(store: RunStore, tmp_path: Path) -> None:
    import zipfile

    state = store.state(untrained.record(store))
    package.write(store, state, tmp_path / "run.zip", tensorboard=True)
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        content = archive.read("tensorboard/events.out.tfevents.0.digit-forge")
        assert b"tensorboard --logdir tensorboard" in archive.read("README.txt")
    assert b"/data of mine" not in content
    read = opened(content, tmp_path)
    assert len(read.Scalars("loss/generator")) == 4
