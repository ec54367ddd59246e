"""The lessons' recordings: runs of this project's presets that ship with it, to be played back.

Each is a ZIP: what was trained and recorded, as a run reports it, and the networks of a few
snapshots, generators and perhaps discriminators, with their weights rounded. Nothing of it needs
TensorFlow.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from gan import network_file
from gan.messages.codec import encode, read
from gan.messages.events import Event, Samples, Saved
from gan.messages.jobs import Train
from gan.runs import snapshots
from gan.runs.read_once import read_once
from gan.runs.snapshots import DISCRIMINATOR, GENERATOR
from gan.runs.state import RunState
from gan.settings.config import TrainConfig

FOLDER: Final = Path(__file__).parents[2] / "assets" / "recordings"
PREFIX: Final = "recorded-"
"""Of a recording's id, before the name of its preset."""
MAX_SNAPSHOTS: Final = 4
MAX_NETWORK_BYTES: Final = 900_000
"""Of all snapshots of a recording; the last is kept in any case."""
_ABOUT: Final = "about.json"
_EVENTS: Final = "events.bin"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same recording makes the same file


def names() -> list[str]:
    """The ids of the recordings that are there."""
    return sorted(PREFIX + path.stem for path in FOLDER.glob("*.zip"))


@read_once()
def state(name: str) -> RunState:
    """The recorded run of this id. Raises `OSError` or `ValueError` if its file is damaged."""
    with _opened(name) as file:
        about = json.loads(file.read(_ABOUT))
        training, events = _events(file)
        preset = name.removeprefix(PREFIX)
        config = TrainConfig.from_json(training.config)
        blank = RunState(
            name, preset, config, created=0.0, recording=True, recorded_on=str(about["on"])
        )
        return blank.after(enumerate(events, start=1))


@read_once(most=8)
def samples(name: str) -> tuple[Samples, ...]:
    """All samples of a recording, in order: some 1 MB."""
    with _opened(name) as file:
        return tuple(event for event in _events(file)[1] if isinstance(event, Samples))


def generator(name: str, step: int) -> bytes | None:
    """The generator after `step` steps, for the browser; None if that snapshot was not kept."""
    return _network(name, GENERATOR, step)


def discriminator(name: str, step: int) -> bytes | None:
    """The discriminator after `step` steps, for the browser; None if it was not kept."""
    return _network(name, DISCRIMINATOR, step)


def steps(name: str, kind: str) -> list[int]:
    """The steps of which a network was kept, ascending: ``generator.bin``, for example."""
    kept = _members(name)
    return [saved.step for saved in state(name).saved if _member(kind, saved.step) in kept]


def write(
    preset: str,
    config: TrainConfig,
    events: Iterable[Event],
    generators: Mapping[int, bytes],
    on: str,
    discriminators: Mapping[int, bytes] | None = None,
) -> Path:
    """Record the run of `preset`: returns the file.

    `generators`, and `discriminators` if there are any, are the browser's, by their steps; `on`
    says where and when it was trained.
    """
    networks: dict[int, dict[str, bytes]] = {step: {} for step in generators}
    for kind, found in ((GENERATOR, generators), (DISCRIMINATOR, discriminators or {})):
        for step, network in found.items():
            networks[step][_member(kind, step)] = network_file.rounded(network)
    kept = {step: networks[step] for step in _chosen(networks)}
    lines = [encode(Train(config.to_json()))]
    for event in events:
        if isinstance(event, Samples):
            event = replace(event, images=_sixteen_levels(event.images))
        if not isinstance(event, Saved) or event.step in kept:
            lines.append(encode(event))
    members = {_ABOUT: json.dumps({"on": on}).encode(), _EVENTS: b"".join(lines)}
    for each in kept.values():
        members |= each
    path = FOLDER / f"{preset}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_LZMA) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_LZMA)
    partial.replace(path)
    for kept_of_it in (state, samples, _members, _network):
        kept_of_it.cache_clear()
    return path


def _opened(name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(FOLDER / f"{name.removeprefix(PREFIX)}.zip")


@read_once()
def _members(name: str) -> frozenset[str]:
    with _opened(name) as file:
        return frozenset(file.namelist())


def _events(file: zipfile.ZipFile) -> tuple[Train, list[Event]]:
    stream = io.BytesIO(file.read(_EVENTS))
    training = cast(Train, read(stream))
    return training, list(iter(lambda: cast(Event, read(stream)), None))


@read_once(most=4)  # a class opens the same ones, which are packed: some 10 MB at most each
def _network(name: str, kind: str, step: int) -> bytes | None:
    with _opened(name) as file:
        try:
            content = file.read(_member(kind, step))
        except KeyError:
            return None
    return network_file.restored(content)


def _member(kind: str, step: int) -> str:
    return snapshots.path(Path(), kind, step).name


def _chosen(networks: Mapping[int, Mapping[str, bytes]]) -> list[int]:
    """The last snapshot, and before it as many as there is room for, ever sparser."""
    *earlier, last = sorted(networks)
    size = sum(len(each) for each in networks[last].values())
    room = MAX_NETWORK_BYTES // max(1, size) - 1
    count = min(len(earlier), max(0, room), MAX_SNAPSHOTS - 1)
    wanted = [last / 4**power for power in range(count, 0, -1)]
    chosen = {min(earlier, key=lambda step: abs(step - each)) for each in wanted}
    return sorted({*chosen, last})


def _sixteen_levels(images: Any) -> Any:
    """Images uint8 in the sixteen levels of grey in which they are drawn, which pack well."""
    return ((images.astype("u2") * 15 + 127) // 255 * 17).astype("u1")
