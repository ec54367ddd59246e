"""Weights on disk, and the export against Keras."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from lively import configured, lively

from gan import latent
from gan.config import CLASSES, TrainConfig
from gan.model import bundle, networks
from gan.model.bundle import BundleError

pytestmark = pytest.mark.tensorflow


def run_export(export: bytes, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """The export, run by plain NumPy from its description: [N, latent_dim] -> [N, 28, 28, 1]."""
    assert export[:8] == b"DFGEN001"
    length = int(np.frombuffer(export, "<u4", 1, 8)[0])
    header = json.loads(export[12 : 12 + length])
    assert (12 + length) % 4 == 0
    numbers = np.frombuffer(export, "<f4", offset=12 + length)
    assert header["latent_dim"] == z.shape[1]
    assert ("classes" in header) == (labels is not None)
    x = z.astype(np.float64)
    if labels is not None:
        x = np.hstack([x, np.eye(header["classes"])[labels]])
    if leaning := header.get("leaning_classes"):
        powers = np.exp(header["sharpness"] * x[:, :leaning])
        x = np.hstack([x, powers / powers.sum(axis=1, keepdims=True)])

    def take(*shape: int) -> np.ndarray:
        nonlocal numbers
        size = int(np.prod(shape))
        taken, numbers = numbers[:size].astype(np.float64), numbers[size:]
        return taken.reshape(shape)

    for layer in header["layers"]:
        if layer["kind"] == "dense":
            x = x @ take(layer["inputs"], layer["outputs"]) + take(layer["outputs"])
        else:
            k, s, (h, w, cin), (_, _, cout) = (
                layer["kernel"],
                layer["stride"],
                layer["inputs"],
                layer["outputs"],
            )
            kernel, pad, x = take(k, k, cout, cin), max(k - s, 0) // 2, x.reshape(-1, h, w, cin)
            full = np.zeros((len(x), h * s + k, w * s + k, cout))
            for iy, ix, ky, kx in np.ndindex(h, w, k, k):
                full[:, iy * s + ky, ix * s + kx] += x[:, iy, ix] @ kernel[ky, kx].T
            x = full[:, pad : pad + h * s, pad : pad + w * s] + take(cout)
        match layer["activation"]:
            case "relu":
                x = np.maximum(x, 0)
            case "leaky_relu":
                x = np.where(x > 0, x, layer["negative_slope"] * x)
            case "tanh":
                x = np.tanh(x)
            case other:
                raise AssertionError(other)
    assert len(numbers) == 0, "nothing is left over"
    return x.reshape(-1, 28, 28, 1)


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_the_export_draws_what_keras_draws(name: str) -> None:
    model, z = lively(configured(name)), latent.sample(5, 20, seed=1)
    difference = np.abs(run_export(bundle.export_generator(model), z) - bundle.compiled(model)(z))
    assert difference.max() < 1e-4


@pytest.mark.parametrize("name", [name for name in networks.REGISTRY if name != "vae"])
def test_a_conditional_export_draws_each_class_as_keras_does(name: str) -> None:
    model = lively(configured(name, "projected"))
    z, labels = np.repeat(latent.sample(1, 20, seed=1), CLASSES, axis=0), np.arange(CLASSES)
    expected = bundle.compiled(model)(z, labels)
    difference = np.abs(run_export(bundle.export_generator(model), z, labels) - expected)
    assert difference.max() < 1e-4
    apart = np.abs(expected[:, None] - expected[None]).max(axis=(2, 3, 4))
    assert apart[~np.eye(CLASSES, dtype=bool)].min() > 1e-3, "the class makes a difference"


def test_the_export_of_a_hidden_class_draws_what_keras_draws() -> None:
    model, z = lively(configured("lean-dcgan", "hidden")), latent.sample(5, 20, seed=1)
    difference = np.abs(run_export(bundle.export_generator(model), z) - bundle.compiled(model)(z))
    assert difference.max() < 1e-4


def test_a_layer_that_the_browser_cannot_run_is_refused() -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4), keras.layers.Softmax()])
    with pytest.raises(BundleError, match="Softmax"):
        bundle.export_generator(model)


@pytest.fixture
def saved() -> bytes:
    config = configured("lean-dcgan", latent_dim=8)
    weights = bundle.named_weights(bundle.AVERAGED, lively(config).variables)
    return bundle.dump(bundle.Bundle(config, 12, weights))


def test_a_bundle_comes_back(saved: bytes, tmp_path: Path) -> None:
    path = tmp_path / "snapshot.npz"
    path.write_bytes(saved)
    loaded = bundle.load(path)
    assert (loaded.config, loaded.step) == (TrainConfig(latent_dim=8), 12)
    z = latent.sample(4, 8, 0)
    np.testing.assert_array_equal(
        bundle.compiled(loaded.generator())(z), bundle.compiled(lively(loaded.config))(z)
    )


def test_damage_is_noticed(saved: bytes, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="damaged"):
        bundle.loads(saved[:2000], "torn")
    with pytest.raises(BundleError, match="cannot be read"):
        bundle.load(tmp_path / "none.npz")
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, meta=np.array([{"config": 1}], dtype=object))
    with pytest.raises(BundleError, match="damaged"):
        bundle.load(pickled)


def test_weights_of_another_network_are_refused(saved: bytes) -> None:
    loaded = bundle.loads(saved, "other")
    swapped = bundle.Bundle(
        TrainConfig(architecture="article-dense", latent_dim=8), 1, loaded.weights
    )
    with pytest.raises(BundleError, match="wrong shape"):
        swapped.generator()
    with pytest.raises(BundleError, match="missing"):
        bundle.Bundle(loaded.config, 1, {}).generator()


def test_generating_in_batches_changes_nothing() -> None:
    model, z = lively(configured("lean-dcgan", "projected")), latent.sample(10, 20, 0)
    labels = np.arange(10)
    np.testing.assert_allclose(
        bundle.compiled(model, batch_size=3)(z, labels),
        bundle.compiled(model)(z, labels),
        atol=1e-6,
    )
