"""A small run that was never trained, to record and to pack: nothing here needs TensorFlow."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from gan import network_file
from gan.messages.codec import encode
from gan.messages.events import (
    Adjusted,
    Continued,
    Event,
    Finished,
    Preparing,
    Progress,
    Quality,
    Samples,
    Snapshot,
    Started,
    Stepped,
    Trace,
)
from gan.messages.status import Part, StopReason
from gan.network_file import Layer
from gan.runs.judgement import Judgement, Spread
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(
    batch_size=8, latent_dim=4, max_steps=10, max_seconds=None, data="/data of mine/digits.npz"
)
RANDOM = np.random.default_rng(0)
WEIGHTS = {
    "averaged_generator/000": RANDOM.normal(size=(4, 784)).astype("f4"),
    "averaged_generator/001": RANDOM.normal(size=784).astype("f4"),
    "generator_optimizer/000": np.array(10, "i8"),
    "totals/000": np.zeros(4, "f4"),
}
GENERATOR = network_file.dump(
    {"latent_dim": 4},
    [
        Layer(
            {"kind": "dense", "inputs": 4, "outputs": 784, "activation": "tanh"},
            WEIGHTS["averaged_generator/000"],
            WEIGHTS["averaged_generator/001"],
        )
    ],
)

_SIDE = {
    name: Spread(0.5, 0.25)
    for name in ("precision", "recall", "coverage_spread", "confidence", "nearest_distance")
}
JUDGED = Judgement(
    *(10, 10_000, 2500, 5, "builtin"),
    generated={"frechet_distance": Spread(3.0, 0.5), **_SIDE},
    real={"frechet_distance": Spread(0.75, 0.25), **_SIDE},
    coverage=(0.1,) * 10,
    real_coverage=(0.1,) * 10,
)


def samples(step: int) -> Samples:
    return Samples(step, np.random.default_rng(step).integers(0, 256, (64, 28, 28), np.uint8))


def report(step: int) -> Progress:
    return Progress(step, 8 * step, step / 4, 1.5, 0.75, 0.5, 0.25, 32.0)


def snapshot(step: int, reported_step: int) -> Snapshot:
    """As `gan.model.bundle.dump` writes it."""
    meta = {"step": step, "reported_step": reported_step, "seconds": step / 4}
    meta |= {"images_seen": 8 * step, "config": CONFIG.to_json()}
    file = io.BytesIO()
    np.savez(file, meta=np.frombuffer(json.dumps(meta).encode(), np.uint8), **WEIGHTS)
    contents = (np.frombuffer(each, np.uint8) for each in (file.getvalue(), GENERATOR))
    return Snapshot(step, *contents, reported_step=reported_step)


TRACE = Trace(
    *(9, Part.BOTH, 1.25, float("inf")),
    noise=np.ones((8, 4), np.float32),
    real=np.zeros((8, 28, 28), np.uint8),
    fake=np.ones((8, 28, 28), np.uint8),
    pixel_gradients=np.full((8, 28, 28), 0.5, np.float32),
    real_logits=np.ones(8, np.float32),
    fake_logits=np.ones(8, np.float32),
    fake_logits_after_d=np.full(8, np.nan, np.float32),
    fake_logits_after_g=np.ones(8, np.float32),
    layers=("generator/dense/kernel", "discriminator/dense/kernel"),
    weight_norms=np.ones(2, np.float32),
    gradient_norms=np.ones(2, np.float32),
    update_norms=np.ones(2, np.float32),
)
QUALITY = Quality(
    *(8, 2.0, 100, 12.5, 1.25, (0.1,) * 10, 0.75),
    precision=0.5,
    real_coverage=(0.1,) * 10,
    real_precision=0.875,
)
EVENTS: list[Event | Snapshot] = [
    Preparing("Loading /data of mine/digits.npz"),
    Started("CPU", 3920, 20, 5000),
    samples(0),
    report(4),
    snapshot(5, 4),
    report(8),
    Finished(8, StopReason.STOPPED),
    Continued(5, 4),
    Adjusted(5, {"loss": "hinge", "max_steps": 12}),
    Started("CPU", 3920, 20, 5000),
    samples(5),
    report(8),
    QUALITY,
    Stepped(9, Part.BOTH),
    report(9),
    TRACE,
    report(10),
    samples(10),
    snapshot(10, 9),
    Finished(10, StopReason.COMPLETED),
]


def record(store: RunStore, events: Iterable[Event | Snapshot] = EVENTS) -> str:
    """The id of a run that reported `events`."""
    run = store.create(CONFIG, "first one")
    for event in events:
        store.append(run, event)
    store.release(run)
    return run


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def encoded(events: Iterable[object]) -> bytes:
    return b"".join(encode(event) for event in events)  # type: ignore[arg-type]


def there_is(home: Path) -> dict[str, bytes]:
    """All files in `home`, with what they hold."""
    return {
        str(path.relative_to(home)): path.read_bytes() if path.is_file() else b"a folder"
        for path in home.rglob("*")
    }
