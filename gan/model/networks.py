"""Generators, discriminators and encoders, by name.

A generator maps noise float32 [N, latent_dim] to digits float32 [N, 28, 28, 1] in [-1, 1]; a
discriminator maps digits to logits [N, 1], positive for "real". A conditional generator, and a
discriminator that is told classes, take a list of two: that, and the class int32 [N]. An encoder
maps digits to float32 [N, 2 * latent_dim].
Initializers take their seeds from `keras.utils.set_random_seed`, because each network is built when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import keras
import tensorflow as tf
from keras import layers

from gan.model.denoiser import denoiser
from gan.model.layers import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dot,
    Dropout,
    MinibatchStandardDeviation,
    SoftmaxClass,
    SpectralConv2D,
    SpectralDense,
)
from gan.settings.config import CLASSES, TrainConfig
from gan.settings.families import DIFFUSION

IMAGE_SHAPE: Final = (28, 28, 1)
BACKGROUND: Final = -1.5
"""Where a generator of strokes starts, before its tanh: near paper, not half-way to ink."""
EMBEDDING: Final = 16
"""How many numbers stand for a class in front of a generator."""

Stack = Iterable[layers.Layer]


@dataclass(frozen=True, slots=True)
class Architecture:
    """The layers of a pair of networks, and how they were meant to be trained."""

    generator: Callable[[], Stack]
    """Layers from noise, and perhaps a class, to the picture."""
    features: Callable[[str], Stack]
    """normalization (a key of `config.NORMALIZATIONS`) -> layers from a picture to flat features,
    from which one more layer makes a discriminator or an encoder."""
    tick_images: int
    """Training images in one tick: about 100 ms of work on two CPU cores."""


def generator(config: TrainConfig) -> keras.Model:
    """The generator of `config`; a conditional one takes [noise, class].

    That of a diffusion model is its denoiser, which takes and gives pictures.
    """
    if config.family is DIFFUSION:
        return denoiser(config)
    noise = keras.Input((config.latent_dim,), name="noise")
    stack = [*_bending(config.generator_hidden_units), *REGISTRY[config.architecture].generator()]
    if config.hides_classes:
        hidden = SoftmaxClass(len(config.told_classes))(noise)
        told = layers.Concatenate()([noise, hidden])
        return keras.Model(noise, _through(stack, told), name="generator")
    if not config.is_conditional:
        return keras.Model(noise, _through(stack, noise), name="generator")
    label = keras.Input((), dtype="int32", name="class")
    told = layers.Concatenate()([noise, layers.Embedding(CLASSES, EMBEDDING)(label)])
    return keras.Model([noise, label], _through(stack, told), name="generator")


def discriminator(config: TrainConfig) -> keras.Model:
    """The discriminator of `config`; a conditional one takes [picture, class].

    Concatenated, the class is a second channel of the picture (Mirza and Osindero 2014);
    projected, its embedding is multiplied with the features (Miyato and Koyama 2018, eq. 3).
    """
    picture = seen = keras.Input(IMAGE_SHAPE, name="picture")
    label = keras.Input((), dtype="int32", name="class")
    if config.conditional == "concatenated":
        plane = layers.Embedding(config.class_count, IMAGE_SHAPE[0] * IMAGE_SHAPE[1])(label)
        seen = layers.Concatenate()([picture, layers.Reshape(IMAGE_SHAPE)(plane)])
    normalization = config.discriminator_normalization
    features = _through(REGISTRY[config.architecture].features(normalization), seen)
    features = _through(_weighing(config.discriminator_hidden_units, normalization), features)
    logit = _dense(normalization)(1)(features)
    if config.conditional == "projected" or config.hides_classes:
        embedded = layers.Embedding(config.class_count, features.shape[-1])(label)
        logit = layers.Add()([logit, Dot(axes=1)([features, embedded])])
    inputs = [picture, label] if config.uses_classes else picture
    return keras.Model(inputs, logit, name="discriminator")


def encoder(config: TrainConfig) -> keras.Model:
    """The encoder of a variational autoencoder: means, then log-variances of the codes."""
    picture = keras.Input(IMAGE_SHAPE, name="picture")
    stack = REGISTRY[config.architecture].features(config.discriminator_normalization)
    codes = layers.Dense(2 * config.latent_dim)(_through(stack, picture))
    return keras.Model(picture, codes, name="encoder")


def _through(stack: Stack, values: tf.Tensor) -> tf.Tensor:
    for layer in stack:
        values = layer(values)
    return values


def _dense(normalization: str) -> type[layers.Dense]:
    return SpectralDense if normalization == "spectral" else layers.Dense


def _conv(normalization: str) -> type[layers.Conv2D]:
    return SpectralConv2D if normalization == "spectral" else Conv2D


def _bending(units: int) -> Stack:
    """A dense layer in front of a generator, if it has any `units`.

    Noise fills one ball, digits come in kinds with nothing between them: what bends the ball has
    less to draw in between.
    """
    return (
        [layers.Dense(units, use_bias=False), BatchNormalization(), layers.ReLU()] if units else []
    )


def _weighing(units: int, normalization: str) -> Stack:
    """A dense layer behind D's features, if it has any `units`.

    Without it D adds up what speaks for each part of a picture. Whether parts go together, as the
    halves of a 3 do and those of a 3 and a 7 do not, takes a layer that is not linear.
    """
    return [_dense(normalization)(units), layers.LeakyReLU(0.2)] if units else []


def _pixels(channels: int) -> list[layers.Layer]:
    """Noise to a 7x7 picture of `channels`; normalised per channel, not per number."""
    return [
        layers.Dense(7 * 7 * channels, use_bias=False),
        layers.Reshape((7, 7, channels)),
        BatchNormalization(),
        layers.ReLU(),
    ]


def _enlarging(channels: Iterable[int]) -> list[layers.Layer]:
    """Stages that double height and width."""
    stack: list[layers.Layer] = []
    for count in channels:
        stack += [
            Conv2DTranspose(count, 4, strides=2, padding="same", use_bias=False),
            BatchNormalization(),
            layers.ReLU(),
        ]
    return stack


def _lean_generator() -> Stack:
    last = Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")
    return [*_pixels(64), *_enlarging([32]), last]


def _full_resolution_generator(channels: int) -> Stack:
    """A third stage of `channels` at 28x28: strokes are drawn pixel by pixel, not in 2x2 blocks."""
    background = keras.initializers.Constant(BACKGROUND)
    last = Conv2DTranspose(1, 3, padding="same", activation="tanh", bias_initializer=background)
    return [*_pixels(64), *_enlarging([32, channels]), last]


def _halving_features(normalization: str, channels: Iterable[int], sees_batch: bool) -> Stack:
    """Stages that halve height and width; batch normalisation in all but the first.

    With it goes, if D `sees_batch`, a look at how much the pictures differ: both mix examples,
    which penalties on D's slope forbid.
    """
    stack: list[layers.Layer] = []
    for stage, count in enumerate(channels):
        is_normalized = normalization == "batch" and stage > 0
        stack.append(
            _conv(normalization)(count, 4, strides=2, padding="same", use_bias=not is_normalized)
        )
        if is_normalized:
            stack.append(BatchNormalization())
        stack.append(layers.LeakyReLU(0.2))
    if sees_batch and normalization == "batch":
        stack.append(MinibatchStandardDeviation())
    return [*stack, layers.Flatten()]


def _tutorial_generator() -> Stack:
    """The generator of TensorFlow's DCGAN tutorial."""
    stack: list[layers.Layer] = [
        layers.Dense(7 * 7 * 256, use_bias=False),
        BatchNormalization(),
        layers.LeakyReLU(0.3),
        layers.Reshape((7, 7, 256)),
    ]
    for channels, stride in ((128, 1), (64, 2)):
        stack += [
            Conv2DTranspose(channels, 5, strides=stride, padding="same", use_bias=False),
            BatchNormalization(),
            layers.LeakyReLU(0.3),
        ]
    stack.append(
        Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh")
    )
    return stack


