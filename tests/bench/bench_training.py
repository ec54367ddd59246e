"""Images per second of the same network, trained six ways, in one run of this script.

    pip install torch==2.13.0
    python tests/bench/bench_training.py [--data PATH] [--seconds 10] [--rounds 3] [--batch-size 64]

The ways take turns, `rounds` times, so that a machine whose speed drifts treats them alike, each in
a process of its own with its library's default settings; each figure is the median of its rounds,
beside all of them. Float32 throughout. PyTorch is needed for this comparison only.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from gan.data import datasets
from gan.settings import presets
from gan.settings.config import TrainConfig

WARM_UP = 10


def bare_loop(settings: TrainConfig) -> float:
    """Our compiled step, called again and again: no events, no samples, no judging."""
    from gan.model import training

    trainer = training.trainer(settings, datasets.load(settings.data))
    return _speed(lambda: trainer.tick(1), settings, wait=trainer.read_totals)


def train_function(settings: TrainConfig) -> float:
    """`train()` with everything that it reports."""
    from gan.messages.events import Progress
    from gan.model import training

    events = training.train(settings, datasets.load(settings.data), SimpleQueue())
    last = [event for event in events if isinstance(event, Progress)][-1]
    return last.images_seen / last.seconds


def engine_run(settings: TrainConfig) -> float:
    """A run through queue, worker process, pipe and store, as a browser starts it."""
    from gan.jobs.engine import Engine
    from gan.runs.store import RunStore

    with tempfile.TemporaryDirectory() as home:
        engine = Engine(RunStore(Path(home)))
        run = engine.submit(settings, "bench")
        while (state := engine.store.state(run)).status.is_live:
            time.sleep(0.5)
        engine.close()
    return state.images_per_second


def keras_fit(settings: TrainConfig) -> float:
    """The usual Keras way: plain layers in a model with a `train_step` of its own, and `fit`."""
    import keras
    import tensorflow as tf

    generator, discriminator = _keras_networks(settings)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.generator, self.discriminator = generator, discriminator
            self.means = [keras.metrics.Mean(name) for name in ("d_loss", "g_loss")]
            self.optimizers = [
                keras.optimizers.Adam(rate, beta_1=settings.adam_beta_1)
                for rate in (
                    settings.discriminator_learning_rate,
                    settings.generator_learning_rate,
                )
            ]

        def train_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
            count = tf.shape(real)[0]
            fake = self.generator(tf.random.normal([count, settings.latent_dim]), training=True)
            ones, zeros = tf.ones([count, 1]), tf.zeros([count, 1])
            with tf.GradientTape() as tape:
                d_loss = cross_entropy(ones, self.discriminator(real, training=True))
                d_loss += cross_entropy(zeros, self.discriminator(fake, training=True))
            variables = self.discriminator.trainable_variables
            self.optimizers[0].apply(tape.gradient(d_loss, variables), variables)
            noise = tf.random.normal([count, settings.latent_dim])
            with tf.GradientTape() as tape:
                fake = self.generator(noise, training=True)
                g_loss = cross_entropy(ones, self.discriminator(fake, training=True))
            variables = self.generator.trainable_variables
            self.optimizers[1].apply(tape.gradient(g_loss, variables), variables)
            for mean, loss in zip(self.means, (d_loss, g_loss), strict=True):
                mean.update_state(loss)
            return {mean.name: mean.result() for mean in self.means}

    class StopAfter(keras.callbacks.Callback):
        batches, start, speed = -WARM_UP, 0.0, 0.0

        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.batches += 1
            if self.batches == 0:
                self.start = time.perf_counter()
            passed = time.perf_counter() - self.start
            if self.batches > 0 and passed >= settings.max_seconds:
                self.speed = self.batches * settings.batch_size / passed
                self.model.stop_training = True

    digits = datasets.to_network(datasets.load(settings.data).images)
    batches = tf.data.Dataset.from_tensor_slices(digits).shuffle(len(digits)).repeat()
    batches = batches.batch(settings.batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
    pair, stop = Pair(), StopAfter()
    pair.compile()
    pair.fit(batches, steps_per_epoch=10**6, callbacks=[stop], verbose=0)
    return stop.speed


def torch_eager(settings: TrainConfig, channels_last: bool = False) -> float:
    """The usual loop in eager PyTorch, with the data resident in memory."""
    import torch
    from torch import nn

    generator = nn.Sequential(
        nn.Linear(settings.latent_dim, 7 * 7 * 64, bias=False),
        nn.Unflatten(1, (64, 7, 7)),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, 2, 1),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(1, 16, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(16, 32, 4, 2, 1, bias=False),
        nn.BatchNorm2d(32),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 1),
    )
    if channels_last:
        generator = generator.to(memory_format=torch.channels_last)
        discriminator = discriminator.to(memory_format=torch.channels_last)
    _same_size(settings, generator, discriminator)
    betas = settings.adam_beta_1, settings.adam_beta_2
    g_optimizer = torch.optim.Adam(generator.parameters(), settings.generator_learning_rate, betas)
    d_optimizer = torch.optim.Adam(
        discriminator.parameters(), settings.discriminator_learning_rate, betas
    )
    cross_entropy = nn.BCEWithLogitsLoss()
    images = torch.from_numpy(np.ascontiguousarray(datasets.load(settings.data).images))[:, None]
    ones, zeros = (make(settings.batch_size, 1) for make in (torch.ones, torch.zeros))

    def step() -> None:
        chosen = torch.randint(len(images), (settings.batch_size,))
        real = images[chosen].float() / 127.5 - 1
        if channels_last:
            real = real.contiguous(memory_format=torch.channels_last)
        fake = generator(torch.randn(settings.batch_size, settings.latent_dim))
        d_optimizer.zero_grad()
        d_loss = cross_entropy(discriminator(real), ones)
        d_loss = d_loss + cross_entropy(discriminator(fake.detach()), zeros)
        d_loss.backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        cross_entropy(discriminator(fake), ones).backward()
        g_optimizer.step()

    return _speed(step, settings)


def torch_channels_last(settings: TrainConfig) -> float:
    """The same in PyTorch's other memory layout."""
    return torch_eager(settings, channels_last=True)


