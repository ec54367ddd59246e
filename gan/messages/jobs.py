"""Jobs: what takes time is of a kind, has a payload, and says how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan.messages.events import Failed
from gan.messages.requests import Request


@dataclass(frozen=True, slots=True, eq=False)
class Train:
    """The payload of a training: a config, as the JSON of `TrainConfig.to_json`."""

    config: str
    bundle: NDArray[np.uint8] | None = None
    """The snapshot to go on from, if there is one: the bytes of `gan.model.bundle.dump`."""
    is_paused: bool = False
    """Whether time stands still at first."""


@dataclass(frozen=True, slots=True, eq=False)
class AboutRun:
    """The payload of a job that works with what a run has learned."""

    bundle: NDArray[np.uint8]
    """The run's snapshot: the bytes of `gan.model.bundle.dump`."""
    options: Mapping[str, Any]
    """What was chosen for the job; its kind says what there is to choose."""


Payload = Train | AboutRun | Request


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Tells a worker what to do: a kind of `gan.jobs.kinds`, and the payload that goes with it."""

    kind: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Working:
    """How far a job is."""

    code: str
    """What it does just now: of `gan.words.progress`."""
    share: float
    """Of the work that is done, 0 to 1."""
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    """What its sentence speaks of."""


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a stored job that came to something."""

    result: Mapping[str, Any]
    """What JSON can hold; the job's kind says what it means."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The end of a job that was stopped before it came to something."""

    is_interrupted: bool = False
    """Whether the server went away, and nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker is warm and waits for a job."""

    device: str
    process_id: int = 0


@dataclass(frozen=True, slots=True)
class Prepare:
    """Tells a worker what people may start next, the likeliest first.

    It gets ready for these while it has no job, and lets go of what it had ready for others.
    """

    configs: tuple[str, ...] = ()
    """Of trainings, each as the JSON of `TrainConfig.to_json`."""


JobEvent = Working | Done | Failed | Cancelled
"""What a stored job other than a training reports."""
