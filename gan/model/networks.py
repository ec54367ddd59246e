"""Generators and discriminators, by name.

A generator maps noise float32 [N, latent_dim] to digits float32 [N, 28, 28, 1] in [-1, 1]; a
discriminator maps digits to logits [N, 1], positive for "real". Initializers take their seeds from
`keras.utils.set_random_seed`, because each network is built when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import keras
from keras import layers

IMAGE_SHAPE: Final = (28, 28, 1)


@dataclass(frozen=True, slots=True)
class Architecture:
    """How to build a pair of networks, and how they were meant to be trained."""

    generator: Callable[[int], keras.Model]
    """latent_dim -> generator."""
    discriminator: Callable[[], keras.Model]
    tick_images: int
    """Training images in one tick: about 100 ms of work on two CPU cores."""


def _lean_generator(latent_dim: int) -> keras.Model:
    """Normalises the 64 channels of the first stage, not each of its 3,136 numbers."""
    steps = [
        layers.Dense(7 * 7 * 64, use_bias=False),
        layers.Reshape((7, 7, 64)),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(32, 4, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
    ]
    return keras.Sequential([keras.Input((latent_dim,)), *steps], name="generator")


def _lean_discriminator() -> keras.Model:
    """Half as wide as the generator: more steps a second teach more than a sharper critic."""
    steps = [
        layers.Conv2D(16, 4, strides=2, padding="same"),
        layers.LeakyReLU(0.2),
        layers.Conv2D(32, 4, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.2),
        layers.Flatten(),
        layers.Dense(1),
    ]
    return keras.Sequential([keras.Input(IMAGE_SHAPE), *steps], name="discriminator")


def _tutorial_generator(latent_dim: int) -> keras.Model:
    """The generator of TensorFlow's DCGAN tutorial."""
    steps: list[layers.Layer] = [
        layers.Dense(7 * 7 * 256, use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.3),
        layers.Reshape((7, 7, 256)),
    ]
    for channels, stride in ((128, 1), (64, 2)):
        steps += [
            layers.Conv2DTranspose(channels, 5, strides=stride, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
        ]
    steps.append(
        layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh")
    )
    return keras.Sequential([keras.Input((latent_dim,)), *steps], name="generator")


def _tutorial_discriminator() -> keras.Model:
    """The discriminator of TensorFlow's DCGAN tutorial."""
    steps: list[layers.Layer] = []
    for channels in (64, 128):
        steps += [
            layers.Conv2D(channels, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.3),
        ]
    steps += [layers.Flatten(), layers.Dense(1)]
    return keras.Sequential([keras.Input(IMAGE_SHAPE), *steps], name="discriminator")


def _article_generator(latent_dim: int, dropout: float) -> keras.Model:
    """The article's dense generator. Its sigmoid over [0, 1] is a tanh over our [-1, 1]."""
    steps: list[layers.Layer] = []
    for units in (256, 512, 1024):
        steps.append(layers.Dense(units, activation="relu"))
        if dropout:
            steps.append(layers.Dropout(dropout))
    steps += [layers.Dense(784, activation="tanh"), layers.Reshape(IMAGE_SHAPE)]
    return keras.Sequential([keras.Input((latent_dim,)), *steps], name="generator")


def _article_dense_discriminator() -> keras.Model:
    """The article's section 3.4, ending in a logit where it ends in a sigmoid."""
    steps: list[layers.Layer] = [layers.Flatten()]
    for units in (1024, 512, 256):
        steps += [layers.Dense(units, activation="relu"), layers.Dropout(0.2)]
    steps.append(layers.Dense(1))
    return keras.Sequential([keras.Input(IMAGE_SHAPE), *steps], name="discriminator")


def _article_mnist_discriminator() -> keras.Model:
    """The article's section 5.2, ending in a logit where it ends in a sigmoid."""
    steps = [layers.Conv2D(32, 3, activation="relu"), layers.Flatten(), layers.Dense(1)]
    return keras.Sequential([keras.Input(IMAGE_SHAPE), *steps], name="discriminator")


REGISTRY: Final[Mapping[str, Architecture]] = {
    "lean-dcgan": Architecture(_lean_generator, _lean_discriminator, tick_images=256),
    "dcgan-tutorial": Architecture(_tutorial_generator, _tutorial_discriminator, tick_images=32),
    "article-dense": Architecture(
        lambda latent_dim: _article_generator(latent_dim, dropout=0.2),
        _article_dense_discriminator,
        tick_images=256,
    ),
    "article-mnist": Architecture(
        lambda latent_dim: _article_generator(latent_dim, dropout=0.0),
        _article_mnist_discriminator,
        tick_images=256,
    ),
}
