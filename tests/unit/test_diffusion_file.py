"""The file of a diffusion model: what is written is read and drawn, what cannot be is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import web_golden

from gan import latent, network_file
from gan.network_file import Layer, NetworkFileError, inference

ABOUT: dict[str, Any] = {
    "latent_dim": 784,
    "diffusion": {"schedule": "cosine", "prediction": "v", "sampler": "ddim", "steps": 4},
}
Z = latent.normals(1, 784)[None]


def file(sampler: str = "ddim") -> bytes:
    return web_golden._noise_taker("v", sampler)


def changed(place: int, **values: Any) -> bytes:
    """The file with something else in the header of a layer."""
    about, layers = network_file.read(file())
    layers[place].header |= values
    return network_file.dump(about, layers)


@pytest.mark.parametrize("sampler", ["ddim", "ddpm"])
def test_what_is_written_is_read_and_draws_the_same(sampler: str) -> None:
    again = network_file.dump(*network_file.read(file(sampler)))
    assert again == file(sampler)
    one, other = (inference.drawn(file(sampler), Z, np.array([digit])) for digit in (0, 1))
    np.testing.assert_array_equal(one, inference.drawn(again, Z, np.array([0])))
    assert np.abs(one - other).max() > 1e-3, "it is asked for a class"
    assert np.abs(one).max() <= 1, "the digit that is seen at last has pixels as pictures have"


def test_rounded_to_a_quarter_it_is_told_the_time_as_well() -> None:
    about, layers = network_file.read(network_file.restored(network_file.rounded(file())))
    assert about == ABOUT
    for layer, original in zip(layers, network_file.read(file())[1], strict=True):
        assert layer.header == original.header
        np.testing.assert_allclose(layer.kernel, original.kernel, atol=0.02)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"steps": 0}, "in 0 steps, not in 1 to 1000"),
        ({"steps": 10**9}, "in 1000000000 steps"),
        ({"steps": 2.0}, "in 2.0 steps"),
        ({"steps": True}, "in True steps"),
        ({"sampler": "heun"}, "draws by 'heun'"),
        ({"prediction": "x0"}, "predicts 'x0'"),
        ({"schedule": "linear"}, "a schedule 'linear'"),
        ({"more": 1}, "damaged"),
    ],
)
def test_ways_that_nobody_goes_are_refused(said: dict[str, Any], words: str) -> None:
    _, layers = network_file.read(file())
    about = ABOUT | {"diffusion": ABOUT["diffusion"] | said}
    with pytest.raises(NetworkFileError, match=words):
        network_file.read(network_file.dump(about, layers))


def test_who_is_told_the_time_says_how_it_draws() -> None:
    about, layers = network_file.read(file())
    for told, kept in (({"latent_dim": 784}, layers), (about, layers[1:2])):
        with pytest.raises(NetworkFileError, match="it does not say how it gets from noise"):
            network_file.read(network_file.dump(told, kept))
    with pytest.raises(NetworkFileError, match="its noise is no picture"):
        network_file.read(network_file.dump(about | {"latent_dim": 4}, layers))


@pytest.mark.parametrize(
    ("place", "values", "words"),
    [
        (0, {"frequencies": 5000}, "5000 is more than it can be told"),
        (0, {"classes": -1}, "-1 is no number"),
        (0, {"outputs": 785}, "something that is no picture"),
        (2, {"told": 5}, "told 5 numbers, not 6"),
        (2, {"outputs": [28, 7, 4]}, "changes its picture's size"),
        (4, {"adds": 4}, "a layer 4, which is not before it"),
        (4, {"adds": -1}, "a layer -1, which is not before it"),
        (4, {"adds": True}, "a layer True"),
        (4, {"adds": 0}, "outputs of another shape"),
        (3, {"adds": 2}, "not as they were summed"),
        (1, {"kind": "time"}, "a time after its first layer"),
        (5, {"outputs": 3}, "outputs have a shape of another network"),
        (5, {"outputs": [1, 3]}, "not enough values"),
        (5, {"outputs": [1, 1, -3]}, "-3 is no number"),
        (5, {"outputs": [1, 1, "3"]}, "'3' is no number"),
        (5, {"outputs": [1, 1, 10**9]}, "buffer is smaller"),
        (6, {"inputs": [1, 3, 1]}, "changes its picture's size"),
        (7, {"outputs": [28, 28, 1]}, "outputs of another shape"),
        (7, {"adds": 5}, "outputs of another shape"),
    ],
)
def test_layers_that_cannot_stand_there_are_refused(
    place: int, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(NetworkFileError, match=words):
        network_file.read(changed(place, **values))


@pytest.mark.parametrize("steps", [0, 1001])
def test_no_drawing_goes_on_for_ever(steps: int) -> None:
    with pytest.raises(NetworkFileError, match=f"in {steps} steps"):
        inference.drawn(file(), Z, sampling_steps=steps)


def test_who_is_told_no_time_has_no_dense_layer_that_makes_a_picture() -> None:
    dense = {"kind": "dense", "inputs": 4, "outputs": [28, 28, 1], "activation": "tanh"}
    layer = Layer(dense, np.zeros((4, 784), "f4"), np.zeros(784, "f4"))
    with pytest.raises(NetworkFileError, match="a shape of another network"):
        network_file.read(network_file.dump({"latent_dim": 4}, [layer]))


def test_a_lone_layer_is_no_diffusion_model() -> None:
    film = {"kind": "film", "inputs": [1, 1, 4], "outputs": [1, 1, 4], "told": 2}
    layer = Layer(film | {"activation": "linear"}, np.zeros((2, 8), "f4"), np.zeros(8, "f4"))
    with pytest.raises(NetworkFileError, match="told 2 numbers, not None"):
        network_file.read(network_file.dump({"latent_dim": 4}, [layer]))
