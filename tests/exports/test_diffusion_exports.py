"""A diffusion model taken along: what NumPy, ONNX and the script draw of it is what Keras draws."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Final

import lively
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from gan import latent
from gan.exports import onnx_model, script, tensors
from gan.latent import directions
from gan.messages.requests import RequestError
from gan.model import bundle
from gan.model.encoder import Drawing
from gan.network_file import inference
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow

TOLERANCE: Final = 1e-3
KINDS: Final = [
    ("v", "ddim", "no", "0"), ("v", "ddpm", "projected", "12"),
    ("epsilon", "ddim", "projected", "512"), ("epsilon", "ddpm", "no", "0"),
]  # fmt: skip
"""What it predicts, how it draws, whether it is told a class, and how wide its middle is."""
Z: Final = latent.sample(3, 784, seed=1)
DIGITS: Final = np.array([3, 1, 4])


def configured(prediction: str, sampler: str, conditional: str, units: str) -> TrainConfig:
    return lively.denoising(
        prediction=prediction,
        sampler=sampler,
        conditional=conditional,
        generator_hidden_units=int(units),
    )


def by_keras(config: TrainConfig) -> np.ndarray:
    drawn = bundle.compiled(lively.lively_denoiser(config))(Z, DIGITS)
    assert drawn.std() > 0.1, "there is something to see"
    return drawn


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_numpy_draws_what_keras_draws(kind: tuple[str, ...]) -> None:
    config = configured(*kind)
    file = bundle.export_generator(lively.lively_denoiser(config))
    drawn = inference.drawn(file, Z, DIGITS)
    np.testing.assert_allclose(drawn, by_keras(config), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_onnx_draws_what_keras_draws(kind: tuple[str, ...]) -> None:
    config = configured(*kind)
    model = onnx_model.convert(bundle.export_generator(lively.lively_denoiser(config)))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    inputs = {"noise": Z, "digit": DIGITS} if config.is_conditional else {"noise": Z}
    (drawn,) = session.run(["digits"], inputs)
    np.testing.assert_allclose(drawn, by_keras(config), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_the_script_draws_what_keras_draws(kind: tuple[str, ...], tmp_path: Path) -> None:
    config = configured(*kind)
    generator = bundle.export_generator(lively.lively_denoiser(config))
    (tmp_path / "generator.safetensors").write_bytes(tensors.dump_generator(generator))
    (tmp_path / "draw.py").write_text(script.script(generator, [3, 1, 4]))
    draw = runpy.run_path(str(tmp_path / "draw.py"))["draw"]
    drawn = draw(Z, DIGITS) if config.is_conditional else draw(Z)
    np.testing.assert_allclose(drawn, by_keras(config), rtol=0, atol=TOLERANCE)


def test_the_script_puts_digits_into_a_grid(tmp_path: Path) -> None:
    config = lively.denoising(conditional="projected", sampling_steps=1)
    generator = bundle.export_generator(lively.lively_denoiser(config))
    (tmp_path / "generator.safetensors").write_bytes(tensors.dump_generator(generator))
    (tmp_path / "draw.py").write_text(script.script(generator, [3, 8]))
    drawn = runpy.run_path(str(tmp_path / "draw.py"), run_name="__main__")
    grid = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    np.testing.assert_array_equal(grid[28:56, 56:84], drawn["ink"][10])


def test_safetensors_give_back_the_same_file() -> None:
    generator = bundle.export_generator(
        lively.lively_denoiser(lively.denoising(conditional="projected", generator_hidden_units=8))
    )
    again = tensors.read_generator(tensors.dump_generator(generator), "it")
    np.testing.assert_array_equal(
        inference.drawn(again, Z[:1], DIGITS[:1]), inference.drawn(generator, Z[:1], DIGITS[:1])
    )


def test_more_steps_make_another_picture_of_the_same_noise() -> None:
    file = bundle.export_generator(lively.lively_denoiser(lively.denoising()))
    usual, again = (inference.drawn(file, Z[:1], sampling_steps=steps) for steps in (None, 4))
    np.testing.assert_array_equal(usual, again)
    assert not np.array_equal(usual, inference.drawn(file, Z[:1], sampling_steps=7))


def test_what_looks_for_a_layer_that_takes_the_noise_says_that_there_is_none() -> None:
    file = bundle.export_generator(lively.lively_denoiser(lively.denoising()))
    with pytest.raises(RequestError, match="A diffusion model has no layer"):
        directions.directions(file)
    with pytest.raises(RequestError, match="A diffusion model draws in many steps"):
        Drawing.of(file)
