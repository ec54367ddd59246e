"""Each loss and penalty against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from gan.model import losses
from gan.settings.losses import LOSSES

pytestmark = pytest.mark.tensorflow

LN2 = math.log(2)
LN3 = math.log(3)


def column(*logits: float) -> tf.Tensor:
    return tf.constant([[logit] for logit in logits], tf.float32)


# D = 1/2, 3/4 and 1/4: -log D is ln 2, ln(4/3) and ln 4.
LOGITS = column(0.0, LN3, -LN3)
MEAN = (LN2 + math.log(4 / 3) + math.log(4)) / 3

BY_HAND = [
    ("non-saturating", "generator", (LOGITS,), MEAN),
    ("minimax", "generator", (LOGITS,), -MEAN),
    ("minimax", "generator", (LOGITS[1:2],), -math.log(4)),
    ("non-saturating", "generator", (LOGITS[1:2],), math.log(4 / 3)),
    ("non-saturating", "discriminator", (LOGITS[:1], LOGITS[:1]), 2 * LN2),
    ("minimax", "discriminator", (LOGITS[1:2], LOGITS[2:3]), 2 * math.log(4 / 3)),
    ("non-saturating", "discriminator", (LOGITS[2:3], LOGITS[1:2]), 2 * math.log(4)),
    # (0.5^2 + 1^2) / 2 for real ones that should be 1, (1^2 + 3^2) / 2 for fake ones that
    # should be 0; half of each.
    ("least-squares", "discriminator", (column(0.5, 2), column(1, -3)), (0.625 + 5.0) / 2),
    ("least-squares", "generator", (column(1, -3),), 16 / 2 / 2),
    # Real ones miss the margin of 1 by 0.5, 0 and 2; fake ones that of -1 by 0, 1 and 4.
    ("hinge", "discriminator", (column(0.5, 2, -1), column(-2, 0, 3)), 2.5 / 3 + 5 / 3),
    ("hinge", "generator", (column(-2, 0, 3),), -1 / 3),
    ("wasserstein", "discriminator", (column(5, 0), column(1, 3)), 2 - 2.5),
    ("wasserstein", "generator", (column(1, 3),), -2.0),
]


@pytest.mark.parametrize(("name", "side", "logits", "expected"), BY_HAND)
def test_loss_by_hand(name: str, side: str, logits: tuple[tf.Tensor], expected: float) -> None:
    loss = getattr(losses.REGISTRY[name], side)(*logits)
    assert loss.shape == ()
    np.testing.assert_allclose(loss.numpy(), expected, rtol=1e-6)


def test_every_name_that_a_config_accepts_is_here() -> None:
    assert set(losses.REGISTRY) == set(LOSSES)
    assert {case[:2] for case in BY_HAND} == {
        (name, side) for name in losses.REGISTRY for side in ("discriminator", "generator")
    }


@pytest.mark.parametrize("name", losses.REGISTRY)
def test_the_score_is_a_probability_where_the_game_has_one(name: str) -> None:
    has_one = name in ("non-saturating", "minimax")
    expected = [0.5, 0.75, 0.25] if has_one else [0.0, LN3, -LN3]
    np.testing.assert_allclose(losses.score(name, LOGITS)[:, 0], expected, atol=1e-6)


@pytest.mark.parametrize("name", losses.REGISTRY)
@pytest.mark.parametrize("logit", [-1e4, 1e4])
def test_losses_are_finite_where_probabilities_are_not(name: str, logit: float) -> None:
    extreme = column(logit)
    loss = losses.REGISTRY[name]
    bound = 2e8 if name == "least-squares" else 2e4
    seen = (extreme, extreme) if LOSSES[name].generator_sees_real else (extreme,)
    for value in (loss.generator(*seen), loss.discriminator(extreme, extreme)):
        assert abs(value.numpy()) <= bound  # which a NaN is not, either


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


def test_smoothing_by_hand() -> None:
    """Targets of 0.9 for D = 1/2, 3/4 and 1/4, written with probabilities."""
    scores = np.array([0.5, 0.75, 0.25])
    expected = np.mean(-0.9 * np.log(scores) - 0.1 * np.log(1 - scores))
    loss = losses.REGISTRY["non-saturating"].discriminator(LOGITS, column(-1e4))
    smoothed = loss + losses.smoothing_term(LOGITS, 0.1)
    np.testing.assert_allclose(smoothed.numpy(), expected, rtol=1e-6)
    lopsided = losses.smoothing_term(column(1.0, 4.0), 0.2)
    np.testing.assert_allclose(lopsided.numpy(), 0.2 * 2.5, rtol=1e-6)


def along(*lengths: float) -> tf.Tensor:
    """Pictures [N, 28, 28, 1] that all point the same way, of these lengths."""
    return tf.reshape(tf.constant(lengths, tf.float32), [-1, 1, 1, 1]) * tf.ones([28, 28, 1]) / 28


def linear(slope: tf.Tensor) -> losses.Logits:
    return lambda pictures: tf.reduce_sum(pictures * slope, axis=[1, 2, 3])[:, None]


def quadratic(pictures: tf.Tensor) -> tf.Tensor:
    """|x|^2: the slope at x is 2 x."""
    return tf.reduce_sum(pictures**2, axis=[1, 2, 3])[:, None]


def test_gradient_penalty_of_a_plane() -> None:
    """A slope of 3 everywhere misses 1 by 2, wherever it is taken."""
    real, fake, weights = along(1, -2), along(5, 0.5), tf.reshape([0.3, 0.9], [2, 1, 1, 1])
    penalty = losses.gradient_penalty(linear(along(3)), real, fake, weights)
    np.testing.assert_allclose(penalty.numpy(), 4.0, rtol=1e-5)


def test_gradient_penalty_takes_a_point_of_its_own_for_each_pair() -> None:
    """Points 0.5, 1.25 and 3, slopes 1, 2.5 and 6, which miss 1 by 0, 1.5 and 5."""
    real, fake = along(1, 2, 3), along(0, 1, -1)
    weights = tf.reshape([0.5, 0.25, 1.0], [3, 1, 1, 1])
    penalty = losses.gradient_penalty(quadratic, real, fake, weights)
    np.testing.assert_allclose(penalty.numpy(), (0 + 2.25 + 25) / 3, rtol=1e-5)


def test_gradient_penalty_pulls_the_slope_towards_one() -> None:
    """d (|w| - 1)^2 / dw = 2 (|w| - 1) w / |w|; a flat critic gets no push, and no NaN."""
    for length, pull in ((3.0, 4.0), (0.5, -1.0), (0.0, 0.0)):
        slope = tf.Variable(along(length))
        with tf.GradientTape() as tape:
            penalty = losses.gradient_penalty(
                linear(slope), along(1), along(2), tf.fill([1, 1, 1, 1], 0.5)
            )
        gradient = tape.gradient(penalty, slope)
        np.testing.assert_allclose(gradient, along(pull), atol=1e-5, err_msg=str(length))


def test_r1_penalty_by_hand() -> None:
    np.testing.assert_allclose(losses.r1_penalty(linear(along(3)), along(1, 2)), 4.5, rtol=1e-5)
    # Slopes 2, 4 and 6: half of the mean of their squares.
    np.testing.assert_allclose(losses.r1_penalty(quadratic, along(1, 2, 3)), 28 / 3, rtol=1e-5)


def test_reconstruction_by_hand() -> None:
    """One picture is ink and one is paper, both drawn as ink with probability 3/4."""
    digits = tf.reshape([1.0, -1.0], [2, 1, 1, 1]) * tf.ones([28, 28, 1])
    drawn = tf.fill([2, 28, 28, 1], 0.5)
    expected = 784 * (math.log(4 / 3) + math.log(4)) / 2
    np.testing.assert_allclose(losses.reconstruction(digits, drawn), expected, rtol=1e-5)


def test_reconstruction_against_numpy() -> None:
    random = np.random.default_rng(0)
    digits, drawn = random.uniform(-0.99, 0.99, (2, 5, 28, 28, 1))
    ink, seen = ((pictures.reshape(5, -1) + 1) / 2 for pictures in (digits, drawn))
    expected = -(ink * np.log(seen) + (1 - ink) * np.log(1 - seen)).sum(axis=1).mean()
    found = losses.reconstruction(tf.cast(digits, tf.float32), tf.cast(drawn, tf.float32))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_reconstruction_is_finite_where_the_drawing_is_certain_and_wrong() -> None:
    ones = tf.ones([1, 28, 28, 1])
    assert 784 * 10 < losses.reconstruction(ones, -ones).numpy() < 784 * 20


def test_divergence_by_hand() -> None:
    """A code that is normal costs nothing; (1, 2) with variances (1, 4) costs (8 - ln 4) / 2."""
    mean = tf.constant([[0.0, 0.0], [1.0, 2.0]])
    log_variance = tf.constant([[0.0, 0.0], [0.0, math.log(4)]])
    expected = (0 + (8 - math.log(4)) / 2) / 2
    np.testing.assert_allclose(losses.divergence(mean, log_variance), expected, rtol=1e-6)


def test_divergence_against_an_integral() -> None:
    """E[log q(x) - log p(x)] of one dimension, summed over a fine grid."""
    mean, log_variance = 1.5, 0.7
    x, dx = np.linspace(-20, 20, 200_001, retstep=True)
    log_q = -((x - mean) ** 2) / 2 / math.exp(log_variance) - log_variance / 2
    log_p = -(x**2) / 2
    expected = np.sum(np.exp(log_q) / math.sqrt(2 * math.pi) * (log_q - log_p)) * dx
    found = losses.divergence(tf.constant([[mean]]), tf.constant([[log_variance]]))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
