"""The training loop: a generator of events that knows nothing of disks, processes or screens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan import latent
from gan.config import TrainConfig
from gan.data import Digits, from_network
from gan.events import (
    Command,
    Event,
    Failed,
    Finished,
    Preparing,
    Progress,
    Samples,
    Snapshot,
    Started,
    StopReason,
)
from gan.model import bundle, losses, networks
from gan.model.quality import judge_of

DISPLAY_SAMPLES: Final = 64
LIVE_QUALITY_SAMPLES: Final = 1000
_BATCH_KEY, _NOISE_KEY = 0, 1


class Trainer:
    """One pair of networks, their optimisers and data, all resident on the device.

    All randomness is a function of (seed, step), so a run can be repeated, and later resumed, to
    the bit on the same machine.
    """

    def __init__(self, config: TrainConfig, images: NDArray[np.uint8]) -> None:
        keras.utils.set_random_seed(config.seed)
        architecture = networks.REGISTRY[config.architecture]
        self.config = config
        self.loss = losses.REGISTRY[config.loss]
        self.generator = architecture.generator(config.latent_dim)
        self.discriminator = architecture.discriminator()
        self.averaged = architecture.generator(config.latent_dim)
        self.averaged.set_weights(self.generator.get_weights())
        self.generator_optimizer = _adam(config, config.generator_learning_rate)
        self.discriminator_optimizer = _adam(config, config.discriminator_learning_rate)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.images = tf.constant(images[..., None])
        self.step = tf.Variable(0, dtype=tf.int64)
        self.totals = tf.Variable(tf.zeros(4))
        self.failed_step = tf.Variable(-1, dtype=tf.int64)
        self.steps_per_tick = max(1, architecture.tick_images // config.batch_size)
        self.display_noise = latent.sample(DISPLAY_SAMPLES, config.latent_dim, config.seed)
        self.draw = bundle.compiled(self.averaged)
        self._compiled = tf.function(self.train_step, autograph=False).get_concrete_function()

    def train_step(self) -> None:
        """`discriminator_steps` updates of D, one of G, the average, the totals.

        G is updated on the digits that D saw last, so that they are generated only once.
        """
        last = self.config.discriminator_steps - 1
        for update in range(last):
            fake = self.generator(self._noise(update), training=True)
            self._update_discriminator(self._real_batch(update), fake)
        with tf.GradientTape() as tape:
            fake = self.generator(self._noise(last), training=True)
            with tape.stop_recording():
                d_loss, *scores = self._update_discriminator(self._real_batch(last), fake)
            g_loss = self.loss.generator(self.discriminator(fake, training=True))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(g_loss, variables), variables)
        self._update_average()
        self._count(d_loss, g_loss, *scores)

    def tick(self, steps: int) -> None:
        """Train for `steps` steps, without waiting for the device."""
        for _ in range(steps):
            self._compiled()

    def read_totals(self) -> tuple[NDArray[np.float32], int]:
        """Sums [d_loss, g_loss, d_real, d_fake] since the last call, and the failed step or -1.

        This is where host and device synchronise.
        """
        totals, failed_step = self.totals.numpy(), int(self.failed_step.numpy())
        self.totals.assign(tf.zeros(4))
        return totals, failed_step

    def generate(self, noise: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Digits uint8 [N, 28, 28] of the averaged generator, from noise [N, latent_dim]."""
        return from_network(self.draw(noise))

    def weights(self) -> dict[str, NDArray[np.generic]]:
        """All state by name: networks, average, optimisers."""
        holders = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            bundle.AVERAGED: self.averaged,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        return {
            key: value
            for prefix, holder in holders.items()
            for key, value in bundle.named_weights(prefix, holder.variables).items()
        }

    def _update_discriminator(
        self, real: tf.Tensor, fake: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """One step of D; its loss, and its mean scores on `real` and on `fake` before the step."""
        with tf.GradientTape() as tape:
            real_logits = self.discriminator(real, training=True)
            fake_logits = self.discriminator(fake, training=True)
            loss = self.loss.discriminator(real_logits, fake_logits)
        variables = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        d_real, d_fake = (tf.reduce_mean(tf.sigmoid(x)) for x in (real_logits, fake_logits))
        return loss, d_real, d_fake

    def _count(self, d_loss: tf.Tensor, g_loss: tf.Tensor, *scores: tf.Tensor) -> None:
        """Move the step on, add to the totals, remember the first step that was not finite."""
        self.step.assign_add(1)
        self.totals.assign_add(tf.stack([d_loss, g_loss, *scores]))
        is_first_failure = (self.failed_step < 0) & ~tf.math.is_finite(d_loss + g_loss)
        self.failed_step.assign(tf.where(is_first_failure, self.step, self.failed_step))

    def _update_average(self) -> None:
        """The exponential moving average, quicker at first so that it forgets the start."""
        step = tf.cast(self.step, tf.float32)
        decay = tf.minimum(self.config.ema_decay, (1.0 + step) / (10.0 + step))
        for average, current in zip(self.averaged.weights, self.generator.weights, strict=True):
            average.assign_sub((1.0 - decay) * (average - current))

    def _key(self, purpose: int, update: int) -> tf.Tensor:
        """The two numbers that a stateless generator needs, unique to this draw."""
        draw = 2 * (self.step * self.config.discriminator_steps + update) + purpose
        return tf.stack([tf.constant(self.config.seed, tf.int64), draw])

    def _real_batch(self, update: int) -> tf.Tensor:
        chosen = tf.random.stateless_uniform(
            [self.config.batch_size],
            self._key(_BATCH_KEY, update),
            maxval=len(self.images),
            dtype=tf.int32,
        )
        return tf.cast(tf.gather(self.images, chosen), tf.float32) / 127.5 - 1.0

    def _noise(self, update: int) -> tf.Tensor:
        shape = [self.config.batch_size, self.config.latent_dim]
        return tf.random.stateless_normal(shape, self._key(_NOISE_KEY, update))


def train(config: TrainConfig, digits: Digits, commands: SimpleQueue[Command]) -> Iterator[Event]:
    """Train as `config` says on `digits`, obeying `commands` between two ticks.

    Yields `Preparing`, `Started`, then `Progress`, `Samples`, `Quality` and `Snapshot` as they
    fall due, and ends with `Finished`, or with `Failed` once a loss is not finite.
    """
    yield Preparing("Building the networks")
    trainer = Trainer(config, digits.images)
    judge = judge_of(digits, LIVE_QUALITY_SAMPLES)
    judge_noise = latent.sample(judge.samples, config.latent_dim, config.seed)
    yield Started(
        device=device(),
        training_images=len(digits),
        generator_parameters=trainer.generator.count_params(),
        discriminator_parameters=trainer.discriminator.count_params(),
    )
    yield Samples(0, trainer.generate(trainer.display_noise))
    clock = _Clock(config.batch_size * config.discriminator_steps)
    samples_due, quality_due, snapshot_due = _Due(0.5, 1.0), _Due(2.0, 15.0), _Due(2.5, 10.0)
    step, ticks, reason = 0, 0, None
    while reason is None:
        steps = _steps_left(config, step, trainer.steps_per_tick)
        trainer.tick(steps)
        step, ticks = step + steps, ticks + 1
        reason = _end(config, step, clock.seconds(), commands)
        if reason is None and ticks % _ticks_per_report(ticks):
            continue
        totals, failed_step = trainer.read_totals()
        if failed_step >= 0:
            yield _not_finite(failed_step)
            return
        yield clock.progress(step, totals)
        if samples_due.at(clock.seconds()) or reason:
            yield Samples(step, trainer.generate(trainer.display_noise))
        if quality_due.at(clock.seconds()) or reason:
            yield judge.quality(trainer.draw, judge_noise, step, clock.seconds())
        if snapshot_due.at(clock.seconds()) or reason:
            snapshot = take_snapshot(trainer, step)
            if snapshot is None:
                yield _not_finite(step)
                return
            yield snapshot
    yield Finished(step, reason)


def take_snapshot(trainer: Trainer, step: int) -> Snapshot | None:
    """The state after `step` steps; None if a weight is not finite, which is not worth keeping."""
    weights = trainer.weights()
    if not all(np.isfinite(value).all() for value in weights.values()):
        return None
    state = bundle.dump(trainer.config, step, weights)
    browser = bundle.export_generator(trainer.averaged)
    return Snapshot(step, np.frombuffer(state, np.uint8), np.frombuffer(browser, np.uint8))


class _Clock:
    """Training time, and what happened since the last report."""

    def __init__(self, images_per_step: int) -> None:
        self._images_per_step = images_per_step
        self._start = self._reported_at = time.perf_counter()
        self._reported_step = 0

    def seconds(self) -> float:
        return time.perf_counter() - self._start

    def progress(self, step: int, totals: NDArray[np.float32]) -> Progress:
        now, steps = time.perf_counter(), step - self._reported_step
        speed = steps * self._images_per_step / (now - self._reported_at)
        self._reported_at, self._reported_step = now, step
        d_loss, g_loss, d_real, d_fake = (float(total) / steps for total in totals)
        return Progress(
            step=step,
            images_seen=step * self._images_per_step,
            seconds=now - self._start,
            d_loss=d_loss,
            g_loss=g_loss,
            d_real=d_real,
            d_fake=d_fake,
            images_per_second=speed,
        )


class _Due:
    """Falls due `first` seconds into the run, then every `period` seconds or 2% of the run.

    The share keeps what a long run stores bounded: some hundreds of samples a day.
    """

    def __init__(self, first: float, period: float) -> None:
        self._next, self._period = first, period

    def at(self, seconds: float) -> bool:
        if seconds < self._next:
            return False
        self._next = seconds + max(self._period, 0.02 * seconds)
        return True


def _ticks_per_report(ticks: int) -> int:
    """Every tick at first, then ever fewer: at most 512 reports for each doubling of a run.

    Counted in ticks, not seconds, so that the same seed reports the same steps.
    """
    return 1 << max(0, (ticks // 1024).bit_length())


def _adam(config: TrainConfig, learning_rate: float) -> keras.optimizers.Adam:
    return keras.optimizers.Adam(
        learning_rate, beta_1=config.adam_beta_1, beta_2=config.adam_beta_2
    )


def _steps_left(config: TrainConfig, step: int, per_tick: int) -> int:
    return per_tick if config.max_steps is None else min(per_tick, config.max_steps - step)


def _end(
    config: TrainConfig, step: int, seconds: float, commands: SimpleQueue[Command]
) -> StopReason | None:
    if not commands.empty():
        return commands.get().reason
    out_of_steps = config.max_steps is not None and step >= config.max_steps
    out_of_time = config.max_seconds is not None and seconds >= config.max_seconds
    return StopReason.COMPLETED if out_of_steps or out_of_time else None


def _not_finite(step: int) -> Failed:
    return Failed(
        error=f"At step {step} a loss or weight stopped being a finite number: the updates had "
        "grown until the numbers overflowed. The last snapshot before that is kept.",
        hint="Lower the learning rates (ten times is a good first try), or keep D and G equal.",
    )


def device() -> str:
    """What TensorFlow computes on, as people call it."""
    gpus = tf.config.list_physical_devices("GPU")
    return f"{len(gpus)} GPU" if gpus else "CPU"
