"""The families of methods: which networks, losses and fields go together in each.

What else a family consists of has its name: a report in `gan.messages.events`, a trainer in
`gan.model.families`, what its config refuses in `gan.settings.checks` and what people see of it in
`gan.view.figures.families`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gan.settings.losses import LOSSES

PIXELS: Final = 28 * 28
"""Of a picture: as many numbers of noise as a diffusion model begins with."""
MOST_NOISE: Final = 512
"""Numbers of noise of a network that makes a picture of them in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A kind of method: its networks, and what its runs can be asked for."""

    name: str
    title: str
    """What people call such a network."""
    architectures: Mapping[str, str]
    """Its networks, with a word on each."""
    losses: Mapping[str, str]
    """What they can minimise, with a word on each."""
    without_meaning: frozenset[str]
    """Fields that no form asks for: they change nothing, or have only one value."""
    help: Mapping[str, str] = field(default_factory=dict)
    """What a field means here, if that is not what it means elsewhere."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the form calls a field here, if its name speaks of networks that are not there."""
    most: Mapping[str, int] = field(default_factory=dict)
    """How large a field may be here, if that is less than elsewhere."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a field that takes one of a few names may be here, if those are not all of them."""
    fixed: Mapping[str, int] = field(default_factory=dict)
    """Fields that can have only one value here, where that is not the usual one."""
    steps_in_parts: bool = False
    """Whether one network can take a step while the other stands still, and a step opens up."""

    @property
    def draws_in_steps(self) -> bool:
        """Whether the network is asked again and again for one digit, and not once."""
        return "sampling_steps" not in self.without_meaning

    def asks_for(self, name: str, loss: str) -> bool:
        """Whether field `name` means something beside this loss."""
        if name in ("label_smoothing", "mismatched_labels") and loss in LOSSES:
            return LOSSES[loss].is_cross_entropy
        return name not in self.without_meaning


_OF_SAMPLING: Final = ("prediction", "sampler", "sampling_steps")
_OF_TWO_NETWORKS: Final = (
    "discriminator_normalization",
    "discriminator_learning_rate",
    "discriminator_steps",
    "gradient_penalty",
    "r1_penalty",
    "r1_interval",
    "mismatched_labels",
    "label_smoothing",
    "instance_noise",
    "augmentation",
    "discriminator_hidden_units",
)
_ONE_RATE_SCHEDULE: Final = "What the learning rate does in the course of a run."
_ONE_RATE_HALF_LIFE: Final = (
    "Steps in which the learning rate falls to half: long runs end on finer strokes. Beside a "
    "schedule the two multiply. 0 keeps the rate."
)

ADVERSARIAL: Final = Family(
    "adversarial",
    title="GAN",
    architectures={
        "lean-dcgan": "Small convolutional pair: ten digit classes within seconds on a CPU.",
        "fine-dcgan": "lean-dcgan with a third stage of G at full resolution and a D that also "
        "sees how much a batch differs: each step takes longer and teaches more.",
        "sharp-dcgan": "fine-dcgan with twice the channels at full resolution: finer strokes, "
        "steps a quarter longer.",
        "quality": "sharp-dcgan with twice the channels in D, too: made for runs of a quarter of "
        "an hour.",
        "dcgan-tutorial": "The widely taught DCGAN (256, 128 and 64 channels): slow on a CPU.",
        "article-dense": "The article's section 3.4: dense layers only. As printed, it tends to "
        "collapse to one pattern.",
        "article-mnist": "The article's section 5.2: dense generator, one convolution as critic. "
        "As printed, it tends to collapse to one pattern.",
        "article-mended": "article-mnist with a generator of transposed convolutions in place of "
        "the dense one.",
    },
    losses={loss.name: loss.help for loss in LOSSES.values()},
    without_meaning=frozenset({"divergence_weight", *_OF_SAMPLING}),
    most={"latent_dim": MOST_NOISE},
    steps_in_parts=True,
)
"""A generator and a discriminator that learns to tell its digits from real ones."""

