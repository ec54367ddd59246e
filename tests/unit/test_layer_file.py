"""The browser's generators as a file, whole and rounded."""

from __future__ import annotations

import numpy as np
import pytest

from gan import layer_file
from gan.layer_file import Layer, LayerFileError
from gan.runs import library


def layers() -> list[Layer]:
    random = np.random.default_rng(0)
    dense = {"kind": "dense", "inputs": 3, "outputs": 8, "activation": "relu"}
    conv = {"kind": "conv_transpose", "inputs": [2, 2, 2], "outputs": [4, 4, 5], "kernel": 4}
    return [
        Layer(dense, random.normal(size=(3, 8)).astype("f4"), np.arange(8, dtype="f4")),
        Layer(conv, random.normal(size=(4, 4, 5, 2)).astype("f4"), np.zeros(5, "f4")),
    ]


def test_what_is_written_is_read() -> None:
    about, read = layer_file.read(layer_file.dump({"latent_dim": 3}, layers()))
    assert about == {"latent_dim": 3}
    for one, other in zip(read, layers(), strict=True):
        assert one.header == other.header
        np.testing.assert_array_equal(one.kernel, other.kernel)
        np.testing.assert_array_equal(one.bias, other.bias)


def test_rounding_keeps_each_weight_within_half_a_step_of_its_output() -> None:
    original = layers()
    original[1].kernel[:, :, 3] *= 1000  # another output's large weights do not matter
    original[1].kernel[:, :, 4] = 0
    content = layer_file.dump({"latent_dim": 3}, original)
    small = layer_file.rounded(content)
    assert len(small) < 0.8 * len(content), "even of so few weights, most of it is the header"
    about, restored = layer_file.read(layer_file.restored(small))
    assert about == {"latent_dim": 3}
    for one, other in zip(restored, original, strict=True):
        axes = tuple({*range(one.kernel.ndim)} - {one.output_axis})
        largest = np.abs(other.kernel).max(axis=axes, keepdims=True)
        assert (np.abs(one.kernel - other.kernel) <= largest / 127 * 0.501).all()
        np.testing.assert_array_equal(one.bias, other.bias)
    assert layer_file.restored(small) == layer_file.restored(small)


def test_a_real_network_is_read_whole() -> None:
    path = library.PRETRAINED / "digits" / "generator.bin"
    about, read = layer_file.read(path.read_bytes())
    assert layer_file.dump(about, read) == path.read_bytes()


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
    content = layer_file.dump({}, layers())
    with pytest.raises(LayerFileError, match="damaged"):
        layer_file.read(damage(content))
