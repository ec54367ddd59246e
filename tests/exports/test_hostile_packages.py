"""Packages that nobody should make: each is refused in a sentence, and nothing of it is kept.

None of these gets as far as TensorFlow; weights that do not fit are in `test_importing`.
"""

from __future__ import annotations

import io
import json
import stat
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import untrained
from untrained import (
    CONFIG,
    EVENTS,
    JUDGED,
    QUALITY,
    TRACE,
    encoded,
    report,
    samples,
    snapshot,
    zipped,
)

from gan.__main__ import main
from gan.exports import checks, tensors, unpacking
from gan.messages import events
from gan.messages.commands import Stop
from gan.messages.events import Adjusted, Continued, Failed, Finished, Saved, Stepped, VaeProgress
from gan.messages.jobs import Ready, Train
from gan.messages.status import Part, StopReason
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

Members = dict[str, bytes]
Build = Callable[[Members], bytes]
ZEROS = bytes(2**20)
BARE = replace(CONFIG, data="digits.npz")
CHANGED = replace(BARE, loss="hinge", max_steps=12)
"""What the run's events make of `BARE`."""


def packed(**changes: bytes | None) -> Build:
    """The good package, with some members of another content, or none."""
    named = {name.replace("__", "."): content for name, content in changes.items()}

    def build(members: Members) -> bytes:
        return zipped({k: v for k, v in {**members, **named}.items() if v is not None})

    return build


def with_member(name: str, content: bytes = b"", mode: int = 0) -> Build:
    """The good package and one member that is not as it should be."""

    def build(members: Members) -> bytes:
        file = io.BytesIO(zipped(members))
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
            warnings.simplefilter("ignore")  # a name that is there twice
            archive.writestr(info, content)
        return file.getvalue()

    return build


def patched(entry_at: int, local_at: int, value: bytes) -> Build:
    """A field of events.bin, which comes first, overwritten in both of its headers."""

    def build(members: Members) -> bytes:
        first = {"events.bin": members["events.bin"]}
        changed = bytearray(zipped(first | members))
        entry = changed.index(b"PK\x01\x02")
        changed[entry + entry_at : entry + entry_at + len(value)] = value
        changed[local_at : local_at + len(value)] = value
        return bytes(changed)

    return build


def flipped(members: Members) -> bytes:
    content = bytearray(zipped(members))
    content[content.index(members["events.bin"]) + 5000] ^= 0xFF
    return bytes(content)


def about(*path: str, value: Any) -> Build:
    """The good package, with one value of run.json replaced."""

    def build(members: Members) -> bytes:
        told = json.loads(members["run.json"])
        place = told
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        return zipped({**members, "run.json": json.dumps(told).encode()})

    return build


def both_configs(**values: Any) -> Build:
    """The good package, learned with another config from the start."""

    def build(members: Members) -> bytes:
        told = json.loads(members["run.json"])
        told["config"] |= values
        told["begun"] |= values
        job = {"kind": "Job", "values": {"config": json.dumps(told["begun"])}, "arrays": []}
        history = members["events.bin"].partition(b"\n")[2]
        return zipped(
            {
                **members,
                "run.json": json.dumps(told).encode(),
                "events.bin": json.dumps(job).encode() + b"\n" + history,
            }
        )

    return build


def judged(content: bytes) -> Build:
    """The good package with other judgements."""
    return packed(judgements__json=content)


def judged_so(*judgements: Any) -> Build:
    return judged(json.dumps(judgements).encode())


GOOD: list[Any] = [
    event if not isinstance(event, events.Snapshot) else Saved(event.step, event.reported_step)
    for event in EVENTS
    if getattr(event, "step", 0) != 5 or not isinstance(event, events.Snapshot)
]
"""What the run's package holds, one after the other."""


def told(*history: Any, job: Any = None) -> Build:
    """The good package with other events."""
    return lambda members: zipped(
        {**members, "events.bin": encoded([job or Train(BARE.to_json()), *history])}
    )


def _failed(error: str, hint: str) -> Failed:
    """A failure in words of anybody's."""
    return Failed("as_told", {"error": error, "hint": hint})


