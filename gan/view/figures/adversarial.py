"""The adversarial family on screen: losses and scores of a generator and a discriminator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gan.messages.events import Progress, Report, Started
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.settings.config import TrainConfig
from gan.settings.losses import LOSSES
from gan.view.figures import curve_figures
from gan.view.figures.curve_figures import LIMIT
from gan.view.figures.family_view import LOSS, SCORE, Chart, FamilyView, Overlay
from gan.view.figures.figures import Figure, Line, Part, Plot, Reference
from gan.view.figures.labels import Mark
from gan.words.text import plain


@dataclass(frozen=True)
class GameCurve:
    """Losses and mean scores over training steps; all tuples are equally long."""

    step: tuple[int, ...]
    images_seen: tuple[int, ...]
    d_loss: tuple[float, ...]
    g_loss: tuple[float, ...]
    d_real: tuple[float, ...]
    d_fake: tuple[float, ...]


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
        curve_figures.counts(game, "step", limit),
        curve_figures.counts(game, "images_seen", limit),
        *(
            curve_figures.means(game, name, limit)
            for name in ("d_loss", "g_loss", "d_real", "d_fake")
        ),
    )


def draw_losses(
    curve: GameCurve, unit: str, *, both: bool = True, marks: Sequence[Mark] = ()
) -> Figure:
    """The networks' losses over steps, `both` or D's alone, in `unit`; a critic's has none."""
    lines = [
        Line("discriminator", curve.d_loss, COLOURS["discriminator"], "solid"),
        Line("generator", curve.g_loss, COLOURS["generator"], "dash"),
    ]
    return curve_figures.draw(
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
    return curve_figures.draw(
        curve,
        Line("real digits", curve.d_real, COLOURS["real"], "solid"),
        Line("generated", curve.d_fake, COLOURS["generated"], "dot"),
        y=y,
        value="%{y:.2f}",
        references=scale.levels,
        marks=marks,
    )


def guess(config: TrainConfig) -> float:
    """What D answers in a cross-entropy game when it cannot tell (Goodfellow et al. 2014, 4.1).

    Half its target for real digits, which label smoothing lowers.
    """
    return (1.0 - config.label_smoothing) / 2.0


def losses_caption(config: TrainConfig) -> str:
    """What the two losses of `config` say, penalties included."""
    text = LOSSES[config.loss].losses_caption
    if config.gradient_penalty:
        text += f" D's includes the gradient penalty, with a weight of {config.gradient_penalty:g}."
    if config.r1_penalty:
        text += f" D's includes the R1 penalty, with a weight of {config.r1_penalty:g}."
    if config.mismatched_labels:
        text += (
            " D's includes real digits beside a class that they are not of, with a weight of "
            f"{config.mismatched_labels:g}."
        )
    if s := config.label_smoothing:
        least = -s * math.log(s) - (1 - s) * math.log(1 - s)
        text += f" Label smoothing keeps D's at {least:.2f} or above."
    return text


def scores_caption(config: TrainConfig) -> str:
    """What D's scores in the game of `config` say."""
    text = LOSSES[config.loss].scores_caption.format(guess=guess(config))
    if config.label_smoothing:
        text += f" Label smoothing asks D for {1 - config.label_smoothing:g} on real digits."
    return text


def score_scale(config: TrainConfig) -> ScoreScale:
    """The axis of D's scores in the game of `config`."""
    loss = LOSSES[config.loss]
    if loss.is_cross_entropy:
        level = Reference(guess(config), "cannot tell", COLOURS["neutral"])
        return ScoreScale("score (chance of real)", (level,), span=(-0.03, 1.03))
    levels = (Reference(level.score, level.words, COLOURS[level.origin]) for level in loss.levels)
    return ScoreScale("D's output (no unit)", tuple(levels))


def _figures(state: RunState) -> Mapping[str, Figure]:
    config, marks = state.config, curve_figures.marks_of(state)
    curve, loss = game_curve(state.progress), LOSSES[config.loss]
    return {
        "losses": draw_losses(curve, loss.unit, both=loss.g_loss_has_scale, marks=marks),
        "scores": draw_scores(curve, score_scale(config), marks),
    }


def _timeline(state: RunState) -> list[Plot]:
    curve = game_curve(state.progress)
    losses: tuple[Line, ...] = (
        Line("D", curve.d_loss, COLOURS["discriminator"], "solid"),
        Line("G", curve.g_loss, COLOURS["generator"], "dash"),
    )
    if not LOSSES[state.config.loss].g_loss_has_scale:
        losses = losses[:1]
    scores = (
        Line("real", curve.d_real, COLOURS["real"], "solid"),
        Line("generated", curve.d_fake, COLOURS["generated"], "dot"),
    )
    return [Plot(LOSS, curve.step, losses), Plot(SCORE, curve.step, scores)]


def _overlay(here: TrainConfig, other: TrainConfig) -> Overlay:
    if here.loss == other.loss:
        titles, words = [LOSS], []
        if _extras(here) != _extras(other):
            words.append("D's losses hold different penalties or smoothing: their levels differ.")
        if LOSSES[here.loss].g_loss_has_scale:
            titles.append(SCORE)
        else:
            words.append("D's scores are not overlaid: in this game their level means nothing.")
        return Overlay(tuple(titles), " ".join(words))
    if LOSSES[here.loss].is_cross_entropy and LOSSES[other.loss].is_cross_entropy:
        return Overlay(
            (SCORE,),
            f"Their losses are not overlaid: the games differ ({here.loss}, and {other.loss} in "
            "B).",
        )
    return Overlay(
        (),
        "Their losses and D's scores are not overlaid: the games differ "
        f"({here.loss}, and {other.loss} in B).",
    )


def _extras(config: TrainConfig) -> tuple[float, ...]:
    """What a loss of D may hold beside the game."""
    return (
        config.gradient_penalty,
        config.r1_penalty,
        config.mismatched_labels,
        config.label_smoothing,
    )


def _networks(config: TrainConfig, started: Started) -> str:
    g, d = f"{started.generator_parameters:,}", f"{started.discriminator_parameters:,}"
    return (
        f"{config.architecture}, {config.loss} loss, on {plain(started.device)}: "
        f"G has {g} weights, D {d}."
    )


def _discriminator(config: TrainConfig) -> str:
    if LOSSES[config.loss].is_cross_entropy:
        return (
            "What this run's own discriminator makes of the picture among the generator's: the "
            "chance that it gives to real. D and G learned together, so D is easily fooled by this "
            "G, and knows no other."
        )
    return (
        "What this run's own discriminator makes of the picture among the generator's: its output, "
        "which is no probability: the higher, the more it takes it for real. D and G learned "
        "together, so D is easily fooled by this G, and knows no other."
    )


VIEW: Final = FamilyView(
    charts=(
        Chart(
            "losses",
            test_id="loss-chart",
            label="Losses of D and G over the training steps",
            caption=losses_caption,
        ),
        Chart(
            "scores",
            test_id="score-chart",
            label="Mean score that D gives to real and to generated digits",
            caption=scores_caption,
        ),
    ),
    figures=_figures,
    timeline=_timeline,
    overlay=_overlay,
    networks=_networks,
    heading="Train a GAN",
    lesson="Two networks play a game. The **generator** G turns noise into digits; the "
    "**discriminator** D tries to tell them from real handwriting. Each learns from the other.",
    normalized="D",
    noise="drawn from a normal distribution",
    compared="Its generator turns noise into a digit in one pass through one network. It learned "
    "in a game against a discriminator, which is not needed any more once it draws.",
    discriminator=_discriminator,
)
