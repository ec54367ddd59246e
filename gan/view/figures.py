"""Data to Plotly figures, without Streamlit: `*_info` takes what a run reported down
to what is drawn, and `draw_*` draws it.

One visual language for the whole app: every colour has one meaning, and never
stands alone. A dash, a marker or a label says the same.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from gan.events import Progress, Quality

# Each has a contrast of 3:1 or more on both themes' backgrounds (.streamlit/config.toml).
COLOURS: Final = {
    "real": "#15935a",
    "generated": "#8b5cf6",
    "discriminator": "#2f7de1",
    "generator": "#dd6b20",
    "neutral": "#7c8494",
}

_Dict = dict[str, Any]

_FONT = 16  # pixels: axes; labels on lines are larger, to be read from the last row
_LABEL = 19
_APART = 0.24  # of the axis: closer than this, two labels at line ends collide
_PLOT_HEIGHT = 240  # pixels, about; only to move such labels apart
_STEPS: Final = {"title": {"text": "training step"}, "tickformat": ",d", "rangemode": "tozero"}


@dataclass(frozen=True)
class CurveInfo:
    """Losses and mean scores over training steps; all tuples are equally long."""

    step: tuple[int, ...]
    images_seen: tuple[int, ...]
    d_loss: tuple[float, ...]
    g_loss: tuple[float, ...]
    d_real: tuple[float, ...]
    d_fake: tuple[float, ...]


@dataclass(frozen=True)
class QualityInfo:
    """Frechet distance over training steps, and that of real digits against real ones."""

    step: tuple[int, ...]
    frechet_distance: tuple[float, ...]
    floor: float | None


@dataclass(frozen=True)
class PrecisionRecallInfo:
    """Precision and recall over training steps, 0 to 1, and those of real digits."""

    step: tuple[int, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    real_precision: float | None
    real_recall: float | None


@dataclass(frozen=True)
class CoverageInfo:
    """Shares of the ten classes among `samples` generated digits; empty before the first."""

    shares: tuple[float, ...]
    samples: int
    real_shares: tuple[float, ...] = ()
    """The same of as many real digits; empty if that was not measured."""


def curve_info(progress: Sequence[Progress], limit: int = 200) -> CurveInfo:
    """At most `limit` points from the first report to the latest; between them, means of bins.

    A bin holds a power of two of reports, counted from the start, so the past
    of a growing curve stands still from one redraw to the next. The latest
    point's values are means over as many reports, so the curve's end is no
    more restless than its middle.
    """
    inner = max(len(progress) - 2, 0)
    size = 1
    while inner // size > max(limit - 2, 0):
        size *= 2

    def series(name: str, latest: int) -> list[float]:
        values = np.fromiter(map(attrgetter(name), progress), float, len(progress))
        if len(values) < 2:
            return list(values.tolist())
        bins = values[1 : 1 + inner // size * size].reshape(-1, size).mean(axis=1)
        return [float(values[0]), *bins.tolist(), float(values[-latest:].mean())]

    def counts(name: str) -> tuple[int, ...]:
        return tuple(round(value) for value in series(name, latest=1))

    def means(name: str) -> tuple[float, ...]:
        return tuple(series(name, latest=size))

    return CurveInfo(
        counts("step"),
        counts("images_seen"),
        means("d_loss"),
        means("g_loss"),
        means("d_real"),
        means("d_fake"),
    )


def quality_info(quality: Sequence[Quality]) -> QualityInfo:
    """Every quality check so far; the floor is the latest one's."""
    return QualityInfo(
        tuple(q.step for q in quality),
        tuple(q.frechet_distance for q in quality),
        quality[-1].floor if quality else None,
    )


def precision_recall_info(quality: Sequence[Quality]) -> PrecisionRecallInfo:
    """Every quality check that measured both; real digits' values are the latest one's."""
    both = [
        (q.step, q.precision, q.recall)
        for q in quality
        if q.precision is not None and q.recall is not None
    ]
    step, precision, recall = zip(*both, strict=True) if both else ((), (), ())
    last = quality[-1] if both else None
    return PrecisionRecallInfo(
        tuple(step),
        tuple(precision),
        tuple(recall),
        last.real_precision if last else None,
        last.real_recall if last else None,
    )


