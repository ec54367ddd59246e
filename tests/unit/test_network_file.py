"""The browser's networks as a file, whole and rounded."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from gan import network_file
from gan.network_file import Layer, LayerFileError
from gan.runs import library


def layers() -> list[Layer]:
    random = np.random.default_rng(0)
    dense = {"kind": "dense", "inputs": 3, "outputs": 8, "activation": "relu"}
    conv = {"kind": "conv_transpose", "inputs": [2, 2, 2], "outputs": [4, 4, 5], "kernel": 4}
    return [
        Layer(dense, random.normal(size=(3, 8)).astype("f4"), np.arange(8, dtype="f4")),
        Layer(conv, random.normal(size=(4, 4, 5, 2)).astype("f4"), np.zeros(5, "f4")),
    ]


def seeing() -> list[Layer]:
    """Of a network that takes a picture and its class."""
    random = np.random.default_rng(1)
    plane = {"kind": "plane", "inputs": 3, "outputs": 784, "activation": "linear"}
    conv = {"kind": "conv", "inputs": [28, 28, 2], "outputs": [14, 14, 6], "kernel": 4}
    conv |= {"stride": 2, "padding": "same", "activation": "relu", "pool": 2}
    return [
        Layer(plane, random.normal(size=(3, 784)).astype("f4"), np.zeros(784, "f4")),
        Layer(conv, random.normal(size=(4, 4, 2, 6)).astype("f4"), np.arange(6, dtype="f4")),
    ]


@pytest.mark.parametrize("layers", [layers, seeing])
def test_what_is_written_is_read(layers: Callable[[], list[Layer]]) -> None:
    about, read = network_file.read(network_file.dump({"latent_dim": 3}, layers()))
    assert about == {"latent_dim": 3}
    for one, other in zip(read, layers(), strict=True):
        assert one.header == other.header
        np.testing.assert_array_equal(one.kernel, other.kernel)
        np.testing.assert_array_equal(one.bias, other.bias)


@pytest.mark.parametrize(("layers", "axis"), [(layers, 2), (seeing, 3)])
def test_rounding_keeps_each_weight_within_half_a_step_of_its_output(
    layers: Callable[[], list[Layer]], axis: int
) -> None:
    original = layers()
    outputs = np.moveaxis(original[1].kernel, axis, 0)
    outputs[3] *= 1000  # another output's large weights do not matter
    outputs[4] = 0
    content = network_file.dump({"latent_dim": 3}, original)
    small = network_file.rounded(content)
    assert len(small) < 0.8 * len(content), "even of so few weights, most of it is the header"
    about, restored = network_file.read(network_file.restored(small))
    assert about == {"latent_dim": 3}
    for one, other in zip(restored, original, strict=True):
        axes = tuple({*range(one.kernel.ndim)} - {one.output_axis})
        largest = np.abs(other.kernel).max(axis=axes, keepdims=True)
        assert (np.abs(one.kernel - other.kernel) <= largest / 127 * 0.501).all()
        np.testing.assert_array_equal(one.bias, other.bias)
    assert network_file.restored(small) == network_file.restored(small)


def test_a_real_network_is_read_whole() -> None:
    path = library.PRETRAINED / "digits" / "generator.bin"
    about, read = network_file.read(path.read_bytes())
    assert network_file.dump(about, read) == path.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"x" + content[1:],
        lambda content: content[:-4],
        lambda content: content + b"more",
        lambda content: content[:40],
        lambda content: content.replace(b"dense", b"sense"),
        lambda content: content.replace(b'"inputs": 3', b'"inputs":-3'),
        lambda content: content.replace(b'"outputs": 8', b'"outputs":[]'),
    ],
)
def test_a_damaged_file_is_refused(damage) -> None:
    content = network_file.dump({}, layers())
    with pytest.raises(LayerFileError, match="damaged"):
        network_file.read(damage(content))


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        (0, {"outputs": 783}),
        (0, {"activation": "relu"}),
        (0, {"inputs": 0}),
        (0, {"inputs": True}),
        (1, {"kind": "plane"}),
        (1, {"inputs": [28, 2]}),
        (1, {"outputs": [14, 13, 6]}),
        (1, {"outputs": [14, 14, 6.0]}),
        (1, {"outputs": 6}),
        (1, {"kernel": None}),
        (1, {"stride": 0}),
        (1, {"stride": 1}),
        (1, {"padding": "valid"}),
        (1, {"padding": "full"}),
        (1, {"pool": 3}),
        (1, {"pool": None}),
        (1, {"kernel": 40, "padding": "valid", "outputs": [-5, -5, 6]}),
        (1, {"inputs": [1, 1, 2], "outputs": [1, 1, 6]}),
    ],
    ids=str,
)
def test_a_layer_that_cannot_be_is_refused(place: int, changes: dict[str, object]) -> None:
    made = seeing()
    made[place].header |= changes
    with pytest.raises(LayerFileError, match="damaged"):
        network_file.read(network_file.dump({}, made))


def test_a_plane_comes_first_or_not_at_all() -> None:
    made = seeing()
    assert len(network_file.read(network_file.dump({}, made[:1]))[1]) == 1
    with pytest.raises(LayerFileError, match="plane after its first layer"):
        network_file.read(network_file.dump({}, made[::-1]))


def test_a_convolution_without_padding_or_pooling_is_read() -> None:
    made = seeing()[1]
    made.header |= {"padding": "valid", "outputs": [13, 13, 6]}
    del made.header["pool"]
    content = network_file.dump({}, [made])
    assert network_file.read(content)[1][0].header == made.header
    assert json.dumps(made.header).encode() in content
