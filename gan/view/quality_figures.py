"""How good the digits are, drawn: `*_info` takes a run's quality checks down to what is drawn,
`draw_*` draws it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gan.events import Quality
from gan.view import figures
from gan.view.figures import COLOURS, STEPS, Figure, Line, Part, Reference

_WAITING = "waiting for the first quality check"


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


def draw_quality(info: QualityInfo) -> Figure:
    """Frechet distance over steps on a log axis, with the floor that real digits reach.

    The axis has no place for a floor of zero: then there is none.
    """
    y = {"title": {"text": "Fréchet distance"}, "type": "log", "dtick": "D2", "tickformat": "~g"}
    if not info.step or info.floor is None:
        return figures.figure(STEPS, y, waiting=_WAITING)
    line = Line("generated digits", info.frechet_distance, COLOURS["generated"], "solid")
    distance = _checks(info.step, line, "%{y:.1f}")
    floors = [Reference(info.floor, "real digits", COLOURS["real"])]
    if not info.floor > 0:
        floors = []
    last = info.frechet_distance[-1]
    if not (math.isfinite(last) and last > 0):
        return figures.figure(STEPS, y, [distance], [], *floors)
    end = figures.end_label("generated", f"{last:.1f}", math.log10(last), COLOURS["generated"])
    return figures.figure(STEPS, y, [distance], [end], *floors)


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
        "y": [max(shares) for shares in zip(per_cent, real or per_cent, strict=True)],
        "text": [f"{share:.0f}" for share in per_cent],
        "textposition": "top center",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    if real:
        bars["customdata"] = real
        bars["hovertemplate"] = (
            f"%{{y:.1f}} % of {info.samples:,} generated digits<br>%{{customdata:.1f}} % of as "
            "many real ones<extra></extra>"
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
