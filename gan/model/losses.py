"""Losses, by the names of `gan.settings.losses`: logits [N, 1] in, scalar out; and the penalties on
D's slope.

Cross-entropies are written from logits with softplus(x) = log(1 + e^x), which neither overflows nor
takes the log of zero: for D(x) = sigmoid(logit), -log D = softplus(-logit) and
-log(1 - D) = softplus(logit).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import keras
import tensorflow as tf

from gan.settings.losses import LOSSES

Logits = Callable[[tf.Tensor], tf.Tensor]
"""Pictures [N, 28, 28, 1] to logits [N, 1]."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The two sides of one entry of `gan.settings.losses`."""

    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    """(real_logits, fake_logits) -> what D minimises."""
    generator: Callable[..., tf.Tensor]
    """fake_logits -> what G minimises; (real_logits, fake_logits), if the entry's
    `generator_sees_real`."""


def score(loss: str, logits: tf.Tensor) -> tf.Tensor:
    """What is shown of `logits` with this loss: a probability, where it has one."""
    return tf.sigmoid(logits) if LOSSES[loss].is_cross_entropy else logits


def cross_entropy_discriminator(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))]: Goodfellow et al. 2014, eq. 1; the article's 4.2."""
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
        tf.nn.softplus(fake_logits)
    )


def non_saturating_generator(fake_logits: tf.Tensor) -> tf.Tensor:
    """-E[log D(G(z))]: Goodfellow et al. 2014, section 3; the article's 3.2 and 4.1."""
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def minimax_generator(fake_logits: tf.Tensor) -> tf.Tensor:
    """E[log(1 - D(G(z)))], never above zero: Goodfellow et al. 2014, eq. 1."""
    return -tf.reduce_mean(tf.nn.softplus(fake_logits))


def least_squares_discriminator(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """E[(D(x) - 1)^2] / 2 + E[D(G(z))^2] / 2: Mao et al. 2017, eq. 9."""
    return (tf.reduce_mean((real_logits - 1.0) ** 2) + tf.reduce_mean(fake_logits**2)) / 2.0


def least_squares_generator(fake_logits: tf.Tensor) -> tf.Tensor:
    """E[(D(G(z)) - 1)^2] / 2: Mao et al. 2017, eq. 9."""
    return tf.reduce_mean((fake_logits - 1.0) ** 2) / 2.0


def hinge_discriminator(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]: Lim and Ye 2017, eq. 4."""
    return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(
        tf.nn.relu(1.0 + fake_logits)
    )


def wasserstein_discriminator(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """E[D(G(z))] - E[D(x)]: Arjovsky et al. 2017, eq. 2; without the penalty."""
    return tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)


def raising_generator(fake_logits: tf.Tensor) -> tf.Tensor:
    """-E[D(G(z))]: what G minimises against a critic, and in the hinge game."""
    return -tf.reduce_mean(fake_logits)


REGISTRY: Final[Mapping[str, Loss]] = {
    "non-saturating": Loss(cross_entropy_discriminator, non_saturating_generator),
    "minimax": Loss(cross_entropy_discriminator, minimax_generator),
    "least-squares": Loss(least_squares_discriminator, least_squares_generator),
    "hinge": Loss(hinge_discriminator, raising_generator),
    "wasserstein": Loss(wasserstein_discriminator, raising_generator),
}


def smoothing_term(real_logits: tf.Tensor, label_smoothing: float) -> tf.Tensor:
    """What a target of 1 - `label_smoothing` for real digits adds to D's cross-entropy.

    (1 - s) softplus(-l) + s softplus(l) = softplus(-l) + s l. Salimans et al. 2016, section 3.4.
    """
    return label_smoothing * tf.reduce_mean(real_logits)


def mismatch_term(mismatched_logits: tf.Tensor) -> tf.Tensor:
    """-E[log(1 - D(x, c))] for real digits x beside a class c that they are not of.

    The matching-aware discriminator: Reed et al. 2016, algorithm 1.
    """
    return tf.reduce_mean(tf.nn.softplus(mismatched_logits))


def gradient_penalty(
    logits: Logits, real: tf.Tensor, fake: tf.Tensor, weights: tf.Tensor
) -> tf.Tensor:
    """E[(|slope of D| - 1)^2] at `weights` * real + (1 - `weights`) * fake.

    `weights` [N, 1, 1, 1] are uniform in [0, 1], one an example: Gulrajani et al. 2017, eq. 3.
    """
    slopes = _slopes(logits, fake + weights * (real - fake))
    # A slope of exactly zero has no direction: the root's derivative there would be infinite.
    return tf.reduce_mean((tf.sqrt(slopes + 1e-12) - 1.0) ** 2)


def r1_penalty(logits: Logits, real: tf.Tensor) -> tf.Tensor:
    """E[|slope of D|^2] / 2 at real digits: Mescheder et al. 2018, eq. 9."""
    return tf.reduce_mean(_slopes(logits, real)) / 2.0


def _slopes(logits: Logits, pictures: tf.Tensor) -> tf.Tensor:
    """The squared length [N] of the gradient of each picture's logit with respect to it."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(pictures)
        total = tf.reduce_sum(logits(pictures))
    gradient = tape.gradient(total, pictures)
    return tf.reduce_sum(gradient**2, axis=[1, 2, 3])


def reconstruction(digits: tf.Tensor, drawn: tf.Tensor) -> tf.Tensor:
    """Cross-entropy of pixels in nats a picture; both [N, 28, 28, 1] in [-1, 1].

    Ink is read as a probability: Kingma and Welling 2014, appendix C.1.
    """
    pixels = keras.losses.binary_crossentropy((digits + 1.0) / 2.0, (drawn + 1.0) / 2.0)
    return tf.reduce_mean(tf.reduce_sum(pixels, axis=[1, 2]))


def divergence(mean: tf.Tensor, log_variance: tf.Tensor) -> tf.Tensor:
    """Kullback-Leibler divergence of codes [N, latent_dim] from the normal distribution, in nats.

    Summed over dimensions, averaged over pictures: Kingma and Welling 2014, appendix B.
    """
    terms = mean**2 + tf.exp(log_variance) - 1.0 - log_variance
    return tf.reduce_mean(tf.reduce_sum(terms, axis=1)) / 2.0
