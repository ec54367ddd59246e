"""An encoder for a generator that is already there: from a picture to the noise that would draw it.

It learns from the generator alone, on fresh noise and the pictures drawn from it. What it says of a
real digit is a guess, for a descent on the noise to start from.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan import network_file
from gan.messages.jobs import Working
from gan.messages.requests import Encoder, RequestError
from gan.model.layers import Conv2D, Conv2DTranspose
from gan.model.optimizers import Adam
from gan.network_file import Layer
from gan.network_file.diffusion import Sampling

SECONDS: Final = 8.0
MAX_STEPS: Final = 3000
BATCH: Final = 64
LEARNING_RATE: Final = 2e-3
NOISE: Final = 0.1
"""Standard deviation of what is added to pixels from -1 to 1: real digits are not as smooth."""
PIXEL_WEIGHT: Final = 2.0
CLASS_WEIGHT: Final = 0.5
SEED: Final = 0
_TICK_SECONDS: Final = 0.25
_PIXELS: Final = 784
_BEYOND: Final = "The weights of this generator have grown beyond all measure."


def fit(
    generator: bytes, seconds: float = SECONDS, max_steps: int = MAX_STEPS
) -> Iterator[Working | Encoder]:
    """Train an encoder of the generator in this file, for so long; last comes what was learned.

    The file has layers of the kinds ``conv`` and ``dense`` from a picture [28, 28, 1] in [-1, 1] to
    latent_dim numbers of noise and then ``classes`` logits, 0 of them for a generator that is not
    asked for a class. Raises `NetworkFileError` and `RequestError`.
    """
    yield Working("building_networks", 0.0)
    keras.utils.set_random_seed(SEED)
    drawing = Drawing.of(generator)
    encoder = build(drawing.latent_dim, drawing.classes)
    optimizer = Adam(LEARNING_RATE)
    optimizer.build(encoder.trainable_variables)
    step = _step(drawing, encoder, optimizer)
    loss, done = step(LEARNING_RATE), 0  # traced here, and not on the clock
    began = told = time.monotonic()
    while math.isfinite(loss) and (share := _share(began, done, seconds, max_steps)) < 1:
        loss = float(step(LEARNING_RATE * (1 + math.cos(math.pi * share)) / 2))
        done += 1
        if time.monotonic() - told > _TICK_SECONDS:
            told = time.monotonic()
            yield Working("fitting_encoder", share)
    if not math.isfinite(loss):
        raise RequestError(_BEYOND)
    yield Encoder(np.frombuffer(exported(encoder, drawing), np.uint8))


def _share(began: float, done: int, seconds: float, max_steps: int) -> float:
    return max((time.monotonic() - began) / seconds, done / max_steps)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A generator's file as TensorFlow runs it."""

    latent_dim: int
    condition: Layer | None
    """What puts classes behind the noise, if it is asked for one or hides them in the noise."""
    stack: keras.Model

    @classmethod
    def of(cls, generator: bytes) -> Drawing:
        """Read what `gan.model.bundle.export_generator` wrote.

        Raises `NetworkFileError`, and `RequestError` for layers that draw no digit.
        """
        about, stages = network_file.read(generator)
        if Sampling.read(about):
            raise RequestError(
                "A diffusion model draws in many steps, too many for an encoder to be fitted to: "
                "digits are searched for without one."
            )
        try:
            latent_dim = inputs = int(about["latent_dim"])
            condition = None
            if stages and not stages[0].has_weights:
                condition, *stages = stages
                inputs = condition.header["outputs"]
            stack = keras.Sequential([keras.Input((inputs,)), *_layers(stages)])
            if not stages or math.prod(stack.output_shape[1:]) != _PIXELS:
                raise ValueError("it draws no digit")
            for layer, stage in zip(_with_weights(stack), stages, strict=True):
                layer.set_weights([stage.kernel, stage.bias])
            return cls(latent_dim, condition, stack)
        except (ValueError, KeyError, TypeError) as error:
            raise RequestError(f"This generator cannot be rebuilt: {error}.") from error

    @property
    def classes(self) -> int:
        """How many it can be asked for; 0 for one that cannot."""
        is_asked = self.condition and self.condition.header["kind"] == "class_one_hot"
        return self.condition.header["classes"] if is_asked else 0

    def __call__(self, noise: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        """Noise [N, latent_dim], shares of each class [N, classes] -> pictures [N, 28, 28, 1]."""
        inputs = [noise, classes]
        if self.condition and not self.classes:
            header = self.condition.header
            first = noise[:, : header["classes"]]
            inputs.append(tf.nn.softmax(header["inverse_temperature"] * first))
        return tf.reshape(self.stack(tf.concat(inputs, axis=1)), [-1, 28, 28, 1])


def _layers(stages: Sequence[Layer]) -> Iterator[layers.Layer]:
    """Keras's layers of a generator's file, without weights yet."""
    for stage in stages:
        header = stage.header
        match header["kind"]:
            case "dense":
                yield layers.Flatten()
                yield layers.Dense(header["outputs"])
            case "conv_transpose":
                yield layers.Reshape(header["inputs"])
                yield Conv2DTranspose(
                    header["outputs"][-1],
                    header["kernel"],
                    strides=header["stride"],
                    padding="same",
                )
            case other:
                raise ValueError(f"it has a layer {other!r}")
        yield _activation(header)


def _activation(header: Mapping[str, Any]) -> layers.Layer:
    if header["activation"] == "leaky_relu":
        return layers.LeakyReLU(negative_slope=header["negative_slope"])
    return layers.Activation(header["activation"])


def _with_weights(stack: keras.Model) -> list[layers.Layer]:
    return [layer for layer in stack.layers if layer.weights]


def build(latent_dim: int, classes: int) -> keras.Model:
    """An encoder: pictures [N, 28, 28, 1] in [-1, 1] -> [N, latent_dim + classes]."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dense(128),
            layers.ReLU(),
            layers.Dense(latent_dim + classes),
        ]
    )


def _step(drawing: Drawing, encoder: keras.Model, optimizer: Adam) -> Any:
    """One training step: learning rate -> the loss before it.

    The loss is the squared error of the noise, the cross-entropy of the class that was asked for,
    and the squared error of the pixels when what was found is drawn again.
    """

    @tf.function(input_signature=[tf.TensorSpec([], tf.float32)], autograph=False)
    def step(learning_rate: tf.Tensor) -> tf.Tensor:
        optimizer.learning_rate.assign(learning_rate)
        noise = tf.random.normal([BATCH, drawing.latent_dim])
        asked = tf.random.uniform([BATCH], 0, max(1, drawing.classes), tf.int32)
        classes = tf.one_hot(asked, drawing.classes)
        pictures = drawing(noise, classes)
        seen = pictures + tf.random.normal(tf.shape(pictures), stddev=NOISE)
        with tf.GradientTape() as tape:
            found, logits = tf.split(
                encoder(seen, training=True), [drawing.latent_dim, drawing.classes], axis=1
            )
            again = drawing(found, tf.nn.softmax(logits))
            loss = tf.reduce_mean((found - noise) ** 2)
            loss += PIXEL_WEIGHT * tf.reduce_mean((again - pictures) ** 2)
            if drawing.classes:
                loss += CLASS_WEIGHT * tf.reduce_mean(
                    tf.nn.softmax_cross_entropy_with_logits(classes, logits)
                )
        weights = encoder.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    return step


def exported(encoder: keras.Model, drawing: Drawing) -> bytes:
    """The encoder as a `gan.network_file`."""
    about = {"sees": "picture", "latent_dim": drawing.latent_dim, "classes": drawing.classes}
    stages: list[Layer] = []
    for layer in encoder.layers:
        match layer:
            case layers.Conv2D():
                header = {
                    "kind": "conv",
                    "inputs": list(layer.input.shape[1:]),
                    "outputs": list(layer.output.shape[1:]),
                    "kernel": layer.kernel_size[0],
                    "stride": layer.strides[0],
                    "padding": layer.padding,
                    "activation": "linear",
                }
                stages.append(Layer(header, layer.kernel.numpy(), layer.bias.numpy()))
            case layers.Dense():
                inputs, outputs = layer.kernel.shape
                header = {"kind": "dense", "inputs": inputs, "outputs": outputs}
                header["activation"] = "linear"
                stages.append(Layer(header, layer.kernel.numpy(), layer.bias.numpy()))
            case layers.ReLU():
                stages[-1].header["activation"] = "relu"
            case layers.LeakyReLU():
                slope = float(layer.negative_slope)
                stages[-1].header |= {"activation": "leaky_relu", "negative_slope": slope}
    return network_file.dump(about, stages)
