"""What the rows of the record stand for. One that cannot be read makes its own run unreadable."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from gan.messages.codec import MessageError, UnknownMessage, read
from gan.messages.events import Event
from gan.runs.errors import UnreadableRun
from gan.settings.config import ConfigError, TrainConfig

_FILE: Final = re.compile(r'[^/\\"]+\.npz')
_WRONG_TYPES: Final = (TypeError, ValueError, LookupError, AttributeError)
"""What a fold raises over an event whose values are not of their fields' types."""


def event(run: str, seq: int, payload: bytes) -> Event:
    """Event `seq` of `run`. Raises `UnreadableRun`."""
    try:
        return cast(Event, read(io.BytesIO(payload)))
    except UnknownMessage as error:
        raise UnreadableRun(
            f"Event {seq} of the run {run} is of a newer version of Digit Forge ({error}). The run "
            "is kept as it is, and left out here; all others are there. Update Digit Forge to see "
            "it."
        ) from error
    except MessageError as error:
        raise _damaged(run, f"Event {seq} of the run {run} is damaged", error) from error


def config(run: str, text: str) -> TrainConfig:
    """The config that `run` began with. Raises `UnreadableRun`."""
    try:
        return TrainConfig.from_json(text)
    except (ConfigError, TypeError) as error:
        raise _refused(run, error) from error


def files_named(config: str) -> Iterable[str]:
    """The names of files in a stored config; of one that cannot be read, all that may be some."""
    try:
        return [Path(json.loads(config)["data"]).name]
    except (ValueError, TypeError, LookupError):
        return _FILE.findall(str(config))


@contextmanager
def understood(run: str) -> Iterator[None]:
    """Explain what is raised where events of `run` that could be read make no sense together."""
    try:
        yield
    except ConfigError as error:
        raise _refused(run, error) from error
    except _WRONG_TYPES as error:
        raise _damaged(run, f"An event of the run {run} is damaged", error) from error


def _refused(run: str, error: Exception) -> UnreadableRun:
    why = str(error).rstrip(".")
    return UnreadableRun(
        f"The settings of the run {run} are none that this version of Digit Forge takes ({why}). "
        "The run is kept as it is, and left out here; all others are there. The version that "
        "trained it, or a newer one, shows it."
    )


def _damaged(run: str, what: str, error: Exception) -> UnreadableRun:
    return UnreadableRun(
        f"{what} ({error}). The run is kept as it is, and left out here; all others are there. "
        "Only a copy of the store from before that brings it back."
    )
