"""Weights on disk, and the export against Keras."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from lively import configured, lively
from plain_layers import drawn

from gan import latent
from gan.model import bundle, networks
from gan.model.bundle import BundleError
from gan.settings.config import CLASSES, TrainConfig

pytestmark = pytest.mark.tensorflow


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_the_export_draws_what_keras_draws(name: str) -> None:
    model, z = lively(configured(name)), latent.sample(5, 20, seed=1)
    difference = np.abs(drawn(bundle.export_generator(model), z) - bundle.compiled(model)(z))
    assert difference.max() < 1e-4


@pytest.mark.parametrize("name", [name for name in networks.REGISTRY if name != "vae"])
def test_a_conditional_export_draws_each_class_as_keras_does(name: str) -> None:
    model = lively(configured(name, "projected"))
    z, labels = np.repeat(latent.sample(1, 20, seed=1), CLASSES, axis=0), np.arange(CLASSES)
    expected = bundle.compiled(model)(z, labels)
    difference = np.abs(drawn(bundle.export_generator(model), z, labels) - expected)
    assert difference.max() < 1e-4
    apart = np.abs(expected[:, None] - expected[None]).max(axis=(2, 3, 4))
    assert apart[~np.eye(CLASSES, dtype=bool)].min() > 1e-3, "the class makes a difference"


def test_the_export_of_a_hidden_class_draws_what_keras_draws() -> None:
    model, z = lively(configured("lean-dcgan", "hidden")), latent.sample(5, 20, seed=1)
    difference = np.abs(drawn(bundle.export_generator(model), z) - bundle.compiled(model)(z))
    assert difference.max() < 1e-4


def test_the_export_of_a_bent_noise_draws_what_keras_draws() -> None:
    model = lively(replace(configured("fine-dcgan", "hidden"), generator_hidden_units=12))
    z = latent.sample(5, 20, seed=1)
    difference = np.abs(drawn(bundle.export_generator(model), z) - bundle.compiled(model)(z))
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
