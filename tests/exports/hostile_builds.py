"""How a good package becomes one that nobody should make."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from untrained import (
    CONFIG,
    EVENTS,
    encoded,
    zipped,
)

from gan.exports import tensors
from gan.messages import events
from gan.messages.events import Failed, Saved
from gan.messages.jobs import Train

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