def coverage_info(quality: Sequence[Quality]) -> CoverageInfo:
    """The latest quality check's class shares."""
    if not quality:
        return CoverageInfo((), 0)
    last = quality[-1]
    return CoverageInfo(tuple(last.coverage), last.samples, tuple(last.real_coverage))


def draw_losses(info: CurveInfo, unit: str = "nats") -> go.Figure:
    """Both networks' losses over steps, in `unit` (a critic's loss has no nats)."""
    return _draw_curves(
        info,
        _Line("discriminator", info.d_loss, COLOURS["discriminator"], "solid"),
        _Line("generator", info.g_loss, COLOURS["generator"], "dash"),
        y={"title": {"text": f"loss ({unit})"}},
        value=f"%{{y:.3f}} {unit}",
    )


def draw_scores(info: CurveInfo) -> go.Figure:
    """The discriminator's mean score on real and on generated digits over steps."""
    return _draw_curves(
        info,
        _Line("real digits", info.d_real, COLOURS["real"], "solid"),
        _Line("generated", info.d_fake, COLOURS["generated"], "dot"),
        y={"title": {"text": "score (chance of real)"}, "range": (-0.03, 1.03), "dtick": 0.25},
        value="%{y:.2f}",
        references=[_Reference(0.5, "cannot tell", COLOURS["neutral"])],
    )


def draw_quality(info: QualityInfo) -> go.Figure:
    """Frechet distance over steps on a log axis, with the floor that real digits reach."""
    y = {"title": {"text": "Fréchet distance"}, "type": "log", "dtick": "D2", "tickformat": "~g"}
    if not info.step or info.floor is None:
        return _figure(_STEPS, y, waiting="waiting for the first quality check")
    line = _Line("generated digits", info.frechet_distance, COLOURS["generated"], "solid")
    distance = _checks(info.step, line, "%{y:.1f}")
    floor = _Reference(info.floor, "real digits against real digits", COLOURS["real"])
    last = info.frechet_distance[-1]
    if not (math.isfinite(last) and last > 0):
        return _figure(_STEPS, y, [distance], [], floor)
    end = _end_label("generated", f"{last:.1f}", math.log10(last), COLOURS["generated"])
    return _figure(_STEPS, y, [distance], [end], floor)


def draw_precision_recall(info: PrecisionRecallInfo) -> go.Figure:
    """Precision and recall over steps in per cent, each with what real digits score."""
    span = (-3.0, 103.0)
    y: _Dict = {"title": {"text": "digits (%)"}, "range": span, "dtick": 25}
    if not info.step:
        return _figure(_STEPS, y, waiting="waiting for the first quality check")
    generated = COLOURS["generated"]
    lines = [
        _Line("precision", tuple(100 * share for share in info.precision), generated, "solid"),
        _Line("recall", tuple(100 * share for share in info.recall), generated, "dot"),
    ]
    real = [
        _Reference(100 * share, "", COLOURS["real"], line.dash)
        for share, line in zip((info.real_precision, info.real_recall), lines, strict=True)
        if share is not None
    ]
    if real:
        top = max(range(len(real)), key=lambda i: real[i].y)
        real[top] = replace(real[top], text="both, of real digits")
    traces = [_checks(info.step, line, "%{y:.0f} %") for line in lines]
    return _figure(_STEPS, y, traces, _end_labels(lines, span, "{:.0f} %"), *real)


def draw_coverage(info: CoverageInfo) -> go.Figure:
    """Bars of the ten classes' shares in per cent, against those of real digits.

    Against an even ten per cent where no real digits were counted.
    """
    per_cent = [round(100 * share, 1) for share in info.shares]
    real = [round(100 * share, 1) for share in info.real_shares]
    x = {"title": {"text": "digit, as a classifier reads it"}, "dtick": 1, "range": (-0.6, 9.6)}
    y = {"title": {"text": "share (%)"}, "range": (0, 1.15 * max([20.0, *per_cent, *real]))}
    if not info.shares:
        return _figure(x, y, waiting="waiting for the first quality check")
    bars = {
        "type": "bar",
        "x": list(range(10)),
        "y": per_cent,
        "text": [f"{share:.0f}" for share in per_cent],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": COLOURS["generated"], "cornerradius": 4},
        "hovertemplate": f"%{{y:.1f}} % of {info.samples:,} generated digits<extra></extra>",
    }
    if real:
        bars["customdata"] = real
        bars["hovertemplate"] = (
            f"%{{y:.1f}} % of {info.samples:,} generated digits<br>%{{customdata:.1f}} % of as "
            "many real ones<extra></extra>"
        )
        label = _end_label("\u2014 real", "digits", real[-1], COLOURS["real"])
        figure = _figure(x | {"showgrid": False}, y, [bars], [label])
        line = {"color": COLOURS["real"], "width": 4}
        figure.layout.shapes = [
            {"type": "line", "line": line, "x0": i - 0.45, "x1": i + 0.45, "y0": share, "y1": share}
            for i, share in enumerate(real)
        ]
        return figure
    even = _Reference(10, "", COLOURS["real"])
    label = _end_label("even", "10 %", even.y, even.colour)
    return _figure(x | {"showgrid": False}, y, [bars], [label], even)


