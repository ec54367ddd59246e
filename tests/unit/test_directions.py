"""Directions of generators that were built by hand, so that they are known in advance."""

from __future__ import annotations

import numpy as np
import pytest

from gan import network_file
from gan.latent.directions import directions
from gan.messages.requests import RequestError
from gan.network_file import Layer, NetworkFileError

RANDOM = np.random.default_rng(3)
LATENT_DIM = 12
STRENGTHS = np.array([3.0, 2.0, 1.0])
AXES = np.linalg.qr(RANDOM.normal(size=(LATENT_DIM, LATENT_DIM)))[0][:, :3].T
"""[3, latent_dim]: all that the generators here look at, in a basis of no one's."""


def generator(kernel, activation: str = "linear", bias=None, **about: object) -> bytes:
    """A generator whose first layer has this kernel [inputs, outputs]."""
    inputs, outputs = kernel.shape
    header = {"kind": "dense", "inputs": inputs, "outputs": outputs, "activation": activation}
    if activation == "leaky_relu":
        header["negative_slope"] = 0.25
    bias = np.ones(outputs) if bias is None else bias
    last = {"kind": "dense", "inputs": outputs, "outputs": 784, "activation": "tanh"}
    layers = [
        Layer(header, np.float32(kernel), np.float32(bias)),
        Layer(last, np.zeros((outputs, 784), np.float32), np.zeros(784, np.float32)),
    ]
    return network_file.dump({"latent_dim": LATENT_DIM, **about}, layers)


def known(outputs: int):
    """A kernel that stretches each of `AXES` by its strength, and nothing else."""
    basis = np.linalg.qr(RANDOM.normal(size=(outputs, outputs)))[0][:3]
    return (AXES.T * STRENGTHS) @ basis


def angles(vectors, others=AXES):
    """[N], in radians: between lines, whichever way they point."""
    cosines = np.abs(np.einsum("ij,ij->i", vectors, others))
    return np.arccos(np.clip(cosines, 0, 1))


@pytest.mark.parametrize("outputs", [3, 40, 700])
def test_the_axes_of_a_linear_layer_are_found_with_their_shares(outputs: int) -> None:
    found = directions(generator(known(outputs)))
    shares = STRENGTHS**2 / (STRENGTHS**2).sum()
    for vectors, of in (
        (found.features, found.feature_shares),
        (found.weights, found.weight_shares),
    ):
        assert vectors.shape == (3, LATENT_DIM), "what changes nothing is no direction"
        assert vectors.dtype == of.dtype == np.float32
        assert angles(vectors).max() < 1e-2
        np.testing.assert_allclose(of, shares, atol=1e-3)


def test_they_are_unit_vectors_whose_largest_number_is_positive() -> None:
    found = directions(generator(known(40)))
    for vectors in (found.features, found.weights):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert (vectors[np.arange(3), np.abs(vectors).argmax(axis=1)] > 0).all()


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh"])
def test_bends_do_not_hide_a_direction(activation: str) -> None:
    towards = AXES.T * STRENGTHS / 4
    kernel = np.hstack([towards, -towards])  # each side has its own unit
    found = directions(generator(kernel, activation, bias=np.zeros(6)))
    assert angles(found.features[:3]).max() < 0.1
    assert angles(found.weights).max() < 1e-2
    assert len(found.features) == 3, "how far from 0 a number is, either way, is no direction"


def test_what_the_classes_do_is_not_taken_for_the_noise() -> None:
    of_classes = RANDOM.normal(size=(4, 40)) * 100
    kernel = np.vstack([known(40), of_classes])
    found = directions(generator(kernel, classes=4))
    assert angles(found.features).max() < 1e-2
    assert angles(found.weights).max() < 1e-2
    np.testing.assert_allclose(found.feature_shares.sum(), 1, atol=1e-3)


def test_leaning_classes_are_what_the_noise_does() -> None:
    of_classes = np.zeros((2, 40))
    of_classes[0, 0], of_classes[1, 0] = 50, -50
    kernel = np.vstack([known(40) / 10, of_classes])
    found = directions(generator(kernel, leaning_classes=2, sharpness=5.0))
    between = np.zeros((1, LATENT_DIM))
    between[0, :2] = 1, -1
    assert angles(found.features[:1], between / np.sqrt(2)).max() < 0.1, "the border between them"
    assert angles(found.weights).max() < 1e-2, "the weights of the noise alone do not know it"


def test_there_are_sixteen_at_most() -> None:
    many = RANDOM.normal(size=(40, 300))
    header = {"kind": "dense", "inputs": 40, "outputs": 300, "activation": "relu"}
    layer = Layer(header, np.float32(many), np.zeros(300, np.float32))
    found = directions(network_file.dump({"latent_dim": 40}, [layer]))
    assert found.features.shape == found.weights.shape == (16, 40)
    assert (np.diff(found.feature_shares) <= 0).all()
    assert (np.diff(found.weight_shares) <= 0).all()
    assert found.feature_shares.sum() < 1


def test_a_layer_that_says_the_same_whatever_the_noise_has_no_directions() -> None:
    found = directions(generator(np.zeros((LATENT_DIM, 40))))
    assert found.features.shape == found.weights.shape == (0, LATENT_DIM)
    dead = directions(generator(known(40), "relu", bias=np.full(40, -1e6)))
    assert dead.features.shape == (0, LATENT_DIM), "no unit ever wakes up"
    assert len(dead.weights) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (generator(np.full((LATENT_DIM, 4), np.nan)), "beyond all measure"),
        (generator(np.full((LATENT_DIM, 4), 3e38)), "beyond all measure"),
        (generator(np.zeros((LATENT_DIM + 1, 4))), "does not take its noise"),
        (generator(np.zeros((LATENT_DIM, 4)), latent_dim=0), "does not take its noise"),
        (generator(np.zeros((LATENT_DIM, 4)), latent_dim="12"), "does not take its noise"),
        (generator(np.zeros((LATENT_DIM + 2, 4)), classes=3), "does not take its noise"),
        (network_file.dump({"latent_dim": 4}, []), "does not take its noise"),
    ],
)
def test_a_generator_without_directions_is_refused(content: bytes, words: str) -> None:
    with np.errstate(over="ignore"), pytest.raises(RequestError, match=words):
        directions(content)


@pytest.mark.parametrize(
    "content",
    [
        b"what is this?",
        generator(np.zeros((LATENT_DIM, 4)), classes=-3),
        generator(np.zeros((LATENT_DIM, 4)), leaning_classes=[1], sharpness=5.0),
        generator(np.zeros((LATENT_DIM, 4)), latent_dim=10, leaning_classes=2),
    ],
)
def test_bytes_that_are_no_generator_are_refused(content: bytes) -> None:
    with pytest.raises(NetworkFileError, match="damaged"):
        directions(content)
