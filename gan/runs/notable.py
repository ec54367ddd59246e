"""The moments of a run that are worth going back to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from gan.messages.events import Adjusted, Continued, Quality
from gan.runs.measures import SEEN_SHARE, comparable
from gan.runs.state import RunState
from gan.settings.config import CLASSES
from gan.words.codes import Values

_BUDGET: Final = ("max_steps", "max_seconds", "target_distance")
"""The settings that say for how long a run goes on."""
COLLAPSED: Final = 0.5
"""The share of one class from which on the others have gone missing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step, and what happened there."""

    step: int
    code: str
    """What happened, as `gan.words.notable` puts into words."""
    values: Values = field(default_factory=dict)
    """Of "adjusted": the settings that were changed."""


def moments(state: RunState) -> list[Moment]:
    """In the order of their steps. What the judge saw is dated by its checks, not between them."""
    return sorted([*changes(state), *_judged(state)], key=lambda moment: moment.step)


def changes(state: RunState) -> Iterator[Moment]:
    """Where people changed what happens next, but for how long it goes on."""
    for mark in state.marks:
        if isinstance(mark, Adjusted):
            changed = {name: mark.changes[name] for name in mark.changes if name not in _BUDGET}
            if changed:
                yield Moment(mark.step, "adjusted", changed)
        elif isinstance(mark, Continued):
            yield Moment(mark.step, "branched" if mark.step == state.parent_step else "went_on")


def _judged(state: RunState) -> Iterator[Moment]:
    wanted, checks = set(state.config.chosen_classes), state.quality
    for check in checks:
        if all(check.coverage[digit] >= SEEN_SHARE for digit in wanted):
            is_all = len(wanted) == CLASSES
            yield Moment(check.step, "all_ten_digits" if is_all else "all_chosen_digits")
            break
    if len(checks) > 1:
        best = min(comparable(checks), key=_surely)
        yield Moment(best.step, "best_quality")
    for before, after in pairwise(checks):
        if max(before.coverage) < COLLAPSED <= max(after.coverage):
            yield Moment(after.step, "collapse")


def _surely(check: Quality) -> float:
    """The distance that digits stay below, as far as that can be said: not the luckiest draw's."""
    return check.frechet_distance if check.frechet_high is None else check.frechet_high
