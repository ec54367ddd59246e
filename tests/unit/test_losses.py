"""Each loss against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from gan import config
from gan.model import losses

pytestmark = pytest.mark.tensorflow

LN2 = math.log(2)
# D = 1/2, 3/4 and 1/4: -log D is ln 2, ln(4/3) and ln 4.
LOGITS = tf.constant([[0.0], [math.log(3)], [-math.log(3)]])
MEAN = (LN2 + math.log(4 / 3) + math.log(4)) / 3

BY_HAND = [
    ("non-saturating", "generator", (LOGITS,), MEAN),
    ("minimax", "generator", (LOGITS,), -MEAN),
    ("minimax", "generator", (LOGITS[1:2],), -math.log(4)),
    ("non-saturating", "generator", (LOGITS[1:2],), math.log(4 / 3)),
    ("non-saturating", "discriminator", (LOGITS[:1], LOGITS[:1]), 2 * LN2),
    ("minimax", "discriminator", (LOGITS[1:2], LOGITS[2:3]), 2 * math.log(4 / 3)),
    ("non-saturating", "discriminator", (LOGITS[2:3], LOGITS[1:2]), 2 * math.log(4)),
]


@pytest.mark.parametrize(("name", "side", "logits", "expected"), BY_HAND)
def test_loss_by_hand(name: str, side: str, logits: tuple[tf.Tensor], expected: float) -> None:
    loss = getattr(losses.REGISTRY[name], side)(*logits)
    np.testing.assert_allclose(loss.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("name", losses.REGISTRY)
@pytest.mark.parametrize("logit", [-1e4, 1e4])
def test_losses_are_finite_where_probabilities_are_not(name: str, logit: float) -> None:
    extreme = tf.constant([[logit]])
    loss = losses.REGISTRY[name]
    for value in (loss.generator(extreme), loss.discriminator(extreme, extreme)):
        assert math.isfinite(value.numpy())
        assert abs(value.numpy()) <= 1e4


def test_gradients_tell_the_two_generator_losses_apart() -> None:
    """For a confident D, minimax hands G no gradient and non-saturating a full one."""
    logits = tf.Variable([[-20.0]])
    slopes = {}
    for name in ("minimax", "non-saturating"):
        with tf.GradientTape() as tape:
            loss = losses.REGISTRY[name].generator(logits)
        slopes[name] = tape.gradient(loss, logits).numpy().item()
    assert slopes["non-saturating"] == pytest.approx(-1.0, abs=1e-6)
    assert slopes["minimax"] == pytest.approx(-2.06e-9, rel=0.01)


def test_every_name_that_a_config_accepts_is_here() -> None:
    assert set(losses.REGISTRY) == set(config.LOSSES)
