"""The networks are the ones that their names promise."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from gan.messages.events import REPORTS
from gan.model import families, networks
from gan.model.layers import (
    BatchNormalization,
    MinibatchStandardDeviation,
    SpectralConv2D,
    SpectralDense,
)
from gan.settings import config
from gan.settings.config import TrainConfig
from gan.settings.families import DIFFUSION, VARIATIONAL

pytestmark = pytest.mark.tensorflow

# Counted by hand from the layer sizes: weights and biases, with four numbers a normalised channel.
PARAMETERS = {
    # 64*3136 + 4*64 | 4*4*64*32 + 4*32 | 4*4*32 + 1;  4*4*16 + 16 | 4*4*16*32 + 4*32 | 49*32 + 1
    "lean-dcgan": (200_960 + 32_896 + 513, 272 + 8_320 + 1_569),
    # a stage of 4*4*32*8 + 4*8 and 3*3*8 + 1 more;  a channel more in front of the last: 49*33 + 1
    "fine-dcgan": (200_960 + 32_896 + 4_128 + 73, 272 + 8_320 + 1_618),
    # 4*4*32*16 + 4*16 | 3*3*16 + 1;  4*4*32 + 32 | 4*4*32*64 + 4*64 | 49*65 + 1
    "sharp-dcgan": (200_960 + 32_896 + 8_256 + 145, 272 + 8_320 + 1_618),
    "quality": (200_960 + 32_896 + 8_256 + 145, 544 + 33_024 + 3_186),
    # 100*12544 + 4*12544 | 25*256*128 + 4*128 | 25*128*64 + 4*64 | 25*64
    "dcgan-tutorial": (1_304_576 + 819_712 + 205_056 + 1_600, 1_664 + 204_928 + 6_273),
    # 100-256-512-1024-784; 784-1024-512-256-1
    "article-dense": (25_856 + 131_584 + 525_312 + 803_600, 803_840 + 524_800 + 131_328 + 257),
    # the same generator; 3*3*32 + 32 | 26*26*32 + 1
    "article-mnist": (25_856 + 131_584 + 525_312 + 803_600, 320 + 21_633),
    # lean-dcgan's generator, but of 100*3136 + 4*64
    "article-mended": (313_856 + 32_896 + 513, 320 + 21_633),
    # lean-dcgan's generator; 4*4*32 + 32 | 4*4*32*64 + 4*64 | 3136*128 + 128
    "vae": (200_960 + 32_896 + 513, 544 + 33_024 + 401_536),
}
OF_THE_ARTICLE = ("dcgan-tutorial", "article-dense", "article-mnist", "article-mended")
ADVERSARIAL = [name for name in PARAMETERS if name != "vae"]
SMALL = TrainConfig(latent_dim=5)


def settings(name: str) -> TrainConfig:
    """The config whose networks are counted in PARAMETERS."""
    return TrainConfig(
        architecture=name,
        loss="elbo" if name == "vae" else "non-saturating",
        latent_dim=100 if name in OF_THE_ARTICLE else 64,
        discriminator_normalization="none" if name in OF_THE_ARTICLE else "batch",
    )


def counterpart(chosen: TrainConfig) -> keras.Model:
    make = networks.encoder if chosen.family is VARIATIONAL else networks.discriminator
    return make(chosen)


def lively(model: keras.Model) -> keras.Model:
    """With random weights everywhere: those that start at 0 would hide mistakes."""
    random = np.random.default_rng(5)
    model.set_weights([random.uniform(0.1, 1.0, value.shape) for value in model.get_weights()])
    return model


def pictures(count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    return random.uniform(-1, 1, (count, 28, 28, 1)).astype(np.float32)


def only(kind: type[layers.Layer], model: keras.Model) -> layers.Layer:
    (found,) = [layer for layer in model.layers if isinstance(layer, kind)]
    return found


def through(following: list[layers.Layer], values: np.ndarray) -> np.ndarray:
    for layer in following:
        values = layer(values)
    return np.asarray(values)


def after(kind: type[layers.Layer], model: keras.Model) -> list[layers.Layer]:
    """The layers behind the only one of `kind`, in order."""
    position = model.layers.index(only(kind, model))
    return [x for x in model.layers[position + 1 :] if not isinstance(x, layers.InputLayer)]


def test_every_name_that_a_config_accepts_is_here() -> None:
    of_pairs = set(config.ARCHITECTURES) - set(DIFFUSION.architectures)
    assert set(networks.REGISTRY) == of_pairs == set(PARAMETERS)


def test_every_family_has_a_trainer_that_makes_its_reports() -> None:
    assert {name: kind.report for name, kind in families.TRAINERS.items()} == REPORTS


@pytest.mark.parametrize("name", PARAMETERS)
def test_sizes_and_scales(name: str) -> None:
    chosen = settings(name)
    generator, other = networks.generator(chosen), counterpart(chosen)
    assert (generator.count_params(), other.count_params()) == PARAMETERS[name]
    noise = np.random.default_rng(0).normal(size=(3, chosen.latent_dim)).astype("float32")
    digits = generator(noise)
    assert digits.shape == (3, 28, 28, 1)
    assert -1 <= digits.numpy().min() < digits.numpy().max() <= 1
    assert other(digits).shape == ((3, 128) if chosen.family is VARIATIONAL else (3, 1))


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_hidden_units_add_a_layer_in_front_of_g_and_one_at_the_end_of_d(name: str) -> None:
    plain = settings(name)
    bent = replace(plain, generator_hidden_units=8, discriminator_hidden_units=6)
    generators, discriminators = (
        [make(chosen) for chosen in (plain, bent)]
        for make in (networks.generator, networks.discriminator)
    )
    first, *_ = [x for x in generators[1].layers if isinstance(x, layers.Dense)]
    assert first.kernel.shape == (plain.latent_dim, 8)
    (*_, hidden, last) = [x for x in discriminators[1].layers if isinstance(x, layers.Dense)]
    assert (hidden.units, last.kernel.shape) == (6, (6, 1))
    for before, after in (generators, discriminators):
        assert len(after.layers) > len(before.layers)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_last_layer_gives_logits_or_codes(name: str) -> None:
    assert counterpart(settings(name)).layers[-1].activation is keras.activations.linear


@pytest.mark.parametrize("name", PARAMETERS)
def test_weights_follow_the_seed(name: str) -> None:
    def first_kernel(seed: int) -> np.ndarray:
        keras.utils.set_random_seed(seed)
        return networks.generator(replace(settings(name), latent_dim=10)).get_weights()[0]

    np.testing.assert_array_equal(first_kernel(1), first_kernel(1))
    assert not np.array_equal(first_kernel(1), first_kernel(2))


def test_the_article_drops_out_where_it_says_so() -> None:
    def rates(model: keras.Model) -> list[float]:
        return [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)]

    for name, expected in (("article-dense", [0.2] * 3), ("article-mnist", [])):
        chosen = settings(name)
        assert rates(networks.generator(chosen)) == expected
        assert rates(networks.discriminator(chosen)) == expected


@pytest.mark.parametrize(
    ("name", "conditional"),
    [(name, "no") for name in ADVERSARIAL]
    + [("lean-dcgan", conditional) for conditional in config.CONDITIONALS if conditional != "no"],
)
def test_normalizations(name: str, conditional: str) -> None:
    """Batch: every hidden layer but the first. Spectral: every layer with a kernel, and no batch
    normalisation. None: neither. In D alone."""
    chosen = replace(settings(name), conditional=conditional, latent_dim=10)
    for normalization in config.NORMALIZATIONS:
        model = networks.discriminator(replace(chosen, discriminator_normalization=normalization))
        weighing = [x for x in model.layers if isinstance(x, layers.Dense | layers.Conv2D)]
        of_batch = [x for x in model.layers if isinstance(x, BatchNormalization)]
        spectral = [x for x in weighing if isinstance(x, SpectralConv2D | SpectralDense)]
        hidden = len(weighing) - 1
        assert len(of_batch) == (hidden - 1 if normalization == "batch" else 0), normalization
        assert len(spectral) == (len(weighing) if normalization == "spectral" else 0)
        if normalization != "batch":
            assert not any(isinstance(x, MinibatchStandardDeviation) for x in model.layers)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_a_generator_is_told_the_class_by_sixteen_numbers(name: str) -> None:
    chosen = replace(SMALL, architecture=name, conditional="projected")
    model = lively(networks.generator(chosen))
    noise = np.random.default_rng(1).normal(size=(4, 5)).astype(np.float32)
    table = only(layers.Embedding, model).embeddings.numpy()
    assert table.shape == (10, 16)
    told = np.concatenate([noise, table[[3, 3, 0, 9]]], axis=1)
    expected = through(after(layers.Concatenate, model), told)
    np.testing.assert_allclose(model([noise, np.array([3, 3, 0, 9])]), expected, atol=1e-6)
    added = (
        model.count_params() - networks.generator(replace(chosen, conditional="no")).count_params()
    )
    first = next(x for x in model.layers if isinstance(x, layers.Dense))
    assert added == 10 * 16 + 16 * first.units


def test_a_generator_of_hidden_classes_by_hand() -> None:
    """The first numbers of noise, five times as far apart, through a softmax."""
    chosen = replace(SMALL, conditional="hidden", classes="0,3,8")
    model = lively(networks.generator(chosen))
    assert len(model.inputs) == 1
    noise = np.random.default_rng(1).normal(size=(4, 5)).astype(np.float32)
    powers = np.exp(5.0 * noise[:, :3])
    told = np.concatenate([noise, powers / powers.sum(axis=1, keepdims=True)], axis=1)
    np.testing.assert_allclose(
        model(noise), through(after(layers.Concatenate, model), told), atol=1e-5
    )


@pytest.mark.parametrize(
    ("conditional", "normalization"),
    [
        *(("projected", normalization) for normalization in config.NORMALIZATIONS),
        ("hidden", "batch"),
    ],
)
def test_a_projected_discriminator_by_hand(conditional: str, normalization: str) -> None:
    """logit = linear(features) + <embedding of the class, features>."""
    chosen = replace(
        SMALL, latent_dim=10, conditional=conditional, discriminator_normalization=normalization
    )
    model = lively(networks.discriminator(chosen))
    features = keras.Model(model.inputs[0], only(layers.Flatten, model).output)(pictures(4)).numpy()
    last, table = only(layers.Dense, model), only(layers.Embedding, model).embeddings.numpy()
    kernel = last.kernel.numpy()
    if normalization == "spectral":  # a single column is its own singular vector
        kernel = kernel / np.linalg.norm(kernel)
    linear = features @ kernel[:, 0] + last.bias.numpy()
    classes = np.array([0, 7, 7, 9])
    expected = linear + np.sum(table[classes] * features, axis=1)
    assert np.abs(expected - linear).min() > 0.1, "a case that tells"
    found = model([pictures(4), classes])
    assert found.shape == (4, 1)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4)


def test_a_concatenated_discriminator_sees_a_second_channel() -> None:
    model = lively(networks.discriminator(replace(SMALL, conditional="concatenated")))
    table = only(layers.Embedding, model).embeddings.numpy()
    assert table.shape == (10, 784)
    classes = np.array([0, 7, 9])
    planes = table[classes].reshape(3, 28, 28, 1)
    seen = np.concatenate([pictures(3), planes], axis=-1)
    expected = through(after(layers.Concatenate, model), seen)
    found = model([pictures(3), classes])
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert not np.allclose(found, model([pictures(3), classes[::-1]]))
