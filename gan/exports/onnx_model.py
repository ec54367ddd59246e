"""A generator as an ONNX model, which many programs run without TensorFlow.

Inputs: `noise` float32 [N, latent_dim] and, of a conditional network, `digit` int64 [N]. Output:
`digits` float32 [N, 28, 28, 1] in [-1, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import network_file
from gan.data.digits import SIDE
from gan.network_file import Layer

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

OPSET: Final = 17
"""Of 2022: what runs models today runs this."""
_IR_VERSION: Final = 8
_TO_CHANNELS_FIRST: Final = (0, 3, 1, 2)
_TO_CHANNELS_LAST: Final = (0, 2, 3, 1)


def convert(generator: bytes) -> bytes:
    """The ONNX model that draws what `generator` draws, a file of `gan.network_file`."""
    import onnx
    from onnx import helper

    about, layers = network_file.read(generator)
    graph = _Graph()
    inputs = [
        helper.make_tensor_value_info("noise", onnx.TensorProto.FLOAT, ["N", about["latent_dim"]])
    ]
    values, is_picture = "noise", False
    for place, layer in enumerate(layers):
        name = f"layer_{place}"
        match layer.header["kind"]:
            case "class_one_hot":
                inputs.append(helper.make_tensor_value_info("digit", onnx.TensorProto.INT64, ["N"]))
                values = graph.one_hot(name, values, layer)
            case "class_softmax":
                values = graph.softmax(name, values, layer)
            case "dense":
                values = graph.dense(name, values, layer)
            case _:
                if not is_picture:
                    values = graph.pictures(f"{name}/picture", values, layer.header["inputs"])
                values, is_picture = graph.conv_transpose(name, values, layer), True
        values = graph.activation(name, values, layer)
    shape = helper.make_tensor_value_info("digits", onnx.TensorProto.FLOAT, ["N", SIDE, SIDE, 1])
    if is_picture:
        graph.add("Transpose", [values], "digits", perm=_TO_CHANNELS_LAST)
    else:
        graph.add("Reshape", [values, graph.constant("shape", [-1, SIDE, SIDE, 1])], "digits")
    model = helper.make_model(
        helper.make_graph(graph.nodes, "generator", inputs, [shape], graph.constants),
        producer_name="Digit Forge",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=_IR_VERSION,
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants, as they are added. Each method returns the name of its values."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

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
