"""A run as one ZIP, to take along: to look at, to draw with elsewhere, to go on with elsewhere.

Nothing of it names a place on this machine.
"""

from __future__ import annotations

import io
import json
import secrets
import textwrap
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, Final

from gan.data import registry
from gan.exports import curves, event_files, history, onnx_model, pictures, script, tensors
from gan.messages.codec import encode
from gan.messages.events import Saved
from gan.messages.jobs import Train
from gan.runs import library, measures
from gan.runs.errors import NoSuchRun
from gan.runs.jobs import JobStatus
from gan.runs.judgement import JUDGE
from gan.runs.state import RunState
from gan.runs.store import RunStore

FORMAT: Final = 2
READABLE: Final = (1, FORMAT)
"""The first told failures in words, before there were codes for them."""
RUN: Final = "run.json"
EVENTS: Final = "events.bin"
GENERATOR: Final = "generator.safetensors"
STATE: Final = "state.safetensors"
TENSORBOARD: Final = f"tensorboard/{event_files.FILE_NAME}"
README: Final = "README.txt"
JUDGEMENTS: Final = "judgements.json"
MAX_JUDGEMENTS: Final = 20
"""Of more thorough judgements, the newest are taken along."""
MEMBERS: Final[Mapping[str, str]] = {
    README: "this text",
    RUN: "what the run is: its name, its settings, and the moment of its last snapshot",
    EVENTS: "all that the run reported, as the app stores it",
    GENERATOR: "the generator that draws, its normalisations folded into kernels and biases",
    STATE: "the weights of the last snapshot, which an import goes on from",
    "generator.onnx": "the generator as an ONNX model: noise float32 [N, numbers], and of a "
    "conditional one digit int64 [N], to digits float32 [N, 28, 28, 1] from -1 (paper) to 1 (ink)",
    "curve.csv": "a row for each report: losses and scores, or the terms of an autoencoder",
    "quality.csv": "a row for each judgement, beside what real digits score",
    JUDGEMENTS: "the thorough judgements: every measure with its floor and its spread",
    "samples.png": "the last samples",
    "learning.gif": "the samples of the whole run, one picture after the other",
    "draw.py": "a script of its own that draws: python draw.py (takes keras, tensorflow, numpy)",
    TENSORBOARD: "the run for TensorBoard: tensorboard --logdir tensorboard",
}
_PACKED: Final = (
    README,
    RUN,
    EVENTS,
    "curve.csv",
    "quality.csv",
    JUDGEMENTS,
    "draw.py",
    TENSORBOARD,
)
"""The others are numbers that hardly get smaller."""
_DRAWING: Final = "averaged_generator/"
"""How the names of the weights that draw begin, in a snapshot of `gan.model.bundle`."""
_OLDEST: Final = 315_532_800.0  # 1980: a ZIP knows no time before


def write(store: RunStore, state: RunState, file: Path, tensorboard: bool = False) -> None:
    """Write the package of a run, as it stands at `state`, to `file`: whole, or not at all.

    Raises `NoSuchRun` for a run without a snapshot, or a recording that ships without its weights;
    `StoreError` if the snapshot cannot be read, and `OSError` if nothing can be written there.
    """
    members = _members(store, state, tensorboard)
    partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}.partial")
    try:
        with zipfile.ZipFile(partial, "x") as archive:
            for name in MEMBERS:
                if name in members:
                    packed = zipfile.ZIP_DEFLATED if name in _PACKED else zipfile.ZIP_STORED
                    info = zipfile.ZipInfo(name, time.gmtime(max(state.created, _OLDEST))[:6])
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, members[name], packed)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _members(store: RunStore, state: RunState, tensorboard: bool) -> dict[str, bytes]:
    path = library.snapshot_path(store, state)
    generator = library.generator(store, state)
    if generator is None:
        raise NoSuchRun(f"The run {state.id} ended before its first snapshot: nothing is to take.")
    meta, weights = tensors.of_snapshot(path)
    saved = Saved(int(meta["step"]))
    if state.saved:
        saved = replace(state.saved[-1], dropped=())
    if saved.reported_step is None:
        weights = {name: each for name, each in weights.items() if name.startswith(_DRAWING)}
    events = history.events(store, state, saved)
    samples = library.samples(store, state)
    begun = history.portable(state.begun or state.config)
    name = history.plain(state.name, store, state)
    about = {
        "format": FORMAT,
        "name": name,
        "created": state.created,
        "config": asdict(history.portable(state.config)),
        "begun": asdict(begun),
        "snapshot": {
            "step": saved.step,
            "reported_step": saved.reported_step,
            "seconds": float(meta.get("seconds", 0.0)),
            "images_seen": int(meta.get("images_seen", 0)),
        },
    }
    columns = state.config.sample_columns
    members = {
        RUN: json.dumps(about, indent=2).encode(),
        EVENTS: b"".join(encode(each) for each in (Train(begun.to_json()), *events)),
        GENERATOR: tensors.dump_generator(generator),
        STATE: tensors.dump(weights),
        "generator.onnx": onnx_model.convert(generator),
        "curve.csv": _table(curves.write_curve, state),
        "draw.py": script.script(generator, state.config.chosen_classes).encode(),
    }
    if state.quality:
        members["quality.csv"] = _table(curves.write_quality, state)
    if judged := _judgements(store, state):
        members[JUDGEMENTS] = json.dumps(judged, indent=2).encode()
    if samples:
        members["samples.png"] = pictures.png(pictures.sheet(samples[-1].images, columns))
        members["learning.gif"] = pictures.learning(samples, columns)
    if tensorboard:
        shown = replace(state, config=history.portable(state.config))
        members[TENSORBOARD] = event_files.event_file(shown, samples)
    members[README] = _readme(name, state, saved, members)
    return members


def _judgements(store: RunStore, state: RunState) -> list[dict[str, Any]]:
    """The thorough judgements of a run, the newest first, each with the Unix time of its end."""
    done = [
        {"made": job.ended, "result": dict(job.result)}
        for job in store.jobs.of(state.id)
        if (job.kind, job.status) == (JUDGE, JobStatus.DONE)
    ]
    return done[:MAX_JUDGEMENTS]


def _table(write_table: Callable[[IO[str], RunState], None], state: RunState) -> bytes:
    file = io.StringIO()
    write_table(file, state)
    return file.getvalue().encode()


def _readme(name: str, state: RunState, saved: Saved, members: Mapping[str, bytes]) -> bytes:
    lines = [
        f"{name}: a run of Digit Forge, at step {saved.step:,}.",
        f"How good its digits are: {measures.quality_words(state)}.",
        "",
        *(_explained(member) for member in MEMBERS if member in {README, *members}),
        "",
        "Import it into another Digit Forge with: python -m gan import FILE.zip",
    ]
    if saved.reported_step is None:
        lines.append("It can be explored there, but not go on: it has only the weights that draw.")
    elif state.config.data not in registry.DATA_SETS:
        data = history.bare(state.config.data)
        lines.append(f"To go on there it needs its data, {data}, which are not in here.")
    return "\n".join([*lines, ""]).encode()


def _explained(member: str) -> str:
    column = 24
    return textwrap.fill(
        MEMBERS[member],
        width=100,
        initial_indent=f"{member.split('/')[0]:<{column}}",
        subsequent_indent=" " * column,
    )
