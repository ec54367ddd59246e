"""The diffusion family on screen: the loss of a denoiser, and what it is with how much noise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gan.messages.events import DiffusionProgress, Report, Started
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.settings.config import TrainConfig
from gan.view.figures import curve_figures
from gan.view.figures.curve_figures import LIMIT
from gan.view.figures.family_view import LOSS, ONE_RATE, Chart, FamilyView, Overlay
from gan.view.figures.figures import Figure, Line, Part, Plot
from gan.view.figures.labels import Mark
from gan.words.text import plain

_HEADROOM: Final = 2  # times where the highest line ends: where it began may be far above the plot
_TARGETS: Final[Mapping[str, str]] = {
    "v": "a mixture of the noise and the digit, from which either follows",
    "epsilon": "the noise",
}
_NEVER_ZERO: Final[Mapping[str, str]] = {
    "v": "None of them can reach 0: in much noise nobody can tell which digit was there, and in "
    "little noise not what each grain was.",
    "epsilon": "None of them can reach 0, least of all the one of little noise: what each grain "
    "was cannot be told there.",
}


@dataclass(frozen=True)
class DenoisingCurve:
    """A denoiser's loss over training steps, and its parts by how much noise there was.

    All tuples are equally long; values are squared errors a pixel.
    """

    step: tuple[int, ...]
    images_seen: tuple[int, ...]
    loss: tuple[float, ...]
    """The mean of the others."""
    little_noise: tuple[float, ...]
    middle_noise: tuple[float, ...]
    much_noise: tuple[float, ...]


def denoising_curve(progress: Sequence[Report], limit: int = LIMIT) -> DenoisingCurve:
    """At most `limit` points of a diffusion model's reports."""
    reports = [report for report in progress if isinstance(report, DiffusionProgress)]
    return DenoisingCurve(
        curve_figures.counts(reports, "step", limit),
        curve_figures.counts(reports, "images_seen", limit),
        *(curve_figures.means(reports, name, limit) for name in DiffusionProgress.measures),
    )


def _lines(curve: DenoisingCurve) -> tuple[Line, ...]:
    """One colour for the one network; how much noise there was is the dash."""
    colour = COLOURS["generator"]
    return (
        Line("all noise", curve.loss, COLOURS["neutral"], "solid"),
        Line("much noise", curve.much_noise, colour, "dash"),
        Line("middle noise", curve.middle_noise, colour, "dot"),
        Line("little noise", curve.little_noise, colour, "solid"),
    )


def draw_losses(curve: DenoisingCurve, marks: Sequence[Mark] = ()) -> Figure:
    """The loss over steps, with its parts."""
    y: Part = {"title": {"text": "loss (squared error a pixel)"}, "rangemode": "tozero"}
    lines = _lines(curve)
    found = [value for line in lines for value in line.values if math.isfinite(value)]
    last = [line.values[-1] for line in lines if line.values and math.isfinite(line.values[-1])]
    if found and last:
        y["range"] = (0.0, min(1.05 * max(found), _HEADROOM * max(last)))
    return curve_figures.draw(curve, *lines, y=y, value="%{y:.4f}", form="{:.3f}", marks=marks)


def losses_caption(config: TrainConfig) -> str:
    """What the loss of a diffusion model says, and what it does not."""
    target = _TARGETS[config.prediction]
    return (
        "**Loss** is how far the network is from telling what it is asked for when it sees a real "
        f"digit with noise in it: {target}. It is drawn three times more, by how much noise there "
        "was: **much noise**, where a drawing begins and it is decided which digit it becomes; "
        "**middle noise**, where its strokes find their places; and **little noise**, where they "
        "become sharp. "
        f"{_NEVER_ZERO[config.prediction]} All amounts of noise count alike here; the network "
        "learns less from those of which hardly anything can be told. The loss falls fast at first "
        "and then hardly moves, while the digits still become better: it is no measure of quality. "
        "The Frechet distance is one."
    )


def _figures(state: RunState) -> Mapping[str, Figure]:
    curve = denoising_curve(state.progress)
    return {"losses": draw_losses(curve, curve_figures.marks_of(state))}


def _timeline(state: RunState) -> list[Plot]:
    curve = denoising_curve(state.progress)
    return [Plot(LOSS, curve.step, _lines(curve))]


def _overlay(here: TrainConfig, other: TrainConfig) -> Overlay:
    if here.prediction == other.prediction:
        return Overlay((LOSS,))
    return Overlay(
        (), "Their losses are not overlaid: the two networks are asked for different things."
    )


def _networks(config: TrainConfig, started: Started) -> str:
    return (
        f"Diffusion model on {plain(started.device)}: its network has "
        f"{started.generator_parameters:,} weights, and is asked {config.sampling_steps:,} times "
        "for one digit."
    )


VIEW: Final = FamilyView(
    charts=(
        Chart(
            "losses",
            test_id="loss-chart",
            label="The denoising loss over the training steps, by how much noise there was",
            caption=losses_caption,
        ),
    ),
    figures=_figures,
    timeline=_timeline,
    overlay=_overlay,
    networks=_networks,
    heading="Train a diffusion model",
    lesson="One network, and no game. It is shown real digits with noise in them, and learns to "
    "tell the noise from the digit. To draw, it begins with nothing but noise and takes a little "
    "out of it at a time, until a digit is left.",
    normalized="the network",
    options={
        "conditional": "network told the classes ({})",
        "generator_hidden_units": "a dense layer of {} units in the middle of the network",
        **ONE_RATE,
    },
    noise="drawn from a normal distribution, one for each pixel",
    compared="It asks one network again and again for one digit, and each time takes a little "
    "noise out of the picture. There was no game. Such networks are known to need longer training "
    "for the same distance, and to leave out few kinds of digits: recall says whether that is so "
    "here.",
)
