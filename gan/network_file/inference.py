"""A generator's file run by NumPy: digits without TensorFlow, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import network_file
from gan.network_file import Layer, NetworkFileError

Array = NDArray[np.float64]

_ACTIVATIONS: Final[dict[str, Callable[[Array, dict[str, Any]], Array]]] = {
    "linear": lambda x, _: x,
    "tanh": lambda x, _: np.tanh(x),
    "relu": lambda x, _: np.maximum(x, 0),
    "leaky_relu": lambda x, header: np.where(x > 0, x, header["negative_slope"] * x),
}


def drawn(
    generator: bytes, z: NDArray[np.floating], labels: NDArray[np.integer] | None = None
) -> NDArray[np.float32]:
    """What `generator`, a file of `gan.network_file`, draws: float32 [N, 28, 28, 1] in [-1, 1].

    `z` is [N, latent_dim]. `labels`, int [N], are the classes that a conditional network is asked
    for; others take no notice of them. Raises `NetworkFileError` if the file is damaged, or no
    generator's.
    """
    about, layers = network_file.read(generator)
    try:
        x = np.asarray(z, np.float64)
        if x.shape[1] != about["latent_dim"]:
            raise ValueError(f"it takes {about['latent_dim']!r} numbers of noise")
        for layer in layers:
            x = _after(layer, x, labels)
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


def _after(layer: Layer, x: Array, labels: NDArray[np.integer] | None) -> Array:
    header = layer.header
    match header["kind"]:
        case "class_one_hot" | "class_softmax":
            return conditioned(layer, x, labels)
        case "dense":
            x = x.reshape(len(x), -1) @ layer.kernel + layer.bias
        case "conv_transpose":
            x = _conv_transpose(layer, x.reshape(len(x), *header["inputs"])) + layer.bias
        case other:
            raise ValueError(f"it has a layer {other!r}")
    return _ACTIVATIONS[header["activation"]](x, header)


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
