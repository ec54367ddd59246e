"""Pictures shifted, turned and zoomed a little: what makes few real digits last longer.

D sees real and generated pictures changed in the same ways, so that what it learns is about the
digits and not about the changes; and only a share of them, so that G has no reason to draw changed
digits itself (Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
section 2.2). Nothing is mirrored or cut: that would make other digits, or none.
"""

from __future__ import annotations

import math
from typing import Final

import tensorflow as tf

MOST_SHIFTED: Final = 2
"""Whole pixels, to each side."""
MOST_TURNED: Final = math.radians(10)
MOST_ZOOMED: Final = 0.1
NUMBERS: Final = 5
"""How many uniform numbers change a picture: whether, turn, zoom, and shift across and down."""
_PAPER: Final = -1.0


def augmented(pictures: tf.Tensor, uniform: tf.Tensor, share: float) -> tf.Tensor:
    """A `share` of `pictures` [n, 28, 28, 1] changed, as `uniform` [n, NUMBERS] in [0, 1) says."""
    height, width = pictures.shape[1:3]
    is_changed = tf.cast(uniform[:, 0] < share, tf.float32)
    turned = is_changed * MOST_TURNED * (2.0 * uniform[:, 1] - 1.0)
    zoomed = 1.0 + is_changed * MOST_ZOOMED * (2.0 * uniform[:, 2] - 1.0)
    steps = 2 * MOST_SHIFTED + 1
    shifted = is_changed[:, None] * (tf.floor(steps * uniform[:, 3:]) - MOST_SHIFTED)
    cosine, sine = tf.cos(turned) * zoomed, tf.sin(turned) * zoomed
    across, down = (width - 1) / 2, (height - 1) / 2
    nothing = tf.zeros_like(turned)
    # Where in the picture before each pixel of the picture after comes from, about the middle.
    transforms = tf.stack(
        [
            cosine,
            -sine,
            across - cosine * across + sine * down + shifted[:, 0],
            sine,
            cosine,
            down - sine * across - cosine * down + shifted[:, 1],
            nothing,
            nothing,
        ],
        axis=1,
    )
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=transforms,
        output_shape=[height, width],
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
        fill_value=_PAPER,
    )