VARIATIONAL: Final = Family(
    "variational",
    title="Variational autoencoder",
    architectures={
        "vae": "A variational autoencoder, the other family of the article's 1.1: an encoder in "
        "D's place and no game. Steady, and blurred.",
    },
    losses={
        "elbo": "The variational autoencoder's: reconstruction error plus the divergence of its "
        "codes from the normal distribution.",
    },
    without_meaning=frozenset({"conditional", "groups", *_OF_SAMPLING, *_OF_TWO_NETWORKS}),
    most={"latent_dim": MOST_NOISE},
    help={
        "latent_dim": "How many numbers of noise make one digit, and how many the encoder makes of "
        "one.",
        "generator_hidden_units": "Units of a dense layer that bends the noise before the decoder "
        "draws: digits of different classes come further apart. 0 is no such layer; 512 is usual.",
        "generator_learning_rate": "How far the decoder G and the encoder move in one step.",
        "learning_rate_schedule": _ONE_RATE_SCHEDULE,
        "learning_rate_half_life": _ONE_RATE_HALF_LIFE,
        "adam_beta_1": "Adam's momentum: 0.9 is usual for variational autoencoders.",
        "ema_decay": "Averaging of the decoder's weights over time, for display: 0 shows the raw "
        "network.",
    },
    labels={
        "generator_learning_rate": "Learning rate",
        "generator_hidden_units": "Decoder hidden units",
    },
)
"""An autoencoder whose codes are kept close to the normal distribution."""

DIFFUSION: Final = Family(
    "diffusion",
    title="Diffusion model",
    architectures={
        "ddpm": "A diffusion model: one network, which learns to take noise out of pictures. It "
        "draws by taking it out of pure noise, a little at a time.",
        "ddpm-wide": "The same with a third more channels: made for runs of an hour.",
    },
    losses={
        "denoising": "The diffusion model's: the squared error of what it says of a picture with "
        "noise in it, as often with little noise as with much. It learns less from what can hardly "
        "be told (min-SNR weighting).",
    },
    without_meaning=frozenset({"groups", "latent_dim", "divergence_weight", *_OF_TWO_NETWORKS}),
    help={
        "conditional": "Whether the network is told which class a digit is of.",
        "generator_hidden_units": "Units of a dense layer in the middle of the network, which "
        "weighs all parts of a picture against each other: strokes far apart come to fit. 0 is no "
        "such layer; 512 is usual.",
        "generator_learning_rate": "How far the network moves in one step.",
        "learning_rate_schedule": _ONE_RATE_SCHEDULE,
        "learning_rate_half_life": _ONE_RATE_HALF_LIFE,
        "adam_beta_1": "Adam's momentum: 0.9 is usual for diffusion models.",
        "ema_decay": "Averaging of the network's weights over time: the average draws. 0 shows the "
        "raw network.",
    },
    labels={
        "generator_learning_rate": "Learning rate",
        "generator_hidden_units": "Hidden units",
    },
    choices={
        "conditional": {
            "no": "The network chooses what it draws.",
            "projected": "The network is told which class to draw, beside how much noise there is.",
        }
    },
    fixed={"latent_dim": PIXELS},
)
"""A network that takes noise out of pictures, a little at a time, until a digit is left."""

FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family for family in (ADVERSARIAL, VARIATIONAL, DIFFUSION)
}
ARCHITECTURES: Final[Mapping[str, str]] = {
    name: words for family in FAMILIES.values() for name, words in family.architectures.items()
}
"""The networks of all families, with a word on each."""
ALL_LOSSES: Final[Mapping[str, str]] = {
    name: words for family in FAMILIES.values() for name, words in family.losses.items()
}
"""What they can minimise, with a word on each."""


def family_of(architecture: str) -> Family:
    """The family that these networks belong to."""
    return next(one for one in FAMILIES.values() if architecture in one.architectures)
