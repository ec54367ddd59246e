"""The browser's networks as a file, whole and rounded."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from gan import network_file
from gan.network_file import Layer, NetworkFileError, inference
from gan.runs import library


def layers() -> list[Layer]:
    random = np.random.default_rng(0)
    dense = {"kind": "dense", "inputs": 3, "outputs": 8, "activation": "relu"}
    conv = {"kind": "conv_transpose", "inputs": [2, 2, 2], "outputs": [4, 4, 5], "kernel": 4}
    conv["activation"] = "linear"
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
    path = library.PRETRAINED / "digits-vae" / "generator.bin"
    about, read = network_file.read(path.read_bytes())
    assert network_file.dump(about, read) == path.read_bytes()


def behind_noise(kind: str, **more: object) -> Layer:
    """A layer that puts two classes behind three numbers of noise."""
    header = {"kind": kind, "inputs": 3, "outputs": 5, "classes": 2, "activation": "linear"}
    return Layer.without_weights(header | more)


BEFORE = {
    "asked for": ({"classes": 2}, behind_noise("class_one_hot")),
    "hidden": (
        {"leaning_classes": 2, "sharpness": 4.0},
        behind_noise("class_softmax", inverse_temperature=4.0),
    ),
}
"""What the header itself said of classes before there were layers of them, and the layer."""


def taking(inputs: int) -> Layer:
    """A dense layer from so many numbers to pixels."""
    header = {"kind": "dense", "inputs": inputs, "outputs": 784, "activation": "tanh"}
    random = np.random.default_rng(2)
    kernel = random.normal(size=(inputs, 784)).astype("f4")
    return Layer(header, kernel, np.zeros(784, "f4"))


@pytest.mark.parametrize("what", BEFORE)
def test_a_file_of_before_is_read_as_if_it_had_the_layer(what: str) -> None:
    said, layer = BEFORE[what]
    before = network_file.dump({"latent_dim": 3, **said}, [taking(5)])
    now = network_file.dump({"latent_dim": 3}, [layer, taking(5)])
    for read in (network_file.read, lambda content: network_file.read(rounded_before(content))):
        about, layers = read(before)
        assert about == {"latent_dim": 3}
        assert [each.header for each in layers] == [layer.header, taking(5).header]
    assert network_file.dump(*network_file.read(before)) == now
    z, labels = np.array([[0.5, -0.5, 2.0]]), np.array([1])
    shares = np.exp([2.0, -2.0]) / np.exp([2.0, -2.0]).sum() if what == "hidden" else [0.0, 1.0]
    expected = np.tanh(np.array([[*z[0], *shares]]) @ taking(5).kernel)
    for content in (before, now):
        drawn = inference.drawn(content, z, labels).reshape(1, 784)
        np.testing.assert_allclose(drawn, expected, atol=1e-6)


def rounded_before(content: bytes) -> bytes:
    """Rounded as it was before there were such layers, and restored."""
    length = int(np.frombuffer(content, "<u4", 1, 8)[0])
    line = content[12 : 12 + length].strip()
    _, weights = network_file.rounded(content).split(b"\n", 1)
    return network_file.restored(line + b"\n" + weights)


def test_what_a_file_that_sees_pictures_says_of_classes_is_no_layer() -> None:
    content = network_file.dump({"sees": "picture", "latent_dim": 3, "classes": 2}, [taking(5)])
    about, layers = network_file.read(content)
    assert about["classes"] == 2
    assert [layer.header["kind"] for layer in layers] == ["dense"]


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": 0},
        {"classes": 4, "outputs": 7},
        {"outputs": 6},
        {"inputs": "3"},
        {"activation": "relu"},
        {"inverse_temperature": None},
        {"inverse_temperature": float("inf")},
    ],
    ids=str,
)
def test_classes_that_cannot_be_are_refused(changes: dict[str, object]) -> None:
    layer = behind_noise("class_softmax", inverse_temperature=4.0)
    network_file.read(network_file.dump({"latent_dim": 3}, [layer, taking(5)]))
    layer.header |= changes
    with pytest.raises(NetworkFileError, match="damaged"):
        network_file.read(network_file.dump({"latent_dim": 3}, [layer, taking(5)]))


def test_classes_come_first_or_not_at_all() -> None:
    made = [taking(5), behind_noise("class_one_hot")]
    with pytest.raises(NetworkFileError, match="class_one_hot after its first layer"):
        network_file.read(network_file.dump({"latent_dim": 5}, made))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"activation": "swish"}, "an unknown activation, 'swish'"),
        ({"activation": ["tanh"]}, "an unknown activation"),
        ({"activation": None}, "an unknown activation, None"),
        ({"activation": "leaky_relu"}, "negative_slope"),
        ({"activation": "leaky_relu", "negative_slope": "0.2"}, "leaks by '0.2'"),
    ],
)
def test_only_activations_that_are_known_are_read(changes: dict[str, object], words: str) -> None:
    layer = taking(5)
    layer.header |= changes
    with pytest.raises(NetworkFileError, match=words):
        network_file.read(network_file.dump({"latent_dim": 5}, [layer]))


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
        lambda content: content[:8] + (200_000).to_bytes(4, "little") + b"[" * 200_000,
    ],
)
def test_a_damaged_file_is_refused(damage) -> None:
    content = network_file.dump({}, layers())
    with pytest.raises(NetworkFileError, match="damaged"):
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
    with pytest.raises(NetworkFileError, match="damaged"):
        network_file.read(network_file.dump({}, made))


def test_a_plane_comes_first_or_not_at_all() -> None:
    made = seeing()
    assert len(network_file.read(network_file.dump({}, made[:1]))[1]) == 1
    with pytest.raises(NetworkFileError, match="plane after its first layer"):
        network_file.read(network_file.dump({}, made[::-1]))


def test_a_convolution_without_padding_or_pooling_is_read() -> None:
    made = seeing()[1]
    made.header |= {"padding": "valid", "outputs": [13, 13, 6]}
    del made.header["pool"]
    content = network_file.dump({}, [made])
    assert network_file.read(content)[1][0].header == made.header
    assert json.dumps(made.header).encode() in content
