"""Nodes and constants of an ONNX model, as layers of `gan.network_file` become them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.network_file import Layer

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

_TO_CHANNELS_FIRST: Final = (0, 3, 1, 2)
TO_CHANNELS_LAST: Final = (0, 2, 3, 1)


class Graph:
    """Nodes and constants, as they are added. Each method returns the name of its values."""

    def __init__(self, around: Graph | None = None) -> None:
        """Inside of `around`, if there is such a graph, whose constants it then shares."""
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = [] if around is None else around.constants

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """An operation."""
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, values: NDArray[Any] | list[int] | float) -> str:
        """An array; Python's own integers become int64, and its floats float32."""
        from onnx import numpy_helper

        array = np.asarray(values, np.float32 if isinstance(values, float) else None)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def one_hot(self, name: str, noise: str, layer: Layer) -> str:
        """The noise, and behind it a number for each class: 1 for the one that is asked for."""
        count = self.constant(f"{name}/classes", [layer.header["classes"]])
        off_and_on = self.constant(f"{name}/off_and_on", np.array([0, 1], np.float32))
        asked = self.add("OneHot", ["digit", count, off_and_on], f"{name}/one_hot")
        return self.add("Concat", [noise, asked], f"{name}/noise_and_class", axis=1)

    def softmax(self, name: str, noise: str, layer: Layer) -> str:
        """The noise, and behind it how much of each class is hidden in its first numbers."""
        ends = [
            self.constant(f"{name}/{end}", [number])
            for end, number in (("from", 0), ("to", layer.header["classes"]), ("axis", 1))
        ]
        first = self.add("Slice", [noise, *ends], f"{name}/first")
        sharp = self.constant(f"{name}/temperature", float(layer.header["inverse_temperature"]))
        scaled = self.add("Mul", [first, sharp], f"{name}/scaled")
        shares = self.add("Softmax", [scaled], f"{name}/shares", axis=1)
        return self.add("Concat", [noise, shares], f"{name}/noise_and_shares", axis=1)

    def dense(self, name: str, values: str, layer: Layer) -> str:
        """A dense layer."""
        kernel = self.constant(f"{name}/kernel", layer.kernel)
        bias = self.constant(f"{name}/bias", layer.bias)
        return self.add("Gemm", [values, kernel, bias], f"{name}/sum")

    def pictures(self, name: str, values: str, shape: list[int]) -> str:
        """Flat values, of which channels come last, as pictures [N, channels, height, width]."""
        whole = self.constant(f"{name}/shape", [-1, *shape])
        values = self.add("Reshape", [values, whole], f"{name}/channels_last")
        return self.add("Transpose", [values], name, perm=_TO_CHANNELS_FIRST)

    def flat(self, name: str, values: str) -> str:
        """Pictures [N, channels, height, width] as flat values, of which channels come last."""
        values = self.add("Transpose", [values], f"{name}/channels_last", perm=TO_CHANNELS_LAST)
        return self.add("Flatten", [values], name, axis=1)

    def conv_transpose(self, name: str, values: str, layer: Layer) -> str:
        """A transposed convolution that makes height and width `stride` times as large."""
        size, stride = layer.header["kernel"], layer.header["stride"]
        overlap = max(size - stride, 0)  # Keras's "same": cut off, the larger half at the end
        begin, end = overlap // 2, overlap - overlap // 2
        kernel = self.constant(f"{name}/kernel", layer.kernel.transpose(3, 2, 0, 1))
        return self.add(
            "ConvTranspose",
            [values, kernel, self.constant(f"{name}/bias", layer.bias)],
            f"{name}/sum",
            strides=[stride, stride],
            pads=[begin, begin, end, end],
            output_padding=[max(stride - size, 0)] * 2,
        )

    def conv(self, name: str, values: str, layer: Layer) -> str:
        """A convolution, which pads as TensorFlow does."""
        header = layer.header
        size, stride = header["kernel"], header["stride"]
        missing = [0, 0]
        if header["padding"] == "same":
            sides = zip(header["outputs"][:2], header["inputs"][:2], strict=True)
            missing = [max((count - 1) * stride + size - side, 0) for count, side in sides]
        before = [each // 2 for each in missing]
        after = [each - each // 2 for each in missing]
        kernel = self.constant(f"{name}/kernel", layer.kernel.transpose(3, 2, 0, 1))
        return self.add(
            "Conv",
            [values, kernel, self.constant(f"{name}/bias", layer.bias)],
            f"{name}/sum",
            strides=[stride, stride],
            pads=[*before, *after],
        )

    def film(self, name: str, values: str, told: str, layer: Layer) -> str:
        """Each channel scaled and shifted as it is told."""
        numbers = self.dense(f"{name}/modulation", told, layer)
        channels = len(layer.bias) // 2
        parts = self.constant(f"{name}/parts", [channels, channels])
        sides = self.constant(f"{name}/sides", [2, 3])
        self.split(numbers, parts, [f"{name}/scale", f"{name}/shift"])
        scale, shift = (
            self.add("Unsqueeze", [f"{name}/{each}", sides], f"{name}/{each}_of_channels")
            for each in ("scale", "shift")
        )
        one = self.constant(f"{name}/one", 1.0)
        scaled = self.add(
            "Mul", [values, self.add("Add", [scale, one], f"{name}/factor")], f"{name}/scaled"
        )
        return self.add("Add", [scaled, shift], f"{name}/sum")

    def split(self, values: str, parts: str, outputs: list[str]) -> None:
        """Values [N, ...] into parts of their second axis."""
        from onnx import helper

        self.nodes.append(helper.make_node("Split", [values, parts], outputs, axis=1))

    def activation(self, name: str, values: str, layer: Layer) -> str:
        """What follows a layer."""
        match layer.header["activation"]:
            case "linear":
                return values
            case "relu":
                return self.add("Relu", [values], f"{name}/relu")
            case "leaky_relu":
                slope = layer.header["negative_slope"]
                return self.add("LeakyRelu", [values], f"{name}/leaky_relu", alpha=slope)
            case "tanh":
                return self.add("Tanh", [values], f"{name}/tanh")
            case other:
                raise ValueError(f"an activation {other!r}")
