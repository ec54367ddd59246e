"""What a run can be told, on its way from people to its worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gan.messages.status import Part, StopReason


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends a run after the current tick; what it learned is kept."""

    reason: StopReason = StopReason.STOPPED


@dataclass(frozen=True, slots=True)
class Pause:
    """Holds time after the current tick, and takes a snapshot."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Lets time go on."""


@dataclass(frozen=True, slots=True)
class Park:
    """Ends the work on a paused run, which is saved to go on later; others are not touched."""


@dataclass(frozen=True, slots=True)
class Step:
    """Takes one step; a run that is not paused is paused first."""

    part: Part = Part.BOTH


@dataclass(frozen=True, slots=True)
class Pace:
    """Slow motion: at most so many steps a second; None for as many as can be."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Adjust:
    """Changes fields of the config (`gan.settings.config.ADJUSTABLE`) from the next step on."""

    changes: Mapping[str, Any]


Command = Stop | Pause | Park | Resume | Step | Pace | Adjust