def _tutorial_features(normalization: str) -> Stack:
    """The discriminator of TensorFlow's DCGAN tutorial, which normalises nothing."""
    stack: list[layers.Layer] = []
    for channels in (64, 128):
        stack.append(_conv(normalization)(channels, 5, strides=2, padding="same"))
        if normalization == "batch" and channels > 64:
            stack.append(BatchNormalization())
        stack += [layers.LeakyReLU(0.3), Dropout(0.3)]
    return [*stack, layers.Flatten()]


def _article_generator(dropout: float = 0.0) -> Stack:
    """The article's dense generator. Its sigmoid over [0, 1] is a tanh over our [-1, 1]."""
    stack: list[layers.Layer] = []
    for units in (256, 512, 1024):
        stack.append(layers.Dense(units, activation="relu"))
        if dropout:
            stack.append(Dropout(dropout))
    return [*stack, layers.Dense(784, activation="tanh"), layers.Reshape(IMAGE_SHAPE)]


def _article_dense_features(normalization: str) -> Stack:
    """The article's section 3.4, which normalises nothing."""
    stack: list[layers.Layer] = [layers.Flatten()]
    for units in (1024, 512, 256):
        stack.append(_dense(normalization)(units))
        if normalization == "batch" and units < 1024:
            stack.append(BatchNormalization())
        stack += [layers.ReLU(), Dropout(0.2)]
    return stack


def _article_mnist_features(normalization: str) -> Stack:
    """The article's section 5.2: its one convolution is a first layer, which nobody normalises."""
    return [_conv(normalization)(32, 3, activation="relu"), layers.Flatten()]


def _pair(
    generator: Callable[[], Stack], *channels: int, sees_batch: bool, ticks: int
) -> Architecture:
    features = partial(_halving_features, channels=channels, sees_batch=sees_batch)
    return Architecture(generator, features, tick_images=ticks)


REGISTRY: Final[Mapping[str, Architecture]] = {
    # D is half as wide as G: more steps a second teach more than a sharper critic.
    "lean-dcgan": _pair(_lean_generator, 16, 32, sees_batch=False, ticks=256),
    "fine-dcgan": _pair(partial(_full_resolution_generator, 8), 16, 32, sees_batch=True, ticks=192),
    "sharp-dcgan": _pair(
        partial(_full_resolution_generator, 16), 16, 32, sees_batch=True, ticks=160
    ),
    "quality": _pair(partial(_full_resolution_generator, 16), 32, 64, sees_batch=True, ticks=128),
    "dcgan-tutorial": Architecture(_tutorial_generator, _tutorial_features, tick_images=32),
    "article-dense": Architecture(
        partial(_article_generator, dropout=0.2), _article_dense_features, tick_images=256
    ),
    "article-mnist": Architecture(_article_generator, _article_mnist_features, tick_images=256),
    "article-mended": Architecture(_lean_generator, _article_mnist_features, tick_images=256),
    "vae": _pair(_lean_generator, 32, 64, sees_batch=False, ticks=256),
}
