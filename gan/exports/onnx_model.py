"""A generator as an ONNX model, which many programs run without TensorFlow.

Inputs: `noise` float32 [N, latent_dim] and, of a conditional network, `digit` int64 [N]. Output:
`digits` float32 [N, 28, 28, 1] in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gan import network_file
from gan.data.digits import SIDE
from gan.exports import onnx_diffusion
from gan.exports.onnx_graph import TO_CHANNELS_LAST, Graph
from gan.network_file import Layer
from gan.network_file.diffusion import Sampling

OPSET: Final = 17
"""Of 2022: what runs models today runs this."""
_IR_VERSION: Final = 8


def convert(generator: bytes) -> bytes:
    """The ONNX model that draws what `generator` draws, a file of `gan.network_file`."""
    import onnx
    from onnx import helper

    about, layers = network_file.read(generator)
    graph = Graph()
    inputs = [
        helper.make_tensor_value_info("noise", onnx.TensorProto.FLOAT, ["N", about["latent_dim"]])
    ]
    if is_asked(layers):
        inputs.append(helper.make_tensor_value_info("digit", onnx.TensorProto.INT64, ["N"]))
    if sampling := Sampling.read(about):
        onnx_diffusion.draw(graph, layers, sampling)
    else:
        _draw(graph, layers)
    shape = helper.make_tensor_value_info("digits", onnx.TensorProto.FLOAT, ["N", SIDE, SIDE, 1])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "generator", inputs, [shape], graph.constants),
        producer_name="Digit Forge",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=_IR_VERSION,
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def is_asked(layers: Sequence[Layer]) -> bool:
    """Whether a network of these layers is told which class to draw."""
    first = layers[0].header
    return first["kind"] == "class_one_hot" or bool(first["kind"] == "time" and first["classes"])


def _draw(graph: Graph, layers: Sequence[Layer]) -> None:
    """From ``noise`` to ``digits`` in one go."""
    values, is_picture = "noise", False
    for place, layer in enumerate(layers):
        name = f"layer_{place}"
        match layer.header["kind"]:
            case "class_one_hot":
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
    if is_picture:
        graph.add("Transpose", [values], "digits", perm=TO_CHANNELS_LAST)
    else:
        graph.add("Reshape", [values, graph.constant("shape", [-1, SIDE, SIDE, 1])], "digits")
