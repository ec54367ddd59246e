"""What people see of a family of methods: one entry each, which pages and streams read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gan.messages.events import Started
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.figures.figures import Figure, Plot

LOSS: Final = "Loss"
SCORE: Final = "D's score"
"""Titles of plots of the timeline; families share those that two runs can be compared by."""
ONE_RATE: Final[Mapping[str, str]] = {
    "learning_rate_schedule": "learning rate falls along a {}",
    "learning_rate_half_life": "learning rate halved every {:,} steps",
}
"""Some `options` of families with one learning rate."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a run's page."""

    name: str
    """Of its figure in the run's stream."""
    test_id: str
    label: str
    """What it shows, for those who do not see it."""
    caption: Callable[[TrainConfig], str]
    """What its lines say."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Which plots of another run are drawn into those of this one."""

    titles: tuple[str, ...]
    words: str = ""
    """Why not all of them, or what to mind; may be empty."""


def _nothing(config: TrainConfig) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family of `gan.settings.families` on screen."""

    charts: tuple[Chart, ...]
    figures: Callable[[RunState], Mapping[str, Figure]]
    """The figures of `charts`, by their names."""
    timeline: Callable[[RunState], Sequence[Plot]]
    """What the timeline draws of a run's reports."""
    overlay: Callable[[TrainConfig, TrainConfig], Overlay]
    """Which of `timeline` stand on one scale in two runs of this family."""
    networks: Callable[[TrainConfig, Started], str]
    """The networks of a run, and on what they train, in a sentence."""
    heading: str
    """What the page says on top where such a network is to be trained."""
    lesson: str
    """How it learns and draws, in sentences, below that."""
    normalized: str
    """The network that `discriminator_normalization` is for."""
    noise: str
    """What the numbers were in training that a digit is drawn from, after "they were"."""
    compared: str
    """How it draws and how it learned, in sentences, where the families stand side by side."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the heading says of fields that are not as usual, where that is not what it says
    elsewhere; ``{}`` is the value."""
    discriminator: Callable[[TrainConfig], str] = _nothing
    """What the number is that D gives a picture; empty where there is no D."""
