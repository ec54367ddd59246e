"""Finding a run by what people call it: an id, ``latest``, or the name of one that ships here."""

from __future__ import annotations

import gzip
import logging
import lzma
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from gan.messages.codec import read
from gan.messages.events import Event, Quality, Samples
from gan.messages.jobs import Train
from gan.runs import recordings, shipping
from gan.runs.errors import NoSuchRun, StoreError, UnreadableRun
from gan.runs.read_once import read_once
from gan.runs.snapshots import DISCRIMINATOR, GENERATOR, SNAPSHOT
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

PRETRAINED: Final = Path(__file__).parents[2] / "assets" / "pretrained"
LATEST: Final = "latest"
_log: Final = logging.getLogger(__name__)
"""Where a command line runs and nobody listens, Python writes warnings to standard error."""
_RECORDING: Final = "recording.bin.gz"
_DAMAGED: Final = (OSError, ValueError, KeyError, zipfile.BadZipFile, lzma.LZMAError)


def pretrained_names() -> list[str]:
    """The networks that ship with the project."""
    return sorted(path.parent.name for path in PRETRAINED.glob(f"*/{_RECORDING}"))


@read_once()
def pretrained(name: str) -> RunState:
    """The recorded training of a pretrained network. Raises `NoSuchRun`."""
    if name not in pretrained_names():
        raise NoSuchRun(f"There is no pretrained network {name!r}.")
    training, events = _recorded(name)
    config = TrainConfig.from_json(training.config)
    state = RunState(name, name, config, created=0.0, recording=True)
    return state.after(enumerate(events, start=1))


def shipped_names() -> list[str]:
    """All runs that ship with the project: the pretrained networks, then the lessons."""
    return [*pretrained_names(), *recordings.names()]


def shipped(name: str) -> RunState:
    """The recorded training of one of `shipped_names`. Raises `NoSuchRun` if it is damaged."""
    if not name.startswith(recordings.PREFIX):
        return pretrained(name)
    try:
        return recordings.state(name)
    except _DAMAGED as error:
        raise NoSuchRun(f"The recording {name} cannot be played: {error}.") from error


def samples(store: RunStore, state: RunState) -> list[Samples]:
    """All samples of a run, in order."""
    return list(recorded_samples(state.id)) if state.recording else store.samples(state.id)


def sample_places(store: RunStore, state: RunState) -> list[tuple[int, int]]:
    """Where `samples_at` finds each of a run's samples, and its step, in order."""
    if not state.recording:
        return store.sample_places(state.id)
    return [(place, each.step) for place, each in enumerate(recorded_samples(state.id))]


def samples_at(store: RunStore, run: str, place: int) -> tuple[TrainConfig, Samples]:
    """The samples at one of a run's `sample_places`, and a config that draws in the same way.

    Raises `NoSuchRun` if there is no such run or no such place.
    """
    if run not in shipped_names():
        return store.samples_at(run, place)
    recorded = recorded_samples(run)
    if not 0 <= place < len(recorded):
        raise NoSuchRun(f"The recording {run} has no samples {place}.")
    return shipped(run).config, recorded[place]


def recorded_samples(name: str) -> tuple[Samples, ...]:
    """All samples of a recording, in order; the same objects each time."""
    return recordings.samples(name) if is_lesson(shipped(name)) else _pretrained_samples(name)


@read_once(most=4)
def _pretrained_samples(name: str) -> tuple[Samples, ...]:
    """Some 2 MB."""
    return tuple(event for event in _recorded(name)[1] if isinstance(event, Samples))


def _recorded(name: str) -> tuple[Train, list[Event]]:
    """What was trained, and what was recorded of it."""
    with gzip.open(PRETRAINED / name / _RECORDING) as file:
        training = cast(Train, read(file))
        return training, list(iter(lambda: cast(Event, read(file)), None))


def recording_of(preset: str) -> str:
    """The id of the recording of `preset`, if it ships with one."""
    return recordings.PREFIX + preset


def is_lesson(state: RunState) -> bool:
    """Whether a run is the recording of a preset, of which only the browser's generators ship."""
    return state.recording and state.id.startswith(recordings.PREFIX)


def find(store: RunStore, name: str) -> RunState:
    """The run called `name`. Raises `NoSuchRun`, saying what there is.

    The latest is the newest that can be read, and what cannot is told.
    """
    if name in shipped_names():
        return shipped(name)
    return _latest(store) if name == LATEST else store.state(name)


def _latest(store: RunStore) -> RunState:
    unreadable: UnreadableRun | None = None
    for run in store.ids():
        try:
            state = store.state(run)
        except UnreadableRun as error:
            unreadable = unreadable or error
            continue
        if unreadable:
            _log.warning("%s The newest that can be read is taken: %s.", unreadable, run)
        return state
    raise unreadable or NoSuchRun(
        f"There are no runs in {store.home} yet: start one with python -m gan train."
    )


