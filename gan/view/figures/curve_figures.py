"""How training goes, drawn: what the curves of every family have in common.

A family's `*_curve` takes what a run reported down to what is drawn, its `draw_*` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Protocol

import numpy as np

from gan.messages.events import Report
from gan.runs.notable import changes
from gan.runs.state import RunState
from gan.view.figures import figures
from gan.view.figures.figures import STEPS, Figure, Line, Part, Reference
from gan.view.figures.labels import Mark
from gan.words.notable import happened

LIMIT = 200
"""Points of a curve, at most."""


class Curve(Protocol):
    """Values over training steps, all tuples equally long."""

    @property
    def step(self) -> tuple[int, ...]:
        """The steps."""

    @property
    def images_seen(self) -> tuple[int, ...]:
        """Real digits shown up to each."""


def _thinned(reports: Sequence[Report], name: str, limit: int, *, is_count: bool) -> list[float]:
    """Values of `name` from the first report to the latest; between them, means of bins.

    A bin holds a power of two of reports, counted from the start, so the past of a growing curve
    stands still from one redraw to the next. The latest point of a measure is a mean over as many
    reports, so the curve's end is no more restless than its middle.
    """
    inner = max(len(reports) - 2, 0)
    size = 1
    while inner // size > max(limit - 2, 0):
        size *= 2
    values = np.fromiter(map(attrgetter(name), reports), float, len(reports))
    if len(values) < 2:
        return list(values.tolist())
    bins = values[1 : 1 + inner // size * size].reshape(-1, size).mean(axis=1)
    latest = values[-1:] if is_count else values[-size:]
    return [float(values[0]), *bins.tolist(), float(latest.mean())]


def counts(reports: Sequence[Report], name: str, limit: int) -> tuple[int, ...]:
    """At most `limit` values of what is counted: the latest point stands where it was reported."""
    return tuple(round(value) for value in _thinned(reports, name, limit, is_count=True))


def means(reports: Sequence[Report], name: str, limit: int) -> tuple[float, ...]:
    """At most `limit` values of a measure, means over as many reports each."""
    return tuple(_thinned(reports, name, limit, is_count=False))


def marks_of(state: RunState) -> list[Mark]:
    """The moments at which people changed what happens next, in few words."""
    labels = state.config.family.labels
    told = [(moment.step, happened(moment, labels)) for moment in changes(state)]
    return [
        Mark(step, words.replace("discriminator", "D").replace("generator", "G"))
        for step, words in told
    ]


def draw(
    curve: Curve,
    *lines: Line,
    y: Part,
    value: str,
    references: Sequence[Reference] = (),
    marks: Sequence[Mark] = (),
    form: str = "{:.2f}",
) -> Figure:
    """Lines over the steps of `curve`.

    `value` is the hover text of a point, `form` the number at a line's end.
    """
    if not curve.step:
        return figures.figure(STEPS, y, waiting="waiting for the first steps")
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": list(curve.step),
            "y": figures.numbers(line.values),
            "name": line.name,
            "mode": "lines" if len(curve.step) > 1 else "markers",
            "line": {"color": line.colour, "width": 3, "dash": line.dash},
            "marker": {"color": line.colour, "size": 9},
            "hovertemplate": value,
        }
        for line in lines
    ]
    traces[-1]["customdata"] = list(curve.images_seen)
    traces[-1]["hovertemplate"] = value + "<br>%{customdata:,d} images seen"
    ends = figures.end_labels(lines, form)
    return figures.figure(STEPS, y, traces, ends, *references, marks=marks)
