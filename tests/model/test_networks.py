"""The networks are the ones that their names promise."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan import config
from gan.model import networks

pytestmark = pytest.mark.tensorflow

# Counted by hand from the layer sizes: weights and biases, with four numbers a normalised channel.
PARAMETERS = {
    # 64*3136 + 4*64 | 4*4*64*32 + 4*32 | 4*4*32 + 1;  4*4*16 + 16 | 4*4*16*32 + 4*32 | 49*32 + 1
    "lean-dcgan": (200_960 + 32_896 + 513, 272 + 8_320 + 1_569),
    # 100*12544 + 4*12544 | 25*256*128 + 4*128 | 25*128*64 + 4*64 | 25*64
    "dcgan-tutorial": (1_304_576 + 819_712 + 205_056 + 1_600, 1_664 + 204_928 + 6_273),
    # 100-256-512-1024-784; 784-1024-512-256-1
    "article-dense": (25_856 + 131_584 + 525_312 + 803_600, 803_840 + 524_800 + 131_328 + 257),
    # the same generator; 3*3*32 + 32 | 26*26*32 + 1
    "article-mnist": (25_856 + 131_584 + 525_312 + 803_600, 320 + 21_633),
}
LATENT_DIM = {"lean-dcgan": 64}


def test_every_name_that_a_config_accepts_is_here() -> None:
    assert set(networks.REGISTRY) == set(config.ARCHITECTURES) == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_sizes_and_scales(name: str) -> None:
    latent_dim = LATENT_DIM.get(name, 100)
    architecture = networks.REGISTRY[name]
    generator, discriminator = architecture.generator(latent_dim), architecture.discriminator()
    assert (generator.count_params(), discriminator.count_params()) == PARAMETERS[name]
    digits = generator(np.random.default_rng(0).normal(size=(3, latent_dim)).astype("float32"))
    assert digits.shape == (3, 28, 28, 1)
    assert -1 <= digits.numpy().min() < digits.numpy().max() <= 1
    assert discriminator(digits).shape == (3, 1)


@pytest.mark.parametrize("name", PARAMETERS)
def test_discriminators_end_in_logits(name: str) -> None:
    last = networks.REGISTRY[name].discriminator().layers[-1]
    assert last.activation is keras.activations.linear


@pytest.mark.parametrize("name", PARAMETERS)
def test_weights_follow_the_seed(name: str) -> None:
    def first_kernel(seed: int) -> np.ndarray:
        keras.utils.set_random_seed(seed)
        return networks.REGISTRY[name].generator(10).get_weights()[0]

    np.testing.assert_array_equal(first_kernel(1), first_kernel(1))
    assert not np.array_equal(first_kernel(1), first_kernel(2))


def test_the_article_drops_out_where_it_says_so() -> None:
    def rates(model: keras.Model) -> list[float]:
        return [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]

    dense, mnist = networks.REGISTRY["article-dense"], networks.REGISTRY["article-mnist"]
    assert rates(dense.generator(100)) == rates(dense.discriminator()) == [0.2] * 3
    assert rates(mnist.generator(100)) == rates(mnist.discriminator()) == []
