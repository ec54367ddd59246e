"""What every training has in common: networks and data on the devices, and one compiled step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import IntEnum, auto
from functools import cache, partial
from typing import Any, ClassVar, Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan import latent
from gan.config import TrainConfig
from gan.data import Digits, from_network
from gan.events import Progress, VaeProgress
from gan.model import bundle, networks
from gan.model.layers import Adam

SAMPLE_ROWS: Final = 8


class Draw(IntEnum):
    """What a random draw is for: each has a stream of its own."""

    BATCH = 0
    NOISE = auto()
    INTERPOLATION = auto()
    REAL_INSTANCE_NOISE = auto()
    FAKE_INSTANCE_NOISE = auto()
    LAST_INSTANCE_NOISE = auto()


class Trainer(ABC):
    """Networks, their optimisers and data, all resident on the devices.

    All randomness is a function of (seed, step), so a run can be repeated, and later resumed, to
    the bit on the same machine. On several devices each takes an equal part of the batch that one
    would have drawn.
    """

    report: ClassVar[type[Progress] | type[VaeProgress]]
    measures: ClassVar[tuple[str, ...]]
    """The fields of `report` that `train_step` returns, in its order."""

    def __init__(
        self, config: TrainConfig, digits: Digits, devices: Iterable[str] | None = None
    ) -> None:
        """Build on `devices`, names such as ``GPU:0``; by default on all GPUs, else the CPU."""
        keras.utils.set_random_seed(config.seed)
        self.config = config
        self.strategy = _strategy(gpus() if devices is None else list(devices), config.batch_size)
        self.replicas: int = self.strategy.num_replicas_in_sync
        with self.strategy.scope():
            self.generator = networks.generator(config)
            self.opponent = self.build_opponent()
            self.averaged = networks.generator(config)
            self.averaged.set_weights(self.generator.get_weights())
            self.optimizers = self.build_optimizers()
        self.size = len(digits)
        self.data = self._resident(digits)
        self.step = tf.Variable(0, dtype=tf.int64)
        self.totals = tf.Variable(tf.zeros(len(self.measures)))
        self.failed_step = tf.Variable(-1, dtype=tf.int64)
        images = networks.REGISTRY[config.architecture].tick_images
        self.steps_per_tick = max(1, images // (config.batch_size * config.discriminator_steps))
        self.draw = bundle.compiled(self.averaged)
        self.display_noise = latent.sample(
            SAMPLE_ROWS * config.sample_columns, config.latent_dim, config.seed
        )
        self._compiled = tf.function(self._advance, autograph=False).get_concrete_function()

    @abstractmethod
    def build_opponent(self) -> keras.Model:
        """The network beside the generator."""

    @abstractmethod
    def build_optimizers(self) -> Mapping[str, Adam]:
        """The optimisers by name, built for their variables."""

    @abstractmethod
    def train_step(self, images: tf.Tensor, labels: tf.Tensor) -> list[tf.Tensor]:
        """Update the networks once, on one device's part of the batch; scalars for `measures`."""

    def tick(self, steps: int) -> None:
        """Train for `steps` steps, without waiting for the device."""
        for _ in range(steps):
            self._compiled()

    def read_totals(self) -> tuple[NDArray[np.float32], int]:
        """Sums of `measures` since the last call, and the first step that was not finite, or -1.

        This is where host and device synchronise.
        """
        totals, failed_step = self.totals.numpy(), int(self.failed_step.numpy())
        self.totals.assign(tf.zeros_like(self.totals))
        return totals, failed_step

    def generate(self, noise: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Digits uint8 [N, 28, 28] of the averaged generator, from noise [N, latent_dim].

        A conditional one draws the chosen classes in turn.
        """
        labels = latent.even_classes(len(noise), self.config.chosen_classes)
        return from_network(self.draw(noise, labels))

    def weights(self) -> dict[str, NDArray[np.generic]]:
        """All state by name: networks, average, optimisers."""
        holders = {
            "generator": self.generator,
            self.opponent.name: self.opponent,
            bundle.AVERAGED: self.averaged,
            **self.optimizers,
        }
        return {
            key: value
            for prefix, holder in holders.items()
            for key, value in bundle.named_weights(prefix, holder.variables).items()
        }

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
        digits = tf.cast(tf.gather(images, chosen), tf.float32) / 127.5 - 1.0
        return digits, tf.gather(labels, chosen)

    def noise(self, update: int = 0) -> tf.Tensor:
        """Noise [n, latent_dim] for one update."""
        return self.normal([self.config.latent_dim], Draw.NOISE, update)

    def normal(self, shape: list[int], draw: Draw, update: int) -> tf.Tensor:
        """Normal noise [n, *shape]."""
        whole = [self.config.batch_size, *shape]
        return self._part(tf.random.stateless_normal(whole, self._key(draw, update)))

    def uniform(self, shape: list[int], draw: Draw, update: int) -> tf.Tensor:
        """Uniform numbers in [0, 1), [n, *shape]."""
        whole = [self.config.batch_size, *shape]
        return self._part(tf.random.stateless_uniform(whole, self._key(draw, update)))

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

    def _advance(self) -> None:
        """One step on all devices; the average and the totals."""
        measures = self.strategy.run(self.train_step, args=self.data)
        if self.replicas > 1:
            measures = [
                self.strategy.reduce(tf.distribute.ReduceOp.MEAN, value, axis=None)
                for value in measures
            ]
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

    def _resident(self, digits: Digits) -> tuple[Any, Any]:
        """Images and classes, a copy on each device."""
        labels = np.zeros(len(digits), np.int32) if digits.labels is None else digits.labels
        arrays = digits.images[..., None], labels.astype(np.int32)
        if self.replicas == 1:
            return tuple(map(tf.constant, arrays))
        devices = self.strategy.extended.worker_devices

        def copy(array: NDArray[np.generic], context: tf.distribute.ValueContext) -> tf.Tensor:
            with tf.device(devices[context.replica_id_in_sync_group]):
                return tf.constant(array)

        distribute = self.strategy.experimental_distribute_values_from_function
        return tuple(distribute(partial(copy, array)) for array in arrays)

    def _part(self, whole: tf.Tensor) -> tf.Tensor:
        """This device's part of what was drawn for the whole batch."""
        if self.replicas == 1:
            return whole
        size = self.config.batch_size // self.replicas
        first = tf.distribute.get_replica_context().replica_id_in_sync_group * size
        return tf.ensure_shape(whole[first : first + size], [size, *whole.shape[1:]])

    def _key(self, draw: Draw, update: int) -> tf.Tensor:
        """The two numbers that a stateless generator needs, unique to this draw."""
        updates = self.step * self.config.discriminator_steps + update
        return tf.stack([tf.constant(self.config.seed, tf.int64), len(Draw) * updates + draw])


def adam(
    config: TrainConfig, learning_rate: float, variables: list[Any], updates_a_step: int = 1
) -> Adam:
    """The optimiser of `config`, built for `variables`, which change `updates_a_step` times."""
    rate: float | keras.optimizers.schedules.LearningRateSchedule = learning_rate
    if config.learning_rate_half_life:
        rate = keras.optimizers.schedules.ExponentialDecay(
            learning_rate, config.learning_rate_half_life * updates_a_step, decay_rate=0.5
        )
    optimizer = Adam(rate, beta_1=config.adam_beta_1, beta_2=config.adam_beta_2)
    optimizer.build(variables)
    return optimizer


def gpus() -> list[str]:
    """The GPUs that TensorFlow may use, each taking memory as it needs it."""
    found = tf.config.list_physical_devices("GPU")
    for device in found:
        try:
            tf.config.experimental.set_memory_growth(device, True)
        except RuntimeError:
            pass  # TensorFlow computed something before: it has taken what it wants
    return [f"GPU:{index}" for index in range(len(found))]


def _strategy(devices: list[str], batch_size: int) -> tf.distribute.Strategy:
    """Mirrored over as many of `devices` as divide the batch; nothing special for one."""
    count = max((n for n in range(1, len(devices) + 1) if batch_size % n == 0), default=0)
    if count < 2:
        return tf.distribute.get_strategy()
    return _mirrored(tuple(devices[:count]))


@cache
def _mirrored(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    """One for all runs of the process: TensorFlow takes the sums of two for each other's."""
    return tf.distribute.MirroredStrategy(list(devices))
