"""What all figures have in common: the colours, and the parts that `draw_*` puts together.

Without Streamlit. One visual language for the whole app: every colour has one meaning, and never
stands alone. A dash, a marker or a label says the same.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gan.server.painting import COLOURS
from gan.view.figures import labels
from gan.view.figures.labels import Label, Mark, Words

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
_FONT = 16  # pixels: axes; labels of lines are larger, to be read from the last row
_LABEL = 19
_LETTERS = 17  # of `_FONT`, in the margin of the labels
_PATTERNS: Final[Mapping[str, str]] = {
    "solid": "\u2014\u2014",
    "dash": "\u2013 \u2013",
    "dot": "\u2022\u2022\u2022",
}
"""A piece of a line of each dash, in letters that every font has."""


@dataclass(frozen=True, slots=True)
class Line:
    """Values over steps, told apart by colour and dash."""

    name: str
    values: tuple[float, ...]
    colour: str
    dash: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over steps, drawn together."""

    title: str
    steps: tuple[int, ...]
    lines: tuple[Line, ...]
    logarithmic: bool = False
    has_dots: bool = False
    """Whether each point is drawn, as long as there is room: those of single checks."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the plot to compare with, named beside its right end."""

    y: float
    text: str
    colour: str
    dash: str = "dash"


def numbers(values: Iterable[float]) -> list[float | None]:
    """As JSON can say them: five digits, and a gap where a number is not finite."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]


def figure(
    x: Part,
    y: Part,
    traces: Sequence[Part] = (),
    ends: Sequence[Label] = (),
    *references: Reference,
    marks: Sequence[Mark] = (),
    waiting: str = "",
) -> Figure:
    """Traces with their axes, labels, references and marks; or empty axes and `waiting`.

    Text and grid have no colours: those are the theme's.
    """
    shown = not waiting
    axis = {"zeroline": False, "automargin": True, "showticklabels": shown, "showgrid": shown}
    is_log = y.get("type") == "log"
    beside = [*ends, *(_label(reference, is_log) for reference in references if reference.text)]
    above = labels.words_of(
        marks, max((step for trace in traces for step in trace["x"]), default=0)
    )
    up = labels.shifts(beside, _span(y, traces, references), len(above))
    notes = [_beside(label, shift) for label, shift in zip(beside, up, strict=True)]
    notes += [_above(words) for words in above]
    if waiting:
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
        notes.append({"text": waiting, "font": {"size": _LABEL}, **middle})
    return {
        "data": list(traces),
        "layout": {
            "template": "none",  # Plotly's own would travel with every redraw
            "font": {"size": _FONT},
            "margin": {
                "l": 72,
                "r": labels.RIGHT if beside else 24,
                "t": labels.top(len(above)),
                "b": labels.BOTTOM,
            },
            "showlegend": False,
            "hovermode": "x unified" if traces else False,
            "xaxis": axis | x,
            "yaxis": axis | y,
            "annotations": notes,
            "shapes": [*map(_across, references), *map(_down, marks)],
        },
    }


def _across(reference: Reference) -> Part:
    line = {"color": reference.colour, "width": 2, "dash": reference.dash}
    y = reference.y
    return {"type": "line", "line": line, "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y}


def _down(mark: Mark) -> Part:
    line = {"color": COLOURS["neutral"], "width": 2, "dash": "dot"}
    x = mark.step
    return {"type": "line", "line": line, "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x}


def _label(reference: Reference, is_log: bool) -> Label:
    text = "<br>".join(textwrap.wrap(reference.text, _LETTERS))
    height = math.log10(reference.y) if is_log else reference.y
    return Label(text, height, reference.colour, _FONT)


def _beside(label: Label, shift: int) -> Part:
    """A label in the right margin, `shift` pixels above its height on the axis."""
    right = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "align": "left"}
    height = {"y": label.y, "yanchor": "middle", "yshift": shift}
    font = {"size": label.size, "color": label.colour}
    return {"text": label.text, "font": font, "showarrow": False, **right, **height}


def _above(words: Words) -> Part:
    """Words in their row above the plot, at their step."""
    side = "left" if words.is_right_of_step else "right"
    font = {"size": _FONT, "color": COLOURS["neutral"]}
    height = {"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": labels.ROW * words.row}
    return {
        "text": words.text,
        "font": font,
        "showarrow": False,
        "x": words.step,
        "xanchor": side,
        **height,
    }


def _span(y: Part, traces: Sequence[Part], references: Sequence[Reference]) -> tuple[float, float]:
    """What the axis shows of `y`, in its own numbers: as asked for, or as far as what is drawn."""
    if "range" in y:
        low, high = y["range"]
        return low, high
    drawn = [value for trace in traces for value in trace["y"] if value is not None]
    drawn += [reference.y for reference in references]
    if y.get("type") == "log":
        drawn = [math.log10(value) for value in drawn if value > 0]
    return min(drawn, default=0.0), max(drawn, default=1.0)


def end_labels(lines: Sequence[Line], form: str = "{:.2f}") -> list[Label]:
    """Names and last values for lines, where they end; of one colour, with their dashes."""
    colours = Counter(line.colour for line in lines)
    finite = [[v for v in line.values if math.isfinite(v)] for line in lines]
    drawn = [v for values in finite for v in values] or [0.0]
    ends = [values[-1] if values else drawn[-1] for values in finite]
    return [
        end_label(
            line.name,
            _value(line.values[-1], form),
            end,
            line.colour,
            pattern=_PATTERNS[line.dash] if colours[line.colour] > 1 else "",
        )
        for line, end in zip(lines, ends, strict=True)
    ]


def end_label(name: str, value: str, y: float, colour: str, *, pattern: str = "") -> Label:
    """Name and value, behind a piece of its line, at `y` of the axis (its log on a log axis)."""
    shown = f"<b>{pattern}</b> {value}" if pattern else value
    return Label(f"<b>{name}</b><br>{shown}", y, colour, _LABEL)


def _value(value: float, form: str) -> str:
    """A number as `form` has it, unless training has run away with it."""
    if not math.isfinite(value):
        return "not finite"
    if abs(value) < 1e4:
        return form.format(value)
    return f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.1e}"
