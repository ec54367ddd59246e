"""The package of a run from anybody, read and checked. Nothing of it is run or unpacked to disk.

A package is taken as `gan.exports.package` wrote it: members that it does not write are refused.
Only four of them are read; the pictures, tables and models beside them are for people.
"""

from __future__ import annotations

import io
import json
import math
import mmap
import re
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from gan.data import registry
from gan.data.archives import check_members, megabytes, opened, reason, shown
from gan.exports import checks, package, tensors
from gan.exports.errors import DamageError, PackageError
from gan.messages import codec
from gan.messages.events import Event, Failed, Finished, Saved
from gan.messages.jobs import Train
from gan.messages.status import StopReason
from gan.runs.judgement import Judgement
from gan.runs.state import MAX_NAME, RunState
from gan.settings.config import ConfigError, TrainConfig
from gan.words.text import is_text, is_visible

MAX_FILE_BYTES: Final = 256 << 20
MAX_UNPACKED_BYTES: Final = 512 << 20
MAX_EVENT_BYTES: Final = 256 << 20
MAX_RUN_BYTES: Final = 1 << 16
MAX_DATA_NAME: Final = 100
MAX_ENTRIES: Final = 100
_ENTRY: Final = b"PK\x01\x02"  # starts each entry of a ZIP's table of contents
_READ: Final = {
    package.RUN: MAX_RUN_BYTES,
    package.EVENTS: MAX_EVENT_BYTES,
    package.GENERATOR: MAX_FILE_BYTES,
    package.STATE: MAX_FILE_BYTES,
}
_READ_IF_THERE: Final = {package.JUDGEMENTS: MAX_RUN_BYTES}
"""Earlier versions have none, and runs that were never judged thoroughly."""


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """A run that was checked as far as that goes without TensorFlow."""

    state: RunState
    """The run as it stands after `events`; it has no id."""
    events: tuple[Event, ...]
    weights: tensors.Arrays
    """Of its only snapshot, by the names of `gan.model.bundle`."""
    generator: bytes
    """What the package draws with: a file of `gan.network_file`."""
    seconds: float
    """Training time at the snapshot."""
    images_seen: int
    judgements: tuple[tuple[float, Judgement], ...] = ()
    """The thorough ones, each with the Unix time when it was made, the newest first."""

    @property
    def saved(self) -> Saved:
        """The snapshot."""
        return self.state.saved[-1]


def unpack(path: Path) -> Package:
    """The package in the file at `path`. Raises `PackageError`, or another `DataError`."""
    if not path.is_file():
        raise PackageError(f"There is no file {path}.")
    name, size = shown(path.name), path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise PackageError(f"{name} is larger than {megabytes(MAX_FILE_BYTES)}.")
    with path.open("rb") as file:
        if size and _has_many_entries(file):
            raise PackageError(f"{name} has far too many members.")
        with opened(file, name) as archive:
            check_members(archive, name)
            try:
                _check_names(archive)
                there = set(archive.namelist())
                most = {**_READ, **_READ_IF_THERE}
                return _package({n: _content(archive, n, most[n]) for n in most if n in there})
            except DamageError as error:
                raise PackageError(f"{name} is not taken in: {error}.") from None


