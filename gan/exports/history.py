"""What a run reported, as it is taken along: with one snapshot, and no place of this machine."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from gan.data import registry
from gan.exports import checks, pictures
from gan.exports.checks import MAX_TEXT
from gan.exports.errors import DamageError
from gan.messages.events import Event, Finished, Imported, Samples, Saved, Trace
from gan.messages.status import StopReason
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig
from gan.words.text import LINK

MAX_SAMPLES: Final = 1000
"""Of more, as many are taken along, evenly chosen."""
_FOLDERS: Final = re.compile(r"(?<![\w/.])(?:[A-Za-z]:|~)?(?:[\\/][^\\/\s'\"<>|:;,]+)+[\\/]")
"""The folders of an absolute path."""


def events(store: RunStore, state: RunState, saved: Saved) -> list[Event]:
    """What the run reported up to `state`, with `saved` as its only snapshot.

    Of traces only the last is kept, which is the one that people see. Raises `StoreError` for a
    run that reported too often to be read back.
    """
    if state.recording:
        return _recorded(store, state, saved)
    told = [event for seq, event in store.events(state.id) if seq <= state.seq]
    last = {
        kind: place
        for place, event in enumerate(told)
        for kind in (Saved, Trace)
        if isinstance(event, kind) and (kind is Trace or event.step == saved.step)
    }
    shown = [place for place, event in enumerate(told) if isinstance(event, Samples)]
    kept = {*last.values(), *(shown[i] for i in pictures.evenly(len(shown), MAX_SAMPLES))}
    told[last[Saved]] = saved
    taken = [
        _private(store, state, event)
        for place, event in enumerate(told)
        if place in kept or not isinstance(event, Saved | Samples | Trace | Imported)
    ]
    try:
        checks.check_counts(taken)
    except DamageError as error:
        raise StoreError(f"The run {state.id} cannot be exported: {error}.") from None
    return taken


def portable(config: TrainConfig) -> TrainConfig:
    """The config, of which a file of data has only its name."""
    if config.data in registry.DATA_SETS:
        return config
    return replace(config, data=bare(config.data))


def bare(path: str) -> str:
    """The name of the file at `path`, which may be one of another system."""
    return re.split(r"[\\/:]", path)[-1].lstrip(".~") or "data"


def plain(text: str, store: RunStore, state: RunState) -> str:
    """The text, fit for a package: no control characters, links, or places on this machine."""
    if state.config.data not in registry.DATA_SETS:
        text = text.replace(state.config.data, bare(state.config.data))
    for folder in (store.home, Path.home()):
        text = text.replace(f"{folder}/", "")
    text = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    return LINK.sub("] ", _FOLDERS.sub("", text))[:MAX_TEXT]


def _recorded(store: RunStore, state: RunState, saved: Saved) -> list[Event]:
    """What a recording tells, in the order of its steps."""
    told: list[Any] = [*state.progress, *library.samples(store, state), *state.quality]
    told.sort(key=lambda event: event.step)
    began = [event for event in (state.grouped, state.started) if event is not None]
    return [*began, *told, saved, Finished(state.step, StopReason.COMPLETED)]


def _private(store: RunStore, state: RunState, event: Event) -> Event:
    """The event, its words plain and without a place on this machine."""
    words: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if type(value) is str:
            words[field.name] = plain(value, store, state)
        elif isinstance(value, dict):  # what a sentence speaks of, or a change of the config
            words[field.name] = {
                name: plain(each, store, state) if isinstance(each, str) else each
                for name, each in value.items()
            }
    return replace(event, **words) if words else event
