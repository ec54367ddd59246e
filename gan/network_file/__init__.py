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
- ``class_one_hot``: no weights. Only the first layer: it puts ``classes`` numbers behind the noise,
  1 for the class that is asked for and 0 for the others.
- ``class_softmax``: no weights. Only the first layer: it puts ``classes`` numbers behind the noise,
  the softmax of the first ones of the noise times ``inverse_temperature``. The class is hidden in
  them: the largest names it.

Files of before there were the last two are read as if they had them.

The network of a diffusion model goes from a picture with noise in it, and the time, to what it says
of it. Its header says in ``diffusion`` how noise becomes a picture: ``schedule``, ``prediction``,
``sampler`` and ``steps``, as `gan.network_file.diffusion` has them. It has two more kinds:

- ``time``: [2 * frequencies + classes, told]. Only the first layer: the picture goes through as it
  is. From the waves of `gan.network_file.diffusion.waves`, and behind them 1 for the class that is
  asked for among ``classes`` (0 if it is not asked), come ``told`` numbers for all others.
- ``film``: [told, 2 * channels]. Feature-wise linear modulation (Perez et al. 2018): what it makes
  of the told numbers are ``scale`` and then ``shift`` for each channel of the picture, which
  becomes (1 + scale) * picture + shift.

There, the ``outputs`` of ``dense`` are the shape of a picture, which its numbers make.

Any layer that is ``linear`` may say ``adds``: the place, from 0, of a layer before it whose outputs
are added to its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.network_file import headers
from gan.network_file.diffusion import Sampling

MAGIC: Final = b"DFGEN001"
_START: Final = len(MAGIC) + 4
_STEPS: Final = 127  # to either side of 0
_OUTPUT_AXIS: Final = {
    "dense": 1, "conv_transpose": 2, "conv": 3, "plane": 1, "time": 1, "film": 1,
}  # fmt: skip


class NetworkFileError(ValueError):
    """Bytes that are no such file, or not a whole one."""


@dataclass(slots=True, eq=False)
class Layer:
    """A layer with its weights, and the activation that follows it."""

    header: dict[str, Any]
    """Its ``kind``, with its shape and ``activation``."""
    kernel: NDArray[np.float32]
    """Of the shape that the kind has."""
    bias: NDArray[np.float32]
    """[outputs], or [output channels]."""

    @classmethod
    def without_weights(cls, header: dict[str, Any]) -> Layer:
        """One of the kinds that have none."""
        return cls(header, np.zeros(0, np.float32), np.zeros(0, np.float32))

    @property
    def output_axis(self) -> int:
        """The axis of `kernel` that counts outputs."""
        return _OUTPUT_AXIS[str(self.header["kind"])]

    @property
    def shapes(self) -> tuple[tuple[int, ...], tuple[int]]:
        """Those that `header` asks of `kernel` and `bias`."""
        return headers.shapes(self.header)

    @property
    def has_weights(self) -> bool:
        """Whether it has a kernel and a bias; a conditioning layer has none."""
        return self.kernel.size > 0


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
    """What `dump` was given. Raises `NetworkFileError`."""
    try:
        if content[: len(MAGIC)] != MAGIC:
            raise ValueError("it is no network")
        body = _Body(content, _START + int(np.frombuffer(content, "<u4", 1, len(MAGIC))[0]))
        about, found = headers.todays(json.loads(content[_START : body.at]))
        _check_diffusion(about, found)
        layers = []
        for place, header in enumerate(found):
            headers.check(header, found[:place])
            shape, outputs = headers.shapes(header)
            layers.append(Layer(header, body.take("<f4", shape), body.take("<f4", outputs)))
        body.end()
        return about, layers
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        OverflowError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NetworkFileError(f"The network's file is damaged: {error}") from error


def _check_diffusion(about: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    """Raise `ValueError` unless who is told the time is a network of diffusion, and says how."""
    is_told = bool(found) and found[0]["kind"] == headers.TIME
    if (Sampling.read(about) is not None) != is_told:
        raise ValueError("it does not say how it gets from noise to a picture, or has no time to")
    if is_told and about["latent_dim"] != found[0]["inputs"]:
        raise ValueError("its noise is no picture")


def rounded(content: bytes) -> bytes:
    """A file a quarter as large, from which `restored` makes one that draws nearly the same.

    Each weight becomes one of 255 steps, as wide as the largest weight to the same output asks for.
    Layout: a line of JSON, then for each layer steps as float32, kernel as int8, bias as float32.
    """
    about, layers = read(content)
    parts = [json.dumps({**about, "layers": [layer.header for layer in layers]}).encode(), b"\n"]
    for layer in filter(lambda layer: layer.has_weights, layers):
        others = tuple({*range(layer.kernel.ndim)} - {layer.output_axis})
        steps = np.abs(layer.kernel).max(axis=others, keepdims=True) / _STEPS
        steps[steps == 0] = 1.0
        kernel = np.rint(layer.kernel / steps).astype(np.int8)
        parts += [steps.astype("<f4").tobytes(), kernel.tobytes(), layer.bias.tobytes()]
    return b"".join(parts)


def restored(content: bytes) -> bytes:
    """The file that `rounded` was given, but for the rounding."""
    line, _, _ = content.partition(b"\n")
    body = _Body(content, len(line) + 1)
    about, found = headers.todays(json.loads(line))
    layers = []
    for header in found:
        if header["kind"] in headers.CONDITIONING:
            layers.append(Layer.without_weights(header))
            continue
        shape, outputs = headers.shapes(header)
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
