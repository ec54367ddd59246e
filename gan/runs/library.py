"""Finding a run by what people call it: an id, ``latest``, or a pretrained network's name."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, cast

from gan.config import TrainConfig
from gan.events import Event, Job, Samples, encode, read
from gan.runs.errors import NoSuchRun
from gan.runs.snapshots import GENERATOR, SNAPSHOT
from gan.runs.state import RunState
from gan.runs.store import RunStore

PRETRAINED: Final = Path(__file__).parents[2] / "assets" / "pretrained"
LATEST: Final = "latest"
_RECORDING: Final = "recording.bin.gz"


def pretrained_names() -> list[str]:
    """The networks that ship with the project."""
    return sorted(path.parent.name for path in PRETRAINED.glob(f"*/{_RECORDING}"))


@cache
def pretrained(name: str) -> RunState:
    """The recorded training of a pretrained network. Raises `NoSuchRun`."""
    if name not in pretrained_names():
        raise NoSuchRun(f"There is no pretrained network {name!r}.")
    job, events = _recorded(name)
    config = TrainConfig.from_json(job.config)
    state = RunState(name, name, config, created=0.0, recording=True)
    return state.after(enumerate(events, start=1))


def samples(store: RunStore, state: RunState) -> list[Samples]:
    """All samples of a run, in order."""
    if not state.recording:
        return store.samples(state.id)
    return [event for event in _recorded(state.id)[1] if isinstance(event, Samples)]


def _recorded(name: str) -> tuple[Job, list[Event]]:
    """What was trained, and what was recorded of it."""
    with gzip.open(PRETRAINED / name / _RECORDING) as file:
        job = cast(Job, read(file))
        return job, list(iter(lambda: cast(Event, read(file)), None))


def find(store: RunStore, name: str) -> RunState:
    """The run called `name`. Raises `NoSuchRun`, saying what there is."""
    if name in pretrained_names():
        return pretrained(name)
    if name != LATEST:
        return store.state(name)
    ids = store.ids()
    if not ids:
        raise NoSuchRun(
            f"There are no runs in {store.home} yet: start one with python -m gan train."
        )
    return store.state(ids[0])


def generator(store: RunStore, state: RunState) -> bytes | None:
    """The exported generator of a run, for the browser; None if it has saved none yet."""
    if state.recording:
        return (PRETRAINED / state.id / GENERATOR).read_bytes()
    return None if state.saved_step is None else store.generator(state.id, state.saved_step)


def snapshot_path(store: RunStore, state: RunState) -> Path:
    """The file that holds a run's weights. Raises `NoSuchRun` if it has saved none yet."""
    if state.recording:
        return PRETRAINED / state.id / SNAPSHOT
    path = store.snapshot_path(state.id, state.saved_step or 0)
    if not path.is_file():
        raise NoSuchRun(
            f"The run {state.id} ended before its first snapshot: there is nothing to draw from."
        )
    return path


def write_pretrained(
    name: str, config: TrainConfig, events: Iterable[Event], bundle: bytes, generator: bytes
) -> None:
    """Make a run's events and its final weights a pretrained network of the project."""
    folder = PRETRAINED / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SNAPSHOT).write_bytes(bundle)
    (folder / GENERATOR).write_bytes(generator)
    recording = encode(Job(config.to_json())) + b"".join(encode(event) for event in events)
    (folder / _RECORDING).write_bytes(gzip.compress(recording, mtime=0))
    pretrained.cache_clear()
