"""What the golden files tell of the app: the one place where their tests touch its modules."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from dataclasses import asdict, fields
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data.datasets import from_network
from gan.exports.unpacking import Package, unpack
from gan.messages import codec
from gan.messages.events import Failed, Preparing
from gan.network_file import inference
from gan.network_file import read as read_network
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig
from gan.words.failures import failure
from gan.words.progress import doing

__all__ = ["Package", "RunStore", "unpack"]
FOLDER: Final = Path(__file__).parent
ARCHIVE: Final = FOLDER / "before_redraw.tar.xz"
"""The store, as the folder ``home``, and ``packages`` with three exported ZIPs."""
ADDRESSES_HOME: Final = FOLDER / "addresses_home.tar.xz"
"""The store to whose runs ``addresses.json`` leads, as the folder ``home``."""
CAME_LATER: Final = (
    "learning_rate_schedule", "generator_hidden_units", "discriminator_hidden_units",
    "augmentation", "r1_interval", "mismatched_labels", "precision", "groups",
    "prediction", "sampler", "sampling_steps",
)  # fmt: skip
"""Fields of a config that there were not when the files were made."""
PICTURES: Final = 4
"""Digits drawn of each generator that is compared."""


def unpacked(folder: Path, archive: Path = ARCHIVE) -> Path:
    """`folder`, with what an archive holds: ``home``, perhaps ``packages``."""
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


def values_of(thing: object) -> Any:
    """`thing` as JSON holds it: of an array its type, its shape and a digest of its bytes."""
    if isinstance(thing, np.ndarray):
        digest = hashlib.sha256(np.ascontiguousarray(thing).tobytes()).hexdigest()
        return {"dtype": thing.dtype.str, "shape": list(thing.shape), "sha256": digest}
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, dict):
        return {name: values_of(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [values_of(value) for value in thing]
    return thing


def told(event: object) -> dict[str, Any]:
    """A message by its kind and its values, in the words of then."""
    if isinstance(event, Preparing):
        return {"kind": "Preparing", "values": {"doing": doing(event)}}
    if isinstance(event, Failed):
        words = failure(event)
        return {"kind": "Failed", "values": {"error": words.error, "hint": words.hint}}
    values = {each.name: values_of(getattr(event, each.name)) for each in fields(event)}
    return {"kind": type(event).__name__, "values": values}


def _as_then(config: TrainConfig) -> dict[str, Any]:
    """A config without the fields that there were not, as long as they change nothing."""
    usual = asdict(TrainConfig())
    return {
        name: value
        for name, value in asdict(config).items()
        if name not in CAME_LATER or value != usual[name]
    }


def standing(state: RunState) -> dict[str, Any]:
    """The essential values of a run."""
    plain = (
        "name", "created", "recording", "is_imported", "seq", "status", "step", "held_step",
        "seconds", "images_seen", "parent", "parent_step", "is_as_good_as_asked",
    )  # fmt: skip
    found = {name: values_of(getattr(state, name)) for name in plain}
    found |= {
        "config": _as_then(state.config),
        "begun": state.begun and _as_then(state.begun),
        "progress": [told(report) for report in state.progress],
        "quality": [told(quality) for quality in state.quality],
        "marks": [told(mark) for mark in state.marks],
        "saved": [told(saved) for saved in state.saved],
        "trace": state.trace and told(state.trace),
        "started": state.started and told(state.started),
        "failed": failure_words(state),
    }
    return found


def failure_words(state: RunState) -> list[str] | None:
    """What people read of why a run failed, and of what to do."""
    return [failure(state.failed).error, failure(state.failed).hint] if state.failed else None


def samples(store: RunStore, run: str) -> list[dict[str, Any]]:
    """All samples of a run, by their step and a digest of their pictures."""
    return [told(each) for each in store.samples(run)]


def drawn(generator: bytes) -> NDArray[np.uint8]:
    """uint8 [PICTURES, 28, 28]: what a generator draws by NumPy; 1, 3, 5 and 7, if asked."""
    about, _ = read_network(generator)
    z = np.random.default_rng(0).normal(size=(PICTURES, about["latent_dim"])).astype(np.float32)
    labels = np.arange(PICTURES) * 2 + 1
    return from_network(inference.drawn(generator, z, labels))


def packed(array: NDArray[np.uint8]) -> str:
    """Pictures as text."""
    return base64.b64encode(array.tobytes()).decode()


def pictures(text: str) -> NDArray[np.uint8]:
    """uint8 [N, 28, 28] of the text that `packed` made."""
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 28, 28)


def message(content: bytes) -> dict[str, Any]:
    """The one message that `content` is, as `told`."""
    stream = io.BytesIO(content)
    found = codec.read(stream)
    assert found is not None
    assert not stream.read(), "it was read to its end"
    return told(found)
