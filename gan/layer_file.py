"""The file that the browser draws with: a generator as plain layers, one after the other.

Layout: the magic, the header's length as uint32, the header as JSON padded to four bytes, then
float32 kernels and biases in layer order, all little-endian. `gan/view/explorer/generator.js` reads
it too.
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


class LayerFileError(ValueError):
    """Bytes that are no such file, or not a whole one."""


@dataclass(slots=True, eq=False)
class Layer:
    """A layer with weights, and the activation that follows it."""

    header: dict[str, Any]
    """Its ``kind``, ``dense`` or ``conv_transpose``, with its shape and ``activation``."""
    kernel: NDArray[np.float32]
    """[inputs, outputs], or [kernel, kernel, output channels, input channels]."""
    bias: NDArray[np.float32]
    """[outputs], or [output channels]."""

    @property
    def output_axis(self) -> int:
        """The axis of `kernel` that counts outputs."""
        return 1 if self.header["kind"] == "dense" else 2


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
            raise ValueError("it is no generator")
        body = _Body(content, _START + int(np.frombuffer(content, "<u4", 1, len(MAGIC))[0]))
        about = json.loads(content[_START : body.at])
        layers = []
        for header in about.pop("layers"):
            shape, outputs = _shapes(header)
            layers.append(Layer(header, body.take("<f4", shape), body.take("<f4", outputs)))
        body.end()
        return about, layers
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        raise LayerFileError(f"The generator's file is damaged: {error}") from error


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
    if header["kind"] == "dense":
        inputs, outputs = int(header["inputs"]), int(header["outputs"])
        return (inputs, outputs), (outputs,)
    if header["kind"] != "conv_transpose":
        raise ValueError(f"it has a layer {header['kind']!r}")
    size, outputs = int(header["kernel"]), int(header["outputs"][-1])
    return (size, size, outputs, int(header["inputs"][-1])), (outputs,)
