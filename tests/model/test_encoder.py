"""An encoder learned from a generator alone."""

from __future__ import annotations

import numpy as np
import pytest
from lively import configured, lively
from plain_layers import drawn, opened, run

from gan import latent, network_file
from gan.messages.jobs import Working
from gan.messages.requests import Encoder, RequestError
from gan.model import bundle, encoder, networks
from gan.model.encoder import Drawing, fit
from gan.network_file import Layer, NetworkFileError
from gan.settings.config import CLASSES

pytestmark = pytest.mark.tensorflow

GENERATORS = [
    *((name, "no") for name in networks.REGISTRY),
    ("lean-dcgan", "projected"),
    ("article-dense", "concatenated"),
    ("lean-dcgan", "hidden"),
]


def simple(latent_dim: int = 4, scale: float = 1.0, **about: object) -> bytes:
    """A generator that draws its noise with a band of the picture for each number."""
    kernel = np.zeros((latent_dim, 784), np.float32)
    for number, band in enumerate(np.array_split(np.arange(784), latent_dim)):
        kernel[number, band] = scale
    header = {"kind": "dense", "inputs": latent_dim, "outputs": 784, "activation": "tanh"}
    layer = Layer(header, kernel, np.zeros(784, np.float32))
    return network_file.dump({"latent_dim": latent_dim, **about}, [layer])


def fitted(generator: bytes, max_steps: int) -> bytes:
    *before, last = fit(generator, seconds=60.0, max_steps=max_steps)
    assert all(isinstance(each, Working) and 0 <= each.share < 1 for each in before)
    assert isinstance(last, Encoder)
    return last.network.tobytes()


def found(network: bytes, pictures: np.ndarray) -> np.ndarray:
    """What the file says of pictures [N, 28, 28, 1], without TensorFlow."""
    header, numbers = opened(network)
    return run(header["layers"], numbers, pictures)


@pytest.mark.parametrize(("name", "conditional"), GENERATORS)
def test_a_rebuilt_generator_draws_what_its_file_says(name: str, conditional: str) -> None:
    file = bundle.export_generator(lively(configured(name, conditional)))
    z, drawing = latent.sample(5, 20, seed=1), Drawing.of(file)
    labels = np.arange(5) if drawing.classes else None
    asked = np.eye(CLASSES, dtype=np.float32)[:5, : drawing.classes]
    assert np.abs(drawing(z, asked).numpy() - drawn(file, z, labels)).max() < 1e-4


def test_an_encoder_finds_the_noise_of_what_its_generator_draws() -> None:
    generator = simple()
    network = fitted(generator, 150)
    about, layers = network_file.read(network)
    assert about == {"sees": "picture", "latent_dim": 4, "classes": 0}
    assert [layer.header["kind"] for layer in layers] == ["conv", "conv", "dense", "dense"]
    z = latent.sample(50, 4, seed=9)
    assert np.square(found(network, drawn(generator, z)) - z).mean() < 0.15, "of 1 without it"


def test_it_names_the_class_too() -> None:
    kernel = np.zeros((5, 784), np.float32)
    kernel[:2, :392] = np.repeat(np.eye(2), 196, axis=1)
    kernel[2:, 392:] = np.repeat(2 * np.eye(3), 131, axis=1)[:, :392]
    header = {"kind": "dense", "inputs": 5, "outputs": 784, "activation": "tanh"}
    layer = Layer(header, kernel, np.full(784, -0.5, np.float32))
    generator = network_file.dump({"latent_dim": 2, "classes": 3}, [layer])
    network = fitted(generator, 100)
    assert network_file.read(network)[0]["classes"] == 3
    z, labels = latent.sample(30, 2, seed=9), np.arange(30) % 3
    outputs = found(network, drawn(generator, z, labels))
    assert outputs.shape == (30, 5)
    assert (outputs[:, 2:].argmax(axis=1) == labels).mean() > 0.9


def test_the_file_says_what_the_network_says() -> None:
    drawing = Drawing.of(simple(7))
    model = encoder.build(7, 0)
    pictures = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    difference = found(encoder.exported(model, drawing), pictures) - model(pictures).numpy()
    assert np.abs(difference).max() < 1e-5


def test_it_ends_after_its_seconds() -> None:
    answers = fit(simple(), seconds=1e-9)
    assert [type(each) for each in answers] == [Working, Encoder]


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        (simple(scale=np.nan), "beyond all measure"),
        (simple(classes=3), "cannot be rebuilt"),
        (simple(latent_dim=4).replace(b'"latent_dim"', b'"patent_dim"'), "cannot be rebuilt"),
        (network_file.dump({"latent_dim": 4}, []), "draws no digit"),
        (encoder.exported(encoder.build(4, 0), Drawing(4, None, None)), "a layer 'conv'"),
    ],
)
def test_what_is_no_generator_is_refused(generator: bytes, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        list(fit(generator, seconds=1.0))
    with pytest.raises(NetworkFileError):
        list(fit(generator[:-1]))


def test_a_file_that_is_damaged_is_told_as_such() -> None:
    with pytest.raises(NetworkFileError, match="unknown activation, 'sinh'"):
        list(fit(simple().replace(b'"tanh"', b'"sinh"'), seconds=1.0))
