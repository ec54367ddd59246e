"""The discriminators that the browser runs, against Keras's in the middle of a training."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
from plain_layers import judged, opened
from support import TINY

from gan import latent, network_file
from gan.data.datasets import Digits, from_network
from gan.model import discriminator_export, losses, networks, snapshots, training
from gan.model.bundle import Bundle, BundleError
from gan.settings.config import CLASSES, CONDITIONALS, NORMALIZATIONS, TrainConfig

pytestmark = pytest.mark.tensorflow

ARCHITECTURES = [name for name in networks.REGISTRY if name != "vae"]
COUNT = 12


def lively(config: TrainConfig) -> keras.Model:
    """A discriminator with no weight at its start, without dropout."""
    keras.utils.set_random_seed(5)
    model = networks.discriminator(config)
    random = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
        for variable in layer.weights:
            if variable.name in ("gamma", "moving_variance"):
                variable.assign(random.uniform(0.5, 2.0, variable.shape))
            elif variable.name in ("beta", "moving_mean", "bias"):
                variable.assign(random.normal(0, 0.3, variable.shape))
            elif variable.name == "embeddings":
                variable.assign(random.normal(0, 0.1, variable.shape))
            elif variable.name == "singular_vector":
                variable.assign(first_singular_vector(layer.kernel.numpy()))
    return model


def first_singular_vector(kernel: np.ndarray) -> np.ndarray:
    """As after many steps, when one more power iteration changes nothing."""
    matrix = kernel.reshape(-1, kernel.shape[-1])
    vector = np.ones(matrix.shape[1], np.float32)
    for _ in range(200):
        vector = matrix.T @ (matrix @ vector)
        vector /= np.linalg.norm(vector)
    return vector


def pictures(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Pictures [COUNT, 28, 28, 1] in [-1, 1], and classes that are not in order."""
    random = np.random.default_rng(seed)
    shades = random.uniform(-1, 1, (COUNT, 7, 7, 1)).repeat(4, axis=1).repeat(4, axis=2)
    return shades.astype(np.float32), random.permutation(COUNT).astype(np.int32) % CLASSES


def inputs(config: TrainConfig, shades: np.ndarray, classes: np.ndarray) -> object:
    return [shades, classes] if config.uses_classes else shades


