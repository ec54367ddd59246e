"""The losses of two networks that play against each other: one entry each, which all others read.

An entry says what the form, the checks, the curves and their captions have to know. The function of
the same name, which TensorFlow computes, is in `gan.model.losses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

_OPPOSED: Final = (
    "**Losses** do not fall together as in other training: each network's gain is the other's "
    "loss. "
)
_APART: Final = "Apart, D can tell; close together, which is what G works for, it can only guess."
_PROBABILITY: Final = (
    '**D\'s scores**: the probability that D gives to "this one is real". Apart, D can tell; '
    "both at {guess:g}, it can only guess. Close together is what G works for."
)
_OUTPUT: Final = "**D's scores**: its output as it is, no probability. "


@dataclass(frozen=True, slots=True)
class Level:
    """A height on the axis of D's scores that means something."""

    score: float
    words: str
    origin: Literal["real", "generated"]
    """The digits that it is of, which gives it their colour."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What D and G are asked to minimise, as a form asks for it and as curves show it."""

    name: str
    help: str
    unit: str
    """Of both losses; empty if they have none."""
    losses_caption: str
    """What their curves say."""
    scores_caption: str
    """What the curves of D's scores say; ``{guess}`` is what D answers when it cannot tell."""
    levels: tuple[Level, ...] = ()
    """What D's scores are compared with."""
    is_cross_entropy: bool = False
    """Whether D's scores are probabilities, with targets that label smoothing can lower."""
    g_loss_has_scale: bool = True
    """Whether the level of G's loss means anything: else it would only hide D's."""
    needs_bounded_slopes: bool = False
    """Whether D runs away unless a penalty or spectral normalisation holds its slopes."""
    generator_sees_real: bool = False
    """Whether G's side looks at D's logits for real digits too: each step of G then asks D for
    them, which costs time."""


def _by_name(*losses: Loss) -> Mapping[str, Loss]:
    return {loss.name: loss for loss in losses}


LOSSES: Final[Mapping[str, Loss]] = _by_name(
    Loss(
        "non-saturating",
        help="G maximises log D(G(z)): strong gradients while D is winning. The usual choice.",
        unit="nats",
        losses_caption=_OPPOSED
        + "Two lines that wander at a level mean that both keep learning. D near 0 with G "
        "climbing means that D has won and G learns little.",
        scores_caption=_PROBABILITY,
        is_cross_entropy=True,
    ),
    Loss(
        "minimax",
        help="G minimises log(1 - D(G(z))), the original game: G's gradient fades when D is sure.",
        unit="nats",
        losses_caption=_OPPOSED
        + "G's is minus what D pays for generated digits, so it never is above 0. Near 0, "
        "D has won: G's gradient fades there, and it learns little.",
        scores_caption=_PROBABILITY,
        is_cross_entropy=True,
    ),
    Loss(
        "least-squares",
        help="D is asked for 1 on real and 0 on generated digits, and pays the squared error: "
        "digits far on the right side are pulled back too.",
        unit="squared error",
        losses_caption=_OPPOSED
        + "Both are squared errors, halved. D near 0 with G near 0.5 means that D has "
        "won; where D can only guess, D stands at 0.25 and G at 0.125.",
        scores_caption=_OUTPUT
        + "D is asked for 1 on real digits and for 0 on generated ones; G is asked for 1. "
        + _APART,
        levels=(
            Level(1.0, "target for real", "real"),
            Level(0.0, "target for generated", "generated"),
        ),
    ),
    Loss(
        "hinge",
        help="D stops learning from examples that it places beyond a margin of 1. Common in large "
        "GANs.",
        unit="",
        losses_caption=_OPPOSED
        + "D's is 2 if it gives 0 to everything, and 0 once all digits are beyond its "
        "margins: it learns nothing more then. G's is minus D's mean output for generated digits; "
        "it has no zero to reach.",
        scores_caption=_OUTPUT
        + "D learns from real digits below its margin of +1, and from generated ones above -1. "
        + _APART,
        levels=(
            Level(1.0, "margin for real", "real"),
            Level(-1.0, "margin for generated", "generated"),
        ),
    ),
    Loss(
        "wasserstein",
        help="D, a critic, estimates how far the two crowds are apart. It has to have bounded "
        "slopes: with a gradient penalty, or spectral normalisation.",
        unit="",
        losses_caption="**Losses**: D's is minus its estimate of how far generated digits are from "
        "real ones. It soon lies below 0 and climbs back towards it as G improves: this loss does "
        "tell how far G has come. G's is not drawn: it is minus the dotted line below, whose level "
        "means nothing.",
        scores_caption=_OUTPUT
        + "Only the difference counts: the gap between the lines is D's estimate of how far "
        "generated digits are from real ones. Close together is what G works for.",
        g_loss_has_scale=False,
        needs_bounded_slopes=True,
    ),
)
"""All of them by name, in the order in which they are offered."""
