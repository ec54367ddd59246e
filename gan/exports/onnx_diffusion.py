"""A diffusion model in ONNX: its network inside of a loop, once for each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gan.data.digits import SIDE
from gan.exports.onnx_graph import Graph
from gan.network_file import Layer
from gan.network_file.diffusion import Move, Sampling, Shuffle, waves

_NUMBERS: Final = ("of_picture", "of_answer", "of_digit", "of_now", "of_fresh")


def draw(graph: Graph, layers: Sequence[Layer], sampling: Sampling) -> None:
    """From ``noise``, and ``digit`` if it is asked for one, to ``digits``."""
    from onnx import TensorProto, helper

    moves = sampling.moves()
    _tables(graph, layers[0], moves)
    picture = [-1, 1, SIDE, SIDE]
    graph.add("Reshape", ["noise", graph.constant("picture", picture)], "start")
    body = Graph(around=graph)
    _move(body, layers, any(move.of_fresh for move in moves))
    values = helper.make_tensor_value_info("now", TensorProto.FLOAT, ["N", 1, SIDE, SIDE])
    again = helper.make_tensor_value_info("next", TensorProto.FLOAT, ["N", 1, SIDE, SIDE])
    step = helper.make_tensor_value_info("step", TensorProto.INT64, [])
    goes_on, went_on = (
        helper.make_tensor_value_info(name, TensorProto.BOOL, []) for name in ("goes_on", "went_on")
    )
    inside = helper.make_graph(body.nodes, "move", [step, goes_on, values], [went_on, again])
    steps = graph.constant("steps", np.array(len(moves), np.int64))
    graph.add("Loop", [steps, "", "start"], "end", body=inside)
    graph.add("Reshape", ["end", graph.constant("shape", [-1, SIDE, SIDE, 1])], "digits")


def _tables(graph: Graph, time: Layer, moves: Sequence[Move]) -> None:
    """What the steps differ in, a row for each."""
    frequencies = 2 * time.header["frequencies"]
    told = waves(np.array([move.time for move in moves]), time.header["frequencies"])
    graph.constant("times", (told @ time.kernel[:frequencies] + time.bias).astype(np.float32))
    if time.header["classes"]:
        graph.constant("classes", time.kernel[frequencies:])
    for name in _NUMBERS:
        graph.constant(name, np.array([getattr(move, name) for move in moves], np.float32))
    if any(move.of_fresh for move in moves):
        shuffles = [Shuffle.of(step, SIDE * SIDE) for step in range(len(moves))]
        graph.constant("orders", np.stack([each.order for each in shuffles]))
        graph.constant("signs", np.stack([each.signs for each in shuffles]).astype(np.float32))


def _move(body: Graph, layers: Sequence[Layer], adds_noise: bool) -> None:
    """One step, from the picture ``now`` to ``next``."""
    answer = _answer(body, layers)
    of = {name: body.add("Gather", [name, "step"], f"{name}/now") for name in _NUMBERS}
    seen = body.add(
        "Add",
        [
            body.add("Mul", ["now", of["of_picture"]], "seen/of_picture"),
            body.add("Mul", [answer, of["of_answer"]], "seen/of_answer"),
        ],
        "seen",
    )
    ends = [body.constant("paper", -1.0), body.constant("ink", 1.0)]
    digit = body.add("Clip", [seen, *ends], "digit_seen")
    parts = [
        body.add("Mul", [digit, of["of_digit"]], "next/of_digit"),
        body.add("Mul", ["now", of["of_now"]], "next/of_now"),
    ]
    if adds_noise:
        parts.append(body.add("Mul", [_fresh(body), of["of_fresh"]], "next/of_fresh"))
    body.add("Sum", parts, "next")
    body.add("Identity", ["goes_on"], "went_on")


def _fresh(body: Graph) -> str:
    """The fresh noise of this step: the first noise in another order."""
    order = body.add("Gather", ["orders", "step"], "order")
    moved = body.add("Gather", ["noise", order], "fresh/moved", axis=1)
    signs = body.add("Gather", ["signs", "step"], "fresh/signs")
    flat = body.add("Mul", [moved, signs], "fresh/flat")
    return body.add("Reshape", [flat, "picture"], "fresh")


def _answer(body: Graph, layers: Sequence[Layer]) -> str:
    """What the network says of the picture ``now``."""
    told, values = "", "now"
    outputs: list[str] = []
    for place, layer in enumerate(layers):
        name = f"layer_{place}"
        match layer.header["kind"]:
            case "time":
                told = _told(body, name, layer)
            case "film":
                values = body.film(name, values, told, layer)
                values = body.activation(name, values, layer)
            case "dense":
                values = body.dense(name, body.flat(f"{name}/flat", values), layer)
                values = body.activation(name, values, layer)
                values = body.pictures(f"{name}/picture", values, layer.header["outputs"])
            case "conv":
                values = body.activation(name, body.conv(name, values, layer), layer)
            case "conv_transpose":
                values = body.activation(name, body.conv_transpose(name, values, layer), layer)
            case other:
                raise ValueError(f"a layer {other!r} in a diffusion model")
        if "adds" in layer.header:
            earlier = outputs[layer.header["adds"]]
            values = body.add("Add", [values, earlier], f"{name}/with_layer_{layer.header['adds']}")
        outputs.append(values)
    return values


def _told(body: Graph, name: str, layer: Layer) -> str:
    """What all layers are told: [1, told], or [N, told] where there are classes."""
    time = body.add("Gather", ["times", "step"], f"{name}/time")
    axis = body.constant(f"{name}/axis", [0])
    values = body.add("Unsqueeze", [time, axis], f"{name}/row")
    if layer.header["classes"]:
        asked = body.add("Gather", ["classes", "digit"], f"{name}/class")
        values = body.add("Add", [values, asked], f"{name}/sum")
    return body.activation(name, values, layer)
