"""What all figures have in common: the colours, and the parts that `draw_*` puts together.

Without Streamlit. One visual language for the whole app: every colour has one meaning, and never
stands alone. A dash, a marker or a label says the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

# Each has a contrast of 3:1 or more on both themes' backgrounds (.streamlit/config.toml).
COLOURS: Final = {
    "real": "#15935a",
    "generated": "#8b5cf6",
    "discriminator": "#2f7de1",
    "generator": "#dd6b20",
    "encoder": "#c2418c",
    "neutral": "#7c8494",
}

Part = dict[str, Any]
"""A piece of a figure, in Plotly's own words."""

Figure = dict[str, Any]
"""A figure as plotly.js takes it: `data`, a list of traces, and `layout`.

Made without Plotly's Python classes: checking each word takes them some milliseconds a figure, of
an interpreter that everybody shares. The tests ask them instead.
"""

STEPS: Final[Part] = {
    "title": {"text": "training step"},
    "tickformat": ",d",
    "rangemode": "tozero",
}
_FONT = 16  # pixels: axes; labels on lines are larger, to be read from the last row
_LABEL = 19
_APART = 58  # pixels: closer than this, two labels at line ends collide
_PLOT_HEIGHT = 240  # pixels, about; only to move such labels apart


@dataclass(frozen=True, slots=True)
class Line:
    """Values over steps, told apart by colour and dash."""

    name: str
    values: tuple[float, ...]
    colour: str
    dash: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the plot to compare with, named above its left end."""

    y: float
    text: str
    colour: str
    dash: str = "dash"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a run: a line down the plot, with what happened beside its top."""

    step: int
    text: str


def numbers(values: Iterable[float]) -> list[float | None]:
    """As JSON can say them: five digits, and a gap where a number is not finite."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]


def figure(
    x: Part,
    y: Part,
    traces: Sequence[Part] = (),
    labels: Sequence[Part] = (),
    *references: Reference,
    marks: Sequence[Mark] = (),
    waiting: str = "",
) -> Figure:
    """Traces with their axes, labels, references and marks; or empty axes and `waiting`.

    Text and grid have no colours: those are the theme's.
    """
    shown = not waiting
    axis = {"zeroline": False, "automargin": True, "showticklabels": shown, "showgrid": shown}
    notes = list(labels)
    shapes: list[Part] = []
    for reference in references:
        line = {"color": reference.colour, "width": 2, "dash": reference.dash}
        across = {"xref": "paper", "x0": 0, "x1": 1, "y0": reference.y, "y1": reference.y}
        shapes.append({"type": "line", "line": line, **across})
        height = math.log10(reference.y) if y.get("type") == "log" else reference.y
        font = {"size": _FONT, "color": reference.colour}
        left = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 6, "yanchor": "bottom"}
        notes.append(
            {"text": reference.text, "y": height, "font": font, "showarrow": False, **left}
        )
    for place, mark in enumerate(marks):
        line = {"color": COLOURS["neutral"], "width": 2, "dash": "dot"}
        down = {"yref": "paper", "y0": 0, "y1": 1, "x0": mark.step, "x1": mark.step}
        shapes.append({"type": "line", "line": line, **down})
        beside = {"x": mark.step, "xanchor": "left", "xshift": 6, "showarrow": False}
        font = {"size": _FONT, "color": COLOURS["neutral"]}
        top = {"y": 1, "yref": "paper", "yanchor": "top", "yshift": -20 * (place % 3)}
        notes.append({"text": mark.text, "font": font, **beside, **top})
    if waiting:
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
        notes.append({"text": waiting, "font": {"size": _LABEL}, **middle})
    return {
        "data": list(traces),
        "layout": {
            "template": "none",  # Plotly's own would travel with every redraw
            "font": {"size": _FONT},
            "margin": {"l": 72, "r": 152 if labels else 24, "t": 24, "b": 60},
            "showlegend": False,
            "hovermode": "x unified" if traces else False,
            "xaxis": axis | x,
            "yaxis": axis | y,
            "annotations": notes,
            "shapes": shapes,
        },
    }


def end_labels(
    lines: Sequence[Line], span: tuple[float, float] | None = None, form: str = "{:.2f}"
) -> list[Part]:
    """Names and last values for lines where they end, kept apart where the ends meet.

    `span` is the range of the axis, if it is not that of the lines.
    """
    finite = [[v for v in line.values if math.isfinite(v)] for line in lines]
    drawn = [v for values in finite for v in values] or [0.0]
    low, high = span or (min(drawn), max(drawn))
    ends = [values[-1] if values else drawn[-1] for values in finite]
    heights = [_PLOT_HEIGHT * (end - low) / ((high - low) or 1.0) for end in ends]
    labels = []
    for line, end, height, apart in zip(lines, ends, heights, _spread(heights), strict=True):
        value = _value(line.values[-1], form)
        labels.append(end_label(line.name, value, end, line.colour, round(apart - height)))
    return labels


def _value(value: float, form: str) -> str:
    """A number as `form` has it, unless training has run away with it."""
    if not math.isfinite(value):
        return "not finite"
    if abs(value) < 1e4:
        return form.format(value)
    return f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.1e}"


def _spread(heights: Sequence[float]) -> list[float]:
    """Heights at least `_APART` from each other, each as near to its own as that allows."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], -i))
    # Less what the labels below need, heights only have not to fall: where they do, take the mean.
    blocks: list[list[float]] = []
    for place, i in enumerate(order):
        blocks.append([heights[i] - place * _APART])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    level = [_mean(block) for block in blocks for _ in block]
    spread = [0.0] * len(heights)
    for place, i in enumerate(order):
        spread[i] = level[place] + place * _APART
    return spread


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def end_label(name: str, value: str, y: float, colour: str, shift: int = 0) -> Part:
    """Name and value right of the plot, at `y` of the axis (its logarithm on a log axis)."""
    return {
        "text": f"<b>{name}</b><br>{value}",
        "align": "left",
        "font": {"size": _LABEL, "color": colour},
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 10,
        "y": y,
        "yanchor": "middle",
        "yshift": shift,
        "showarrow": False,
    }