def instead(old: type, new: Any) -> Build:
    """The good package, in which the first event of a kind is another."""
    place = next(i for i, event in enumerate(GOOD) if isinstance(event, old))
    return told(*GOOD[:place], new, *GOOD[place + 1 :])


def then(*more: Any) -> Build:
    """The good package, with something before its end."""
    return told(*GOOD[:-1], *more, GOOD[-1])


def raw(header: Mapping[str, Any] | bytes, body: bytes = b"") -> Build:
    """The good package, with an event whose bytes nobody encoded."""
    line = header if isinstance(header, bytes) else json.dumps(header).encode()
    before = encoded([Train(BARE.to_json()), *GOOD[:2]])
    return lambda members: zipped({**members, "events.bin": before + line + b"\n" + body})


def shown(dtype: str, shape: list[Any], body: bytes = b"", **values: Any) -> Build:
    """Samples of any kind."""
    header = {"kind": "Samples", "values": {"step": 0, **values}}
    return raw(header | {"arrays": [["images", dtype, shape]]}, body)


def tensor_file(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def one(dtype: str, shape: list[int], start: int, end: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def weights(**arrays: np.ndarray) -> Build:
    return packed(state__safetensors=tensors.dump(arrays))


def generator(change: Callable[[dict[str, np.ndarray], dict[str, Any]], None]) -> Build:
    """The good package, with another generator."""

    def build(members: Members) -> bytes:
        arrays, words = tensors.read(members["generator.safetensors"], "it")
        told, changed = json.loads(words["generator"]), dict(arrays)
        change(changed, told)
        content = tensors.dump(changed, {"generator": json.dumps(told)})
        return zipped({**members, "generator.safetensors": content})

    return build


def cut(name: str, count: int) -> Build:
    return lambda members: zipped({**members, name: members[name][:-count]})


REFUSED: dict[str, tuple[Build, str]] = {
    # The archive
    "nothing at all": (lambda _: b"", "damaged or not"),
    "text": (lambda _: b"this is no package", "damaged or not"),
    "a torn ZIP": (lambda members: zipped(members)[:-200], "damaged or not"),
    "half a ZIP": (lambda members: zipped(members)[: 10**5], "damaged or not"),
    "a way out": (with_member("../../draw.py"), "outside itself, ../../draw.py"),
    "a way out for Windows": (with_member("..\\draw.py"), "outside itself"),
    "a hidden way out": (with_member("tensorboard/../../draw.py"), "outside itself"),
    "an absolute path": (with_member("/etc/passwd"), "outside itself, /etc/passwd"),
    "a drive": (with_member("C:/draw.py"), "outside itself, C:/draw.py"),
    "a symbolic link": (
        with_member("quality.csv", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "quality.csv, a link or a device",
    ),
    "a device": (with_member("tensorboard", mode=stat.S_IFCHR), "a link or a device"),
    "a password": (patched(8, 6, b"\x01"), "is encrypted"),
    "LZMA": (lambda members: zipped(members, zipfile.ZIP_LZMA), "in an unusual way"),
    "a size that is a lie": (patched(24, 22, struct.pack("<I", 20)), "is damaged"),
    "a size beyond all bounds": (
        patched(24, 22, struct.pack("<I", 2**31)),
        "unpacks to more than 512 MB",
    ),
    "a bomb": (
        lambda members: zipped({**members, "run.json": 8 * ZEROS}, zipfile.ZIP_DEFLATED),
        "its run.json is too large",
    ),
    "a wrong checksum": (flipped, "is damaged: Bad CRC-32"),
    "a member twice": (with_member("run.json", b"{}"), "it holds run.json twice"),
    "a thousand members": (
        lambda members: zipped(members | {f"{i}.txt": b"" for i in range(1000)}),
        "far too many members",
    ),
    "no run.json": (packed(run__json=None), "it has no run.json"),
    "no events": (packed(events__bin=None), "it has no events.bin"),
    "no weights": (packed(state__safetensors=None), "it has no state.safetensors"),
    "no generator": (packed(generator__safetensors=None), "it has no generator.safetensors"),
    "a pickle": (with_member("state.pkl", b"\x80\x04N."), "state.pkl, which is no part"),
    "a pickled array": (with_member("state.npy", b"\x93NUMPY"), "state.npy, which is no part"),
    "a script": (with_member("tensorboard/run.sh"), "tensorboard/run.sh, which is no part"),
    # What it says of itself
    "no JSON": (packed(run__json=b"{"), "its run.json cannot be read"),
    "no object": (packed(run__json=b"[1]"), "holds no JSON object"),
    "huge JSON": (packed(run__json=b"1" * (1 << 17)), "its run.json is too large"),
    "brackets without end": (packed(run__json=b"[" * 60_000), "its run.json cannot be read"),
    "digits without end": (packed(run__json=b"9" * 60_000), "its run.json cannot be read"),
    "another format": (about("format", value=3), "its format is 3"),
    "no format": (about("format", value=None), "its format is None"),
    "no config": (about("config", value=None), "its config cannot be used"),
    "a config of nothing": (about("begun", value=[]), "its config cannot be used"),
    "a field that is none": (both_configs(depth=3), "depth = 3 is not possible: no such field"),
    "a value that cannot be": (both_configs(batch_size=0), "batch_size = 0 is not possible"),
    "values that do not go together": (both_configs(loss="elbo"), "loss = 'elbo' is not possible"),
    "a value of no type": (both_configs(architecture=[]), "its config cannot be used"),
    "no number": (both_configs(ema_decay=float("nan")), "ema_decay = nan is not possible"),
    "data on this machine": (both_configs(data="/etc/passwd"), "not the name of a file"),
    "data beside it": (both_configs(data="../digits.npz"), "not the name of a file"),
    "data at somebody's": (both_configs(data="~root"), "not the name of a file"),
    "data on a drive": (both_configs(data="C:digits.npz"), "not the name of a file"),
    "data of no name": (both_configs(data=5), "data = 5 is not possible"),
    "no name": (about("name", value=" "), "its name cannot be ' '"),
    "a name of numbers": (about("name", value=5), "its name cannot be 5"),
    "a long name": (about("name", value="x" * 61), "its name cannot be 'xxx"),
    "a name that is a picture": (about("name", value="![](http://a.b/c)"), "its name cannot be"),
    "a name with a bell": (about("name", value="a\x07b"), "its name cannot be"),
    "a time of no number": (about("created", value="now"), "cannot have been created at 'now'"),
    "a time of no day": (about("created", value=float("nan")), "cannot have been created at nan"),
    "a time before all": (about("created", value=-1.0), "cannot have been created at -1.0"),
    "no snapshot": (about("snapshot", value=None), "does not tell of its snapshot"),
    "a snapshot of no step": (about("snapshot", "step", value=True), "when its snapshot was"),
    "a snapshot before all": (about("snapshot", "step", value=-1), "when its snapshot was"),
    "a report after it": (about("snapshot", "reported_step", value=11), "when its snapshot was"),
    "a clock of no number": (about("snapshot", "seconds", value=float("inf")), "when its snapshot"),
    "pictures by halves": (about("snapshot", "images_seen", value=8.5), "when its snapshot was"),
    "another snapshot": (about("snapshot", "step", value=9), "do not have the snapshot"),
    "another beginning": (about("begun", "seed", value=2), "do not begin with its config"),
    "another end": (about("config", "seed", value=2), "do not lead to what it says"),
    "a config of another family": (
        both_configs(architecture="vae", loss="elbo"),
        "a Progress does not go with its config",
    ),
    # What it was judged
    "judgements that are no JSON": (judged(b"{"), "its judgements.json cannot be read"),
    "judgements that are no list": (judged(b"{}"), "is no list of at most 20"),
    "judgements without end": (judged(b"[0, " * 5000 + b"0" + b"]" * 5000), "cannot be"),
    "too many judgements": (judged_so(*[{}] * 21), "is no list of at most 20"),
    "a judgement of nobody": (judged_so({"made": 1.0}), "one of its judgements cannot be used"),
    "a judgement of nothing": (
        judged_so({"made": 1.0, "result": {}}),
        "one of its judgements cannot be used",
    ),
    "a judgement of another kind": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "script": "x"}}),
        "one of its judgements cannot be used",
    ),
    "a judgement beyond all numbers": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "samples": 10**400}}),
        "a count of it cannot be 1000",
    ),
    "a judgement of no number": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "coverage": [float("nan")] * 10}}),
        "its classes are not ten shares",
    ),
    "a judgement with a link": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "real_digits": "[a](http://b)"}}),
        "its real digits cannot be",
    ),
    "a judgement of no time": (
        judged_so({"made": float("inf"), "result": JUDGED.result()}),
        "it cannot have been created at inf",
    ),
    # What it reports
    "no events at all": (packed(events__bin=b""), "do not begin with its config"),
    "nothing reported": (told(), "it holds no events"),
    "no beginning": (packed(events__bin=encoded(GOOD)), "do not begin with its config"),
    "a job with a snapshot": (
        told(*GOOD, job=Train(BARE.to_json(), np.zeros(3, np.uint8))),
        "do not begin with its config",
    ),
    "a job of nonsense": (told(*GOOD, job=Train("{")), "do not begin with its config"),
    "torn events": (cut("events.bin", 40), "event 19 cannot be read"),
    "torn samples": (shown("|u1", [64, 28, 28], b"x" * 784), "ends in the middle of an array"),
    "a job among them": (then(Train(BARE.to_json())), "a message Train, which no run records"),
    "a command": (then(Stop(StopReason.STOPPED)), "a message Stop, which no run records"),
    "a greeting": (then(Ready("CPU")), "a message Ready, which no run records"),
    "a snapshot among them": (then(snapshot(10, 9)), "a message Snapshot, which no run records"),
    "a kind that is none": (raw({"kind": "Run", "values": {}, "arrays": []}), "cannot be read"),
    "a field too many": (
        raw({"kind": "Paused", "values": {"step": 1, "then": 2}, "arrays": []}),
        "event 3 cannot be read",
    ),
    "a field too few": (raw({"kind": "Paused", "values": {}, "arrays": []}), "cannot be read"),
    "values in a row": (raw({"kind": "Paused", "values": [], "arrays": []}), "cannot be read"),
    "events nested without end": (raw(b"[" * 100_000), "event 3 cannot be read"),
    "a header without end": (raw(b" " * (2 << 20)), "event 3 cannot be read"),
    "half a step": (instead(events.Stepped, Stepped(1.5, Part.BOTH)), "the step of a Stepped"),  # type: ignore[arg-type]
    "a step in words": (then(events.Paused("9")), "the step of a Paused cannot be '9'"),  # type: ignore[arg-type]
    "a step that is true": (then(events.Paused(True)), "the step of a Paused cannot be True"),
    "a step before all": (then(events.Paused(-1)), "the step of a Paused cannot be -1"),
    "a step beyond all": (then(events.Paused(10**19)), "the step of a Paused cannot be 1000"),
    "a loss that is whole": (then(replace(report(11), d_loss=1)), "the d_loss of a Progress"),
    "a speed of no number": (
        then(replace(report(11), images_per_second=float("nan"))),
        "the images_per_second of a Progress cannot be nan",
    ),
    "time before all": (then(replace(report(11), seconds=-1.0)), "the seconds of a Progress"),
    "a part that is none": (
        raw({"kind": "Stepped", "values": {"step": 1, "part": "all"}, "arrays": []}),
        "'all' is not a valid Part",
    ),
    "samples of floats": (
        then(replace(samples(10), images=np.zeros((64, 28, 28), "f4"))),
        "the images of a Samples cannot be float32",
    ),
    "samples of objects": (shown("|O", [1], bytes(8)), "arrays of objects are not read"),
    "samples of records": (shown("u1,u1", [1, 28, 28], bytes(1568)), "cannot be [('f0'"),
    "samples of no type": (shown("?!", [1]), "event 3 cannot be read"),
    "samples of negative size": (shown("|u1", [-1, 28, 28], bytes(784)), "cannot be read"),
    "samples without end": (shown("|u1", [2**40, 28, 28]), "ends in the middle of an array"),
    "samples that overflow": (shown("|u1", [2**62, 4, 4]), "event 3 cannot be read"),
    "samples beyond numbers": (shown("|u1", [10**30]), "event 3 cannot be read"),
    "samples of no size": (shown("|u1", ["a"]), "event 3 cannot be read"),
    "too many samples": (shown("|u1", [257, 28, 28], bytes(257 * 784)), "uint8 [257, 28, 28]"),
    "no samples": (shown("|u1", [0, 28, 28]), "uint8 [0, 28, 28]"),
    "flat samples": (shown("|u1", [1, 784], bytes(784)), "uint8 [1, 784]"),
    "samples in JSON": (
        raw({"kind": "Samples", "values": {"step": 0, "images": [0]}, "arrays": []}),
        "the images of a Samples cannot be [0]",
    ),
    "a step in an array": (
        raw({"kind": "Paused", "values": {}, "arrays": [["step", "<i8", []]]}, bytes(8)),
        "the step of a Paused cannot be int64 []",
    ),
    "other samples": (then(replace(samples(10), images=samples(10).images[:8])), "not always as"),
    "nine classes": (
        then(replace(QUALITY, step=10, coverage=(0.1,) * 9)),
        "the coverage of a Quality cannot be (0.1",
    ),
    "more than all of a class": (
        then(replace(QUALITY, step=10, coverage=(2.0,) * 10)),
        "the coverage of a Quality",
    ),
    "classes in words": (
        then(replace(QUALITY, step=10, coverage="0123456789")),  # type: ignore[arg-type]
        "the coverage of a Quality",
    ),
    "a distance of no number": (
        then(replace(QUALITY, step=10, frechet_distance=float("nan"))),
        "the frechet_distance of a Quality cannot be nan",
    ),
    "a trace of two minds": (
        then(replace(TRACE, step=10, real_logits=np.zeros(9, "f4"))),
        "the real_logits of a Trace is float32 [9]",
    ),
    "a trace of other layers": (
        then(replace(TRACE, step=10, layers=("a", "b", "c"))),
        "the weight_norms of a Trace is float32 [2]",
    ),
    "a name of a layer that is none": (
        then(replace(TRACE, step=10, layers=("a", 5))),  # type: ignore[arg-type]
        "the layers of a Trace cannot be ('a', 5)",
    ),
    "a novel": (told(*GOOD[:-1], _failed("x" * 2001, "")), "the values of a Failed cannot be {"),
    "a failure that is a link": (
        told(*GOOD[:-1], _failed("See", "[this](http://a.b)")),
        "the values of a Failed",
    ),
    "a failure that is a picture": (
        told(*GOOD[:-1], _failed("![x][y]\n\n[y]: http://a.b/c.png", "")),
        "the values of a Failed",
    ),
    "an escape": (told(*GOOD[:-1], _failed("a\x1b[2J", "")), "the values of a Failed"),
    "steps backwards": (then(events.Paused(9)), "step 9 comes after step 10"),
    "time backwards": (then(replace(report(11), seconds=0.5)), "run backwards at step 11"),
    "the same report twice": (then(report(10)), "run backwards at step 10"),
    "a report of another family": (
        then(VaeProgress(11, 88, 3.0, 1.0, 1.0, 1.0)),
        "a VaeProgress does not go with its config",
    ),
    "two ends": (told(*GOOD, GOOD[-1]), "it goes on after its end"),
    "a hundred lives": (
        told(*GOOD, *[Continued(10, 9), GOOD[-1]] * 100),
        "more than 100 continuations",
    ),
    "a restless hand": (then(*[Adjusted(10, {})] * 200), "more than 200 changes of settings"),
    "a nervous hand": (then(*[events.Paused(10)] * 5000), "more than 5,000 interventions"),
    "a severe judge": (then(*[replace(QUALITY, step=10)] * 5000), "more than 5,000 judgements"),
    "life after the end": (told(*GOOD, report(11)), "it goes on after its end"),
    "back to the future": (told(*GOOD, Continued(11, 9)), "goes back to step 11"),
    "back to a report after it": (told(*GOOD, Continued(9, 10)), "goes back to step 9"),
    "no snapshot reported": (
        told(*(event for event in GOOD if not isinstance(event, Saved))),
        "do not have the snapshot",
    ),
    "two snapshots reported": (then(Saved(10, 9)), "do not have the snapshot"),
    "snapshots that made room": (
        instead(Saved, Saved(10, 9, dropped=(3,))),
        "do not have the snapshot",
    ),
    "a snapshot that was rolled back": (
        told(*GOOD, Continued(5, 4), Finished(5, StopReason.STOPPED)),
        "do not lead to what it says",
    ),
    "a network changed under way": (
        then(Adjusted(10, {"latent_dim": 9})),
        "latent_dim = 9 is not possible",
    ),
    "a change to nonsense": (then(Adjusted(10, {"loss": []})), "changed in a way that cannot be"),
    "changes in a row": (
        then(Adjusted(10, ["loss"])),  # type: ignore[arg-type]
        "the changes of a Adjusted cannot be ['loss']",
    ),
    "a change that it does not tell": (then(Adjusted(10, {"loss": "minimax"})), "do not lead to"),
    # Its weights
    "no weights in the file": (packed(state__safetensors=b""), "state.safetensors is damaged"),
    "pickled weights": (
        packed(state__safetensors=b"\x80\x04\x95" + ZEROS),
        "its header is longer than it can be",
    ),
    "a header beyond the file": (
        packed(state__safetensors=tensor_file({}, length=999)),
        "its header is longer than it can be",
    ),
    "a header beyond all": (
        packed(state__safetensors=tensor_file({}, length=2**64 - 1)),
        "its header is longer than it can be",
    ),
    "a huge header": (
        packed(state__safetensors=tensor_file(b"{}" + b" " * (1 << 20))),
        "its header is longer than it can be",
    ),
    "a header of no JSON": (packed(state__safetensors=tensor_file(b"{")), "is damaged"),
    "a header in a row": (packed(state__safetensors=tensor_file([])), "is damaged"),
    "a header nested without end": (
        packed(state__safetensors=tensor_file(b"[" * 100_000)),
        "is damaged",
    ),
    "weights that overlap": (
        packed(
            state__safetensors=tensor_file(
                {"a": one("F32", [2], 0, 8), "b": one("F32", [2], 4, 12)}, bytes(12)
            )
        ),
        "is damaged",
    ),
    "weights with a hole": (
        packed(
            state__safetensors=tensor_file(
                {"a": one("F32", [1], 0, 4), "b": one("F32", [1], 8, 12)}, bytes(12)
            )
        ),
        "is damaged",
    ),
    "weights beyond the file": (
        packed(state__safetensors=tensor_file({"a": one("F32", [9], 0, 36)}, bytes(4))),
        "is damaged",
    ),
    "weights of another size": (
        packed(state__safetensors=tensor_file({"a": one("F32", [3], 0, 8)}, bytes(8))),
        "is damaged",
    ),
    "weights of negative size": (
        packed(state__safetensors=tensor_file({"a": one("F32", [-1], 0, 4)}, bytes(4))),
        "is damaged",
    ),
    "weights that overflow": (
        packed(state__safetensors=tensor_file({"a": one("F32", [2**62, 4], 0, 0)})),
        "is damaged",
    ),
    "weights of a type that is none": (
        packed(state__safetensors=tensor_file({"a": one("OBJECT", [1], 0, 8)}, bytes(8))),
        "is damaged",
    ),
    "weights that are true": (weights(a=np.ones(3, bool)), "'a' is not all finite numbers"),
    "weights of no number": (
        weights(a=np.array([1, np.nan], "f4")),
        "'a' is not all finite numbers",
    ),
    "weights beyond numbers": (weights(a=np.array([np.inf], "f4")), "not all finite numbers"),
    "a thousand weights": (
        weights(**{f"a{i}": np.zeros(1, "f4") for i in range(1001)}),
        "more than 1000 arrays",
    ),
    "cut weights": (cut("state.safetensors", 100), "state.safetensors is damaged"),
    "a cut generator": (cut("generator.safetensors", 100), "generator.safetensors is damaged"),
    "a generator without words": (
        packed(generator__safetensors=tensors.dump({"layer_0/kernel": np.zeros(3, "f4")})),
        "generator.safetensors is damaged",
    ),
    "a generator without a layer": (
        generator(lambda arrays, _: arrays.pop("layer_0/bias")),  # type: ignore[arg-type,return-value]
        "generator.safetensors is damaged",
    ),
    "a generator with a layer too many": (
        generator(lambda arrays, _: arrays.update(layer_9=np.zeros(1, "f4"))),
        "arrays that belong to no layer",
    ),
    "a generator of another shape": (
        generator(lambda _, told: told["layers"][0].update(inputs=784, outputs=4)),
        "generator.safetensors is damaged",
    ),
    "a generator of a strange layer": (
        generator(lambda _, told: told["layers"][0].update(kind="lambda")),
        "a layer 'lambda'",
    ),
    "a generator of negative size": (
        generator(lambda _, told: told["layers"][0].update(inputs=-4)),
        "generator.safetensors is damaged",
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds a run, and never gets another."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    store = RunStore(home)
    untrained.record(store)
    store.close()
    return home


@pytest.fixture(autouse=True)
def use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(home))