WAYS: dict[str, Callable[[TrainConfig], float]] = {
    "bare compiled loop": bare_loop,
    "train()": train_function,
    "through the engine": engine_run,
    "Keras fit": keras_fit,
    "PyTorch eager": torch_eager,
    "PyTorch channels-last": torch_channels_last,
}


def _speed(
    step: Callable[[], object], settings: TrainConfig, wait: Callable[[], object] | None = None
) -> float:
    """Images/s of `step` over the config's seconds; `wait` lets it finish, every 16 steps."""
    for _ in range(WARM_UP):
        step()
    if wait:
        wait()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < settings.max_seconds:
        for _ in range(16):
            step()
        if wait:
            wait()
        steps += 16
    return steps * settings.batch_size / (time.perf_counter() - start)


def _keras_networks(settings: TrainConfig):
    """`lean-dcgan` from Keras's own layers."""
    from keras import Input, Sequential, layers

    generator = [
        Input((settings.latent_dim,)),
        layers.Dense(7 * 7 * 64, use_bias=False),
        layers.Reshape((7, 7, 64)),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(32, 4, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
    ]
    discriminator = [
        Input((28, 28, 1)),
        layers.Conv2D(16, 4, strides=2, padding="same"),
        layers.LeakyReLU(0.2),
        layers.Conv2D(32, 4, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.2),
        layers.Flatten(),
        layers.Dense(1),
    ]
    return Sequential(generator), Sequential(discriminator)


def _same_size(settings: TrainConfig, generator: object, discriminator: object) -> None:
    """The networks written out for PyTorch have as many weights as ours."""
    from gan.model import networks

    pairs = {networks.generator: generator, networks.discriminator: discriminator}
    for build, theirs in pairs.items():
        ours = sum(int(np.prod(weight.shape)) for weight in build(settings).trainable_weights)
        assert ours == sum(weight.numel() for weight in theirs.parameters()), build.__name__


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="builtin")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--way", choices=WAYS, help="measure this one once, in this process")
    options = parser.parse_args()
    settings = replace(
        presets.preset("unconditional"),  # of lean-dcgan
        data=options.data,
        batch_size=options.batch_size,
        max_seconds=options.seconds,
    )
    if options.way:
        print(WAYS[options.way](settings))
        return
    has_torch = importlib.util.find_spec("torch") is not None
    ways = [way for way in WAYS if has_torch or not way.startswith("PyTorch")]
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way in ways:
            command = [sys.executable, __file__, *sys.argv[1:], "--way", way]
            said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            speeds[way].append(float(said.splitlines()[-1]))
    print(f"lean-dcgan, batches of {settings.batch_size}, float32, {os.cpu_count()} cores")
    ours = statistics.median(speeds["bare compiled loop"])
    for way, rounds in speeds.items():
        median = statistics.median(rounds)
        print(
            f"{way:<24}{median:8.0f} images/s  {median / settings.batch_size:6.1f} steps/s; the "
            f"bare loop is {ours / median:4.2f} times as fast   (rounds: "
            + " ".join(f"{speed:.0f}" for speed in rounds)
            + ")"
        )
    if not has_torch:
        print("PyTorch was left out: pip install torch==2.13.0")


if __name__ == "__main__":
    main()
