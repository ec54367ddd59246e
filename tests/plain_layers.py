"""The layers of `gan.network_file` by plain NumPy, from their description alone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def drawn(export: bytes, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """What a generator draws: [N, latent_dim] and perhaps classes [N] -> [N, 28, 28, 1]."""
    header, numbers = opened(export)
    assert header["latent_dim"] == z.shape[1]
    x, kinds = z.astype(np.float64), [layer["kind"] for layer in header["layers"]]
    assert ("class_one_hot" in kinds or "classes" in header) == (labels is not None)
    if classes := header.get("classes"):  # before there were layers for them
        x = np.hstack([x, np.eye(classes)[labels]])
    if classes := header.get("leaning_classes"):
        told = {"classes": classes, "inverse_temperature": header["sharpness"]}
        x = np.hstack([x, softmax(told, x, None)])
    return run(header["layers"], numbers, x, labels).reshape(-1, 28, 28, 1)


def judged(export: bytes, pictures: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """What a network makes of pictures [N, 28, 28, 1], told their classes [N]: its last outputs."""
    header, numbers = opened(export)
    assert header["sees"] == "picture"
    assert (header["classes"] > 0) == (labels is not None)
    return run(header["layers"], numbers, pictures.astype(np.float64), labels)


def opened(export: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The header, and all kernels and biases in one row."""
    assert export[:8] == b"DFGEN001"
    length = int(np.frombuffer(export, "<u4", 1, 8)[0])
    assert (12 + length) % 4 == 0
    return json.loads(export[12 : 12 + length]), np.frombuffer(export, "<f4", offset=12 + length)


def run(
    layers: list[dict[str, Any]],
    numbers: np.ndarray,
    x: np.ndarray,
    labels: np.ndarray | None = None,
) -> np.ndarray:
    """What the last of `layers` makes of `x`, flat: [N, outputs]."""
    for layer in layers:
        if layer["kind"] in CLASSES:
            assert x.shape[1] == layer["inputs"]
            x = np.hstack([x, CLASSES[layer["kind"]](layer, x, labels)])
            assert x.shape[1] == layer["outputs"]
            continue
        shape = SHAPES[layer["kind"]](layer)
        kernel, numbers = numbers[: np.prod(shape)].reshape(shape), numbers[np.prod(shape) :]
        outputs = np.ravel(layer["outputs"])[-1]
        bias, numbers = numbers[:outputs], numbers[outputs:]
        kernel, bias = kernel.astype(np.float64), bias.astype(np.float64)
        match layer["kind"]:
            case "dense":
                x = x.reshape(len(x), -1) @ kernel + bias
            case "conv_transpose":
                x = conv_transpose(layer, kernel, x) + bias
            case "conv":
                x = conv(layer, kernel, x) + bias
            case "plane":
                x = np.concatenate([x, (kernel + bias)[labels].reshape(x.shape)], axis=-1)
        x = activated(layer, x)
        if "pool" in layer:
            x = pooled(x)
    assert len(numbers) == 0, "nothing is left over"
    return x.reshape(len(x), -1)


def softmax(layer: dict[str, Any], x: np.ndarray, _: np.ndarray | None) -> np.ndarray:
    powers = np.exp(layer["inverse_temperature"] * x[:, : layer["classes"]])
    return powers / powers.sum(axis=1, keepdims=True)


CLASSES = {
    "class_one_hot": lambda layer, x, labels: np.eye(layer["classes"])[labels],
    "class_softmax": softmax,
}
"""What goes behind the noise."""
SHAPES = {
    "dense": lambda layer: (layer["inputs"], layer["outputs"]),
    "plane": lambda layer: (layer["inputs"], layer["outputs"]),
    "conv": lambda layer: (*[layer["kernel"]] * 2, layer["inputs"][-1], layer["outputs"][-1]),
    "conv_transpose": lambda layer: (
        *[layer["kernel"]] * 2,
        layer["outputs"][-1],
        layer["inputs"][-1],
    ),
}


def conv(layer: dict[str, Any], kernel: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A convolution whose padding is TensorFlow's."""
    k, s = layer["kernel"], layer["stride"]
    x = x.reshape(-1, *layer["inputs"])
    height, width, channels = layer["outputs"]
    if layer["padding"] == "same":
        sides = []
        for before, after in zip(x.shape[1:3], (height, width), strict=True):
            assert after == -(-before // s)
            total = max((after - 1) * s + k - before, 0)
            sides.append((total // 2, total - total // 2))
        x = np.pad(x, [(0, 0), *sides, (0, 0)])
    made = np.zeros((len(x), height, width, channels))
    for row, column in np.ndindex(height, width):
        seen = x[:, row * s : row * s + k, column * s : column * s + k]
        made[:, row, column] = np.tensordot(seen, kernel, 3)
    return made


def conv_transpose(layer: dict[str, Any], kernel: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A transposed convolution whose outputs are `stride` times as high and as wide."""
    k, s, (h, w, _) = layer["kernel"], layer["stride"], layer["inputs"]
    x = x.reshape(-1, *layer["inputs"])
    pad, full = max(k - s, 0) // 2, np.zeros((len(x), h * s + k, w * s + k, kernel.shape[2]))
    for iy, ix, ky, kx in np.ndindex(h, w, k, k):
        full[:, iy * s + ky, ix * s + kx] += x[:, iy, ix] @ kernel[ky, kx].T
    return full[:, pad : pad + h * s, pad : pad + w * s]


def activated(layer: dict[str, Any], x: np.ndarray) -> np.ndarray:
    match layer["activation"]:
        case "relu":
            return np.maximum(x, 0)
        case "leaky_relu":
            return np.where(x > 0, x, layer["negative_slope"] * x)
        case "tanh":
            return np.tanh(x)
        case "linear":
            return x
        case other:
            raise AssertionError(other)


def pooled(x: np.ndarray) -> np.ndarray:
    """The largest of each 2x2; an odd last row or column is dropped."""
    height, width = x.shape[1] // 2, x.shape[2] // 2
    blocks = x[:, : 2 * height, : 2 * width].reshape(len(x), height, 2, width, 2, -1)
    return blocks.max(axis=(2, 4))
