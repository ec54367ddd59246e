"""Weights that fit nothing. Each with what is said of it."""

from __future__ import annotations

import numpy as np
from exports.hostile_builds import (
    ZEROS,
    Build,
    cut,
    generator,
    one,
    packed,
    tensor_file,
    weights,
)

from gan.exports import tensors

WEIGHTS: dict[str, tuple[Build, str]] = {
    # Its weights
    "no weights in the file": (packed(state__safetensors=b""), "state.safetensors is damaged"),
    "pickled weights": (
        packed(state__safetensors=b"\x80\x04\x95" + ZEROS),
        "its header is longer than it can be",
    ),
    "a header beyond the file": (
        packed(state__safetensors=tensor_file({}, length=999)),
        "its header is longer than it can be",
    ),
    "a header beyond all": (
        packed(state__safetensors=tensor_file({}, length=2**64 - 1)),
        "its header is longer than it can be",
    ),
    "a huge header": (
        packed(state__safetensors=tensor_file(b"{}" + b" " * (1 << 20))),
        "its header is longer than it can be",
    ),
    "a header of no JSON": (packed(state__safetensors=tensor_file(b"{")), "is damaged"),
    "a header in a row": (packed(state__safetensors=tensor_file([])), "is damaged"),
    "a header nested without end": (
        packed(state__safetensors=tensor_file(b"[" * 100_000)),
        "is damaged",
    ),
    "weights that overlap": (
        packed(
            state__safetensors=tensor_file(
                {"a": one("F32", [2], 0, 8), "b": one("F32", [2], 4, 12)}, bytes(12)
            )
        ),
        "is damaged",
    ),
    "weights with a hole": (
        packed(
            state__safetensors=tensor_file(
                {"a": one("F32", [1], 0, 4), "b": one("F32", [1], 8, 12)}, bytes(12)
            )
        ),
        "is damaged",
    ),
    "weights beyond the file": (
        packed(state__safetensors=tensor_file({"a": one("F32", [9], 0, 36)}, bytes(4))),
        "is damaged",
    ),
    "weights of another size": (
        packed(state__safetensors=tensor_file({"a": one("F32", [3], 0, 8)}, bytes(8))),
        "is damaged",
    ),
    "weights of negative size": (
        packed(state__safetensors=tensor_file({"a": one("F32", [-1], 0, 4)}, bytes(4))),
        "is damaged",
    ),
    "weights that overflow": (
        packed(state__safetensors=tensor_file({"a": one("F32", [2**62, 4], 0, 0)})),
        "is damaged",
    ),
    "weights of a type that is none": (
        packed(state__safetensors=tensor_file({"a": one("OBJECT", [1], 0, 8)}, bytes(8))),
        "is damaged",
    ),
    "weights that are true": (weights(a=np.ones(3, bool)), "'a' is not all finite numbers"),
    "weights of no number": (
        weights(a=np.array([1, np.nan], "f4")),
        "'a' is not all finite numbers",
    ),
    "weights beyond numbers": (weights(a=np.array([np.inf], "f4")), "not all finite numbers"),
    "a thousand weights": (
        weights(**{f"a{i}": np.zeros(1, "f4") for i in range(1001)}),
        "more than 1000 arrays",
    ),
    "cut weights": (cut("state.safetensors", 100), "state.safetensors is damaged"),
    "a cut generator": (cut("generator.safetensors", 100), "generator.safetensors is damaged"),
    "a generator without words": (
        packed(generator__safetensors=tensors.dump({"layer_0/kernel": np.zeros(3, "f4")})),
        "generator.safetensors is damaged",
    ),
    "a generator without a layer": (
        generator(lambda arrays, _: arrays.pop("layer_0/bias")),  # type: ignore[arg-type,return-value]
        "generator.safetensors is damaged",
    ),
    "a generator with a layer too many": (
        generator(lambda arrays, _: arrays.update(layer_9=np.zeros(1, "f4"))),
        "arrays that belong to no layer",
    ),
    "a generator of another shape": (
        generator(lambda _, told: told["layers"][0].update(inputs=784, outputs=4)),
        "generator.safetensors is damaged",
    ),
    "a generator of a strange layer": (
        generator(lambda _, told: told["layers"][0].update(kind="lambda")),
        "a layer 'lambda'",
    ),
    "a generator of negative size": (
        generator(lambda _, told: told["layers"][0].update(inputs=-4)),
        "generator.safetensors is damaged",
    ),
}
