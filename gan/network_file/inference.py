"""A generator's file run by NumPy: digits without TensorFlow, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import network_file
from gan.network_file import Layer, NetworkFileError
from gan.network_file.diffusion import Sampling, Shuffle, waves

Array = NDArray[np.float64]

_ACTIVATIONS: Final[dict[str, Callable[[Array, dict[str, Any]], Array]]] = {
    "linear": lambda x, _: x,
    "tanh": lambda x, _: np.tanh(x),
    "relu": lambda x, _: np.maximum(x, 0),
    "leaky_relu": lambda x, header: np.where(x > 0, x, header["negative_slope"] * x),
}


def drawn(
    generator: bytes,
    z: NDArray[np.floating],
    labels: NDArray[np.integer] | None = None,
    sampling_steps: int | None = None,
) -> NDArray[np.float32]:
    """What `generator`, a file of `gan.network_file`, draws: float32 [N, 28, 28, 1] in [-1, 1].

    `z` is [N, latent_dim]. `labels`, int [N], are the classes that a conditional network is asked
    for; others take no notice of them. A diffusion model draws in `sampling_steps`, without it in
    as many as its file says; others have no steps. Raises `NetworkFileError` if the file is
    damaged, or no generator's, or cannot draw in so many steps.
    """
    about, layers = network_file.read(generator)
    try:
        x = np.asarray(z, np.float64)
        if x.shape[1] != about["latent_dim"]:
            raise ValueError(f"it takes {about['latent_dim']!r} numbers of noise")
        if sampling := Sampling.read(about):
            x = _denoised(layers, x, labels, sampling.in_steps(sampling_steps))
        else:
            x = _through(layers, x, labels)
        return x.reshape(len(z), 28, 28, 1).astype(np.float32)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NetworkFileError(f"This network does not draw digits: {error}.") from error


def latent_dim(generator: bytes) -> int:
    """How many numbers of noise `generator` takes. Raises `NetworkFileError`."""
    about, _ = network_file.read(generator)
    try:
        return int(about["latent_dim"])
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkFileError("This network does not draw digits.") from error


def conditioned(
    layer: Layer, noise: NDArray[Any], labels: NDArray[np.integer] | None
) -> NDArray[Any]:
    """`noise` [N, latent_dim], and behind it what a conditioning layer says of each class."""
    count = layer.header["classes"]
    if layer.header["kind"] == "class_one_hot":
        asked = np.zeros(len(noise), int) if labels is None else labels
        return np.hstack([noise, np.eye(count, dtype=noise.dtype)[asked]])
    powers = layer.header["inverse_temperature"] * noise[:, :count]
    shares = np.exp(powers - powers.max(axis=1, keepdims=True))
    return np.hstack([noise, shares / shares.sum(axis=1, keepdims=True)])


@dataclass(frozen=True, slots=True)
class _Told:
    """What a network is told beside its input."""

    labels: NDArray[np.integer] | None
    time: float = 0.0

    def numbers(self, layer: Layer, count: int) -> Array:
        """What a layer ``time`` makes of it for `count` pictures."""
        header = layer.header
        told = np.repeat(waves(np.array([self.time]), header["frequencies"]), count, axis=0)
        if header["classes"]:
            asked = np.zeros(count, int) if self.labels is None else self.labels
            told = np.hstack([told, np.eye(header["classes"])[asked]])
        return _activated(layer, told @ layer.kernel + layer.bias)


def _denoised(
    layers: Sequence[Layer], noise: Array, labels: NDArray[np.integer] | None, sampling: Sampling
) -> Array:
    """The digits [N, 784] at the end of the way from `noise`."""
    x = noise
    for step, move in enumerate(sampling.moves()):
        answer = _through(layers, x, labels, move.time).reshape(x.shape)
        digit = np.clip(move.of_picture * x + move.of_answer * answer, -1, 1)
        x = move.of_digit * digit + move.of_now * x
        if move.of_fresh:
            x += move.of_fresh * Shuffle.of(step, x.shape[1])(noise)
    return x


def _through(
    layers: Sequence[Layer], x: Array, labels: NDArray[np.integer] | None, time: float = 0.0
) -> Array:
    """What comes out behind all `layers`."""
    told, numbers = _Told(labels, time), np.zeros(0)
    outputs: list[Array] = []
    for layer in layers:
        match layer.header["kind"]:
            case "class_one_hot" | "class_softmax":
                x = conditioned(layer, x, labels)
            case "time":
                numbers = told.numbers(layer, len(x))
            case "film":
                x = _activated(layer, _modulated(layer, x, numbers))
            case "dense":
                x = _activated(layer, x.reshape(len(x), -1) @ layer.kernel + layer.bias)
                x = x.reshape(len(x), *np.atleast_1d(layer.header["outputs"]))
            case _:
                x = _activated(layer, _summed(layer, x) + layer.bias)
        if "adds" in layer.header:
            x = x + outputs[layer.header["adds"]]
        outputs.append(x)
    return x


def _activated(layer: Layer, x: Array) -> Array:
    return _ACTIVATIONS[layer.header["activation"]](x, layer.header)


def _summed(layer: Layer, x: Array) -> Array:
    """What a layer adds up of its inputs."""
    match layer.header["kind"]:
        case "conv_transpose":
            return _conv_transpose(layer, x.reshape(len(x), *layer.header["inputs"]))
        case "conv" if "pool" not in layer.header:
            return _conv(layer, x.reshape(len(x), *layer.header["inputs"]))
        case other:
            raise ValueError(f"it has a layer {other!r}")


def _modulated(layer: Layer, x: Array, numbers: Array) -> Array:
    """Each channel scaled and shifted as the told `numbers` [N, told] have it."""
    scale, shift = np.split(numbers @ layer.kernel + layer.bias, 2, axis=1)
    x = x.reshape(len(x), *layer.header["inputs"])
    return (1 + scale[:, None, None]) * x + shift[:, None, None]


def _conv(layer: Layer, x: Array) -> Array:
    """Each output is the sum of the kernel times the inputs around it."""
    size, stride = layer.header["kernel"], layer.header["stride"]
    height, width, channels = layer.header["outputs"]
    if layer.header["padding"] == "same":
        missing = [
            max((count - 1) * stride + size - side, 0)
            for count, side in zip((height, width), x.shape[1:3], strict=True)
        ]
        x = np.pad(x, [(0, 0), *((each // 2, each - each // 2) for each in missing), (0, 0)])
    outputs = np.zeros((len(x), height, width, channels))
    for row, column in np.ndindex(size, size):
        rows = slice(row, row + (height - 1) * stride + 1, stride)
        columns = slice(column, column + (width - 1) * stride + 1, stride)
        outputs += x[:, rows, columns] @ layer.kernel[row, column]
    return outputs


def _conv_transpose(layer: Layer, x: Array) -> Array:
    """Each input adds the kernel, times itself, to the outputs around it (padding ``same``)."""
    size, stride = layer.header["kernel"], layer.header["stride"]
    height, width = x.shape[1] * stride, x.shape[2] * stride
    outputs = np.zeros((len(x), height + size, width + size, len(layer.bias)))
    for row, column in np.ndindex(size, size):
        reached = outputs[:, row : row + height : stride, column : column + width : stride]
        reached += x @ layer.kernel[row, column].T
    before = max(size - stride, 0) // 2
    return outputs[:, before : before + height, before : before + width]
