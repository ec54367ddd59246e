"""Several devices take one device's batch in parts and learn the same.

A machine without GPUs has them, too: its processor, counted twice. That has to be settled before
TensorFlow starts, so this file is also the program of a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gan.data.datasets import Digits

if TYPE_CHECKING:
    import keras

    from gan.model.trainer import Trainer

ROOT = Path(__file__).parents[2]
STEPS = 5
DEVICES = {"one": ["CPU:0"], "two": ["CPU:0", "CPU:1"]}
COMMON = {
    "batch_size": 8,
    "latent_dim": 4,
    "generator_learning_rate": 1e-4,  # a rounding error stays one: Adam can make it a whole step
    "discriminator_learning_rate": 1e-4,
    "ema_decay": 0.5,
}
CONFIGS: dict[str, dict[str, object]] = {
    "batch": {
        "architecture": "fine-dcgan",
        "conditional": "concatenated",
        "label_smoothing": 0.1,
        "instance_noise": 0.1,
    },
    "spectral": {
        "conditional": "projected",
        "discriminator_normalization": "spectral",
        "loss": "wasserstein",
        "gradient_penalty": 1.0,
    },
    "vae": {"architecture": "vae", "loss": "elbo"},
    "ddpm": {
        "architecture": "ddpm",
        "loss": "denoising",
        "latent_dim": 784,
        "generator_hidden_units": 8,
    },
}


def main(data_path: str, results: str) -> None:
    """Train each of `CONFIGS` on one device and on two; losses and weights go to `results`."""
    import tensorflow as tf

    (processor,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(
        processor, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    from gan.data import datasets
    from gan.model import families
    from gan.settings.config import TrainConfig

    digits, found = datasets.load(data_path), {}
    for name, values in CONFIGS.items():
        config = TrainConfig(**{**COMMON, **values})
        for count, devices in DEVICES.items():
            kind = families.TRAINERS[config.family.name]
            trainer = kind(config, digits, devices=devices)
            losses = []
            for _ in range(STEPS):
                trainer.tick(1)
                totals, failed = trainer.read_totals()
                assert failed == -1
                losses.append(totals)
            key = f"{name}/{count}"
            found[f"{key}/replicas"] = np.array(trainer.replicas)
            found[f"{key}/losses"] = np.array(losses)
            found[f"{key}/drawn"] = trainer.generate(trainer.display_noise)
            found |= {f"{key}/weights/{n}": value for n, value in trainer.weights().items()}
        copies = [[part.numpy() for part in weight.value.values] for weight in _state(trainer)]
        found[f"{name}/apart"] = np.array([np.abs(a - b).max() for a, b in copies])
        places = [[part.device for part in parts.values] for parts in trainer.data]
        found[f"{name}/places"] = np.array(places)
    np.savez(results, **found)


def _state(trainer: Trainer) -> list[keras.Variable]:
    """All that has a copy on each device."""
    return [
        *trainer.generator.weights,
        *(trainer.counterpart.weights if trainer.counterpart else []),
        *trainer.averaged.weights,
        *(moment for each in trainer.optimizers.values() for moment in each.variables[2:]),
    ]


pytestmark = pytest.mark.tensorflow


@pytest.fixture
def found(few_digits: Digits, tmp_path: Path) -> dict[str, np.ndarray]:
    np.savez(tmp_path / "digits.npz", x_train=few_digits.images, y_train=few_digits.labels)
    run = subprocess.run(
        [sys.executable, __file__, tmp_path / "digits.npz", tmp_path / "results.npz"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    with np.load(tmp_path / "results.npz") as file:
        return dict(file)


def test_two_devices_learn_what_one_does(found: dict[str, np.ndarray]) -> None:
    """One test for all: each process of a parallel run would train them all again."""
    for name in CONFIGS:
        assert_same_learning(name, found)
        assert_equal_copies(name, found)


def assert_same_learning(name: str, found: dict[str, np.ndarray]) -> None:
    one, two = f"{name}/one", f"{name}/two"
    assert (found[f"{one}/replicas"], found[f"{two}/replicas"]) == (1, 2)
    scale = np.abs(found[f"{one}/losses"]).max(axis=0)
    assert (np.abs(found[f"{two}/losses"] - found[f"{one}/losses"]) < 1e-4 * scale).all()
    weights = [key for key in found if key.startswith(f"{one}/weights/")]
    assert {key.split("/")[3] for key in weights} >= {"generator", "averaged_generator"}
    for key in weights:
        wanted, value = (found[k].astype(float) for k in (key, key.replace(one, two, 1)))
        # A rounding error that carries one number across a ReLU's corner costs more than itself.
        apart = np.linalg.norm(value - wanted)
        assert apart <= 0.02 * np.linalg.norm(wanted), key
    drawn = [found[f"{count}/drawn"].astype(int) for count in (one, two)]
    np.testing.assert_allclose(*drawn, atol=1)


def assert_equal_copies(name: str, found: dict[str, np.ndarray]) -> None:
    """Each device has a copy of its own, and its part of the data."""
    assert found[f"{name}/apart"].max() == 0.0
    for images_or_labels in found[f"{name}/places"]:
        assert [place.rsplit("/", 1)[1] for place in images_or_labels] == [
            "device:CPU:0",
            "device:CPU:1",
        ]


def test_only_devices_that_divide_the_batch_are_used() -> None:
    from gan.model import devices

    none_needed = devices.strategy_over(["CPU:0", "CPU:1"], batch_size=9)
    assert none_needed.num_replicas_in_sync == 1
    assert devices.strategy_over(["CPU:0"], batch_size=8).num_replicas_in_sync == 1
    assert devices.strategy_over([], batch_size=8).num_replicas_in_sync == 1


@pytest.mark.parametrize("precision", ["float32", "mixed"])
@pytest.mark.parametrize("kind", CONFIGS)
def test_a_gpu_can_do_a_whole_step_and_sends_the_host_no_more_than_classes(
    kind: str, precision: str, few_digits: Digits
) -> None:
    """By TensorFlow's own list of kernels, which a machine without a GPU has, too."""
    import tensorflow as tf
    from step_graphs import GpuKernel, fetched, is_on_host, operations

    from gan.model import training
    from gan.settings.config import TrainConfig

    config = TrainConfig(**{**COMMON, **CONFIGS[kind], "precision": precision})
    trainer = training.trainer(config, few_digits)
    assert not {array.dtype for array in trainer.data} & {tf.int32}, "kept by the host"
    step = operations(trainer)
    if not GpuKernel(next(each for each in step if each.type == "MatMul")).is_there:
        pytest.skip("This TensorFlow was built without GPUs.")
    on_gpu = [each for each in step if not is_on_host(each)]
    assert [each.name for each in on_gpu if not GpuKernel(each).is_there] == []
    sent = [tensor for each in step for tensor in fetched(each)]
    assert max((tensor.shape.num_elements() for tensor in sent), default=0) <= config.batch_size


if __name__ == "__main__":
    main(*sys.argv[1:])
