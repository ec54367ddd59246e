"""The fields of a config: what each means, and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from gan.settings.choices import (
    CONDITIONALS,
    LEARNING_RATE_SCHEDULES,
    NORMALIZATIONS,
    PRECISIONS,
    PREDICTIONS,
    SAMPLERS,
)
from gan.settings.families import ALL_LOSSES, ARCHITECTURES
from gan.settings.limits import Limits, limited

DEFAULT_DATA: Final = "builtin"
"""The name of the data set that every installation has; `gan.data.registry` holds all of them."""
ALL_CLASSES: Final = "all"
CLASSES: Final = 10
ADJUSTABLE: Final = (
    "generator_learning_rate",
    "discriminator_learning_rate",
    "discriminator_steps",
    "loss",
    "gradient_penalty",
    "r1_penalty",
    "r1_interval",
    "mismatched_labels",
    "label_smoothing",
    "instance_noise",
    "augmentation",
    "divergence_weight",
    "sampler",
    "sampling_steps",
    "max_steps",
    "max_seconds",
    "target_distance",
)
"""Fields that may change in the middle of a run: none of them shapes a network."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What `gan.settings.config.TrainConfig` holds, not yet checked."""

    architecture: str = limited(
        "lean-dcgan",
        help="The networks that learn, and with them the method: a game of two (GAN), a "
        "variational autoencoder or a diffusion model.",
        choices=ARCHITECTURES,
    )
    loss: str = limited(
        "non-saturating",
        help="What the networks are asked to minimise.",
        choices=ALL_LOSSES,
    )
    conditional: str = limited(
        "no",
        help="Whether the networks are told which class a digit is of.",
        choices=CONDITIONALS,
    )
    groups: int = limited(
        10,
        help="Into how many groups the pictures are sorted by what they look like, where "
        "conditional is found.",
        minimum=2,
        maximum=64,
    )
    latent_dim: int = limited(
        32,
        help="How many numbers of noise make one digit.",
        minimum=2,
        maximum=784,
    )
    batch_size: int = limited(
        32,
        help="Digits seen in one training step: larger is smoother and slower.",
        minimum=2,
        maximum=1024,
        unit="digits",
    )
    generator_learning_rate: float = limited(
        4e-3,
        help="How far G moves in one step. Up to twice D's helps G to keep up.",
        minimum=1e-6,
        maximum=1.0,
        step=1e-4,
    )
    discriminator_learning_rate: float = limited(
        2e-3,
        help="How far D moves in one step. Far above G's, D wins and G learns nothing.",
        minimum=1e-6,
        maximum=1.0,
        step=1e-4,
    )
    learning_rate_schedule: str = limited(
        "constant",
        help="What both learning rates do in the course of a run.",
        choices=LEARNING_RATE_SCHEDULES,
    )
    learning_rate_half_life: int = limited(
        0,
        help="Steps in which both learning rates fall to half: long runs end on finer strokes. "
        "Beside a schedule the two multiply. 0 keeps the rates.",
        minimum=0,
        maximum=10_000_000,
        step=1000,
        unit="steps",
    )
    adam_beta_1: float = limited(
        0.5,
        help="Adam's momentum: GANs prefer 0.5 to the usual 0.9.",
        minimum=0.0,
        maximum=0.999,
        step=0.05,
    )
    adam_beta_2: float = limited(
        0.999,
        help="Adam's memory for the size of gradients.",
        minimum=0.0,
        maximum=0.99999,
        step=0.001,
    )
    discriminator_steps: int = limited(
        1,
        help="Updates of D for each update of G.",
        minimum=1,
        maximum=10,
    )
    discriminator_normalization: str = limited(
        "batch",
        help="What keeps the numbers inside D in bounds.",
        choices=NORMALIZATIONS,
    )
    generator_hidden_units: int = limited(
        0,
        help="Units of a dense layer that bends the noise before G draws: digits of different "
        "classes come further apart. 0 is no such layer.",
        minimum=0,
        maximum=2048,
        step=32,
        unit="units",
    )
    discriminator_hidden_units: int = limited(
        0,
        help="Units of a dense layer in which D weighs all parts of a picture against each other "
        "before it decides: digits half-way between two are found out. 0 is no such layer.",
        minimum=0,
        maximum=2048,
        step=32,
        unit="units",
    )
    gradient_penalty: float = limited(
        0.0,
        help="Weight of (|slope of D| - 1)^2 between real and generated digits; 10 is usual, 0 "
        "is off.",
        minimum=0.0,
        maximum=1000.0,
        step=1.0,
    )
    r1_penalty: float = limited(
        0.0,
        help="Weight of half of |slope of D|^2 at real digits: calms D near the goal; 0 is off.",
        minimum=0.0,
        maximum=1000.0,
        step=0.1,
    )
    r1_interval: int = limited(
        1,
        help="Steps from one R1 penalty to the next, each weighted as many times: one in eight "
        "calms D as well, at an eighth of the price.",
        minimum=1,
        maximum=64,
        unit="steps",
    )
    mismatched_labels: float = limited(
        0.0,
        help="How much it counts for D to tell real digits beside a class that they are not of "
        "from real digits beside their own, such as a real 3 called a 7: G then draws what it is "
        "asked for more surely, and a little less varied. 0.1 is plenty.",
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    label_smoothing: float = limited(
        0.0,
        help="How far below 1 D's target for real digits lies (one-sided); 0.1 is usual.",
        minimum=0.0,
        maximum=0.5,
        step=0.05,
    )
    instance_noise: float = limited(
        0.0,
        help="Standard deviation of noise added to all that D sees, on pixels from -1 to 1.",
        minimum=0.0,
        maximum=2.0,
        step=0.05,
    )
    augmentation: float = limited(
        0.0,
        help="Share of what D sees, real and generated alike, that is shifted, turned and zoomed a "
        "little: few digits last longer before D knows them by heart. 0 is none.",
        minimum=0.0,
        maximum=0.6,
        step=0.1,
    )
    divergence_weight: float = limited(
        1.0,
        help="The variational autoencoder's weight of the second term: above 1 tidier codes, "
        "below 1 sharper digits.",
        minimum=0.0,
        maximum=100.0,
        step=0.1,
    )
    prediction: str = limited(
        "v",
        help="What the diffusion model is asked for when it sees a picture with noise in it.",
        choices=PREDICTIONS,
    )
    sampler: str = limited(
        "ddim",
        help="How the diffusion model goes from noise to a picture.",
        choices=SAMPLERS,
    )
    sampling_steps: int = limited(
        20,
        help="How often the diffusion model's network is asked for one picture: more steps make "
        "finer strokes and take as much longer. It learns the same with any number.",
        minimum=1,
        maximum=1000,
        unit="steps",
    )
    ema_decay: float = limited(
        0.999,
        help="Averaging of G's weights over time, for display: 0 shows the raw network.",
        minimum=0.0,
        maximum=0.9999,
        step=0.001,
    )
    precision: str = limited(
        "float32",
        help="How exactly the networks compute while they learn.",
        choices=PRECISIONS,
    )
    data: str = field(default=DEFAULT_DATA)
    """The name of a data set, or the path of a file."""
    classes: str = field(default=ALL_CLASSES)
    """``all``, or the classes to learn from, such as ``3,8``."""
    data_fraction: float = limited(
        1.0,
        help="Share of the data to learn from, the same share of each class.",
        minimum=0.001,
        maximum=1.0,
        step=0.05,
    )
    seed: int = limited(
        1,
        help="Start of all randomness: with a budget in steps, the same seed gives the same run on "
        "one machine.",
        minimum=0,
        maximum=2**31 - 1,
    )
    max_steps: int | None = limited(
        None,
        help="Stop after so many steps.",
        minimum=1,
        maximum=10_000_000,
        unit="steps",
    )
    max_seconds: float | None = limited(
        60.0,
        help="Stop after so much training time.",
        minimum=1.0,
        maximum=86_400.0,
        unit="seconds",
    )
    target_distance: float | None = limited(
        None,
        help="Stop as soon as the digits are this good: once the whole interval of their Frechet "
        "distance is at or below it.",
        minimum=0.1,
        maximum=1000.0,
        step=1.0,
    )


LIMITS: Final[Mapping[str, Limits]] = {
    item.name: item.metadata["limits"] for item in fields(Fields) if item.metadata
}
FIELD_TYPES: Final[Mapping[str, type]] = {
    item.name: next(kind for kind in (str, int, float) if kind.__name__ in str(item.type))
    for item in fields(Fields)
}
OPTIONAL: Final = frozenset({"max_steps", "max_seconds", "target_distance"})
"""Fields that may be None."""
