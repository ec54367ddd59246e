"""Diffusion in TensorFlow: noise into pictures, what the network is asked, and the way back.

Angles, waves and moves are those of `gan.network_file.diffusion`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import tensorflow as tf

from gan.model.denoiser import PICTURE, Denoiser
from gan.network_file.diffusion import OFFSET, Shuffle
from gan.settings.families import PIXELS

GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
"""Multiples of it, without their whole part, lie more evenly than chance would have them."""
MOST_SIGNAL: Final = 5.0
"""The gamma of Hang et al. 2023: so many times as much signal as noise counts as the most."""


def spread_times(start: tf.Tensor, count: int) -> tf.Tensor:
    """`count` times from 0 to 1, evenly spread from a random `start` in [0, 1) on.

    An additive recurrence: each part of a batch is spread as evenly as the whole.
    """
    return tf.math.floormod(start + GOLDEN * tf.range(count, dtype=tf.float32), 1.0)


def signal_and_noise(times: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """How much of the digit and of the noise is in pictures at `times` [N]: [N, 1, 1, 1] each."""
    angles = ((times + OFFSET) * (math.pi / 2 / (1 + 2 * OFFSET)))[:, None, None, None]
    return tf.cos(angles), tf.sin(angles)


def noisy(digits: tf.Tensor, noise: tf.Tensor, times: tf.Tensor) -> tf.Tensor:
    """`digits` with `noise` in them, all [N, 28, 28, 1]: Ho et al. 2020, eq. 4."""
    of_digits, of_noise = signal_and_noise(times)
    return of_digits * digits + of_noise * noise


def wanted(prediction: str, digits: tf.Tensor, noise: tf.Tensor, times: tf.Tensor) -> tf.Tensor:
    """What the network should say of `noisy` pictures.

    ``epsilon``: the noise (Ho et al. 2020, eq. 14); ``v``: the noise times the signal minus the
    digit times the noise's share (Salimans and Ho 2022, section 4).
    """
    if prediction == "epsilon":
        return noise
    of_digits, of_noise = signal_and_noise(times)
    return of_digits * noise - of_noise * digits


def weights(prediction: str, times: tf.Tensor) -> tf.Tensor:
    """How much the network learns from its errors at `times` [N]: [N].

    Min-SNR weighting (Hang et al. 2023, section 3.4): an error of the digit that is seen counts as
    much as there is signal to noise, but `MOST_SIGNAL` at most. By how such an error hangs together
    with that of what is asked for, it is min(SNR, 5) / (SNR + 1) for ``v`` and min(SNR, 5) / SNR
    for ``epsilon``; here without a division by what may be nearly zero.
    """
    of_digits, of_noise = (share[:, 0, 0, 0] ** 2 for share in signal_and_noise(times))
    if prediction == "epsilon":
        return tf.minimum(1.0, MOST_SIGNAL * of_noise / of_digits)
    return tf.minimum(of_digits, MOST_SIGNAL * of_noise)


def drawing(network: Denoiser) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """The whole way: noise [N, 784] and classes [N] to digits [N, 28, 28, 1] in [-1, 1]."""
    moves = network.sampling.moves()
    table = tf.constant(
        [[m.time, m.of_picture, m.of_answer, m.of_digit, m.of_now, m.of_fresh] for m in moves],
        tf.float32,
    )
    adds_noise = any(move.of_fresh for move in moves)
    shuffles = [Shuffle.of(step, PIXELS) for step in range(len(moves))] if adds_noise else []
    orders = tf.constant(np.array([each.order for each in shuffles], np.int32))
    signs = tf.constant(np.array([each.signs for each in shuffles], np.float32))

    def draw(noise: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        count = tf.shape(noise)[0]

        def move(step: tf.Tensor, picture: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            time, of_picture, of_answer, of_digit, of_now, of_fresh = tf.unstack(table[step])
            asked = [picture, tf.fill([count], time)]
            answer = network([*asked, labels] if network.is_conditional else asked, training=False)
            digits = tf.clip_by_value(of_picture * picture + of_answer * answer, -1.0, 1.0)
            picture = of_digit * digits + of_now * picture
            if adds_noise:
                fresh = tf.gather(noise, orders[step], axis=1) * signs[step]
                picture += of_fresh * tf.reshape(fresh, [count, *PICTURE])
            return step + 1, picture

        start = tf.reshape(noise, [count, *PICTURE])
        _, digits = tf.while_loop(
            lambda step, _: step < len(moves),
            move,
            (tf.constant(0), start),
            shape_invariants=(tf.TensorShape([]), tf.TensorShape([None, *PICTURE])),
        )
        return digits

    return draw
