"""How training goes, drawn: `*_curve` takes what a run reported down to what is drawn, `draw_*`
draws it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from gan.messages.events import Progress, Report, VaeProgress
from gan.runs.notable import changes
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.view.figures import figures
from gan.view.figures.figures import STEPS, Figure, Line, Part, Reference
from gan.view.figures.labels import Mark

LIMIT = 200
"""Points of a curve, at most."""
_HEADROOM = 2  # times where a sum stands: where it began may be far above the plot


@dataclass(frozen=True)
class GameCurve:
    """Losses and mean scores over training steps; all tuples are equally long."""

    step: tuple[int, ...]
    images_seen: tuple[int, ...]
    d_loss: tuple[float, ...]
    g_loss: tuple[float, ...]
    d_real: tuple[float, ...]
    d_fake: tuple[float, ...]


@dataclass(frozen=True)
class VaeCurve:
    """Both terms of a variational autoencoder's loss over training steps, and what it minimises.

    All tuples are equally long; values are in nats a picture.
    """

    step: tuple[int, ...]
    images_seen: tuple[int, ...]
    reconstruction: tuple[float, ...]
    divergence: tuple[float, ...]
    total: tuple[float, ...]
    """The reconstruction plus the weighted divergence."""


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """The axis of D's scores, and the levels that mean something on it."""

    title: str
    levels: tuple[Reference, ...] = ()
    span: tuple[float, float] | None = None
    """The range of the axis; None to fit what is drawn."""


def game_curve(progress: Sequence[Report], limit: int = LIMIT) -> GameCurve:
    """At most `limit` points of a game's reports."""
    game = [report for report in progress if isinstance(report, Progress)]
    return GameCurve(
        _counts(game, "step", limit),
        _counts(game, "images_seen", limit),
        *(_means(game, name, limit) for name in ("d_loss", "g_loss", "d_real", "d_fake")),
    )


def vae_curve(progress: Sequence[Report], divergence_weight: float, limit: int = LIMIT) -> VaeCurve:
    """At most `limit` points of a variational autoencoder's reports."""
    reports = [report for report in progress if isinstance(report, VaeProgress)]
    reconstruction = _means(reports, "reconstruction", limit)
    divergence = _means(reports, "divergence", limit)
    return VaeCurve(
        _counts(reports, "step", limit),
        _counts(reports, "images_seen", limit),
        reconstruction,
        divergence,
        tuple(
            first + divergence_weight * second
            for first, second in zip(reconstruction, divergence, strict=True)
        ),
    )


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


def _counts(reports: Sequence[Report], name: str, limit: int) -> tuple[int, ...]:
    return tuple(round(value) for value in _thinned(reports, name, limit, is_count=True))


def _means(reports: Sequence[Report], name: str, limit: int) -> tuple[float, ...]:
    return tuple(_thinned(reports, name, limit, is_count=False))


def marks_of(state: RunState) -> list[Mark]:
    """The moments at which people changed what happens next, in few words."""
    return [
        Mark(moment.step, moment.text.replace("discriminator", "D").replace("generator", "G"))
        for moment in changes(state)
    ]


def draw_losses(
    curve: GameCurve, unit: str, *, both: bool = True, marks: Sequence[Mark] = ()
) -> Figure:
    """The networks' losses over steps, `both` or D's alone, in `unit`; a critic's has none."""
    lines = [
        Line("discriminator", curve.d_loss, COLOURS["discriminator"], "solid"),
        Line("generator", curve.g_loss, COLOURS["generator"], "dash"),
    ]
    return _draw(
        curve,
        *(lines if both else lines[:1]),
        y={"title": {"text": f"loss ({unit or 'no unit'})"}},
        value=f"%{{y:.3f}} {unit}".rstrip(),
        marks=marks,
    )


def draw_scores(curve: GameCurve, scale: ScoreScale, marks: Sequence[Mark] = ()) -> Figure:
    """The discriminator's mean score on real and on generated digits over steps."""
    y: Part = {"title": {"text": scale.title}}
    if scale.span:
        y |= {"range": scale.span, "dtick": 0.25}
    return _draw(
        curve,
        Line("real digits", curve.d_real, COLOURS["real"], "solid"),
        Line("generated", curve.d_fake, COLOURS["generated"], "dot"),
        y=y,
        value="%{y:.2f}",
        references=scale.levels,
        marks=marks,
    )


def draw_terms(curve: VaeCurve, marks: Sequence[Mark] = ()) -> Figure:
    """The terms of a variational autoencoder's loss over steps, and what they add up to."""
    y: Part = {"title": {"text": "loss (nats a picture)"}, "rangemode": "tozero"}
    if curve.step and math.isfinite(last := curve.total[-1]):
        highest = max(value for value in curve.total if math.isfinite(value))
        y["range"] = (0.0, min(1.05 * highest, _HEADROOM * last))
    return _draw(
        curve,
        Line("sum", curve.total, COLOURS["neutral"], "solid"),
        Line("reconstruction", curve.reconstruction, COLOURS["generator"], "dash"),
        Line("divergence", curve.divergence, COLOURS["encoder"], "dot"),
        y=y,
        value="%{y:.1f} nats",
        form="{:.0f} nats",
        marks=marks,
    )


def _draw(
    curve: GameCurve | VaeCurve,
    *lines: Line,
    y: Part,
    value: str,
    references: Sequence[Reference] = (),
    marks: Sequence[Mark] = (),
    form: str = "{:.2f}",
) -> Figure:
    """Lines over steps; `value` is the hover text of a point, `form` the number at a line's end."""
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
