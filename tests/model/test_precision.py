"""Mixed precision: what is multiplied in bfloat16, and what stays as exact as ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from step_graphs import operations
from support import TINY

from gan.data.datasets import Digits
from gan.model import bundle, snapshots, training
from gan.model.trainer import Trainer
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.tensorflow

MIXED = replace(
    TINY, architecture="fine-dcgan", conditional="hidden", latent_dim=12, precision="mixed"
)
CONVOLUTIONS = {"Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"}
WAY_THERE_AND_BACK = CONVOLUTIONS | {"Cast", "Const", "ShapeN", "Reshape", "Transpose"} | {
    "ReverseV2", "DepthToSpace", "SpaceToDepth", "StridedSlice", "StridedSliceGrad", "Identity",
    "IdentityN", "Fill",
}  # fmt: skip
"""What may hold bfloat16: convolutions, and what only moves their numbers."""


@pytest.fixture(scope="module")
def mixed(few_digits: Digits) -> Trainer:
    trainer = training.trainer(MIXED, few_digits)
    trainer.tick(3)
    return trainer


def assert_same_weights(one: Trainer, other: Trainer) -> None:
    found, wanted = one.weights(), other.weights()
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


@pytest.mark.parametrize(
    "config", [MIXED, replace(TINY, architecture="vae", loss="elbo", precision="mixed")]
)
def test_convolutions_multiply_in_bfloat16_and_nothing_else_does(
    few_digits: Digits, config: TrainConfig
) -> None:
    step = operations(training.trainer(config, few_digits))
    rounded = {
        operation.type
        for operation in step
        if any(tensor.dtype == tf.bfloat16 for tensor in (*operation.inputs, *operation.outputs))
    }
    assert CONVOLUTIONS <= rounded <= WAY_THERE_AND_BACK
    exact = {
        operation.type
        for operation in step
        if any(tensor.dtype == tf.float32 for tensor in (*operation.inputs, *operation.outputs))
    }
    assert not exact & CONVOLUTIONS


def test_weights_averages_and_adam_s_state_stay_float32(mixed: Trainer, few_digits: Digits) -> None:
    kinds = {name: value.dtype for name, value in mixed.weights().items()}
    assert {name.split("/")[0] for name in kinds} >= {"generator_optimizer", bundle.AVERAGED}
    inexact = {name for name, kind in kinds.items() if kind != np.float32}
    updates = {f"{network}_optimizer/000" for network in ("generator", "discriminator")}
    assert inexact == updates, "whole numbers"
    plain = training.trainer(replace(MIXED, precision="float32"), few_digits)
    assert kinds == {name: value.dtype for name, value in plain.weights().items()}


def test_what_draws_is_as_exact_as_without(mixed: Trainer) -> None:
    saved = snapshots.take_snapshot(mixed, 3, reported_step=3, seconds=1.0, images_seen=24)
    loaded = bundle.loads(saved.bundle.tobytes(), "test")
    exact = replace(loaded, config=replace(MIXED, precision="float32"))
    noise = mixed.display_noise
    drawn = mixed.draw(noise)
    for each in (loaded, exact):
        np.testing.assert_array_equal(bundle.compiled(each.generator())(noise), drawn)


def test_a_mixed_run_goes_on_to_the_bit(mixed: Trainer, few_digits: Digits) -> None:
    halted, resumed = (training.trainer(MIXED, few_digits) for _ in range(2))
    halted.tick(2)
    resumed.restore(bundle.Bundle(MIXED, step=2, weights=halted.weights()))
    resumed.tick(1)
    assert_same_weights(resumed, mixed)
