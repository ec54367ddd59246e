"""The families' distances over the seconds of training: `*_info` has what `draw_*` draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gan.runs.comparison import Comparison
from gan.runs.measures import comparable, number_words, on_log_axis
from gan.server.painting import COLOURS
from gan.view.figures import figures
from gan.view.figures.figures import Figure, Part, Reference
from gan.view.figures.quality_figures import distance_axis

_LOOKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "adversarial": (COLOURS["generator"], "solid", "circle"),
    "variational": (COLOURS["encoder"], "dash", "square"),
    "diffusion": (COLOURS["generated"], "dot", "diamond"),
}
"""Colour, dash and marker of each family."""
_SECONDS: Final[Part] = {"title": {"text": "training time (s)"}, "rangemode": "tozero"}


@dataclass(frozen=True)
class FamilyLine:
    """The judgements of one run, within the seconds that all had."""

    family: str
    title: str
    seconds: tuple[float, ...]
    frechet_distance: tuple[float, ...]
    interval: tuple[tuple[float, float], ...] = ()
    """Low and high of each distance; empty of those of an earlier version, which had none."""


@dataclass(frozen=True)
class ComparisonInfo:
    """A line a family, and the distance that real digits reach."""

    lines: tuple[FamilyLine, ...]
    floor: float | None


def comparison_info(found: Comparison) -> ComparisonInfo:
    """All judgements until those that are compared; the floor is that beside the first of these."""
    lines = []
    for one in found.contestants:
        checks = comparable([q for q in one.state.quality if q.step <= one.quality.step])
        both = [(q.frechet_low, q.frechet_high) for q in checks]
        lines.append(
            FamilyLine(
                one.family,
                one.state.config.family.title,
                tuple(one.state.seconds_at(q.step) for q in checks),
                tuple(q.frechet_distance for q in checks),
                tuple((low, high) for low, high in both if low is not None and high is not None),
            )
        )
    floors = [one.quality.floor for one in found.contestants]
    return ComparisonInfo(tuple(lines), floors[0] if floors else None)


def draw_comparison(info: ComparisonInfo) -> Figure:
    """Distance over seconds on a logarithmic axis, with what real digits reach."""
    values = [value for line in info.lines for value in line.frechet_distance]
    highs = [high for line in info.lines for _, high in line.interval]
    y = distance_axis([*values, *highs, info.floor or 0.0], has_intervals=bool(highs))
    if info.floor is None:
        return figures.figure(_SECONDS, y, waiting="no runs to compare yet")
    floors = [Reference(on_log_axis(info.floor), "real digits", COLOURS["real"])]
    return figures.figure(
        _SECONDS,
        y,
        [_trace(line) for line in info.lines],
        [
            figures.end_label(
                line.title.replace(" ", "<br>"),
                number_words(line.frechet_distance[-1]),
                math.log10(on_log_axis(line.frechet_distance[-1])),
                _LOOKS[line.family][0],
            )
            for line in info.lines
            if math.isfinite(line.frechet_distance[-1])
        ],
        *(floors if math.isfinite(info.floor) else ()),
    )


def _trace(line: FamilyLine) -> Part:
    colour, dash, marker = _LOOKS[line.family]
    heights = [on_log_axis(value) for value in line.frechet_distance]
    trace: Part = {
        "type": "scatter",
        "x": figures.numbers(line.seconds),
        "y": figures.numbers(heights),
        "name": line.title,
        "mode": "lines+markers",
        "line": {"color": colour, "width": 3, "dash": dash},
        "marker": {"size": 10, "symbol": marker},
        "cliponaxis": False,
        "customdata": figures.numbers(line.frechet_distance),
        "hovertemplate": "%{customdata:.1f} after %{x:.0f} s",
    }
    if line.interval:
        lows, highs = ([on_log_axis(end[side]) for end in line.interval] for side in (0, 1))
        trace["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": figures.numbers(h - y for h, y in zip(highs, heights, strict=True)),
            "arrayminus": figures.numbers(y - low for low, y in zip(lows, heights, strict=True)),
        }
    return trace
