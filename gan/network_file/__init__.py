"""The file of a network that the browser runs: plain layers, one after the other.

A generator's layers go from noise to a picture; those of a discriminator and of the digit reader go
from a picture to numbers. Layout: the magic, the header's length as uint32, the header as JSON
padded to four bytes, then float32 kernels and biases in layer order, all little-endian.
`gan/web/inference/network_file.js` reads it too.

Each layer's part of the header has a ``kind``, ``inputs``, ``outputs`` and ``activation``, for
``leaky_relu`` also ``negative_slope``. The kinds, with the shapes of their kernels:

- ``dense``: [inputs, outputs]. A picture before it counts as its numbers, channels innermost.
- ``conv_transpose``: [k, k, output channels, input channels], with ``kernel`` k and ``stride``.
- ``conv``: [k, k, input channels, output channels], with ``kernel``, ``stride`` and ``padding``.
  ``same`` gives ceil(inputs / stride) outputs and pads, as TensorFlow does, by
  max((outputs - 1) * stride + k - inputs, 0), the smaller half of it before; ``valid`` pads
  nothing. With ``pool`` 2 the largest of each 2x2 outputs goes on, after the activation; an odd
  last row or column is dropped, and ``outputs`` is the shape before.
- ``plane``: [classes, 784]. Only the first layer: it gives the picture a second channel, the
  kernel's row of the class that the picture should be of.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"DFGEN001"
_START: Final = len(MAGIC) + 4
_STEPS: Final = 127  # to either side of 0
_OUTPUT_AXIS: Final = {"dense": 1, "conv_transpose": 2, "conv": 3, "plane": 1}
_PIXELS: Final = 784


class LayerFileError(ValueError):
    """Bytes that are no such file, or not a whole one."""


@dataclass(slots=True, eq=False)
class Layer:
    """A layer with weights, and the activation that follows it."""

    header: dict[str, Any]
    """Its ``kind``, with its shape and ``activation``."""
    kernel: NDArray[np.float32]
    """Of the shape that the kind has."""
    bias: NDArray[np.float32]
    """[outputs], or [output channels]."""

    @property
    def output_axis(self) -> int:
        """The axis of `kernel` that counts outputs."""
        return _OUTPUT_AXIS[str(self.header["kind"])]

    @property
    def shapes(self) -> tuple[tuple[int, ...], tuple[int]]:
        """Those that `header` asks of `kernel` and `bias`."""
        return _shapes(self.header)


def dump(about: Mapping[str, Any], layers: Sequence[Layer]) -> bytes:
    """The file of `layers`; `about` is what the header says besides."""
    header = json.dumps({**about, "layers": [layer.header for layer in layers]}).encode()
    header += b" " * (-(_START + len(header)) % 4)
    arrays = [array for layer in layers for array in (layer.kernel, layer.bias)]
    return b"".join(
        [
            MAGIC,
            np.uint32(len(header)).astype("<u4").tobytes(),
            header,
            *(array.astype("<f4").tobytes() for array in arrays),
        ]
    )


def read(content: bytes) -> tuple[dict[str, Any], list[Layer]]:
    """What `dump` was given. Raises `LayerFileError`."""
    try:
        if content[: len(MAGIC)] != MAGIC:
            raise ValueError("it is no network")
        body = _Body(content, _START + int(np.frombuffer(content, "<u4", 1, len(MAGIC))[0]))
        about = json.loads(content[_START : body.at])
        layers = []
        for place, header in enumerate(about.pop("layers")):
            if header["kind"] == "plane" and place > 0:
                raise ValueError("it has a plane after its first layer")
            shape, outputs = _shapes(header)
            layers.append(Layer(header, body.take("<f4", shape), body.take("<f4", outputs)))
        body.end()
        return about, layers
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, AttributeError) as error:
        raise LayerFileError(f"The network's file is damaged: {error}") from error


def rounded(content: bytes) -> bytes:
    """A file a quarter as large, from which `restored` makes one that draws nearly the same.

    Each weight becomes one of 255 steps, as wide as the largest weight to the same output asks for.
    Layout: a line of JSON, then for each layer steps as float32, kernel as int8, bias as float32.
    """
    about, layers = read(content)
    parts = [json.dumps({**about, "layers": [layer.header for layer in layers]}).encode(), b"\n"]
    for layer in layers:
        others = tuple({*range(layer.kernel.ndim)} - {layer.output_axis})
        steps = np.abs(layer.kernel).max(axis=others, keepdims=True) / _STEPS
        steps[steps == 0] = 1.0
        kernel = np.rint(layer.kernel / steps).astype(np.int8)
        parts += [steps.astype("<f4").tobytes(), kernel.tobytes(), layer.bias.tobytes()]
    return b"".join(parts)


def restored(content: bytes) -> bytes:
    """The file that `rounded` was given, but for the rounding."""
    line, _, _ = content.partition(b"\n")
    about, body = json.loads(line), _Body(content, len(line) + 1)
    layers = []
    for header in about.pop("layers"):
        shape, outputs = _shapes(header)
        steps = body.take("<f4", outputs)
        kernel = body.take("i1", shape)
        layer = Layer(header, kernel, body.take("<f4", outputs))
        along = [1] * kernel.ndim
        along[layer.output_axis] = -1
        layer.kernel = kernel * steps.reshape(along)
        layers.append(layer)
    return dump(about, layers)


class _Body:
    """The arrays of a file, one after the other."""

    def __init__(self, content: bytes, at: int) -> None:
        self.content, self.at = content, at

    def take(self, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
        """The next array."""
        array = np.frombuffer(self.content, dtype, math.prod(shape), self.at).reshape(shape)
        self.at += array.nbytes
        return array

    def end(self) -> None:
        """Raise `ValueError` if there is more."""
        if self.at != len(self.content):
            raise ValueError("it is longer than its layers")


def _shapes(header: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int]]:
    """Of a layer's kernel, and of its bias."""
    match header["kind"]:
        case "dense":
            inputs, outputs = _count(header["inputs"]), _count(header["outputs"])
            return (inputs, outputs), (outputs,)
        case "plane":
            if (header["outputs"], header["activation"]) != (_PIXELS, "linear"):
                raise ValueError("it has a plane that is no picture")
            return (_count(header["inputs"]), _PIXELS), (_PIXELS,)
        case "conv":
            return _shapes_of_convolution(header)
        case "conv_transpose":
            size, outputs = _count(header["kernel"]), _count(header["outputs"][-1])
            return (size, size, outputs, _count(header["inputs"][-1])), (outputs,)
        case other:
            raise ValueError(f"it has a layer {other!r}")


def _shapes_of_convolution(header: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int]]:
    size, stride = _count(header["kernel"]), _count(header["stride"])
    *sides, inputs = map(_count, header["inputs"])
    *found, outputs = map(_count, header["outputs"])
    if header["padding"] not in ("same", "valid"):
        raise ValueError(f"it pads in the way {header['padding']!r}")
    border = size - 1 if header["padding"] == "valid" else 0
    if len(sides) != 2 or found != [-(-(side - border) // stride) for side in sides]:
        raise ValueError("it has a convolution whose outputs do not fit its inputs")
    if "pool" in header and (header["pool"] != 2 or min(found) < 2):
        raise ValueError(f"it pools {found} by {header['pool']!r}")
    return (size, size, inputs, outputs), (outputs,)


def _count(value: Any) -> int:
    """`value`, if it is how many there are of something."""
    if type(value) is not int or value < 1:
        raise ValueError(f"{value!r} is no number of inputs, outputs or pixels")
    return value
