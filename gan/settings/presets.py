"""Configs with a name: lessons to start from, and the recipes of what ships in ``assets/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gan.settings.config import ConfigError, TrainConfig
from gan.settings.families import PIXELS


@dataclass(frozen=True, slots=True)
class Preset:
    """A named config, with a sentence on what to expect from it."""

    config: TrainConfig
    expect: str
    group: str = "start here"
    """What it is offered under: ``start here``, ``methods``, ``the article`` or ``failures``."""


def presets() -> Mapping[str, Preset]:
    """The presets by name, the default first."""
    lean = TrainConfig()
    return {
        **_to_start_with(),
        **_methods(lean),
        **_other_families(lean),
        **_of_the_article(),
        **_failures(lean),
    }


_CALM: Final[Mapping[str, Any]] = {
    "discriminator_normalization": "none",
    "discriminator_hidden_units": 128,
    "r1_penalty": 0.3,
    "r1_interval": 8,
    "learning_rate_schedule": "cosine",
}
"""A D that weighs the parts of a picture and is calmed by a penalty, and steps that get smaller."""

_DENOISING: Final[Mapping[str, Any]] = {
    "loss": "denoising",
    "latent_dim": PIXELS,
    "learning_rate_schedule": "cosine",
    "adam_beta_1": 0.9,
    "adam_beta_2": 0.99,
}
"""What all diffusion models here learn with."""


def _to_start_with() -> Mapping[str, Preset]:
    """What learns to write digits without more ado."""
    quick = TrainConfig(architecture="fine-dcgan", conditional="hidden", augmentation=0.3, **_CALM)
    return {
        "quick": Preset(
            quick,
            "Readable digits within seconds. Noise alone makes them; while learning, D is told "
            "which digit each is to be.",
        ),
        "quality": Preset(
            replace(
                quick,
                architecture="sharp-dcgan",
                r1_penalty=1.0,
                augmentation=0.0,
                max_seconds=300.0,
            ),
            "As quick, with a finer G, a calmer D and more time: the nearest to real digits.",
        ),
        "unconditional": Preset(
            replace(quick, conditional="found", latent_dim=42),
            "As quick, without labels: before it begins, the pictures are sorted into ten groups "
            "that look alike, and D is told those.",
        ),
    }


def _methods(lean: TrainConfig) -> Mapping[str, Preset]:
    """Other losses and networks, each with settings that suit it."""
    return {
        "conditional": Preset(
            replace(
                lean,
                conditional="projected",
                mismatched_labels=0.1,
                max_seconds=120.0,
                **_CALM,
            ),
            "Ask for a digit and get it: a column of the grid for each class. D also learns which "
            "class a real digit is not of.",
            "methods",
        ),
        "plain": Preset(
            TrainConfig(
                architecture="fine-dcgan",
                generator_hidden_units=256,
                discriminator_hidden_units=128,
                learning_rate_schedule="cosine",
            ),
            "The game with no classes of any kind, neither labelled nor found: all ten digits "
            "appear within seconds, and some stay half-way between two.",
            "methods",
        ),
        "wgan-gp": Preset(
            replace(
                lean,
                loss="wasserstein",
                gradient_penalty=10.0,
                discriminator_steps=5,
                discriminator_normalization="none",
                generator_learning_rate=1e-3,
                discriminator_learning_rate=1e-3,
                adam_beta_1=0.0,
                adam_beta_2=0.9,
                max_seconds=180.0,
            ),
            "A critic that estimates a distance, so that its loss means something; it is updated "
            "five times for each step of G.",
            "methods",
        ),
        "hinge": Preset(
            replace(
                lean,
                loss="hinge",
                discriminator_normalization="spectral",
                max_seconds=120.0,
            ),
            "The loss and the normalisation that many large GANs use.",
            "methods",
        ),
    }


def _other_families(lean: TrainConfig) -> Mapping[str, Preset]:
    """What learns to draw digits, and is no game."""
    return {
        "vae": Preset(
            replace(
                lean,
                architecture="vae",
                loss="elbo",
                latent_dim=10,
                generator_hidden_units=64,
                generator_learning_rate=1e-3,
                learning_rate_schedule="cosine",
                adam_beta_1=0.9,
                max_seconds=120.0,
            ),
            "No game at all: the sum of two terms falls, nothing collapses, and the digits stay "
            "blurred.",
            "methods",
        ),
        "ddpm": Preset(
            replace(
                lean,
                architecture="ddpm",
                generator_hidden_units=512,
                batch_size=64,
                generator_learning_rate=3e-3,
                max_seconds=120.0,
                **_DENOISING,
            ),
            "A diffusion model: one network learns to take noise out of pictures, and draws by "
            "taking it out of pure noise, step by step. Steady; readable digits take longer than "
            "with quick, and each takes many steps to draw.",
            "methods",
        ),
    }


def _of_the_article() -> Mapping[str, Preset]:
    """What the article and the tutorial that it leans on print."""
    article = TrainConfig(
        latent_dim=100,
        batch_size=16,
        generator_learning_rate=1e-4,
        discriminator_learning_rate=1e-4,
        discriminator_normalization="none",
        adam_beta_1=0.9,
        max_seconds=120.0,
    )
    return {
        "article-dense": Preset(
            replace(article, architecture="article-dense"),
            "The article's dense networks, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
            "the article",
        ),
        "article-mnist": Preset(
            replace(article, architecture="article-mnist"),
            "The article's MNIST project, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
            "the article",
        ),
        "article-mended": Preset(
            replace(article, architecture="article-mended"),
            "article-mnist with one change: a generator of transposed convolutions, which knows "
            "that neighbouring pixels belong together. Less momentum, larger batches, a penalty on "
            "D, noise and normalisation did not mend the dense one when tried.",
            "the article",
        ),
        "dcgan-tutorial": Preset(
            replace(article, architecture="dcgan-tutorial", batch_size=256, max_seconds=600.0),
            "Many times the weights of quick: on a CPU, shapes take many minutes to appear.",
            "the article",
        ),
    }


def _failures(lean: TrainConfig) -> Mapping[str, Preset]:
    """What goes wrong with GANs, on purpose."""
    short = replace(lean, max_seconds=30.0)
    return {
        "mode-collapse": Preset(
            replace(
                short,
                generator_learning_rate=2e-2,
                discriminator_learning_rate=1e-5,
                discriminator_normalization="none",
            ),
            "Meant to fail: D hardly learns while G does, so one kind of picture passes for good, "
            "and G draws it for every noise.",
            "failures",
        ),
        "strong-discriminator": Preset(
            replace(
                short,
                loss="minimax",
                discriminator_steps=5,
                discriminator_learning_rate=4e-3,
                generator_learning_rate=1e-4,
                discriminator_normalization="none",
            ),
            "Meant to fail: D is sure of itself at once, the original loss then gives G no slope "
            "to follow, and noise stays noise.",
            "failures",
        ),
        "exploding-learning-rate": Preset(
            replace(
                short,
                generator_learning_rate=0.5,
                discriminator_learning_rate=0.5,
                discriminator_normalization="none",
            ),
            "Meant to fail: steps so long that each throws the networks further off, until the "
            "losses are beyond all measure.",
            "failures",
        ),
    }


def preset(name: str) -> TrainConfig:
    """The config of preset `name`. Raises `ConfigError` if there is none."""
    known = presets()
    if name not in known:
        raise ConfigError("preset", name, "one of " + ", ".join(known))
    return known[name].config


_LONG: Final = TrainConfig(
    data="mnist",
    batch_size=64,
    ema_decay=0.9995,
    learning_rate_schedule="cosine",
    max_seconds=None,
    max_steps=24_000,
)
_LONG_GAME: Final = replace(
    _LONG,
    architecture="quality",
    latent_dim=64,
    generator_learning_rate=2e-3,
    discriminator_learning_rate=1e-3,
    **{**_CALM, "r1_penalty": 1.0},
)
PRETRAINED: Final[Mapping[str, TrainConfig]] = {
    "digits": replace(_LONG_GAME, conditional="hidden"),
    "digits-conditional": replace(_LONG_GAME, conditional="projected", mismatched_labels=0.1),
    "digits-vae": replace(
        _LONG,
        architecture="vae",
        loss="elbo",
        latent_dim=8,
        generator_hidden_units=64,
        generator_learning_rate=2e-3,
        max_steps=12_000,
        adam_beta_1=0.9,
    ),
    "digits-diffusion": replace(
        _LONG,
        architecture="ddpm",
        conditional="projected",
        batch_size=128,
        generator_hidden_units=512,
        generator_learning_rate=2e-3,
        **_DENOISING,
    ),
}
"""The recipes of the networks in ``assets/pretrained``."""
RECIPES: Final[Mapping[str, TrainConfig]] = {
    **PRETRAINED,
    "fashion": replace(_LONG_GAME, conditional="hidden", data="fashion-mnist"),
}
"""What ``python -m gan make-pretrained`` can train: those, and one for data that few have."""
