"""What augmentation does to a picture, and that D sees real and generated ones changed alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from support import TINY

from gan.data.datasets import Digits
from gan.model import training
from gan.model.augmentation import MOST_SHIFTED, NUMBERS, augmented

pytestmark = pytest.mark.tensorflow


def changed(picture: np.ndarray, *numbers: float) -> np.ndarray:
    """One picture [28, 28] as it is changed: turn, zoom, across and down, in [0, 1)."""
    uniform = np.array([[0.0, *numbers]], np.float32)
    return augmented(tf.constant(picture[None, ..., None]), uniform, 0.5).numpy()[0, ..., 0]


@pytest.fixture
def dot() -> np.ndarray:
    """Paper with one pixel of ink, up and to the right of the middle."""
    picture = np.full((28, 28), -1.0, np.float32)
    picture[8, 18] = 1.0
    return picture


def middle(picture: np.ndarray) -> tuple[float, float]:
    """Where the ink is: row and column."""
    ink = (picture + 1.0) / 2.0
    rows, columns = np.indices(ink.shape)
    return float((rows * ink).sum() / ink.sum()), float((columns * ink).sum() / ink.sum())


@pytest.mark.parametrize("pixels", range(-MOST_SHIFTED, MOST_SHIFTED + 1))
def test_a_picture_is_shifted_by_whole_pixels(dot: np.ndarray, pixels: int) -> None:
    number = (pixels + MOST_SHIFTED + 0.5) / (2 * MOST_SHIFTED + 1)
    across, down = changed(dot, 0.5, 0.5, number, 0.5), changed(dot, 0.5, 0.5, 0.5, number)
    assert across.max() == down.max() == pytest.approx(1.0, abs=1e-5)
    assert middle(across) == pytest.approx((8.0, 18.0 - pixels), abs=1e-4)
    assert middle(down) == pytest.approx((8.0 - pixels, 18.0), abs=1e-4)


def test_a_picture_is_turned_and_zoomed_about_its_middle(dot: np.ndarray) -> None:
    def from_middle(picture: np.ndarray) -> tuple[float, float]:
        row, column = (place - 13.5 for place in middle(picture))
        return float(np.hypot(row, column)), float(np.degrees(np.arctan2(row, column)))

    radius, angle = from_middle(dot)
    turned = [from_middle(changed(dot, number, 0.5, 0.5, 0.5)) for number in (0.0, 0.9999)]
    assert [far for far, _ in turned] == pytest.approx([radius, radius], abs=0.3)
    assert sorted(at - angle for _, at in turned) == pytest.approx([-10, 10], abs=2)
    zoomed = [from_middle(changed(dot, 0.5, number, 0.5, 0.5))[0] for number in (0.0, 0.9999)]
    assert zoomed == pytest.approx([radius / 0.9, radius / 1.1], abs=0.3)


def test_only_a_share_is_changed_and_nothing_of_it_is_mirrored() -> None:
    generator = np.random.default_rng(1)
    half = np.full((400, 28, 28, 1), -1.0, np.float32)
    half[:, 6:22, 16:22] = 1.0  # ink on the right alone
    uniform = generator.random((400, NUMBERS)).astype(np.float32)
    seen = augmented(tf.constant(half), uniform, 0.3).numpy()
    touched = (np.abs(seen - half) > 1e-6).any(axis=(1, 2, 3))
    np.testing.assert_array_equal(touched, uniform[:, 0] < 0.3)
    assert all(middle(picture[..., 0])[1] > 14 for picture in seen)
    assert augmented(tf.constant(half), uniform, 0.0).numpy() == pytest.approx(half, abs=1e-6)


def test_d_sees_real_and_generated_digits_changed_and_g_learns_through_it(
    few_digits: Digits,
) -> None:
    plain, shaken = (
        training.trainer(replace(TINY, augmentation=share), few_digits) for share in (0.0, 0.6)
    )
    real = plain.real_batch(*plain.data)
    fake = plain.digits(0, real[1])
    for learner in (plain, shaken):
        learner.counterpart.set_weights(plain.counterpart.get_weights())
    _, before_real, before_fake = plain.discriminator_loss(real, fake, 0)
    _, after_real, after_fake = shaken.discriminator_loss(real, fake, 0)
    assert not np.allclose(before_real, after_real)
    assert not np.allclose(before_fake, after_fake)
    with tf.GradientTape() as tape:
        loss, _ = shaken.generator_loss(real, shaken.digits(0, real[1]), 0)
    gradients = tape.gradient(loss, shaken.generator.trainable_variables)
    assert all(float(tf.norm(gradient)) > 0 for gradient in gradients)
