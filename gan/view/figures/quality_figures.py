"""How good the digits are, drawn: `*_info` takes a run's quality checks down to what is drawn,
`draw_*` draws it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gan.messages.events import Quality
from gan.runs.measures import LEAST_DRAWN, comparable, number_words, on_log_axis
from gan.server.painting import COLOURS
from gan.view.figures import figures
from gan.view.figures.figures import STEPS, Figure, Line, Part, Reference

_NUMBER_PER_CENT = 4.0
"""How much of the axis a number above a bar takes."""
_WAITING = "waiting for the first quality check"


@dataclass(frozen=True)
class QualityInfo:
    """Frechet distance over training steps, and that of real digits against real ones."""

    step: tuple[int, ...]
    frechet_distance: tuple[float, ...]
    floor: float | None
    interval: tuple[tuple[float, float], ...] = ()
    """Low and high of each distance; empty of those of an earlier version, which had none."""
    floor_interval: tuple[float, float] | None = None
    target: float | None = None
    """The distance at which the run shall end, if it was given one."""


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
    """The same of real digits; empty if that was not measured."""


def quality_info(quality: Sequence[Quality], target: float | None = None) -> QualityInfo:
    """Every quality check so far of the last one's kind; the floor is the latest one's.

    `target` is the distance at which the run shall end.
    """
    if not quality:
        return QualityInfo((), (), None)
    checks, last = comparable(quality), quality[-1]
    both = [(q.frechet_low, q.frechet_high) for q in checks]
    real = (last.floor_low, last.floor_high)
    return QualityInfo(
        tuple(q.step for q in checks),
        tuple(q.frechet_distance for q in checks),
        last.floor,
        tuple((low, high) for low, high in both if low is not None and high is not None),
        (real[0], real[1]) if real[0] is not None and real[1] is not None else None,
        target,
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


def draw_quality(info: QualityInfo) -> Figure:
    """Frechet distance over steps on a log axis, with what real digits reach, each in its interval.

    The axis ends at `LEAST_DRAWN`, where also lies what is below it; the hover text has the number.
    """
    highs = (high for _, high in info.interval)
    y = distance_axis([*info.frechet_distance, *highs, info.floor or 0.0], bool(info.interval))
    if not info.step or info.floor is None:
        return figures.figure(STEPS, y, waiting=_WAITING)
    heights = tuple(map(on_log_axis, info.frechet_distance))
    line = Line("generated digits", heights, COLOURS["generated"], "solid")
    distance = _checks(info.step, line, "%{customdata:.1f}")
    distance["customdata"] = figures.numbers(info.frechet_distance)
    traces = [distance]
    if info.interval:
        between = (f"({low:.1f} to {high:.1f})" for low, high in info.interval)
        distance["text"] = list(between)
        distance["hovertemplate"] = "%{customdata:.1f} %{text}"
        traces = [*_band(info.step, info.interval), distance]
    if len(info.interval) == 1:  # a band has no width there
        low, high = map(on_log_axis, info.interval[0])
        reach = {"array": [high - heights[0]], "arrayminus": [heights[0] - low]}
        distance["error_y"] = {"type": "data", "symmetric": False, **reach}
    floors = [Reference(on_log_axis(info.floor), "real digits", COLOURS["real"])]
    if not math.isfinite(info.floor):
        floors = []
    if info.target is not None:
        floors.append(Reference(on_log_axis(info.target), "as asked", COLOURS["neutral"]))
    last = info.frechet_distance[-1]
    labels = []
    if math.isfinite(last):
        height = math.log10(on_log_axis(last))
        labels = [figures.end_label("generated", number_words(last), height, COLOURS["generated"])]
    drawn = figures.figure(STEPS, y, traces, labels, *floors)
    if info.floor_interval and math.isfinite(info.floor):
        low, high = map(on_log_axis, info.floor_interval)
        across: Part = {"xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high}
        fill: Part = {"fillcolor": COLOURS["real"], "opacity": 0.15, "line": {"width": 0}}
        drawn["layout"]["shapes"].append({"type": "rect", **across, **fill})
    return drawn


def distance_axis(distances: Iterable[float], has_intervals: bool) -> Part:
    """Over whole powers of ten, and their threes, as far as `distances` reach.

    Those that have intervals reach down to `LEAST_DRAWN`, where the axis then ends.
    """
    values = [value for value in distances if math.isfinite(value)]
    highest, lowest = max(values, default=1.0), min(map(on_log_axis, values), default=1.0)
    lowest = LEAST_DRAWN if has_intervals else lowest / 1.3
    ticks = [digit * 10.0**power for power in range(-4, 13) for digit in (1, 3)]
    return {
        "title": {"text": "Frechet distance"},
        "type": "log",
        "range": (math.log10(lowest), math.log10(1.3 * max(highest, 3 * LEAST_DRAWN))),
        "tickvals": ticks,
        "ticktext": [
            f"{tick:g} or less" if tick == LEAST_DRAWN and has_intervals else f"{tick:,g}"
            for tick in ticks
        ],
    }


def _band(step: Sequence[int], interval: Sequence[tuple[float, float]]) -> list[Part]:
    """The intervals of a line, filled between two edges that are not drawn."""
    edge: Part = {"type": "scatter", "x": list(step), "mode": "lines", "line": {"width": 0}}
    edge |= {"hoverinfo": "skip", "showlegend": False}
    low, high = ([on_log_axis(end[side]) for end in interval] for side in (0, 1))
    fill: Part = {"fill": "tonexty", "fillcolor": "rgba(139, 92, 246, 0.2)"}  # as generated is
    return [edge | {"y": figures.numbers(low)}, edge | {"y": figures.numbers(high)} | fill]


def draw_precision_recall(info: PrecisionRecallInfo) -> Figure:
    """Precision and recall over steps in per cent, each with what real digits score."""
    span = (-3.0, 103.0)
    y: Part = {"title": {"text": "digits (%)"}, "range": span, "dtick": 25}
    if not info.step:
        return figures.figure(STEPS, y, waiting=_WAITING)
    generated = COLOURS["generated"]
    lines = [
        Line("precision", tuple(100 * share for share in info.precision), generated, "solid"),
        Line("recall", tuple(100 * share for share in info.recall), generated, "dot"),
    ]
    real = [
        Reference(100 * share, f"real, {line.name}", COLOURS["real"], line.dash)
        for share, line in zip((info.real_precision, info.real_recall), lines, strict=True)
        if share is not None
    ]
    traces = [_checks(info.step, line, "%{y:.0f} %") for line in lines]
    return figures.figure(STEPS, y, traces, figures.end_labels(lines, "{:.0f} %"), *real)


def draw_coverage(info: CoverageInfo) -> Figure:
    """Bars of the ten classes' shares in per cent, against those of real digits.

    Against an even ten per cent where no real digits were counted.
    """
    per_cent = [round(100 * share, 1) for share in info.shares]
    real = [round(100 * share, 1) for share in info.real_shares]
    x = {"title": {"text": "digit, as a classifier reads it"}, "dtick": 1, "range": (-0.6, 9.6)}
    y = {"title": {"text": "share (%)"}, "range": (0, 1.15 * max([20.0, *per_cent, *real]))}
    if not info.shares:
        return figures.figure(x, y, waiting=_WAITING)
    bars = {
        "type": "bar",
        "x": list(range(10)),
        "y": per_cent,
        "marker": {"color": COLOURS["generated"], "cornerradius": 4},
        "hovertemplate": f"%{{y:.1f}} % of {info.samples:,} generated digits<extra></extra>",
    }
    written = {
        "type": "scatter",
        "mode": "text",
        "x": list(range(10)),
        "y": [_written_at(*shares) for shares in zip(per_cent, real or per_cent, strict=True)],
        "text": [f"{share:.0f}" for share in per_cent],
        "textposition": "top center",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    if real:
        bars["customdata"] = real
        bars["hovertemplate"] = (
            f"%{{y:.1f}} % of {info.samples:,} generated digits<br>%{{customdata:.1f}} % of real "
            "ones<extra></extra>"
        )
        label = figures.end_label("\u2014 real", "digits", real[-1], COLOURS["real"])
        drawn = figures.figure(x | {"showgrid": False}, y, [bars, written], [label])
        line = {"color": COLOURS["real"], "width": 4}
        drawn["layout"]["shapes"] = [
            {"type": "line", "line": line, "x0": i - 0.45, "x1": i + 0.45, "y0": share, "y1": share}
            for i, share in enumerate(real)
        ]
        return drawn
    even = Reference(10, "", COLOURS["real"])
    label = figures.end_label("even", "10 %", even.y, even.colour)
    return figures.figure(x | {"showgrid": False}, y, [bars, written], [label], even)


def _written_at(share: float, real: float) -> float:
    """Where a bar's number stands: on it, but above the mark of real digits if that is near."""
    return share if share + _NUMBER_PER_CENT < real else max(share, real)


def _checks(step: Sequence[int], line: Line, value: str) -> Part:
    """A line with a marker at each quality check; `value` is the hover text of one."""
    return {
        "type": "scatter",
        "x": list(step),
        "y": figures.numbers(line.values),
        "name": line.name,
        "mode": "lines+markers",
        "line": {"color": line.colour, "width": 3, "dash": line.dash},
        "marker": {"size": 10},
        "cliponaxis": False,
        "hovertemplate": value,
    }
