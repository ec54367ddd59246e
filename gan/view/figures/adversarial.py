"""How each game is shown: the unit of its losses, the scale of D's scores, what curves mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gan.server.painting import COLOURS
from gan.settings.config import CROSS_ENTROPY_LOSSES, TrainConfig
from gan.view.figures.curve_figures import ScoreScale
from gan.view.figures.figures import Reference

_OUTPUT: Final = "D's output (no unit)"
_OPPOSED: Final = (
    "**Losses** do not fall together as in other training: each network's gain is the other's "
    "loss. "
)
_APART: Final = "Apart, D can tell; close together, which is what G works for, it can only guess."


@dataclass(frozen=True, slots=True)
class Game:
    """One loss, as people see it."""

    unit: str
    """Of the losses; empty if they have none."""
    losses: str
    scores: str
    scale: ScoreScale
    g_loss_has_scale: bool = True
    """Whether the level of G's loss means anything: else it would only hide D's."""


_CROSS_ENTROPY_SCORES: Final = (
    '**D\'s scores**: the probability that D gives to "this one is real". Apart, D can tell; '
    "both at {guess:g}, it can only guess. Close together is what G works for."
)
_PROBABILITY: Final = ScoreScale("score (chance of real)", span=(-0.03, 1.03))

GAMES: Final[Mapping[str, Game]] = {
    "non-saturating": Game(
        "nats",
        _OPPOSED + "Two lines that wander at a level mean that both keep learning. D near 0 with G "
        "climbing means that D has won and G learns little.",
        _CROSS_ENTROPY_SCORES,
        _PROBABILITY,
    ),
    "minimax": Game(
        "nats",
        _OPPOSED + "G's is minus what D pays for generated digits, so it never is above 0. Near 0, "
        "D has won: G's gradient fades there, and it learns little.",
        _CROSS_ENTROPY_SCORES,
        _PROBABILITY,
    ),
    "least-squares": Game(
        "squared error",
        _OPPOSED + "Both are squared errors, halved. D near 0 with G near 0.5 means that D has "
        "won; where D can only guess, D stands at 0.25 and G at 0.125.",
        "**D's scores**: its output as it is, no probability. D is asked for 1 on real digits and "
        f"for 0 on generated ones; G is asked for 1. {_APART}",
        ScoreScale(
            _OUTPUT,
            (
                Reference(1.0, "target for real", COLOURS["real"]),
                Reference(0.0, "target for generated", COLOURS["generated"]),
            ),
        ),
    ),
    "hinge": Game(
        "",
        _OPPOSED + "D's is 2 if it gives 0 to everything, and 0 once all digits are beyond its "
        "margins: it learns nothing more then. G's is minus D's mean output for generated digits; "
        "it has no zero to reach.",
        "**D's scores**: its output as it is, no probability. D learns from real digits below its "
        f"margin of +1, and from generated ones above -1. {_APART}",
        ScoreScale(
            _OUTPUT,
            (
                Reference(1.0, "margin for real", COLOURS["real"]),
                Reference(-1.0, "margin for generated", COLOURS["generated"]),
            ),
        ),
    ),
    "wasserstein": Game(
        "",
        "**Losses**: D's is minus its estimate of how far generated digits are from real ones. "
        "It soon lies below 0 and climbs back towards it as G improves: this loss does tell how "
        "far G has come. G's is not drawn: it is minus the dotted line below, whose level means "
        "nothing.",
        "**D's scores**: its output as it is, no probability. Only the difference counts: the gap "
        "between the lines is D's estimate of how far generated digits are from real ones. Close "
        "together is what G works for.",
        ScoreScale(_OUTPUT),
        g_loss_has_scale=False,
    ),
}


def guess(config: TrainConfig) -> float:
    """What D answers in a cross-entropy game when it cannot tell (Goodfellow et al. 2014, 4.1).

    Half its target for real digits, which label smoothing lowers.
    """
    return (1.0 - config.label_smoothing) / 2.0


def losses_caption(config: TrainConfig) -> str:
    """What the two losses of `config` say, penalties included."""
    text = GAMES[config.loss].losses
    if config.gradient_penalty:
        text += f" D's includes the gradient penalty, with a weight of {config.gradient_penalty:g}."
    if config.r1_penalty:
        text += f" D's includes the R1 penalty, with a weight of {config.r1_penalty:g}."
    if s := config.label_smoothing:
        least = -s * math.log(s) - (1 - s) * math.log(1 - s)
        text += f" Label smoothing keeps D's at {least:.2f} or above."
    return text


def scores_caption(config: TrainConfig) -> str:
    """What D's scores in the game of `config` say."""
    text = GAMES[config.loss].scores.format(guess=guess(config))
    if config.label_smoothing:
        text += f" Label smoothing asks D for {1 - config.label_smoothing:g} on real digits."
    return text


def score_scale(config: TrainConfig) -> ScoreScale:
    """The axis of D's scores in the game of `config`."""
    scale = GAMES[config.loss].scale
    if config.loss not in CROSS_ENTROPY_LOSSES:
        return scale
    level = Reference(guess(config), "cannot tell", COLOURS["neutral"])
    return ScoreScale(scale.title, (level,), scale.span)


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
