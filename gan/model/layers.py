"""Layers with the arithmetic of Keras's, on quicker kernels; and some that Keras lacks.

Measured by ``tests/bench/bench_training.py``; that they compute the same is tested against Keras's
own. Under a strategy with several replicas Keras's code runs, which knows how to synchronise.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import keras
import tensorflow as tf
from keras import layers

STRIDE: Final = 2
KERNEL: Final = 4
INVERSE_TEMPERATURE: Final = 5.0
"""Of the softmax over hidden classes: the higher, the narrower the border between two."""
_BORDER: Final = [[0, 0], [1, 1], [1, 1], [0, 0]]


class BatchNormalization(layers.BatchNormalization):
    """Keras's, with TensorFlow's fused kernel while training on one device."""

    def __init__(self) -> None:
        super().__init__(synchronized=tf.distribute.get_strategy().num_replicas_in_sync > 1)

    def call(self, inputs: tf.Tensor, training: bool = False, mask: None = None) -> tf.Tensor:
        """Normalise [N, height, width, channels] over all but the channels."""
        if not training or self.synchronized or len(inputs.shape) != 4:
            return super().call(inputs, training=training, mask=mask)
        unused = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma,
            offset=self.beta,
            mean=unused,
            variance=unused,
            epsilon=self.epsilon,
            is_training=True,
        )
        # The kernel estimates the variance of the population, Keras keeps that of the batch.
        count = inputs.shape[0] * inputs.shape[1] * inputs.shape[2]
        variance = variance * ((count - 1) / count)
        for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + value * (1.0 - self.momentum))
        return outputs


class MinibatchStandardDeviation(layers.Layer):
    """Adds a channel that says how much the pictures of the batch differ.

    It is the standard deviation over the batch, averaged over all else: Karras et al. 2018,
    section 3. A generator that repeats itself gives itself away.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[N, height, width, channels] to [N, height, width, channels + 1]."""
        deviation = tf.sqrt(_variance(inputs) + 1e-8)
        plane = tf.fill(tf.shape(inputs[..., :1]), tf.reduce_mean(deviation))
        return tf.concat([inputs, plane], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """One channel more."""
        return (*input_shape[:-1], input_shape[-1] + 1)


def _variance(inputs: tf.Tensor) -> tf.Tensor:
    """The variance over the batch, of which each of several devices has a part."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return tf.math.reduce_variance(inputs, axis=0)
    over_all = partial(context.all_reduce, tf.distribute.ReduceOp.MEAN)
    mean = over_all(tf.reduce_mean(inputs, axis=0))
    return over_all(tf.reduce_mean((inputs - mean) ** 2, axis=0))


class Dropout(layers.Dropout):
    """Keras's; each of several devices takes its part of the mask that one would have drawn."""

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Zeros in place of a share of the inputs while training; the rest grows to make up."""
        context = tf.distribute.get_replica_context()
        if not training or context is None or context.num_replicas_in_sync == 1:
            return super().call(inputs, training=training)
        size = inputs.shape[0]
        whole = tf.ones([context.num_replicas_in_sync * size, *inputs.shape[1:]])
        first = context.replica_id_in_sync_group * size
        return inputs * super().call(whole, training=True)[first : first + size]


class Dot(layers.Dot):
    """Keras's for two inputs of one axis, without its detour over a batch of matrices."""

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        """[N, features] twice to their products, added up: [N, 1]."""
        one, other = inputs
        return tf.reduce_sum(one * other, axis=1, keepdims=True)


class SoftmaxClass(layers.Layer):
    """The softmax of the first `classes` numbers of noise: how much of each class is hidden."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def call(self, noise: tf.Tensor) -> tf.Tensor:
        """[N, latent_dim] to shares [N, classes] that add up to 1."""
        return tf.nn.softmax(INVERSE_TEMPERATURE * noise[:, : self.classes])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """One share a class."""
        return (input_shape[0], self.classes)


def _enlarge(digits: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
    """A 4x4 transposed convolution of stride 2 to one channel, as a 2x2 one to four channels.

    Each of the four is one pixel of a 2x2 block. The kernel library needs many times as long for
    the direct way when there is a single channel to write.
    """
    outputs, inputs = kernel.shape[2:]
    taps = tf.reverse(tf.reshape(kernel, [2, 2, 2, 2, outputs, inputs]), [0, 2])
    blocks = tf.reshape(tf.transpose(taps, [0, 2, 5, 1, 3, 4]), [2, 2, inputs, 4 * outputs])
    return tf.nn.depth_to_space(tf.nn.conv2d(digits, blocks, 1, _BORDER), 2)[:, 1:-1, 1:-1]


@tf.custom_gradient
def _conv_transpose_to_one(inputs: tf.Tensor, kernel: tf.Tensor) -> Any:
    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.nn.conv2d(upstream, kernel, STRIDE, "SAME"), _filter_gradient(
            upstream, kernel, inputs
        )

    return _enlarge(inputs, kernel), gradient


@tf.custom_gradient
def _conv_from_one(inputs: tf.Tensor, kernel: tf.Tensor) -> Any:
    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _enlarge(upstream, kernel), _filter_gradient(inputs, kernel, upstream)

    return tf.nn.conv2d(inputs, kernel, STRIDE, "SAME"), gradient


def _filter_gradient(large: tf.Tensor, kernel: tf.Tensor, small: tf.Tensor) -> tf.Tensor:
    return tf.raw_ops.Conv2DBackpropFilter(
        input=large,
        filter_sizes=kernel.shape,
        out_backprop=small,
        strides=[1, STRIDE, STRIDE, 1],
        padding="SAME",
    )


class Conv2D(layers.Conv2D):
    """Keras's; a 4x4 kernel of stride 2 on one channel takes a quicker way back to the picture."""

    factors = tf.float32
    """What is multiplied; weights, inputs and outputs stay float32."""

    def convolution_op(self, inputs: tf.Tensor, kernel: Any) -> tf.Tensor:
        """Convolve [N, height, width, channels] with [k, k, channels, filters]."""
        inputs, kernel = tf.cast(inputs, self.factors), tf.cast(kernel, self.factors)
        if inputs.shape[-1] == 1 and _is_halving(self):
            outputs = _conv_from_one(inputs, kernel)
        else:
            outputs = super().convolution_op(inputs, kernel)
        return tf.cast(outputs, tf.float32)


