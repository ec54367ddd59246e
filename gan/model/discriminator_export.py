"""What a discriminator thinks of one more picture: the export that the browser runs.

While it trains, a discriminator judges whole batches: batch normalisation and
`MinibatchStandardDeviation` let the logit of each picture depend on the others. The export holds a
batch of generated pictures still and judges one more among them. The live network stays as it is:
layers that keep something between calls are never called here.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from gan import network_file
from gan.model import networks
from gan.model.bundle import BundleError
from gan.model.layers import MinibatchStandardDeviation, SpectralConv2D, SpectralDense
from gan.network_file import Layer
from gan.settings.config import TrainConfig
from gan.settings.losses import LOSSES


def export_discriminator(
    discriminator: keras.Model,
    config: TrainConfig,
    pictures: NDArray[np.float32],
    classes: NDArray[np.integer],
    head_starts: NDArray[np.float32] | None = None,
) -> bytes:
    """The discriminator of `config` as a file of `gan.network_file`; empty if a number overflowed.

    It judges a picture as `discriminator` does while training, in a batch of `pictures`, float32
    [N, 28, 28, 1] in [-1, 1], of `classes`, int [N]; a network that is told no class
    takes no notice of them. Dropout is left out, and spectral kernels are divided as at inference.

    The last layer's outputs are logits: one, or, where the class is projected, one for each class,
    or for each that is hidden in noise: then the header's ``head_starts`` are added to the first
    numbers of a latent vector, and the largest sum tells the class. Where the class is
    concatenated, the first layer is the ``plane`` of each. The header's ``classes`` is how many can
    be told; its ``score`` is how the game reads a logit, as the sigmoid of it, a ``probability``,
    or as the ``output`` that it is.
    """
    tables = [
        layer.embeddings.numpy()
        for layer in discriminator.layers
        if isinstance(layer, layers.Embedding)
    ]
    walk = _Walk(pictures)
    if config.conditional == "concatenated":
        walk.tell(*tables, classes)
    for layer in discriminator.layers:
        walk.through(layer)
    if config.hides_classes:
        tables = [table[list(config.told_classes)] for table in tables]
    if config.conditional == "projected" or config.hides_classes:
        walk.project(*tables)
    walk.fold_deviation()
    about = {
        "sees": "picture",
        "classes": len(tables[0]) if config.uses_classes else 0,
        "score": "probability" if LOSSES[config.loss].is_cross_entropy else "output",
    }
    if head_starts is not None:
        about["head_starts"] = head_starts.tolist()
    arrays = [array for stage in walk.stages for array in (stage.kernel, stage.bias)]
    if not all(np.isfinite(array).all() for array in arrays):
        return b""
    return network_file.dump(about, walk.stages)


class _Walk:
    """The stages so far, and what they make of the batch."""

    def __init__(self, pictures: NDArray[np.float32]) -> None:
        self.stages: list[Layer] = []
        self._values = tf.constant(pictures)
        self._deviation: float | None = None
        self._deviation_after = 0

    def tell(self, table: NDArray[np.float32], classes: NDArray[np.integer]) -> None:
        """Give each picture a second channel, the row of its class in `table` [classes, 784]."""
        count, pixels = table.shape
        header = {"kind": "plane", "inputs": count, "outputs": pixels, "activation": "linear"}
        self.stages.append(Layer(header, table, np.zeros(pixels, np.float32)))
        planes = table[classes].reshape(-1, *networks.IMAGE_SHAPE)
        self._values = tf.concat([self._values, planes], axis=-1)

    def through(self, layer: layers.Layer) -> None:
        """Add `layer`, and send the batch through it. Raises `BundleError` if it cannot be."""
        match layer:
            case layers.Conv2D():
                self._convolve(layer)
            case layers.Dense():
                header = {"kind": "dense", "inputs": layer.kernel.shape[0], "outputs": layer.units}
                kernel = _kernel(layer)
                self._add(layer, header, kernel, self._values @ kernel)
            case layers.BatchNormalization():
                self._normalize(layer)
            case layers.ReLU():
                self._activate("relu")
            case layers.LeakyReLU():
                self._activate("leaky_relu", negative_slope=float(layer.negative_slope))
            case MinibatchStandardDeviation():
                self._values = layer(self._values)
                self._deviation = float(self._values[0, 0, 0, -1])
                self._deviation_after = len(self.stages)
            case layers.Flatten():
                self._values = tf.reshape(self._values, [len(self._values), -1])
            case (
                layers.InputLayer()
                | layers.Dropout()
                | layers.Embedding()  # of classes, which `tell` and `project` add
                | layers.Reshape()
                | layers.Concatenate()
                | layers.Dot()
                | layers.Add()
            ):
                pass
            case _:
                raise BundleError(f"The browser cannot run a layer {type(layer).__name__}.")

    def project(self, table: NDArray[np.float32]) -> None:
        """Make the logit one for each row of `table` [classes, features].

        Miyato and Koyama 2018, eq. 3.
        """
        last = self.stages[-1]
        last.kernel = last.kernel + table.T
        last.bias = np.repeat(last.bias, len(table))
        last.header["outputs"] = len(table)

    def fold_deviation(self) -> None:
        """Move the channel of `MinibatchStandardDeviation` into the biases of what follows it."""
        if self._deviation is None:
            return
        before, after = self.stages[self._deviation_after - 1 : self._deviation_after + 1]
        channels = before.header["outputs"][-1]
        kernel = after.kernel.reshape(-1, channels + 1, after.kernel.shape[1])
        after.bias = after.bias + np.float32(self._deviation) * kernel[:, channels].sum(axis=0)
        after.kernel = kernel[:, :channels].reshape(-1, after.kernel.shape[1])
        after.header["inputs"] = len(after.kernel)

    def _convolve(self, layer: layers.Conv2D) -> None:
        kernel, stride = _kernel(layer), layer.strides[0]
        values = tf.nn.conv2d(self._values, kernel, stride, layer.padding.upper())
        header = {
            "kind": "conv",
            "inputs": list(self._values.shape[1:]),
            "outputs": list(values.shape[1:]),
            "kernel": layer.kernel_size[0],
            "stride": stride,
            "padding": layer.padding,
        }
        self._add(layer, header, kernel, values)

    def _add(
        self, layer: layers.Layer, header: dict[str, Any], kernel: tf.Tensor, values: tf.Tensor
    ) -> None:
        """Add a stage without its activation's effect on `values`, what its kernel makes."""
        bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[-1], np.float32)
        self.stages.append(Layer(header, kernel.numpy(), bias))
        self._values = values + bias
        self._activate(layer.activation.__name__)

    def _normalize(self, norm: layers.BatchNormalization) -> None:
        """Scale and shift by the mean and variance of the batch, moved into the layer before."""
        axes = list(range(len(self._values.shape) - 1))
        mean, variance = tf.nn.moments(self._values, axes)
        scale = norm.gamma * tf.math.rsqrt(variance + norm.epsilon)
        self._values = (self._values - mean) * scale + norm.beta
        stage = self.stages[-1]
        stage.kernel = (stage.kernel * scale).numpy()  # whose last axis is that of the channels
        stage.bias = ((stage.bias - mean) * scale + norm.beta).numpy()

    def _activate(self, name: str, **settings: float) -> None:
        self.stages[-1].header |= {"activation": name, **settings}
        match name:
            case "relu":
                self._values = tf.nn.relu(self._values)
            case "leaky_relu":
                self._values = tf.nn.leaky_relu(self._values, settings["negative_slope"])
            case "linear":
                pass
            case _:
                raise BundleError(f"The browser cannot run the activation {name}.")


def _kernel(layer: layers.Layer) -> tf.Tensor:
    """What multiplies the layer's inputs, outputs last."""
    if isinstance(layer, SpectralConv2D | SpectralDense):
        return layer.normalized_kernel(training=False)
    return tf.convert_to_tensor(layer.kernel)
