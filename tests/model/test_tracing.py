"""A traced step against a recomputation from the same weights in plain Keras."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from support import TINY

from gan.data.datasets import Digits, from_network
from gan.messages.codec import encode, read
from gan.messages.events import Trace
from gan.messages.status import Part
from gan.model import bundle, networks, tracing, training
from gan.model.trainer import Draw, Trainer

pytestmark = pytest.mark.tensorflow

CONFIG = replace(TINY, batch_size=20, generator_learning_rate=1e-3)
GAMES: dict[str, dict[str, Any]] = {
    "non-saturating": {},
    "told, with noise": {"conditional": "projected", "instance_noise": 0.3},
    "hinge": {"loss": "hinge", "discriminator_normalization": "spectral"},
}
entropy = keras.losses.BinaryCrossentropy(from_logits=True)


@cache
def _compiled(game: str, _place: int, digits: Digits) -> tuple[Trainer, bundle.Bundle]:
    trainer = training.trainer(replace(CONFIG, **GAMES[game]), digits)
    trainer.tick(2)
    return trainer, bundle.Bundle(trainer.config, 2, trainer.weights())


def a_trainer(digits: Digits, game: str = "non-saturating", place: int = 0) -> Trainer:
    """A trainer after two steps; trainers of other places live beside it."""
    trainer, start = _compiled(game, place, digits)
    trainer.restore(start)
    return trainer


def logits(trainer: Trainer, network: keras.Model, pictures: tf.Tensor, classes: Any, draw: Draw):
    noise = trainer.config.instance_noise
    seen = pictures + noise * trainer.normal([28, 28, 1], draw, 0) if noise else pictures
    told = [seen, classes] if trainer.config.uses_classes else seen
    return network(told, training=True)


def traced_step(trainer: Trainer, part: Part) -> Trace:
    before = tracing.state_of(trainer)
    trainer.tick(1, part)
    return tracing.trace(trainer, before, part)


@pytest.mark.parametrize(
    ("game", "part"),
    [(game, Part.BOTH) for game in GAMES] + [("told, with noise", part) for part in list(Part)[1:]],
)
def test_a_trace_says_what_happened(game: str, part: Part, few_digits: Digits) -> None:
    trainer, other = (a_trainer(few_digits, game, place) for place in range(2))
    config = trainer.config
    g, g_later = (networks.generator(config) for _ in range(2))
    d, d_later = (networks.discriminator(config) for _ in range(2))
    g.set_weights(other.generator.get_weights())
    d.set_weights(other.counterpart.get_weights())
    real, classes = other.real_batch(*other.data)
    noise = other.noise()
    trace = traced_step(trainer, part)
    other.tick(1, part)

    # The step was the ordinary one.
    expected, found = other.weights(), trainer.weights()
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    assert (trace.step, trace.part, int(trainer.step)) == (3, part, 3)

    # What went in, and what each network said of it before.
    inputs = [noise, classes] if config.is_conditional else noise
    first = {"generator": g.get_weights(), "discriminator": d.get_weights()}
    np.testing.assert_array_equal(trace.noise, noise)
    np.testing.assert_array_equal(trace.real, from_network(real.numpy())[:16])
    with tf.GradientTape() as tape:
        fake = g(inputs, training=True)
        on_real = logits(other_at(other, 2), d, real, classes, Draw.REAL_INSTANCE_NOISE)
        on_fake = logits(other, d, fake, classes, Draw.FAKE_INSTANCE_NOISE)
        if config.loss == "hinge":
            d_loss = tf.reduce_mean(tf.nn.relu(1 - on_real)) + tf.reduce_mean(
                tf.nn.relu(1 + on_fake)
            )
        else:
            ones = tf.ones_like(on_real)
            d_loss = entropy(ones, on_real) + entropy(0 * ones, on_fake)
    gradients = {"discriminator": tape.gradient(d_loss, d.trainable_variables)}
    difference = np.abs(trace.fake.astype(int) - from_network(fake.numpy())[:16])
    assert difference.max() <= 1
    assert trace.d_loss == pytest.approx(float(d_loss), rel=1e-4, abs=1e-5)
    close(trace.real_logits, on_real)
    close(trace.fake_logits, on_fake)

    # What G learned from: D as it was after its own update.
    alone = a_trainer(few_digits, game, place=2)
    if part is not Part.GENERATOR:
        alone.tick(1, Part.DISCRIMINATOR)
    d_later.set_weights(alone.counterpart.get_weights())
    g_later.set_weights(first["generator"])
    with tf.GradientTape() as tape:
        fake = g_later(inputs, training=True)
        after = logits(other_at(other, 2), d_later, fake, classes, Draw.LAST_INSTANCE_NOISE)
        ones = tf.ones_like(after)
        g_loss = -tf.reduce_mean(after) if config.loss == "hinge" else entropy(ones, after)
    variables = g_later.trainable_variables
    pixels, *gradients["generator"] = tape.gradient(g_loss, [fake, *variables])
    assert trace.g_loss == pytest.approx(float(g_loss), rel=1e-4, abs=1e-5)
    close(trace.fake_logits_after_d, after)
    close(trace.pixel_gradients, pixels[:16])

    # What moved, and what D says once all has moved.
    moved = {"generator": other.generator, "discriminator": other.counterpart}
    for name, network in moved.items():
        places = [i for i, layer in enumerate(trace.layers) if layer.startswith(f"{name}/")]
        now = [variable.numpy() for variable in network.trainable_variables]
        plain = {"generator": g, "discriminator": d}[name]
        plain.set_weights(first[name])
        was = [variable.numpy() for variable in plain.trainable_variables]
        close(trace.weight_norms[places], [np.linalg.norm(value) for value in was])
        steps = [np.linalg.norm(b - a) for a, b in zip(was, now, strict=True)]
        close(trace.update_norms[places], steps)
        assert any(steps) is (part in (Part.BOTH, Part(name)))
        found_norms = [np.linalg.norm(tf.convert_to_tensor(each)) for each in gradients[name]]
        close(trace.gradient_norms[places], found_norms)
    end_fake = other.generator(inputs, training=True)
    end = logits(other_at(other, 2), other.counterpart, end_fake, classes, Draw.LAST_INSTANCE_NOISE)
    close(trace.fake_logits_after_g, end)


def other_at(trainer: Trainer, step: int) -> Trainer:
    """The same trainer, drawing what belongs to `step`."""
    trainer.step.assign(step)
    return trainer


def close(found: np.ndarray, expected: Any) -> None:
    expected = np.reshape(np.asarray(expected, np.float32), found.shape)
    scale = max(float(np.abs(expected).max()), 1e-6)
    np.testing.assert_allclose(found / scale, expected / scale, atol=2e-4)


def test_a_trace_names_every_weight_and_travels(few_digits: Digits) -> None:
    trace = traced_step(a_trainer(few_digits), Part.BOTH)
    assert trace.layers[:3] == (
        "generator/Dense 1/kernel",
        "generator/BatchNormalization 1/gamma",
        "generator/BatchNormalization 1/beta",
    )
    assert trace.layers[-1] == "discriminator/Dense 1/bias"
    again = read(io.BytesIO(encode(trace)))
    assert isinstance(again, Trace)
    assert (again.part, again.layers) == (trace.part, trace.layers)
    np.testing.assert_array_equal(again.pixel_gradients, trace.pixel_gradients)