def generator(store: RunStore, state: RunState, step: int | None = None) -> bytes | None:
    """The generator of a run after `step` steps, for the browser; without a step, the newest.

    None if it was not saved then. Raises `StoreError` if its file is damaged.
    """
    return _network(store, state, GENERATOR, step)


def discriminator(store: RunStore, state: RunState, step: int | None = None) -> bytes | None:
    """The discriminator beside `generator`; None also where that is the only network saved."""
    return _network(store, state, DISCRIMINATOR, step)


def drawable_steps(store: RunStore, state: RunState) -> list[int]:
    """The steps of which `generator` has one, ascending."""
    return _steps(store, state, GENERATOR)


def judged_steps(store: RunStore, state: RunState) -> list[int]:
    """The steps of which `discriminator` has one, ascending."""
    return _steps(store, state, DISCRIMINATOR)


def shipped_networks(name: str) -> Iterator[bytes]:
    """All networks of one of `shipped_names`, ascending by step. Raises as `generator` does."""
    state = shipped(name)
    for step in _shipped_steps(state, GENERATOR):
        for kind in (GENERATOR, DISCRIMINATOR):
            with _damage_named(state):
                yield _shipped_network(state, kind, step) or b""


def _network(store: RunStore, state: RunState, kind: str, step: int | None) -> bytes | None:
    with _damage_named(state):
        if state.recording:
            return _shipped_network(state, kind, step)
        step = state.saved_step if step is None else step
        read = store.generator if kind == GENERATOR else store.discriminator
        return None if step is None else read(state.id, step)


@contextmanager
def _damage_named(state: RunState) -> Iterator[None]:
    """Raise `StoreError` for a network of a run that cannot be read."""
    try:
        yield
    except _DAMAGED as error:
        raise StoreError(f"A network of {state.id} cannot be read: {error}.") from error


def _shipped_network(state: RunState, kind: str, step: int | None) -> bytes | None:
    if is_lesson(state):
        step = state.saved_step if step is None else step
        read = recordings.generator if kind == GENERATOR else recordings.discriminator
        return None if step is None else read(state.id, step)
    path = PRETRAINED / state.id / kind
    return path.read_bytes() if step in (None, state.step) and path.is_file() else None


def _shipped_steps(state: RunState, kind: str) -> list[int]:
    if is_lesson(state):
        return recordings.steps(state.id, kind)
    return [state.step] if (PRETRAINED / state.id / kind).is_file() else []


def _steps(store: RunStore, state: RunState, kind: str) -> list[int]:
    if state.recording:
        return _shipped_steps(state, kind)
    return [
        saved.step
        for saved in state.saved
        if store.network_path(state.id, kind, saved.step).is_file()
    ]


def snapshot_path(store: RunStore, state: RunState) -> Path:
    """The file that holds a run's weights. Raises `NoSuchRun` if it has saved none yet."""
    if is_lesson(state):
        raise NoSuchRun(
            f"The recording {state.id} ships without its weights: it can be watched and explored "
            f"in the browser. Train one: python -m gan train --preset {state.name}."
        )
    if state.recording:
        return PRETRAINED / state.id / SNAPSHOT
    path = store.snapshot_path(state.id, state.saved_step or 0)
    if not path.is_file():
        raise NoSuchRun(
            f"The run {state.id} ended before its first snapshot: there is nothing to draw from."
        )
    return path


def write_pretrained(
    name: str,
    config: TrainConfig,
    events: Iterable[Event],
    bundle: bytes,
    generator: bytes,
    discriminator: bytes = b"",
) -> None:
    """Make a run's events and its final weights a pretrained network of the project.

    It may have no `discriminator`.
    """
    folder = PRETRAINED / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SNAPSHOT).write_bytes(bundle)
    (folder / GENERATOR).write_bytes(generator)
    (folder / DISCRIMINATOR).unlink(missing_ok=True)
    if discriminator:
        (folder / DISCRIMINATOR).write_bytes(discriminator)
    _record(name, config.to_json(), events)


def judge_pretrained(name: str, quality: Quality) -> None:
    """Put another judgement in the place of the last one of a pretrained network."""
    training, events = _recorded(name)
    place = max(at for at, event in enumerate(events) if isinstance(event, Quality))
    _record(name, training.config, [*events[:place], quality, *events[place + 1 :]])


def _record(name: str, config: str, events: Iterable[Event]) -> None:
    (PRETRAINED / name / _RECORDING).write_bytes(shipping.packed(config, events))
    pretrained.cache_clear()
    _pretrained_samples.cache_clear()
