"""The lessons' recordings: runs of this project's presets that ship with it, to be played back.

Each is a ZIP: what was trained and recorded, as a run reports it, and generators of a few moments
with their weights rounded. Nothing of it needs TensorFlow.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, cast

from gan import layer_file
from gan.config import TrainConfig
from gan.events import Event, Job, Samples, Saved
from gan.runs.state import RunState
from gan.wire import encode, read

FOLDER: Final = Path(__file__).parents[2] / "assets" / "recordings"
PREFIX: Final = "recorded-"
"""Of a recording's id, before the name of its preset."""
MAX_GENERATORS: Final = 4
MAX_GENERATOR_BYTES: Final = 550_000
"""Of all generators of a recording but the last, which is always kept."""
_ABOUT: Final = "about.json"
_EVENTS: Final = "events.bin"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same recording makes the same file


def names() -> list[str]:
    """The ids of the recordings that are there."""
    return sorted(PREFIX + path.stem for path in FOLDER.glob("*.zip"))


@cache
def state(name: str) -> RunState:
    """The recorded run of this id. Raises `OSError` or `ValueError` if its file is damaged."""
    with _opened(name) as file:
        about = json.loads(file.read(_ABOUT))
        job, events = _events(file)
        preset = name.removeprefix(PREFIX)
        config = TrainConfig.from_json(job.config)
        blank = RunState(
            name, preset, config, created=0.0, recording=True, recorded_on=str(about["on"])
        )
        return blank.after(enumerate(events, start=1))


@lru_cache(maxsize=8)
def samples(name: str) -> tuple[Samples, ...]:
    """All samples of a recording, in order: some 1 MB."""
    with _opened(name) as file:
        return tuple(event for event in _events(file)[1] if isinstance(event, Samples))


def generator(name: str, step: int) -> bytes | None:
    """The generator after `step` steps, for the browser; None if that moment was not kept."""
    with _opened(name) as file:
        try:
            return layer_file.restored(file.read(_generator(step)))
        except KeyError:
            return None


def write(
    preset: str,
    config: TrainConfig,
    events: Iterable[Event],
    generators: Mapping[int, bytes],
    on: str,
) -> Path:
    """Record the run of `preset`: returns the file.

    `generators` are the browser's, by their steps; `on` says where and when it was trained.
    """
    kept = dict(_chosen({step: layer_file.rounded(each) for step, each in generators.items()}))
    lines = [encode(Job(config.to_json()))]
    for event in events:
        if isinstance(event, Samples):
            event = replace(event, images=_sixteen_levels(event.images))
        if not isinstance(event, Saved) or event.step in kept:
            lines.append(encode(event))
    members = {_ABOUT: json.dumps({"on": on}).encode(), _EVENTS: b"".join(lines)}
    members |= {_generator(step): each for step, each in kept.items()}
    path = FOLDER / f"{preset}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_LZMA) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_LZMA)
    partial.replace(path)
    state.cache_clear()
    samples.cache_clear()
    return path


def _opened(name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(FOLDER / f"{name.removeprefix(PREFIX)}.zip")


def _events(file: zipfile.ZipFile) -> tuple[Job, list[Event]]:
    stream = io.BytesIO(file.read(_EVENTS))
    job = cast(Job, read(stream))
    return job, list(iter(lambda: cast(Event, read(stream)), None))


def _generator(step: int) -> str:
    return f"generator-{step:08}.bin"


def _chosen(generators: Mapping[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """The last generator, and before it as many as there is room for, ever sparser."""
    steps = sorted(generators)
    *earlier, last = steps
    room = MAX_GENERATOR_BYTES // max(1, len(generators[last])) - 1
    count = min(len(earlier), max(0, room), MAX_GENERATORS - 1)
    wanted = [last / 4**power for power in range(count, 0, -1)]
    chosen = {min(earlier, key=lambda step: abs(step - moment)) for moment in wanted}
    for step in sorted({*chosen, last}):
        yield step, generators[step]


def _sixteen_levels(images: Any) -> Any:
    """Images uint8 in the sixteen levels of grey in which they are drawn, which pack well."""
    return ((images.astype("u2") * 15 + 127) // 255 * 17).astype("u1")
