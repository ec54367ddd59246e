"""Learning rates: by the step, along a cosine over a budget, and on from a snapshot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import TINY

from gan.data.datasets import Digits
from gan.model import bundle, training

pytestmark = pytest.mark.tensorflow


def test_both_learning_rates_fall_by_the_step(few_digits: Digits) -> None:
    config = replace(TINY, discriminator_steps=2, learning_rate_half_life=1)
    trainer = training.trainer(config, few_digits)
    trainer.tick(1)
    rates = [float(optimizer.learning_rate) for optimizer in trainer.optimizers.values()]
    initial = [config.generator_learning_rate, config.discriminator_learning_rate]
    assert rates == pytest.approx([rate / 2 for rate in initial])


def test_learning_rates_fall_along_a_cosine_over_whichever_budget_ends_first(
    few_digits: Digits,
) -> None:
    config = replace(TINY, learning_rate_schedule="cosine", max_steps=4, max_seconds=10.0)
    trainer = training.trainer(config, few_digits)

    def shares() -> list[float]:
        initial = trainer.learning_rates()
        return [
            float(optimizer.learning_rate) / initial[name]
            for name, optimizer in trainer.optimizers.items()
        ]

    assert shares() == pytest.approx([1.0, 1.0])
    trainer.tick(1)
    assert shares() == pytest.approx(2 * [(1 + 0.5**0.5) / 2])
    trainer.course.clock(5.0)
    assert shares() == pytest.approx([0.5, 0.5])
    trainer.course.clock(11.0)
    assert shares() == pytest.approx([0.0, 0.0], abs=1e-6)
    trainer.adjust(replace(config, max_steps=None, max_seconds=20.0))
    trainer.course.clock(10.0)
    assert shares() == pytest.approx([0.5, 0.5]), "more time is a slower fall"


def test_a_falling_rate_goes_on_to_the_bit(few_digits: Digits) -> None:
    config = replace(TINY, learning_rate_schedule="cosine", max_steps=4)
    whole, halted, resumed = (training.trainer(config, few_digits) for _ in range(3))
    whole.tick(4)
    halted.tick(2)
    resumed.restore(bundle.Bundle(config, step=2, weights=halted.weights()))
    resumed.tick(2)
    for name, weights in whole.weights().items():
        np.testing.assert_array_equal(resumed.weights()[name], weights, err_msg=name)