def logits(config: TrainConfig, export: bytes, shades: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Of the export: [N], each for the class that the picture should be of."""
    made = judged(export, shades, told if config.uses_classes else None)
    if config.hides_classes:  # a logit for each class that is hidden, in the order of the noise
        assert made.shape == (len(shades), len(config.told_classes))
        return made[np.arange(len(made)), np.searchsorted(config.told_classes, told)]
    is_projected = config.conditional == "projected"
    assert made.shape == (len(shades), config.class_count if is_projected else 1)
    return made[np.arange(len(made)), told] if is_projected else made[:, 0]


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("conditional", CONDITIONALS)
@pytest.mark.parametrize(
    ("name", "units"), [*((name, 0) for name in ARCHITECTURES), ("fine-dcgan", 24)]
)
def test_the_export_judges_as_keras_does(
    name: str, conditional: str, normalization: str, units: int
) -> None:
    config = TrainConfig(
        architecture=name,
        conditional=conditional,
        discriminator_normalization=normalization,
        discriminator_hidden_units=units,
    )
    model, (shades, classes) = lively(config), pictures()
    export = discriminator_export.export_discriminator(model, config, shades, classes)
    wanted = model(inputs(config, shades, classes), training=True).numpy()[:, 0]
    found = logits(config, export, shades, classes)
    assert np.abs(found - wanted).max() < 1e-4
    assert wanted.std() > 0.01, "the pictures make a difference"
    if config.uses_classes:
        others = logits(config, export, shades, (classes + 1) % CLASSES)
        assert np.abs(others - found).min() > 1e-4, "and so do the classes"


@pytest.mark.parametrize("name", ["quality", "article-dense"])
def test_a_picture_is_judged_among_those_of_the_batch(name: str) -> None:
    """Like the batch, held still; what other pictures it is shown with does not matter."""
    config = TrainConfig(architecture=name)
    (shades, classes), (others, _) = pictures(), pictures(seed=4)
    export = discriminator_export.export_discriminator(lively(config), config, shades, classes)
    whole = judged(export, np.concatenate([shades, others]))[:, 0]
    alone = np.concatenate([judged(export, each[None])[:, 0] for each in (*shades, *others)])
    np.testing.assert_allclose(whole, alone, atol=1e-9)
    elsewhere = discriminator_export.export_discriminator(lively(config), config, others, classes)
    assert np.abs(judged(elsewhere, shades)[:, 0] - whole[:COUNT]).max() > 1e-3


@pytest.mark.parametrize("loss", losses.REGISTRY)
def test_a_logit_is_read_as_the_game_reads_it(loss: str) -> None:
    config = TrainConfig(loss=loss, discriminator_normalization="spectral")
    export = discriminator_export.export_discriminator(lively(config), config, *pictures())
    read = {"probability": 1 / (1 + np.exp(-0.75)), "output": 0.75}[opened(export)[0]["score"]]
    assert float(losses.score(loss, 0.75)) == pytest.approx(read)


def test_the_classes_that_can_be_told() -> None:
    told = {}
    for conditional in CONDITIONALS:
        config = TrainConfig(conditional=conditional)
        about, layers = network_file.read(
            discriminator_export.export_discriminator(lively(config), config, *pictures())
        )
        assert about.keys() == {"sees", "classes", "score"}
        told[conditional] = (about["classes"], layers[0].header["kind"], len(layers[-1].bias))
    assert told == {
        "no": (0, "conv", 1),
        "projected": (10, "conv", 10),
        "concatenated": (10, "plane", 1),
        "hidden": (10, "conv", 10),
        "found": (10, "conv", 10),
    }


def test_numbers_that_overflow_leave_nothing() -> None:
    config = TrainConfig(discriminator_normalization="batch")
    model = networks.discriminator(config)
    assert discriminator_export.export_discriminator(model, config, *pictures())
    model.set_weights([np.full(weight.shape, 3e38, "f4") for weight in model.weights])
    assert discriminator_export.export_discriminator(model, config, *pictures()) == b""


def test_a_layer_that_the_browser_cannot_run_is_refused() -> None:
    image = keras.Input((28, 28, 1))
    for layer in (keras.layers.Softmax(), keras.layers.Conv2D(1, 28, activation="sigmoid")):
        with pytest.raises(BundleError, match=r"Softmax|sigmoid"):
            discriminator_export.export_discriminator(
                keras.Model(image, layer(image)), TrainConfig(), *pictures()
            )


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": "article-dense"},  # with dropout
        {"architecture": "fine-dcgan", "conditional": "hidden", "latent_dim": 10},
        {"discriminator_normalization": "spectral", "conditional": "concatenated"},
    ],
    ids=str,
)
def test_a_training_does_not_notice(changes: dict[str, object], few_digits: Digits) -> None:
    config = replace(TINY, **changes)
    learner = training.trainer(config, few_digits)
    learner.tick(1)
    begun = Bundle(config, 1, learner.weights())
    learner.tick(2)
    undisturbed = learner.weights()
    learner.restore(begun)
    for _ in range(2):
        before = learner.weights()
        assert discriminator_export.export_discriminator(learner.counterpart, config, *pictures())
        for key, value in learner.weights().items():
            np.testing.assert_array_equal(value, before[key], err_msg=key)
        learner.tick(1)
    disturbed = learner.weights()
    assert any(key.startswith("discriminator/") for key in disturbed)
    for key, value in undisturbed.items():
        np.testing.assert_array_equal(disturbed[key], value, err_msg=key)


@pytest.mark.parametrize("conditional", CONDITIONALS)
def test_a_snapshot_judges_among_the_digits_that_samples_show(
    conditional: str, few_digits: Digits
) -> None:
    config = replace(TINY, conditional=conditional, classes="2,3,5,7", groups=4, batch_size=16)
    labels = few_digits.labels % 4 if conditional == "found" else few_digits.labels
    learner = training.trainer(config, Digits(few_digits.images, labels))
    learner.tick(1)
    if config.hides_classes:  # a start that decides
        learner.head_starts = np.array([1.5, 0.0, 0.0, 0.0], np.float32)
    snapshot = snapshots.take_snapshot(learner, 1)
    noise = learner.display_noise
    shown = latent.even_classes(len(noise), (2, 3, 5, 7))
    shades = learner.draw(noise, shown)
    np.testing.assert_array_equal(from_network(shades), learner.generate(noise))
    leans_to = {"hidden": np.array([2, 3, 5, 7]), "found": np.arange(4)}
    meant, starts = shown, None
    if conditional in leans_to:
        starts = learner.head_starts
        meant = leans_to[conditional][(noise[:, :4] + starts).argmax(axis=1)]
        assert opened(snapshot.discriminator.tobytes())[0]["head_starts"] == starts.tolist()
    expected = discriminator_export.export_discriminator(
        learner.counterpart, config, shades, meant, starts
    )
    assert snapshot.discriminator.tobytes() == expected
    wanted = learner.counterpart(inputs(config, shades, meant), training=True).numpy()[:, 0]
    found = logits(config, snapshot.discriminator.tobytes(), shades, meant)
    assert np.abs(found - wanted).max() < 1e-4


def test_an_autoencoder_has_no_discriminator(few_digits: Digits) -> None:
    learner = training.trainer(replace(TINY, architecture="vae", loss="elbo"), few_digits)
    assert snapshots.take_snapshot(learner, 0).discriminator.tobytes() == b""
