"""Generators of every architecture whose normalisations are not at their start."""

from __future__ import annotations

from functools import cache
from typing import Any

import keras
import numpy as np
from support import DENOISING

from gan.model import networks
from gan.model.denoiser import Denoiser, denoiser
from gan.settings.config import TrainConfig
from gan.settings.families import DIFFUSION
from gan.settings.presets import PRETRAINED, presets


def configured(name: str, conditional: str = "no", latent_dim: int = 20) -> TrainConfig:
    loss = "elbo" if name == "vae" else "non-saturating"
    return TrainConfig(architecture=name, loss=loss, conditional=conditional, latent_dim=latent_dim)


@cache
def lively(config: TrainConfig) -> keras.Model:
    """A generator whose normalisations are not at their start, where folding does nothing."""
    keras.utils.set_random_seed(5)
    model = networks.generator(config)
    random = np.random.default_rng(0)
    for variable in model.weights:
        if variable.name in ("gamma", "moving_variance"):
            variable.assign(random.uniform(0.5, 2.0, variable.shape))
        elif variable.name in ("beta", "moving_mean", "bias"):
            variable.assign(random.normal(0, 0.3, variable.shape))
    return model


EVERY = sorted(
    {(name, "no") for name in networks.REGISTRY}
    | {
        (name, each)
        for name in ("lean-dcgan", "dcgan-tutorial")
        for each in ("projected", "hidden")
    }
    | {
        (config.architecture, config.conditional)
        for config in (*(preset.config for preset in presets().values()), *PRETRAINED.values())
        if config.family is not DIFFUSION
    }
)
"""Each architecture that draws in one go, some that are told a class or lean to one, and all that
presets combine."""


def denoising(**values: Any) -> TrainConfig:
    """A diffusion model that draws in a few steps."""
    return TrainConfig(**{**DENOISING, **values})


@cache
def lively_denoiser(config: TrainConfig) -> Denoiser:
    """A diffusion model in which no layer is at its start, where many do nothing."""
    keras.utils.set_random_seed(5)
    model = denoiser(config)
    random = np.random.default_rng(0)
    for variable in model.weights:
        variable.assign_add(random.normal(0, 0.05, variable.shape))
    return model


def drawn(network: keras.Model, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Digits float32 [N, 28, 28, 1] of a network, which may be a conditional one."""
    inputs = [z, labels] if len(network.inputs) == 2 else z
    digits: np.ndarray = network(inputs, training=False).numpy()
    return digits