@dataclass(frozen=True)
class _Line:
    name: str
    values: tuple[float, ...]
    colour: str
    dash: str


@dataclass(frozen=True)
class _Reference:
    """A line across the plot to compare with, named above its left end."""

    y: float
    text: str
    colour: str
    dash: str = "dash"


def _checks(step: Sequence[int], line: _Line, value: str) -> _Dict:
    """A line with a marker at each quality check; `value` is the hover text of one."""
    return {
        "type": "scatter",
        "x": list(step),
        "y": _numbers(line.values),
        "name": line.name,
        "mode": "lines+markers",
        "line": {"color": line.colour, "width": 3, "dash": line.dash},
        "marker": {"size": 10},
        "cliponaxis": False,
        "hovertemplate": value,
    }


def _draw_curves(
    info: CurveInfo, *lines: _Line, y: _Dict, value: str, references: Sequence[_Reference] = ()
) -> go.Figure:
    """Lines over steps; `value` is the hover text of a point."""
    if not info.step:
        return _figure(_STEPS, y, waiting="waiting for the first steps")
    traces: list[_Dict] = [
        {
            "type": "scatter",
            "x": list(info.step),
            "y": _numbers(line.values),
            "name": line.name,
            "mode": "lines" if len(info.step) > 1 else "markers",
            "line": {"color": line.colour, "width": 3, "dash": line.dash},
            "marker": {"color": line.colour, "size": 9},
            "hovertemplate": value,
        }
        for line in lines
    ]
    traces[-1]["customdata"] = list(info.images_seen)
    traces[-1]["hovertemplate"] = value + "<br>%{customdata:,d} images seen"
    return _figure(_STEPS, y, traces, _end_labels(lines, y.get("range")), *references)


def _numbers(values: Iterable[float]) -> list[float | None]:
    """As JSON can say them: five digits, and a gap where a number is not finite."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]


def _figure(
    x: _Dict,
    y: _Dict,
    traces: Sequence[_Dict] = (),
    labels: Sequence[_Dict] = (),
    *references: _Reference,
    waiting: str = "",
) -> go.Figure:
    """A figure made in one go (adding to one is ten times slower), or empty axes and `waiting`.

    Its text and grid have no colours: those are the theme's.
    """
    shown = not waiting
    axis = {"zeroline": False, "automargin": True, "showticklabels": shown, "showgrid": shown}
    notes = list(labels)
    shapes: list[_Dict] = []
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
    if waiting:
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
        notes.append({"text": waiting, "font": {"size": _LABEL}, **middle})
    return go.Figure(
        {
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
    )


def _end_labels(
    lines: Sequence[_Line], span: tuple[float, float] | None, form: str = "{:.2f}"
) -> list[_Dict]:
    """Names for two lines where they end, kept apart where the ends meet."""
    finite = [[v for v in line.values if math.isfinite(v)] for line in lines]
    drawn = [v for values in finite for v in values] or [0.0]
    low, high = span or (min(drawn), max(drawn))
    ends = [values[-1] if values else drawn[-1] for values in finite]
    gap = (max(ends) - min(ends)) / ((high - low) or 1.0)
    shift = round(max(0.0, _APART - gap) / 2 * _PLOT_HEIGHT)
    upper = ends.index(max(ends))
    labels = []
    for i, (line, end) in enumerate(zip(lines, ends, strict=True)):
        last = line.values[-1]
        value = form.format(last) if math.isfinite(last) else "not finite"
        away = shift if i == upper else -shift
        labels.append(_end_label(line.name, value, end, line.colour, away))
    return labels


def _end_label(name: str, value: str, y: float, colour: str, shift: int = 0) -> _Dict:
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
