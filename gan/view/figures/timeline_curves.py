"""The curves of the time machine: which a run has, and which of two runs may share a plot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gan.runs.measures import comparable, on_log_axis
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.settings.config import TrainConfig
from gan.view.figures.families import view_of
from gan.view.figures.family_view import Overlay
from gan.view.figures.figures import Line, Plot

DISTANCE: Final = "Frechet distance"
SHARE: Final = "Share of a class (%)"
_CLOCK_POINTS: Final = 200


def overlay(here: TrainConfig, other: TrainConfig, *, one_distance: bool = True) -> Overlay:
    """What of two runs stands on one scale; their distances do if they are `one_distance`."""
    titles, words = [SHARE], []
    if one_distance:
        titles.insert(0, DISTANCE)
    else:
        words.append(
            "Their distances are not overlaid: one of the runs was judged by an earlier version, "
            "whose numbers depend on how many digits were judged."
        )
    if here.family is other.family:
        both = view_of(here).overlay(here, other)
        titles[:0] = both.titles
        words += [both.words] if both.words else []
    else:
        words.append("Their losses are not overlaid: the two runs are of different methods.")
    if (here.data, here.classes) != (other.data, other.classes):
        words.append("They learn from different data: compare each distance with its own real one.")
    return Overlay(tuple(titles), " ".join(words))


def clock(state: RunState) -> list[tuple[int, float]]:
    """Steps and the training time, in seconds, after each; between them it goes evenly."""
    reports = state.progress
    stride = 1
    while len(reports) // stride > _CLOCK_POINTS:
        stride *= 2
    kept = [*reports[stride - 1 :: stride], *reports[-1:]]
    times = {report.step: round(report.seconds, 2) for report in kept}
    return list({0: 0.0, **times}.items())


def curves(state: RunState) -> list[Plot]:
    """All plots of a run, in the order in which they are read."""
    return [*view_of(state.config).timeline(state), *_checks(state)]


def _checks(state: RunState) -> Iterator[Plot]:
    """What the judge found: the distance, and whether classes go missing."""
    same = comparable(state.quality)
    distances = tuple(on_log_axis(check.frechet_distance) for check in same)
    floors = tuple(on_log_axis(check.floor) for check in same)
    yield Plot(
        DISTANCE,
        tuple(check.step for check in same),
        (
            Line("generated", distances, COLOURS["generated"], "solid"),
            Line("real", floors, COLOURS["real"], "dash"),
        ),
        logarithmic=bool(same),
        has_dots=True,
    )
    checks, chosen = state.quality, state.config.chosen_classes
    shares = [[100 * check.coverage[digit] for digit in chosen] for check in checks]
    yield Plot(
        SHARE,
        tuple(check.step for check in checks),
        (
            Line("commonest", tuple(map(max, shares)), COLOURS["generated"], "solid"),
            Line("rarest", tuple(map(min, shares)), COLOURS["neutral"], "dot"),
        ),
        has_dots=True,
    )