class Conv2DTranspose(layers.Conv2DTranspose):
    """Keras's; a 4x4 kernel of stride 2 to one channel is computed a quicker way."""

    factors = tf.float32
    """What is multiplied; weights, inputs and outputs stay float32."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[N, height, width, channels] to [N, height * stride, width * stride, filters]."""
        inputs, kernel = tf.cast(inputs, self.factors), tf.cast(self.kernel, self.factors)
        if self.filters == 1 and _is_halving(self):
            outputs = _conv_transpose_to_one(inputs, kernel)
        else:
            outputs = keras.ops.conv_transpose(inputs, kernel, list(self.strides), self.padding)
        outputs = tf.cast(outputs, tf.float32)
        return self.activation(outputs + self.bias if self.use_bias else outputs)


def mix(*networks: keras.Model | None) -> None:
    """Let the convolutions of `networks` multiply in bfloat16, before they are compiled.

    Units for it take less than half the time. Gradients keep their range, so that a loss needs no
    scaling. What lies between convolutions stays float32: TensorFlow's kernels for bfloat16 there
    are the slower ones on a processor.
    """
    for network in filter(None, networks):
        for layer in network.layers:
            if isinstance(layer, Conv2D | Conv2DTranspose):
                layer.factors = tf.bfloat16


def _is_halving(layer: layers.Layer) -> bool:
    return (
        layer.kernel_size == (KERNEL, KERNEL)
        and layer.strides == (STRIDE, STRIDE)
        and layer.padding == "same"
    )


class _Spectral:
    """Divides a layer's kernel by its largest singular value (Miyato et al. 2018, algorithm 1).

    The kernel [..., outputs] counts as a matrix with `outputs` columns. One power iteration a
    training call keeps the estimate of the first singular vectors; gradients pass through the
    division, not through the vectors.
    """

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)  # type: ignore[misc]
        self.singular_vector = self.add_weight(  # type: ignore[attr-defined]
            shape=(self.kernel.shape[-1],),  # type: ignore[attr-defined]
            initializer="random_normal",
            trainable=False,
            name="singular_vector",
        )

    def normalized_kernel(self, training: bool) -> tf.Tensor:
        """The kernel divided by the estimate of its largest singular value."""
        kernel = tf.convert_to_tensor(self.kernel)  # type: ignore[attr-defined]
        matrix = tf.reshape(kernel, [-1, kernel.shape[-1]])
        right = tf.convert_to_tensor(self.singular_vector)[:, None]
        fixed = tf.stop_gradient(matrix)
        left = tf.math.l2_normalize(fixed @ right)
        if training:
            right = tf.math.l2_normalize(tf.matmul(fixed, left, transpose_a=True))
            self.singular_vector.assign(right[:, 0])
        else:
            right = tf.math.l2_normalize(right)
        return kernel / tf.squeeze(tf.matmul(left, matrix @ right, transpose_a=True))


class SpectralConv2D(_Spectral, Conv2D):
    """A convolution that cannot stretch: see `_Spectral`."""

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """[N, height, width, channels] to [N, height / stride, width / stride, filters]."""
        outputs = self.convolution_op(inputs, self.normalized_kernel(training))
        return self.activation(outputs + self.bias if self.use_bias else outputs)


class SpectralDense(_Spectral, layers.Dense):
    """A dense layer that cannot stretch: see `_Spectral`."""

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """[N, inputs] to [N, units]."""
        outputs = inputs @ self.normalized_kernel(training)
        return self.activation(outputs + self.bias if self.use_bias else outputs)
