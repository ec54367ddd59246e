"""Images per second of the same network, trained four ways, in one run of this script.

    python tests/bench/bench_training.py [--data PATH] [--seconds 20] [--rounds 3]

The four take turns, `rounds` times, so that a machine whose speed drifts treats them alike; each
figure is the median of its rounds, beside all of them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[2]))

import keras
import tensorflow as tf

from gan import config, data
from gan.events import Progress
from gan.model import losses, networks, training
from gan.runs.engine import Engine
from gan.runs.store import RunStore


def bare_loop(settings: config.TrainConfig) -> float:
    """The compiled step, called again and again: no events, no samples, no judging."""
    trainer = training.Trainer(settings, data.load(settings.data).images)
    trainer.tick(8)
    trainer.read_totals()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < settings.max_seconds:
        trainer.tick(trainer.steps_per_tick)
        trainer.read_totals()
        steps += trainer.steps_per_tick
    return steps * settings.batch_size / (time.perf_counter() - start)


def train_function(settings: config.TrainConfig) -> float:
    """`train()` with everything that it reports, in this process."""
    events = training.train(settings, data.load(settings.data), SimpleQueue())
    last = [event for event in events if isinstance(event, Progress)][-1]
    return last.images_seen / last.seconds


def engine_run(settings: config.TrainConfig) -> float:
    """A run through queue, worker process, pipe and store, as a browser starts it."""
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(RunStore(Path(home)))
        run = engine.submit(settings, "bench")
        while (state := engine.store.state(run)).status.is_live:
            time.sleep(0.5)
        engine.close()
    return state.images_per_second


class FitGAN(keras.Model):
    """The usual Keras way: a model with a `train_step` of its own, given to `fit`."""

    def __init__(self, settings: config.TrainConfig) -> None:
        super().__init__()
        architecture = networks.REGISTRY[settings.architecture]
        self.generator = architecture.generator(settings.latent_dim)
        self.discriminator = architecture.discriminator()
        self.latent_dim = settings.latent_dim
        self.game = losses.REGISTRY[settings.loss]
        self.optimizers = [
            keras.optimizers.Adam(1e-3, beta_1=settings.adam_beta_1) for _ in range(2)
        ]
        self.means = [keras.metrics.Mean(name) for name in ("d_loss", "g_loss")]

    def train_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """One update of each network, on separate noise."""
        noise = tf.random.normal([tf.shape(real)[0], self.latent_dim])
        fake = self.generator(noise, training=True)
        with tf.GradientTape() as tape:
            d_loss = self.game.discriminator(
                self.discriminator(real, training=True), self.discriminator(fake, training=True)
            )
        variables = self.discriminator.trainable_variables
        self.optimizers[0].apply(tape.gradient(d_loss, variables), variables)
        with tf.GradientTape() as tape:
            fake = self.generator(noise, training=True)
            g_loss = self.game.generator(self.discriminator(fake, training=True))
        variables = self.generator.trainable_variables
        self.optimizers[1].apply(tape.gradient(g_loss, variables), variables)
        for mean, loss in zip(self.means, (d_loss, g_loss), strict=True):
            mean.update_state(loss)
        return {mean.name: mean.result() for mean in self.means}


class _StopAfter(keras.callbacks.Callback):
    """Counts batches for some seconds, after the first ten."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds, self.batches, self.start = seconds, -10, 0.0

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self.batches += 1
        if self.batches == 0:
            self.start = time.perf_counter()
        self.elapsed = time.perf_counter() - self.start
        if self.batches > 0 and self.elapsed > self.seconds:
            self.model.stop_training = True


def keras_fit(settings: config.TrainConfig) -> float:
    """`fit` on a `tf.data` pipeline."""
    images = data.to_network(data.load(settings.data).images)
    batches = (
        tf.data.Dataset.from_tensor_slices(images)
        .shuffle(5000)
        .batch(settings.batch_size, drop_remainder=True)
        .prefetch(2)
    )
    model, timer = FitGAN(settings), _StopAfter(settings.max_seconds)
    model.compile()
    model.fit(batches.repeat(), steps_per_epoch=100_000, epochs=1, verbose=0, callbacks=[timer])
    return timer.batches * settings.batch_size / timer.elapsed


WAYS: dict[str, Callable[[config.TrainConfig], float]] = {
    "bare compiled loop": bare_loop,
    "train()": train_function,
    "run through the engine": engine_run,
    "Keras fit": keras_fit,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="builtin")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    settings = replace(config.TrainConfig(), data=options.data, max_seconds=options.seconds)
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(options.rounds):
        for way, measure in WAYS.items():
            speeds[way].append(measure(settings))
    bare = statistics.median(speeds["bare compiled loop"])
    print(
        f"{settings.architecture}, batch {settings.batch_size}, {os.cpu_count()} CPU cores, "
        f"{options.rounds} rounds of {options.seconds:g} s"
    )
    for way, rounds in speeds.items():
        median = statistics.median(rounds)
        print(
            f"{way:<24}{median:8.0f} images/s  {median / settings.batch_size:6.1f} steps/s  "
            f"{median / bare:5.2f} of bare   (rounds: "
            + " ".join(f"{speed:.0f}" for speed in rounds)
            + ")"
        )


if __name__ == "__main__":
    main()
