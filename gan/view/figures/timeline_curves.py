"""The curves of the time machine: which a run has, and which of two runs may share a plot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gan.runs.measures import comparable, on_log_axis
from gan.runs.state import RunState
from gan.server.painting import COLOURS
from gan.settings.config import CROSS_ENTROPY_LOSSES, TrainConfig
from gan.view.components.timeline import Curve
from gan.view.figures import adversarial as games
from gan.view.figures import curve_figures
from gan.view.figures.figures import Line

LOSS: Final = "Loss"
SCORE: Final = "D's score"
DISTANCE: Final = "Frechet distance"
SHARE: Final = "Share of a class (%)"
_CLOCK_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Overlay:
    """Which curves of another run are drawn into the plots of this one."""

    titles: tuple[str, ...]
    words: str
    """Why not all of them, or what to mind; may be empty."""


def overlay(here: TrainConfig, other: TrainConfig, *, one_distance: bool = True) -> Overlay:
    """What of two runs stands on one scale; their distances do if they are `one_distance`."""
    titles, words = [SHARE], []
    if one_distance:
        titles.insert(0, DISTANCE)
    else:
        words.append(
            "Their distances are not overlaid: one of the runs was judged by an earlier version, "
            "whose numbers depend on how many digits were judged."
        )
    if not (here.is_adversarial and other.is_adversarial):
        if here.is_adversarial == other.is_adversarial:
            titles.insert(0, LOSS)
        else:
            words.append("Their losses are not overlaid: only one of the two runs is a game.")
    elif here.loss == other.loss:
        titles.insert(0, LOSS)
        if _extras(here) != _extras(other):
            words.append("D's losses hold different penalties or smoothing: their levels differ.")
        if games.GAMES[here.loss].g_loss_has_scale:
            titles.insert(1, SCORE)
        else:
            words.append("D's scores are not overlaid: in this game their level means nothing.")
    elif here.loss in CROSS_ENTROPY_LOSSES and other.loss in CROSS_ENTROPY_LOSSES:
        titles.insert(0, SCORE)
        words.append(f"Their losses are not overlaid: {_differ(here, other)}.")
    else:
        words.append(f"Their losses and D's scores are not overlaid: {_differ(here, other)}.")
    if (here.data, here.classes) != (other.data, other.classes):
        words.append("They learn from different data: compare each distance with its own real one.")
    return Overlay(tuple(titles), " ".join(words))


def _extras(config: TrainConfig) -> tuple[float, ...]:
    """What a game's loss of D may hold beside the game."""
    return config.gradient_penalty, config.r1_penalty, config.label_smoothing


def _differ(here: TrainConfig, other: TrainConfig) -> str:
    return f"the games differ ({here.loss}, and {other.loss} in B)"


def clock(state: RunState) -> list[tuple[int, float]]:
    """Steps and the training time, in seconds, after each; between them it goes evenly."""
    reports = state.progress
    stride = 1
    while len(reports) // stride > _CLOCK_POINTS:
        stride *= 2
    kept = [*reports[stride - 1 :: stride], *reports[-1:]]
    times = {report.step: round(report.seconds, 2) for report in kept}
    return list({0: 0.0, **times}.items())


def curves(state: RunState) -> list[Curve]:
    """All curves of a run, in the order in which they are read."""
    if not state.config.is_adversarial:
        vae = curve_figures.vae_curve(state.progress, state.config.divergence_weight)
        terms = (
            Line("reconstruction", vae.reconstruction, COLOURS["generator"], "dash"),
            Line("divergence", vae.divergence, COLOURS["encoder"], "dot"),
        )
        return [Curve(LOSS, vae.step, terms), *_checks(state)]
    game = curve_figures.game_curve(state.progress)
    losses: tuple[Line, ...] = (
        Line("D", game.d_loss, COLOURS["discriminator"], "solid"),
        Line("G", game.g_loss, COLOURS["generator"], "dash"),
    )
    if not games.GAMES[state.config.loss].g_loss_has_scale:
        losses = losses[:1]
    scores = (
        Line("real", game.d_real, COLOURS["real"], "solid"),
        Line("generated", game.d_fake, COLOURS["generated"], "dot"),
    )
    return [Curve(LOSS, game.step, losses), Curve(SCORE, game.step, scores), *_checks(state)]


def _checks(state: RunState) -> Iterator[Curve]:
    """What the judge found: the distance, and whether classes go missing."""
    same = comparable(state.quality)
    distances = tuple(on_log_axis(check.frechet_distance) for check in same)
    floors = tuple(on_log_axis(check.floor) for check in same)
    yield Curve(
        DISTANCE,
        tuple(check.step for check in same),
        (
            Line("generated", distances, COLOURS["generated"], "solid"),
            Line("real", floors, COLOURS["real"], "dash"),
        ),
        logarithmic=bool(same),
        has_dots=True,
    )
    checks, chosen = state.quality, state.config.chosen_classes
    shares = [[100 * check.coverage[digit] for digit in chosen] for check in checks]
    yield Curve(
        SHARE,
        tuple(check.step for check in checks),
        (
            Line("commonest", tuple(map(max, shares)), COLOURS["generated"], "solid"),
            Line("rarest", tuple(map(min, shares)), COLOURS["neutral"], "dot"),
        ),
        has_dots=True,
    )
