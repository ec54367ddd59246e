"""Configs with a name: lessons to start from, and the recipes of what ships in ``assets/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from gan.config import MNIST_DATA, ConfigError, TrainConfig


@dataclass(frozen=True, slots=True)
class Preset:
    """A named config, with a sentence on what to expect from it."""

    config: TrainConfig
    expect: str


def presets() -> Mapping[str, Preset]:
    """The presets by name, the default first."""
    article = TrainConfig(
        latent_dim=100,
        batch_size=16,
        generator_learning_rate=1e-4,
        discriminator_learning_rate=1e-4,
        adam_beta_1=0.9,
        max_seconds=120.0,
    )
    return {
        "quick": Preset(
            TrainConfig(),
            "All ten digits appear within seconds; a minute makes most of them readable.",
        ),
        "dcgan-tutorial": Preset(
            replace(article, architecture="dcgan-tutorial", batch_size=256, max_seconds=600.0),
            "Many times the weights of quick: on a CPU, shapes take many minutes to appear.",
        ),
        "article-dense": Preset(
            replace(article, architecture="article-dense"),
            "The article's dense networks, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
        ),
        "article-mnist": Preset(
            replace(article, architecture="article-mnist"),
            "The article's MNIST project, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
        ),
    }


def preset(name: str) -> TrainConfig:
    """The config of preset `name`. Raises `ConfigError` if there is none."""
    known = presets()
    if name not in known:
        raise ConfigError("preset", name, "one of " + ", ".join(known))
    return known[name].config


PRETRAINED: Final[Mapping[str, TrainConfig]] = {
    "digits": TrainConfig(
        data=MNIST_DATA,
        batch_size=64,
        generator_learning_rate=2e-3,
        discriminator_learning_rate=1e-3,
        max_seconds=None,
        max_steps=16_000,
    ),
}
"""The recipes of the networks in ``assets/pretrained``; ``python -m gan make-pretrained`` cooks."""
