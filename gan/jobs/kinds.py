"""What a worker can do: each kind of job in one entry, which lanes, pages and commands read.

A kind's work is a function in a module of its own, named here and imported in the worker: so a
server knows every kind, and has loaded nothing of what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from gan.jobs.policy import PASSING, STORED, TRAINING
from gan.messages.jobs import AboutRun, Payload, Train
from gan.messages.requests import (
    FindDirections,
    FindNearest,
    FitEncoder,
    MeasurePace,
    Request,
)
from gan.runs import judgement


@dataclass(frozen=True, slots=True)
class Failures:
    """How a job fails: a code of `gan.words.failures` for each cause."""

    network: str = "network_refused"
    data: str = "pictures_refused"
    memory: str = "job_memory"
    stopped: str = "job_stopped"
    """If it is none of the others."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job."""

    name: str
    title: str
    """What it does, in a whole sentence."""
    label: str
    """What the command line calls it."""
    lane: str
    """The name of the policy by which it waits and goes on."""
    payload: type[Payload]
    work: str
    """``module:function``, from the payload to an iterator of messages, the last of them its end.
    """
    hears_commands: bool = False
    """Whether the function takes the commands too, and ends itself; else `Stop` ends it between two
    of its messages."""
    is_cached: bool = False
    """Whether what came of it is given to whoever asks the same again."""
    warm_up: str = ""
    """``module:function`` of what is done before the first job of a worker that is kept warm for
    this kind; it returns the name of the device."""
    prepare: str = ""
    """``module:function`` of what such a worker does while it has no job, from a `Prepare` to an
    iterator of stages: between two of them it looks whether there is a job."""
    options: Mapping[str, int] = field(default_factory=dict)
    """What may be chosen for a stored job, and what is chosen if nobody does."""
    in_a_line: Callable[[Mapping[str, Any]], str] | None = None
    """What the result of a stored job says in a line: a text's `format_map`, mostly."""
    failures: Failures = field(default_factory=Failures)


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            name="train",
            title="Train a network.",
            label="training",
            lane=TRAINING,
            payload=Train,
            work="gan.jobs.training_work:train",
            hears_commands=True,
            warm_up="gan.jobs.training_work:warm_up",
            prepare="gan.jobs.training_work:prepare",
            failures=Failures(
                data="settings_refused", memory="training_memory", stopped="training_stopped"
            ),
        ),
        Kind(
            name="directions",
            title="Find the directions of the noise along which a generator varies the most.",
            label="directions",
            lane=PASSING,
            payload=FindDirections,
            work="gan.jobs.request_work:find_directions",
            is_cached=True,
        ),
        Kind(
            name="nearest",
            title="Find the training pictures that are most like a picture.",
            label="nearest pictures",
            lane=PASSING,
            payload=FindNearest,
            work="gan.jobs.request_work:find_nearest",
        ),
        Kind(
            name="encoder",
            title="Fit a network that finds the noise from which a generator would draw a picture.",
            label="encoder",
            lane=PASSING,
            payload=FitEncoder,
            work="gan.jobs.request_work:fit_encoder",
            is_cached=True,
        ),
        Kind(
            name="pace",
            title="Measure how many digits a network draws in a second.",
            label="pace",
            lane=PASSING,
            payload=MeasurePace,
            work="gan.jobs.pace_work:measure",
        ),
        Kind(
            name=judgement.JUDGE,
            title="Judge thoroughly.",
            label="judge thoroughly",
            lane=STORED,
            payload=AboutRun,
            work="gan.model.judging:work",
            options={"samples": 10_000, "seed": 0},
            in_a_line=judgement.in_a_line,
        ),
    )
}


def of_request(request: Request) -> Kind:
    """The kind of what the page Explore asks for."""
    return next(kind for kind in KINDS.values() if kind.payload is type(request))


def stored() -> Iterable[Kind]:
    """The kinds of which the record keeps what came of them, trainings left out."""
    return [kind for kind in KINDS.values() if kind.lane == STORED]


def in_a_line(kind: str, result: Mapping[str, Any]) -> str:
    """What a stored job came to, in a line; nothing of a kind that a newer version knows."""
    found = KINDS.get(kind)
    return found.in_a_line(result) if found and found.in_a_line else ""


def function(place: str) -> Callable[..., Any]:
    """What ``module:function`` names; the module is imported for it."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
