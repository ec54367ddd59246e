"""The network of a diffusion model: it says what a picture with noise in it lacks, at a time.

Input: pictures float32 [N, 28, 28, 1], times float32 [N] from 0 (no noise) to 1 (only noise) and,
of a conditional network, classes int32 [N]; output: float32 [N, 28, 28, 1].

A small U-Net (Ronneberger et al. 2015) whose way back is added instead of put beside. Convolutions
see what is near; a dense layer at the bottom, if there is one, sees the whole picture at once. No
layer normalises: each residual block begins as the identity, because its last layer begins at zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import tensorflow as tf
from keras import layers

from gan.model.layers import Conv2D, Conv2DTranspose
from gan.network_file import Layer, headers
from gan.network_file.diffusion import HIGHEST_FREQUENCY, Sampling
from gan.settings.config import CLASSES, TrainConfig
from gan.settings.families import PIXELS

PICTURE: Final = (28, 28, 1)
FREQUENCIES: Final = 16
TOLD: Final = 128
"""How many numbers tell all layers the time, and the class."""
CHANNELS: Final[Mapping[str, tuple[int, int]]] = {"ddpm": (24, 48), "ddpm-wide": (32, 64)}
"""At 14x14 and at 7x7, by architecture."""
BLOCKS: Final = (1, 2, 1)
"""At 14x14, at 7x7, and at 14x14 on the way back."""
NARROW: Final = 16
"""Channels that the dense layer in the middle sees. With all of them it has nearly three times the
weights and drew hardly better: 52.6 floors against 54.8, in one run of each."""
LEAK: Final = 0.2


class Waves(layers.Layer):
    """The time as cosines and sines of rising frequency: `gan.network_file.diffusion.waves`."""

    def call(self, times: tf.Tensor) -> tf.Tensor:
        """[N] to [N, 2 * FREQUENCIES]."""
        rising = [HIGHEST_FREQUENCY ** (i / (FREQUENCIES - 1)) for i in range(FREQUENCIES)]
        turned = times[:, None] * tf.constant(rising, tf.float32)
        return tf.concat([tf.cos(turned), tf.sin(turned)], axis=1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """A cosine and a sine for each frequency."""
        return (input_shape[0], 2 * FREQUENCIES)


class Film(layers.Layer):
    """Scales and shifts each channel as it is told (Perez et al. 2018); at first not at all."""

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:
        """Of a picture [N, height, width, channels] and what is told [N, told]."""
        outputs = 2 * (input_shape[0][-1] or 0)
        self.kernel = self.add_weight((input_shape[1][-1], outputs), "zeros", name="kernel")
        self.bias = self.add_weight((outputs,), "zeros", name="bias")

    def call(self, inputs: Sequence[tf.Tensor]) -> tf.Tensor:
        """The picture, modulated."""
        picture, told = inputs
        told = (told @ self.kernel + self.bias)[:, None, None]
        scale, shift = tf.split(told, 2, axis=-1)
        return picture * (1.0 + scale) + shift

    def compute_output_shape(
        self, input_shape: Sequence[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        """That of the picture."""
        return input_shape[0]


class Copies(layers.Layer):
    """One copy for each of those that are told the same.

    What comes back from all of them is then added in one order. TensorFlow takes turns as they come
    where one tensor goes many ways, and the same seed would now and then give other weights.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def call(self, told: tf.Tensor) -> list[tf.Tensor]:
        """[N, told] so many times."""
        return tf.unstack(tf.tile(told[None], [self.count, 1, 1]))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> list[tuple[int | None, ...]]:
        """As many of its shape."""
        return [input_shape] * self.count


class Dense(layers.Layer):
    """From all numbers of a picture to all of another."""

    def __init__(self, sides: tuple[int, int, int]) -> None:
        super().__init__()
        self.sides = sides

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Of pictures [N, height, width, channels]."""
        inputs, outputs = math.prod(side or 0 for side in input_shape[1:]), math.prod(self.sides)
        self.kernel = self.add_weight((inputs, outputs), "he_normal", name="kernel")
        self.bias = self.add_weight((outputs,), "zeros", name="bias")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """To pictures [N, *sides]."""
        flat = tf.reshape(inputs, [-1, self.kernel.shape[0]])
        return tf.reshape(flat @ self.kernel + self.bias, [-1, *self.sides])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """One picture for each."""
        return (input_shape[0], *self.sides)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A layer of the network, and what follows it."""

    layer: layers.Layer
    is_activated: bool = False
    """Whether a leaky ReLU follows."""
    adds: int | None = None
    """The place of the stage whose output is added."""


class Denoiser(keras.Model):
    """The network, the stages that it is made of, and how it draws."""

    def __init__(
        self, inputs: Any, outputs: Any, told: Sequence[layers.Layer], stages: Sequence[Stage]
    ) -> None:
        super().__init__(inputs, outputs, name="generator")
        self._told_by, self._stages = tuple(told), tuple(stages)
        self.sampling = Sampling()

    @property
    def is_conditional(self) -> bool:
        """Whether it is told a class."""
        return len(self.inputs) > 2

    def exported(self) -> list[Layer]:
        """Its layers as `gan.network_file` has them."""
        time, *classes = self._told_by
        kernel = time.kernel.numpy()
        header = {
            "kind": headers.TIME,
            "inputs": PIXELS,
            "outputs": PIXELS,
            "frequencies": FREQUENCIES,
            "classes": CLASSES if classes else 0,
            "told": TOLD,
            **_LEAKY,
        }
        for embedding in classes:
            kernel = tf.concat([kernel, embedding.embeddings], axis=0).numpy()
        return [Layer(header, kernel, time.bias.numpy()), *map(_exported, self._stages)]


