"""Words beside a plot: where each stands, so that it covers neither a curve nor another word.

What a line is called stands in the right margin, at the height where the line ends; what happened
at a step stands in rows above the plot. Both keep off the curves whatever those do, on a screen of
any width. Sizes are in pixels, of a chart `CHART_HEIGHT` high.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

CHART_HEIGHT: Final = 300
RIGHT: Final = 152
"""The right margin with labels in it."""
BOTTOM: Final = 60
_TOP = 24  # with one row of words above the plot, or none
ROW: Final = 20
"""From one row above the plot to the next."""
MOST_ROWS: Final = 3
_LINE = 1.3  # times the size of its type: Plotly's own
_GAP = 5  # between two labels
_BEYOND = 6  # as far a label may stand out of the plot: there, tick labels begin
_MIDDLE = 0.6
"""The share of the plot from which on there is more room to the left of a step than right of it."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the right end of a line, of one line or more, parted by ``<br>``."""

    text: str
    y: float
    """Of the axis: on a log axis, the logarithm."""
    colour: str
    size: int

    @property
    def room(self) -> float:
        """The height that it takes."""
        return _LINE * self.size * (1 + self.text.count("<br>")) + _GAP


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a run, and what happened there; changes are parted by commas."""

    step: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """When what happened, at its step and in a `row` above the plot: 0 is the lowest."""

    step: int
    text: str
    row: int
    is_right_of_step: bool


def words_of(marks: Sequence[Mark], last_step: int) -> list[Words]:
    """The latest changes, a row for each, on the side of their step where there is more room."""
    said = [(mark.step, words) for mark in marks for words in mark.text.split(", ")]
    latest = said[-MOST_ROWS:]
    return [
        Words(step, f"{step:,}: {text}", len(latest) - 1 - place, step < _MIDDLE * last_step)
        for place, (step, text) in enumerate(latest)
    ]


def top(rows: int) -> int:
    """The margin above a plot with so many rows of words there."""
    return _TOP + ROW * max(0, rows - 1)


def shifts(labels: Sequence[Label], span: tuple[float, float], rows: int = 0) -> list[int]:
    """How far up each label moves from the height of its `y`, on an axis that shows `span`.

    They keep their order and stay in the plot, each as near to its own height as that allows.
    """
    low, high = span
    plot = CHART_HEIGHT - BOTTOM - top(rows)
    heights = [
        plot * (label.y - low) / (high - low) if high > low else plot / 2 for label in labels
    ]
    places = _spread(heights, [label.room for label in labels], -_BEYOND, plot + _BEYOND)
    return [round(place - height) for place, height in zip(places, heights, strict=True)]


def _spread(
    heights: Sequence[float], rooms: Sequence[float], lowest: float, highest: float
) -> list[float]:
    """Places near `heights` for the middles of what takes `rooms`, with no two in one place."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], -i))
    below = [0.0] * len(heights)  # from the lowest one's middle to each one's own
    for under, over in pairwise(order):
        below[over] = below[under] + (rooms[under] + rooms[over]) / 2
    # Less what stands below, places only have not to fall: where heights do, take the mean.
    blocks: list[list[float]] = []
    for i in order:
        blocks.append([heights[i] - below[i]])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    levels = [_mean(block) for block in blocks for _ in block]
    if not order:
        return []
    least = lowest + rooms[order[0]] / 2
    most = highest - rooms[order[-1]] / 2 - below[order[-1]]
    if most < least:  # they stand out at both ends alike
        least = most = (least + most) / 2
    places = [0.0] * len(heights)
    for i, level in zip(order, levels, strict=True):
        places[i] = below[i] + min(max(level, least), most)
    return places


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
