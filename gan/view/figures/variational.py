"""The variational family on screen: the two terms of an autoencoder's loss."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gan.messages.events import Report, Started, VaeProgress
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.settings.config import TrainConfig
from gan.view.figures import curve_figures
from gan.view.figures.curve_figures import LIMIT
from gan.view.figures.family_view import LOSS, ONE_RATE, Chart, FamilyView, Overlay
from gan.view.figures.figures import Figure, Line, Part, Plot
from gan.view.figures.labels import Mark
from gan.words.text import plain

_HEADROOM: Final = 2  # times where a sum stands: where it began may be far above the plot


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


def vae_curve(progress: Sequence[Report], divergence_weight: float, limit: int = LIMIT) -> VaeCurve:
    """At most `limit` points of a variational autoencoder's reports."""
    reports = [report for report in progress if isinstance(report, VaeProgress)]
    reconstruction = curve_figures.means(reports, "reconstruction", limit)
    divergence = curve_figures.means(reports, "divergence", limit)
    return VaeCurve(
        curve_figures.counts(reports, "step", limit),
        curve_figures.counts(reports, "images_seen", limit),
        reconstruction,
        divergence,
        tuple(
            first + divergence_weight * second
            for first, second in zip(reconstruction, divergence, strict=True)
        ),
    )


def draw_terms(curve: VaeCurve, marks: Sequence[Mark] = ()) -> Figure:
    """The terms of a variational autoencoder's loss over steps, and what they add up to."""
    y: Part = {"title": {"text": "loss (nats a picture)"}, "rangemode": "tozero"}
    if curve.step and math.isfinite(last := curve.total[-1]):
        highest = max(value for value in curve.total if math.isfinite(value))
        y["range"] = (0.0, min(1.05 * highest, _HEADROOM * last))
    return curve_figures.draw(
        curve,
        Line("sum", curve.total, COLOURS["neutral"], "solid"),
        Line("reconstruction", curve.reconstruction, COLOURS["generator"], "dash"),
        Line("divergence", curve.divergence, COLOURS["encoder"], "dot"),
        y=y,
        value="%{y:.1f} nats",
        form="{:.0f} nats",
        marks=marks,
    )


def terms_caption(config: TrainConfig) -> str:
    """What the two terms of a variational autoencoder's loss say."""
    weight = config.divergence_weight
    total = "their sum" if weight == 1 else f"reconstruction plus {weight:g} times divergence"
    return (
        "**Reconstruction** is how far a picture is from what the decoder makes of its code: the "
        "cross-entropy of their pixels. **Divergence** is how far the codes are from the normal "
        "distribution that new digits are drawn from: the Kullback-Leibler divergence. There is no "
        f"game: both networks bring down {total}, though the two pull against each other, because "
        "a code that tells more gives a better picture back."
    )


def _figures(state: RunState) -> Mapping[str, Figure]:
    curve = vae_curve(state.progress, state.config.divergence_weight)
    return {"losses": draw_terms(curve, curve_figures.marks_of(state))}


def _timeline(state: RunState) -> list[Plot]:
    curve = vae_curve(state.progress, state.config.divergence_weight)
    terms = (
        Line("reconstruction", curve.reconstruction, COLOURS["generator"], "dash"),
        Line("divergence", curve.divergence, COLOURS["encoder"], "dot"),
    )
    return [Plot(LOSS, curve.step, terms)]


def _overlay(here: TrainConfig, other: TrainConfig) -> Overlay:
    return Overlay((LOSS,))


def _networks(config: TrainConfig, started: Started) -> str:
    decoder, encoder = f"{started.generator_parameters:,}", f"{started.discriminator_parameters:,}"
    return (
        f"Variational autoencoder on {plain(started.device)}: "
        f"the decoder G has {decoder} weights, the encoder {encoder}."
    )


VIEW: Final = FamilyView(
    charts=(
        Chart(
            "losses",
            test_id="loss-chart",
            label="Reconstruction and divergence over the training steps",
            caption=terms_caption,
        ),
    ),
    figures=_figures,
    timeline=_timeline,
    overlay=_overlay,
    networks=_networks,
    heading="Train a variational autoencoder",
    lesson="Two networks, and no game. The **encoder** makes a few numbers of a real digit; the "
    "**decoder** G makes a digit of such numbers again. Together they learn to lose little on the "
    "way, and to keep the numbers like noise: then noise makes digits that nobody wrote.",
    normalized="the encoder",
    options={
        "generator_hidden_units": "a dense layer of {} units in front of the decoder",
        **ONE_RATE,
    },
    noise="an encoder's codes of real digits, held close to a normal distribution",
    compared="Its decoder draws a digit in one pass too. There was no game, so that training is "
    "steady. It pays for each pixel by itself: where it is unsure, it draws what lies in between, "
    "which looks blurred.",
)