_LEAKY: Final = {"activation": "leaky_relu", "negative_slope": LEAK}


def denoiser(config: TrainConfig) -> Denoiser:
    """The network of `config`."""
    picture = keras.Input(PICTURE, name="picture")
    time = keras.Input((), name="time")
    label = keras.Input((), dtype="int32", name="class")
    telling: list[layers.Layer] = [layers.Dense(TOLD)]
    told = telling[0](Waves()(time))
    if config.is_conditional:
        telling.append(layers.Embedding(CLASSES, TOLD))
        told = layers.Add()([told, telling[1](label)])
    told = layers.LeakyReLU(LEAK)(told)
    stages, outputs = _stages(config), list[tf.Tensor]()
    films = [stage.layer for stage in stages if isinstance(stage.layer, Film)]
    told_to = dict(zip(films, Copies(len(films))(told), strict=True))
    x = picture
    for stage in stages:
        x = stage.layer([x, told_to[stage.layer]] if stage.layer in told_to else x)
        if stage.is_activated:
            x = layers.LeakyReLU(LEAK)(x)
        if stage.adds is not None:
            x = layers.Add()([x, outputs[stage.adds]])
        outputs.append(x)
    inputs = [picture, time, label] if config.is_conditional else [picture, time]
    network = Denoiser(inputs, x, telling, stages)
    network.sampling = sampling(config)
    return network


def sampling(config: TrainConfig) -> Sampling:
    """How a network of `config` draws."""
    return Sampling(config.prediction, config.sampler, config.sampling_steps)


def _stages(config: TrainConfig) -> list[Stage]:
    """From a picture down to 7x7, and back up."""
    large, small = CHANNELS[config.architecture]
    down, bottom, up = BLOCKS
    stages = _halving(large)
    stages += _blocks(large, down, len(stages))
    kept = len(stages) - 1
    stages += _halving(small)
    stages += _blocks(small, 1, len(stages))
    if config.generator_hidden_units:
        stages += _dense_block(small, config.generator_hidden_units, len(stages))
    stages += _blocks(small, bottom - 1, len(stages))
    doubling = Conv2DTranspose(large, 4, strides=2, padding="same", kernel_initializer="he_normal")
    stages.append(Stage(doubling, adds=kept))
    stages += _blocks(large, up, len(stages))
    last = Conv2DTranspose(1, 4, strides=2, padding="same", kernel_initializer="zeros")
    return [*stages, Stage(Film(), is_activated=True), Stage(last)]


def _halving(channels: int) -> list[Stage]:
    """To half the height and width."""
    layer = Conv2D(channels, 4, strides=2, padding="same", kernel_initializer="he_normal")
    return [Stage(layer), Stage(Film(), is_activated=True)]


def _dense_block(channels: int, units: int, place: int) -> list[Stage]:
    """A residual block of two dense layers behind `place` stages, between fewer channels."""
    return [
        Stage(Conv2D(NARROW, 1, padding="same")),
        Stage(Dense((1, 1, units))),
        Stage(Film(), is_activated=True),
        Stage(Dense((7, 7, NARROW))),
        Stage(Conv2D(channels, 1, padding="same", kernel_initializer="zeros"), adds=place - 1),
    ]


def _blocks(channels: int, count: int, place: int) -> list[Stage]:
    """Residual blocks of two convolutions each, behind `place` stages (He et al. 2016)."""
    stages: list[Stage] = []
    for _ in range(count):
        before = place + len(stages) - 1
        first, second = (
            Conv2D(channels, 3, padding="same", kernel_initializer=initializer)
            for initializer in ("he_normal", "zeros")
        )
        stages += [Stage(first), Stage(Film(), is_activated=True), Stage(second, adds=before)]
    return stages


def _exported(stage: Stage) -> Layer:
    layer = stage.layer
    shape = {
        "inputs": list((layer.input[0] if isinstance(layer, Film) else layer.input).shape[1:]),
        "outputs": list(layer.output.shape[1:]),
    }
    header: dict[str, Any]
    match layer:
        case Film():
            header = {"kind": headers.FILM, **shape, "told": TOLD}
        case Dense():
            header = {"kind": "dense", **shape, "inputs": layer.kernel.shape[0]}
        case Conv2DTranspose():
            header = {"kind": "conv_transpose", **shape}
            header |= {"kernel": layer.kernel_size[0], "stride": layer.strides[0]}
        case _:
            header = {"kind": "conv", **shape, "padding": layer.padding}
            header |= {"kernel": layer.kernel_size[0], "stride": layer.strides[0]}
    header |= _LEAKY if stage.is_activated else {"activation": "linear"}
    if stage.adds is not None:
        header["adds"] = stage.adds + 1  # behind the layer that tells the time
    return Layer(header, layer.kernel.numpy(), layer.bias.numpy())