def refused(path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence with which a package is refused, once it is sure that nothing else happened."""
    before, beside = untrained.there_is(home), set(path.parent.iterdir())
    assert main(["import", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.endswith(".\n")
    assert len(said.err) < 600
    assert untrained.there_is(home) == before
    assert set(path.parent.iterdir()) == beside
    return said.err


def test_these_packages_are_made_of_a_good_one(members: Members, tmp_path: Path) -> None:
    assert TrainConfig.from_json(json.dumps(json.loads(members["run.json"])["config"])) == CHANGED
    for build in (packed(), told(*GOOD), then(events.Paused(10)), both_configs(seed=5)):
        path = tmp_path / "good.zip"
        path.write_bytes(build(members))
        unpacking.unpack(path)


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_package_is_refused_in_a_sentence(
    name: str, members: Members, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build, words = REFUSED[name]
    path = tmp_path / "bad.zip"
    path.write_bytes(build(members))
    was_loaded = "gan.model.importing" in sys.modules
    assert words in refused(path, home, capsys)
    assert ("gan.model.importing" in sys.modules) == was_loaded


def test_what_is_no_file_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no file" in refused(tmp_path / "none.zip", home, capsys)
    assert "There is no file" in refused(home, home, capsys)


@pytest.mark.parametrize(
    ("owner", "limit", "value", "words"),
    [
        (unpacking, "MAX_FILE_BYTES", 10_000, "is larger than"),
        (unpacking, "MAX_UNPACKED_BYTES", 10_000, "it unpacks to more than"),
        (unpacking, "MAX_ENTRIES", 11, "far too many members"),
        (checks, "MAX_EVENTS", len(GOOD) - 1, f"it holds more than {len(GOOD) - 1} events"),
    ],
)
def test_each_limit_holds(
    owner: Any,
    limit: str,
    value: int,
    words: str,
    members: Members,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "run.zip"
    path.write_bytes(zipped(members))
    monkeypatch.setattr(owner, limit, value)
    assert words in refused(path, home, capsys)
    if limit in ("MAX_ENTRIES", "MAX_EVENTS"):
        monkeypatch.setattr(owner, limit, value + 1)
        unpacking.unpack(path)


def test_every_kind_of_event_that_is_recorded_is_checked(store: RunStore) -> None:
    run = untrained.record(store)
    for _, event in store.events(run):
        checks.check_event(event)
    assert len(GOOD) == len(EVENTS) - 1
