"""One training step, opened up: what goes in, what each network says of it, what it moves.

The step itself is the ordinary one, so that a traced run stays the run that it was. What is shown
is computed afterwards, from the weights before, between and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan.data.datasets import from_network
from gan.messages.events import TRACED, Trace
from gan.messages.status import Part
from gan.model.adversarial import AdversarialTrainer
from gan.model.bundle import Bundle
from gan.model.trainer import Trainer


def traceable(learner: Trainer) -> AdversarialTrainer | None:
    """The trainer, if its steps can be opened up: those of a game on one device."""
    is_game = isinstance(learner, AdversarialTrainer)
    return learner if is_game and learner.replicas == 1 else None


def state_of(learner: AdversarialTrainer) -> Bundle:
    """All that a step, or a look at networks that are training, can change."""
    return Bundle(learner.config, int(learner.step.numpy()), learner.weights())


def trace(learner: AdversarialTrainer, before: Bundle, part: Part) -> Trace:
    """What happened in the step, an update of `part`, that `learner` took last, from `before`."""
    last = learner.config.discriminator_steps - 1
    after = state_of(learner)
    learner.restore(before)
    real = learner.real_batch(*learner.data, last)
    noise = learner.noise(last)
    fake = learner.digits(last, real[1])
    d_variables = learner.counterpart.trainable_variables
    with tf.GradientTape() as tape:
        d_loss, real_logits, fake_logits = learner.discriminator_loss(real, fake, last)
    d_gradients = tape.gradient(d_loss, d_variables)

    learner.restore(before)
    if part is not Part.GENERATOR:
        learner.tick(1, Part.DISCRIMINATOR)
        learner.step.assign(before.step)
    g_variables = learner.generator.trainable_variables
    with tf.GradientTape() as tape:
        drawn, classes = learner.digits(last, real[1])
        tape.watch(drawn)
        g_loss, logits_after_d = learner.generator_loss(real, (drawn, classes), last)
    pixel_gradients, *g_gradients = tape.gradient(g_loss, [drawn, *g_variables])

    learner.restore(after)
    learner.step.assign(before.step)  # the same noise again
    _, logits_after_g = learner.generator_loss(real, learner.digits(last, real[1]), last)
    learner.restore(after)

    networks = ((learner.generator, g_gradients), (learner.counterpart, d_gradients))
    weights = [
        (name, before.weights[key], gradient, after.weights[key] - before.weights[key])
        for network, gradients in networks
        for (name, key), gradient in zip(_learned(network), gradients, strict=True)
    ]
    names, values, gradients, updates = zip(*weights, strict=True)
    return Trace(
        step=after.step,
        part=part,
        d_loss=float(d_loss),
        g_loss=float(g_loss),
        noise=noise.numpy(),
        real=from_network(real[0][:TRACED].numpy()),
        fake=from_network(fake[0][:TRACED].numpy()),
        pixel_gradients=pixel_gradients[:TRACED, ..., 0].numpy(),
        real_logits=real_logits[:, 0].numpy(),
        fake_logits=fake_logits[:, 0].numpy(),
        fake_logits_after_d=logits_after_d[:, 0].numpy(),
        fake_logits_after_g=logits_after_g[:, 0].numpy(),
        layers=names,
        weight_norms=_norms(values),
        gradient_norms=_norms(gradients),
        update_norms=_norms(updates),
    )


def _learned(network: keras.Model) -> Iterator[tuple[str, str]]:
    """What people call each weight that is learned, and what `Trainer.weights` calls it."""
    places = {id(variable): place for place, variable in enumerate(network.variables)}
    kinds: dict[str, int] = {}
    for layer in network.layers:
        if not layer.trainable_variables:
            continue
        kind = type(layer).__name__
        kinds[kind] = kinds.get(kind, 0) + 1
        for variable in layer.trainable_variables:
            name = f"{network.name}/{kind} {kinds[kind]}/{variable.name}"
            yield name, f"{network.name}/{places[id(variable)]:03}"


def _norms(arrays: Any) -> NDArray[np.float32]:
    return np.array([np.linalg.norm(tf.convert_to_tensor(array)) for array in arrays], np.float32)
