"""Several steps in one launch, as a GPU is given them: to the bit the steps taken singly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from support import TINY

from gan.data.datasets import Digits
from gan.messages.status import Part
from gan.model import trainer, training
from gan.model.unrolling import CompiledSteps

pytestmark = pytest.mark.tensorflow

AT_ONCE = 3


class Walk:
    """Steps that count themselves, and how often they were traced."""

    def __init__(self) -> None:
        self.step, self.traced = tf.Variable(0), 0

    def advance(self) -> None:
        self.traced += 1
        self.step.assign_add(1)


def test_the_first_steps_are_single_and_do_not_wait_for_the_others() -> None:
    walk = Walk()
    steps = CompiledSteps(walk.advance, AT_ONCE)
    steps.take(7)
    assert (int(walk.step), walk.traced) == (7, 1)
    steps.take(2)
    assert (int(walk.step), walk.traced) == (9, 1), "too few for a launch of several"
    steps.take(7)
    assert (int(walk.step), walk.traced) == (16, 1 + AT_ONCE)
    steps.take(3)
    assert (int(walk.step), walk.traced) == (19, 1 + AT_ONCE)


def test_where_a_launch_is_cheap_steps_stay_single() -> None:
    walk = Walk()
    steps = CompiledSteps(walk.advance, 1)
    steps.unroll()
    steps.take(2)
    steps.take(2)
    assert (int(walk.step), walk.traced) == (4, 1)


def test_only_a_gpu_is_given_several_steps_at_once(
    few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = training.trainer(TINY, few_digits)
    assert learner.steps_per_launch == 1
    monkeypatch.setattr(trainer, "gpus", lambda: ["GPU:0"])
    assert learner.steps_per_launch == trainer.MOST_UNROLLED < learner.steps_per_tick
    learner.config = replace(TINY, batch_size=128)
    assert learner.steps_per_launch == learner.steps_per_tick == 2


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"discriminator_steps": 2}, Part.BOTH),
        ({"precision": "mixed"}, Part.BOTH),
        ({"instance_noise": 0.1}, Part.GENERATOR),
        ({"architecture": "vae", "loss": "elbo"}, Part.BOTH),
    ],
)
def test_unrolled_steps_are_single_steps_to_the_bit(
    changes: dict[str, object], part: Part, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(TINY, **changes)
    single = training.trainer(config, few_digits)
    monkeypatch.setattr(trainer, "gpus", lambda: ["GPU:0"])  # there is none: the processor does it
    monkeypatch.setattr(trainer, "MOST_UNROLLED", AT_ONCE)
    unrolled = training.trainer(config, few_digits)
    for learner in (single, unrolled):
        learner.tick(1, part)
        learner.tick(2 * AT_ONCE + 1, part)
        assert int(learner.step) == 2 * AT_ONCE + 2
    found, wanted = unrolled.weights(), single.weights()
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
