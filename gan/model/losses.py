"""Adversarial losses, by name: logits [N, 1] in, scalar in nats out.

Written from logits with softplus(x) = log(1 + e^x), which neither overflows nor takes the log of
zero: for D(x) = sigmoid(logit), -log D = softplus(-logit) and -log(1 - D) = softplus(logit).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import tensorflow as tf


@dataclass(frozen=True, slots=True)
class Loss:
    """The two sides of one game."""

    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    """(real_logits, fake_logits) -> what D minimises."""
    generator: Callable[[tf.Tensor], tf.Tensor]
    """fake_logits -> what G minimises."""


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


REGISTRY: Final[Mapping[str, Loss]] = {
    "non-saturating": Loss(cross_entropy_discriminator, non_saturating_generator),
    "minimax": Loss(cross_entropy_discriminator, minimax_generator),
}
