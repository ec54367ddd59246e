"""What each family of methods reports of a tick of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final


@dataclass(frozen=True, slots=True)
class Progress:
    """One tick of training. Losses and scores are means over the tick that ends at `step`."""

    step: int
    images_seen: int
    seconds: float
    """Training time so far."""
    d_loss: float
    """All that D minimises, penalties with it: in nats for the cross-entropy games."""
    g_loss: float
    """What G minimises, on the same scale."""
    d_real: float
    """D's mean score on real digits: in the cross-entropy games the probability, 0 to 1, that it
    gives "real"; in the others its output as it is."""
    d_fake: float
    """D's mean score on generated digits, on the same scale."""
    images_per_second: float
    """Speed since the report before."""
    measures: ClassVar[Mapping[str, str]] = {
        "d_loss": "loss/discriminator",
        "g_loss": "loss/generator",
        "d_real": "score/real",
        "d_fake": "score/generated",
    }
    """The fields that a training step measures, and what other tools call their curves."""


@dataclass(frozen=True, slots=True)
class VaeProgress:
    """One tick of a variational autoencoder's training; terms are means over the tick."""

    step: int
    images_seen: int
    seconds: float
    """Training time so far."""
    reconstruction: float
    """Cross-entropy between pixels and their reconstruction, in nats a picture."""
    divergence: float
    """Kullback-Leibler divergence of the codes from the normal distribution, in nats a picture."""
    images_per_second: float
    """Speed since the report before."""
    measures: ClassVar[Mapping[str, str]] = {
        "reconstruction": "loss/reconstruction",
        "divergence": "loss/divergence",
    }
    """The fields that a training step measures, and what other tools call their curves."""


@dataclass(frozen=True, slots=True)
class DiffusionProgress:
    """One tick of a diffusion model's training; losses are means over the tick.

    Each is the squared error a pixel of what the network says of pictures with noise in them.
    """

    step: int
    images_seen: int
    seconds: float
    """Training time so far."""
    loss: float
    """With all amounts of noise, which come equally often."""
    little_noise: float
    """In the first third of the way from a digit to noise."""
    middle_noise: float
    """In the second."""
    much_noise: float
    """In the last."""
    images_per_second: float
    """Speed since the report before."""
    measures: ClassVar[Mapping[str, str]] = {
        "loss": "loss/denoising",
        "little_noise": "loss/little_noise",
        "middle_noise": "loss/middle_noise",
        "much_noise": "loss/much_noise",
    }
    """The fields that a training step measures, and what other tools call their curves."""


Report = Progress | VaeProgress | DiffusionProgress
REPORTS: Final[Mapping[str, type[Report]]] = {
    "adversarial": Progress,
    "variational": VaeProgress,
    "diffusion": DiffusionProgress,
}
"""What a tick of training reports, by the families of `gan.settings.families`."""