def _has_many_entries(file: IO[bytes]) -> bool:
    """Counted before the table of contents is read, which takes memory for each entry."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = -1
        for _ in range(MAX_ENTRIES + 1):
            at = content.find(_ENTRY, at + 1)
            if at < 0:
                return False
        return True


def _check_names(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for member in names:
        if member not in package.MEMBERS:
            raise DamageError(f"it holds {shown(member)}, which is no part of a run's package")
        if names.count(member) > 1:
            raise DamageError(f"it holds {member} twice")
    for member in _READ:
        if member not in names:
            raise DamageError(f"it has no {member}")
    if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise DamageError(f"it unpacks to more than {megabytes(MAX_UNPACKED_BYTES)}")


def _content(archive: zipfile.ZipFile, member: str, most: int) -> bytes:
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise DamageError(f"its {member} is too large")
    return content


def _package(members: Mapping[str, bytes]) -> Package:
    about = _json(members[package.RUN])
    if about.get("format") not in package.READABLE:
        raise DamageError(
            f"its format is {about.get('format')!r:.20}, and this Digit Forge reads "
            f"{package.FORMAT} and older ones: use the version that wrote it"
        )
    begun, config = (_config(about.get(name)) for name in ("begun", "config"))
    saved, seconds, images_seen = _clock(about.get("snapshot"))
    events = _events(members[package.EVENTS], begun)
    if [event for event in events if isinstance(event, Saved)] != [saved]:
        raise DamageError("its events do not have the snapshot that it holds")
    state = RunState("", _name(about.get("name")), begun, _created(about.get("created")))
    try:
        state = state.after(enumerate(events, start=1))
    except (ConfigError, TypeError) as error:
        raise DamageError(f"its settings were changed in a way that cannot be: {error}") from None
    if state.saved != (saved,) or state.config != config:
        raise DamageError("its events do not lead to what it says of itself")
    if not isinstance(events[-1], Finished | Failed):
        events.append(Finished(state.step, StopReason.INTERRUPTED))
        state = state.after([(len(events), events[-1])])
    weights, _ = tensors.read(members[package.STATE], package.STATE)
    generator = tensors.read_generator(members[package.GENERATOR], package.GENERATOR)
    judgements = _judgements(members.get(package.JUDGEMENTS, b"[]"))
    return Package(state, tuple(events), weights, generator, seconds, images_seen, judgements)


def _judgements(content: bytes) -> tuple[tuple[float, Judgement], ...]:
    values = _parsed(content, package.JUDGEMENTS)
    if not isinstance(values, list) or len(values) > package.MAX_JUDGEMENTS:
        raise DamageError(
            f"its {package.JUDGEMENTS} is no list of at most {package.MAX_JUDGEMENTS}"
        )
    try:
        return tuple((_created(each["made"]), Judgement.of(each["result"])) for each in values)
    except (ValueError, TypeError, LookupError) as error:
        raise DamageError(f"one of its judgements cannot be used: {error!s:.100}") from None


def _parsed(content: bytes, member: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamageError(f"its {member} cannot be read: {reason(error)}") from None


def _json(content: bytes) -> dict[str, Any]:
    values = _parsed(content, package.RUN)
    if not isinstance(values, dict):
        raise DamageError(f"its {package.RUN} holds no JSON object")
    return values


def _config(values: object) -> TrainConfig:
    try:
        config = TrainConfig.from_json(json.dumps(values))
    except (ConfigError, TypeError, RecursionError) as error:
        raise DamageError(f"its config cannot be used: {str(error).rstrip('.'):.300}") from None
    # A path would let a stranger have this machine's files read, once the run is told to go on.
    data = config.data
    if data not in registry.DATA_SETS and (
        re.search(r"[/\\:]", data) or data[0] in ".~" or not is_text(data, MAX_DATA_NAME)
    ):
        raise DamageError(f"its data are {data!r:.60}, which is not the name of a file")
    return config


def _clock(values: object) -> tuple[Saved, float, int]:
    """The snapshot, its training time in seconds and the images that were seen."""
    if not isinstance(values, dict):
        raise DamageError("it does not tell of its snapshot")
    step, reported, images = (values.get(key) for key in ("step", "reported_step", "images_seen"))
    seconds = values.get("seconds")
    if (
        type(step) is not int
        or type(images) is not int
        or type(seconds) is not float
        or not (reported is None or (type(reported) is int and 0 <= reported <= step))
        or not 0 <= step <= checks.MAX_NUMBER
        or not 0 <= images <= checks.MAX_NUMBER
        or not 0 <= seconds <= checks.MAX_SECONDS
    ):
        raise DamageError("it does not tell when its snapshot was taken")
    return Saved(step, reported), seconds, images


def _name(name: object) -> str:
    if not isinstance(name, str) or not is_text(name, MAX_NAME) or not is_visible(name):
        raise DamageError(f"its name cannot be {name!r:.40}")
    return " ".join(name.split())


def _created(created: object) -> float:
    """When the run was created, in Unix time; not in the future."""
    if type(created) is not float or not math.isfinite(created) or created < 0:
        raise DamageError(f"it cannot have been created at {created!r:.40}")
    return min(created, time.time())


def _events(content: bytes, begun: TrainConfig) -> list[Event]:
    """What the run reported, in order, each of it checked."""
    stream = io.BytesIO(content)
    events: list[Event] = []
    training = _message(stream, 0)
    if (
        not isinstance(training, Train)
        or training.bundle is not None
        or _config_of(training) != begun
    ):
        raise DamageError("its events do not begin with its config")
    while (event := _message(stream, len(events) + 1)) is not None:
        if len(events) > checks.MAX_EVENTS:
            break  # which the count will tell
        try:
            checks.check_event(event)
        except DamageError as error:
            raise DamageError(f"in event {len(events) + 1}, {error}") from None
        events.append(cast(Event, event))
    if not events:
        raise DamageError("it holds no events")
    checks.check_counts(events)
    checks.check_order(events, begun)
    return events


def _config_of(training: Train) -> TrainConfig:
    try:
        return _config(json.loads(training.config))
    except (ValueError, TypeError, RecursionError):
        raise DamageError("its events do not begin with its config") from None


def _message(stream: io.BytesIO, number: int) -> codec.Sent | None:
    try:
        return codec.read(stream)
    except (codec.MessageError, MemoryError) as error:
        raise DamageError(f"event {number} cannot be read: {reason(error)}") from None
