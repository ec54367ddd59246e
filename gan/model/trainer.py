"""What every training has in common: networks and data on the devices, and one compiled step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import IntEnum, auto
from functools import partial
from typing import Any, ClassVar, Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan import latent
from gan.data.datasets import Digits, from_network
from gan.messages.events import Report
from gan.messages.status import Part
from gan.model import bundle, grouping, networks
from gan.model.devices import HOST, gpus, resident, strategy_over, unpacked
from gan.model.layers import mix
from gan.model.optimizers import Adam, Course
from gan.model.unrolling import MOST_UNROLLED, CompiledSteps
from gan.settings.config import ADJUSTABLE, TrainConfig

SAMPLE_ROWS: Final = 8
TOTALS: Final = "totals"
_VARIABLE: Final = {
    "generator_learning_rate", "discriminator_learning_rate", "max_steps", "max_seconds",
    "target_distance",
}  # fmt: skip
"""What may change without compiling the step again."""


def compiled_for(config: TrainConfig) -> TrainConfig:
    """`config` without what is not compiled: two that agree in this can use the same training."""
    usual = TrainConfig()
    return replace(config, **{name: getattr(usual, name) for name in _VARIABLE})


class Draw(IntEnum):
    """What a random draw is for: each has a stream of its own."""

    BATCH = 0
    NOISE = auto()
    INTERPOLATION = auto()
    TIME = INTERPOLATION  # no training has both; with more of them, all draws would be others
    REAL_INSTANCE_NOISE = auto()
    FAKE_INSTANCE_NOISE = auto()
    LAST_INSTANCE_NOISE = auto()


class Stream(IntEnum):
    """Random draws that are apart from the others, whatever seeds people choose."""

    USUAL = 0
    AUGMENTATION = 2**31
    MISMATCHES = 2**32


class Trainer(ABC):
    """Networks, their optimisers and data, all resident on the devices.

    All randomness is a function of (seed, step), so a run can be repeated, and later resumed, to
    the bit on the same machine. On several devices each takes an equal part of the batch that one
    would have drawn.
    """

    report: ClassVar[type[Report]]
    """Of which `train_step` returns the `measures`."""

    def __init__(
        self, config: TrainConfig, digits: Digits, devices: Iterable[str] | None = None
    ) -> None:
        """Build on `devices`, names such as ``GPU:0``; by default on all GPUs, else the CPU."""
        keras.utils.set_random_seed(config.seed)
        self.config = config
        self.course = Course(config)
        self.strategy = strategy_over(
            gpus() if devices is None else list(devices), config.batch_size
        )
        self.replicas: int = self.strategy.num_replicas_in_sync
        with self.strategy.scope():
            self.generator = networks.generator(config)
            self.counterpart = self.build_counterpart()
            self.averaged = networks.generator(config)
            self.averaged.set_weights(self.generator.get_weights())
            if config.precision == "mixed":
                mix(self.generator, self.counterpart)  # but not what draws
            self.optimizers = self.build_optimizers()
        self._set_learning_rates()
        self.size = len(digits)
        self.groups = digits.labels if config.finds_groups else None
        self._of_groups = grouping.named(digits) if config.finds_groups else {}
        self.data = resident(digits, self.strategy)
        self.totals = tf.Variable(tf.zeros(len(self.report.measures)))
        self.failed_step = tf.Variable(-1, dtype=tf.int64)
        self.draw = bundle.compiled(self.averaged)
        self.display_noise = latent.sample(
            SAMPLE_ROWS * config.sample_columns, config.latent_dim, config.seed
        )
        self._compiled: dict[Part, CompiledSteps] = {}
        self.prepare(Part.BOTH)

    @abstractmethod
    def build_counterpart(self) -> keras.Model | None:
        """The network that learns beside the generator, if there is one."""

    @abstractmethod
    def build_optimizers(self) -> Mapping[str, Adam]:
        """The optimisers by name, built for their variables."""

    @abstractmethod
    def learning_rates(self) -> Mapping[str, float]:
        """What `config` says for each of `optimizers`."""

    @abstractmethod
    def train_step(self, images: tf.Tensor, labels: tf.Tensor, part: Part) -> list[tf.Tensor]:
        """Update the networks once, on one device's part of the batch; its measures, scalars."""

    @property
    def step(self) -> tf.Variable:
        """Steps taken, int64."""
        return self.course.step

    @property
    def images_per_step(self) -> int:
        """Real digits that one step shows."""
        return self.config.batch_size * self.config.discriminator_steps

    @property
    def tick_images(self) -> int:
        """Real digits that about a tenth of a second on two cores shows."""
        return networks.REGISTRY[self.config.architecture].tick_images

    @property
    def steps_per_tick(self) -> int:
        """Steps that take about a tenth of a second on two cores."""
        return max(1, self.tick_images // self.images_per_step)

    @property
    def steps_per_launch(self) -> int:
        """Steps that a device is given at once: a GPU has done one sooner than it is told to."""
        return min(self.steps_per_tick, MOST_UNROLLED) if gpus() else 1

    @property
    def calls_per_digit(self) -> int:
        """How often a network is asked for one digit."""
        return 1

    def exported_discriminator(self) -> bytes:
        """What the browser asks about pictures; empty where there is no discriminator."""
        return b""

    def prepare(self, part: Part) -> None:
        """Compile steps that update `part`, which takes about a second, if that is still to do."""
        if part not in self._compiled:
            advance = partial(self._advance, part)
            self._compiled[part] = CompiledSteps(advance, self.steps_per_launch)

    def unroll(self) -> None:
        """Compile ahead what ticks are made of where a launch is dear, which takes seconds."""
        self._compiled[Part.BOTH].unroll()

    def tick(self, steps: int, part: Part = Part.BOTH) -> None:
        """Train for `steps` steps, without waiting for the device."""
        self.prepare(part)
        self._compiled[part].take(steps)

    def read_totals(self, reset: bool = True) -> tuple[NDArray[np.float32], int]:
        """Sums of the measures since the last reset, and the first step that was not finite, or -1.

        This is where host and device synchronise.
        """
        totals, failed_step = self.totals.numpy(), int(self.failed_step.numpy())
        if reset:
            self.totals.assign(tf.zeros_like(self.totals))
        return totals, failed_step

    def adjust(self, config: TrainConfig) -> None:
        """Go on as `config` says; only fields of `gan.settings.config.ADJUSTABLE` may differ."""
        compiled_in = set(ADJUSTABLE) - _VARIABLE
        if any(getattr(config, name) != getattr(self.config, name) for name in compiled_in):
            self._compiled = {}
        self.config = config
        self.course.budget(config)
        self._set_learning_rates()

    def restore(self, saved: bundle.Bundle) -> None:
        """Go on where `saved` was taken. Raises `gan.model.bundle.BundleError` if it cannot be."""
        for prefix, holder in self._holders().items():
            saved.restore(prefix, holder.variables)
        saved.restore(TOTALS, [self.totals])
        self.step.assign(saved.step)
        self.failed_step.assign(-1)
        self._set_learning_rates()

    def generate(self, noise: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Digits uint8 [N, 28, 28] of the averaged generator, from noise [N, latent_dim].

        A conditional one draws the chosen classes in turn.
        """
        labels = latent.even_classes(len(noise), self.config.chosen_classes)
        return from_network(self.draw(noise, labels))

    def weights(self) -> dict[str, NDArray[np.generic]]:
        """All state by name: networks, average, optimisers, and what waits for the next report.

        With it goes which groups were found, and in which pictures, if D is told of them.
        """
        named = bundle.named_weights(TOTALS, [self.totals])
        for prefix, holder in self._holders().items():
            named |= bundle.named_weights(prefix, holder.variables)
        return named | self._of_groups

    def real_batch(
        self, images: tf.Tensor, labels: tf.Tensor, update: int = 0
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Digits float32 [n, 28, 28, 1] in [-1, 1] and their classes [n]."""
        chosen = self._part(
            tf.random.stateless_uniform(
                [self.config.batch_size],
                self._key(Draw.BATCH, update),
                maxval=self.size,
                dtype=tf.int32,
            )
        )
        pixels = tf.cast(unpacked(tf.gather(images, chosen)), tf.float32)
        return pixels / 127.5 - 1.0, tf.cast(tf.gather(labels, chosen), tf.int32)

    def noise(self, update: int = 0) -> tf.Tensor:
        """Noise [n, latent_dim] for one update."""
        return self.normal([self.config.latent_dim], Draw.NOISE, update)

    def normal(self, shape: list[int], draw: Draw, update: int) -> tf.Tensor:
        """Normal noise [n, *shape]."""
        whole = [self.config.batch_size, *shape]
        return self._part(tf.random.stateless_normal(whole, self._key(draw, update)))

    def uniform(
        self, shape: list[int], draw: Draw, update: int, stream: Stream = Stream.USUAL
    ) -> tf.Tensor:
        """Uniform numbers in [0, 1), [n, *shape]."""
        whole = [self.config.batch_size, *shape]
        return self._part(tf.random.stateless_uniform(whole, self._key(draw, update, stream)))

    def minimise(
        self, optimizer: Adam, tape: tf.GradientTape, loss: tf.Tensor, variables: list[Any]
    ) -> None:
        """One step of `optimizer`. Devices add up their gradients: each gives its share."""
        gradients = tape.gradient(loss, variables)
        if self.replicas > 1:  # an embedding's gradient is some rows, which only add up when whole
            gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
        optimizer.apply(gradients, variables)

    def share(self, loss: tf.Tensor) -> tf.Tensor:
        """What a device's mean loss adds to the mean over the whole batch."""
        return loss / self.replicas if self.replicas > 1 else loss

    def _holders(self) -> Mapping[str, Any]:
        """What has variables to save, by the name that it is saved under."""
        counterpart = self.counterpart
        return {
            "generator": self.generator,
            **({counterpart.name: counterpart} if counterpart else {}),
            bundle.AVERAGED: self.averaged,
            **self.optimizers,
        }

    def _set_learning_rates(self) -> None:
        for name, rate in self.learning_rates().items():
            self.optimizers[name].begin_at(rate)

    def _advance(self, part: Part) -> None:
        """One step on all devices; the average and the totals."""
        measures = self.strategy.run(self.train_step, args=(*self.data, part))
        if self.replicas > 1:
            measures = [
                self.strategy.reduce(tf.distribute.ReduceOp.MEAN, value, axis=None)
                for value in measures
            ]
        if part is not Part.DISCRIMINATOR:
            self._update_average()
        self.step.assign_add(1)
        sums = tf.stack(measures)
        self.totals.assign_add(sums)
        is_first_failure = (self.failed_step < 0) & ~tf.reduce_all(tf.math.is_finite(sums))
        self.failed_step.assign(tf.where(is_first_failure, self.step, self.failed_step))

    def _update_average(self) -> None:
        """The exponential moving average, quicker at first so that it forgets the start."""
        step = tf.cast(self.step + 1, tf.float32)
        decay = tf.minimum(self.config.ema_decay, (1.0 + step) / (10.0 + step))

        def approach(average: tf.Variable, current: tf.Variable) -> None:
            average.assign_sub((1.0 - decay) * (average - current))

        for average, current in zip(self.averaged.weights, self.generator.weights, strict=True):
            self.strategy.extended.update(
                average.value, approach, args=(current.value,), group=False
            )

    def _part(self, whole: tf.Tensor) -> tf.Tensor:
        """This device's part of what was drawn for the whole batch."""
        if self.replicas == 1:
            return whole
        size = self.config.batch_size // self.replicas
        first = tf.distribute.get_replica_context().replica_id_in_sync_group * size
        return tf.ensure_shape(whole[first : first + size], [size, *whole.shape[1:]])

    def _key(self, draw: Draw, update: int, stream: Stream = Stream.USUAL) -> tf.Tensor:
        """The two numbers that a stateless generator needs, unique to this draw."""
        with tf.device(HOST):
            updates = self.step * self.config.discriminator_steps + update
            seed = tf.constant(self.config.seed + stream, tf.int64)
            return tf.stack([seed, len(Draw) * updates + draw])
