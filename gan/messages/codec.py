"""The one form in which messages travel and rest.

A message is a line of JSON followed by the bytes of its arrays. The same bytes go through a
worker's pipe, into the store and into the recordings in `assets/`; nothing is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import IO, Any, Final, Protocol, cast, get_args

import numpy as np
from numpy.typing import NDArray

from gan.messages.commands import Command
from gan.messages.events import Event
from gan.messages.jobs import Cancelled, Done, Job, Payload, Prepare, Ready, Train, Working
from gan.messages.requests import Result
from gan.messages.status import Part, StopReason
from gan.words.codes import AS_TOLD
from gan.words.progress import CODES

Sent = Event | Command | Job | Payload | Prepare | Ready | Working | Result | Done | Cancelled
"""All that travels."""


class MessageError(ValueError):
    """Bytes that are not a message, or not a whole one."""


class UnknownMessage(MessageError):
    """A whole message of a kind, or with a field, that this version does not know."""


class Readable(Protocol):
    """A stream of bytes: a pipe, a file, a gzip file."""

    def readline(self, size: int, /) -> bytes:
        """Up to the end of the line, `size` bytes at most."""

    def read(self, size: int, /) -> bytes:
        """Exactly `size` bytes, fewer only at the end."""


_NAMES: Final[Mapping[type, str]] = {
    **{kind: kind.__name__ for kind in get_args(Sent)},
    Train: "Job",
    Job: "Work",
}
"""What each message is called. Recordings, packages and older records call a training a job."""
_KINDS: Final[Mapping[str, type]] = {name: kind for kind, name in _NAMES.items()}
_PLAIN: Final[Mapping[str, type | tuple[type, ...]]] = {
    "int": int,
    "float": (int, float),
    "str": str,
}
_FIELDS: Final = {
    name: {item.name: _PLAIN.get(str(item.type), object) for item in fields(kind)}
    for name, kind in _KINDS.items()
}
"""Of each kind of message its fields, with what their values are held against."""
_RESTORE: Final[Mapping[str, Any]] = {
    "reason": StopReason,
    "part": Part,
    "configs": tuple,
    "dropped": tuple,
    "layers": tuple,
    "shares": tuple,
    "coverage": tuple,
    "real_coverage": tuple,
}
_NO_MESSAGE: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What Python and numpy raise over bytes that are none."""
_MAX_HEADER_BYTES: Final = 1 << 20


def encode(message: Sent) -> bytes:
    """`message` as bytes that `read` turns back into an equal one."""
    if isinstance(message, Job):
        told = {"kind": _NAMES[Job], "values": {"kind": message.kind}, "arrays": []}
        return json.dumps(told).encode() + b"\n" + encode(message.payload)
    values: dict[str, Any] = {}
    arrays: list[tuple[str, NDArray[Any]]] = []
    for item in fields(message):
        value = getattr(message, item.name)
        if isinstance(value, np.ndarray):
            arrays.append((item.name, value))
        else:
            values[item.name] = value
    header = {
        "kind": name_of(message),
        "values": values,
        "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays],
    }
    return b"".join(
        [
            json.dumps(header).encode(),
            b"\n",
            *(np.ascontiguousarray(a).tobytes() for _, a in arrays),
        ]
    )


def name_of(message: Sent) -> str:
    """What `message` is called where it travels and rests."""
    return _NAMES[type(message)]


def read(stream: Readable) -> Sent | None:
    """The next message of `stream`, or None at its end.

    Raises `MessageError` for a torn one, and `UnknownMessage` for one of another version.
    """
    line = stream.readline(_MAX_HEADER_BYTES)
    if not line:
        return None
    try:
        header = _todays(json.loads(line))
        kind = _known_kind(header)
        values = {
            name: _RESTORE.get(name, lambda value: value)(value)
            for name, value in header["values"].items()
        }
        for name, dtype, shape in header["arrays"]:
            values[name] = _read_array(stream, np.dtype(dtype), tuple(shape))
        if kind is Job:
            values["payload"] = _read_payload(stream)
        return cast(Sent, kind(**values))
    except MessageError:
        raise
    except _NO_MESSAGE as error:
        raise MessageError(f"Not a message: {error}") from error


def _todays(header: dict[str, Any]) -> dict[str, Any]:
    """`header`; one of before there were codes, which told things in words, as one of now."""
    values = header["values"]
    match header["kind"]:
        case "Failed" if "error" in values:
            return {**header, "values": {"code": AS_TOLD, "values": values}}
        case "Preparing" if "doing" in values:
            words = values["doing"]
            known = CODES.get(words) if isinstance(words, str) else None
            told = {"code": known} if known else {"code": AS_TOLD, "values": {"words": words}}
            return {**header, "values": told}
    return header


def _known_kind(header: Mapping[str, Any]) -> type:
    """The type of the message that `header` announces."""
    name = header["kind"]
    if name not in _KINDS:
        raise UnknownMessage(f"there is no message {name!r:.60}")
    known, values = _FIELDS[name], header["values"]
    for other in (*values, *(array[0] for array in header["arrays"])):
        if other not in known:
            raise UnknownMessage(f"a message {name} has no field {other!r:.60}")
    for field, value in values.items():
        if not isinstance(value, known[field]):
            raise MessageError(f"the {field} of a {name} cannot be {value!r:.60}")
    return _KINDS[name]


def _read_payload(stream: Readable) -> Payload:
    payload = read(stream)
    if not isinstance(payload, Payload):
        raise MessageError("it ends before what the job is about")
    return payload


def _read_array(stream: Readable, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if dtype.hasobject:
        raise MessageError("arrays of objects are not read")
    size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    data = stream.read(size)
    if len(data) != size:
        raise MessageError("it ends in the middle of an array")
    return np.frombuffer(data, dtype).reshape(shape)


def write(stream: IO[bytes], message: Sent) -> None:
    """Send `message` down `stream` at once."""
    stream.write(encode(message))
    stream.flush()
