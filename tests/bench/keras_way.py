"""`lean-dcgan` as people usually write it in Keras: plain layers, a `train_step`, and `fit`."""

from __future__ import annotations

import time
from collections.abc import Sequence

import keras
import tensorflow as tf
from keras import Input, Sequential, layers

from gan.data import datasets
from gan.settings.config import CLASSES, TrainConfig

EMBEDDING = 16
"""Numbers that stand for a class in front of the generator."""


class Pair(keras.Model):
    """A generator and a discriminator, one Adam each; both are told classes, or neither is."""

    def __init__(self, settings: TrainConfig) -> None:
        super().__init__()
        self.settings = settings
        self.generator, self.discriminator = generator(settings), discriminator(settings)
        self.cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        self.means = [keras.metrics.Mean(name) for name in ("d_loss", "g_loss")]
        self.optimizers = [
            keras.optimizers.Adam(rate, beta_1=settings.adam_beta_1)
            for rate in (settings.discriminator_learning_rate, settings.generator_learning_rate)
        ]

    def train_step(self, batch: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """One step of each on real pictures, and perhaps their classes; new fakes for each."""
        real, *classes = batch
        count = tf.shape(real)[0]
        ones, zeros = tf.ones([count, 1]), tf.zeros([count, 1])
        fake = self.drawn(count, classes)
        with tf.GradientTape() as tape:
            d_loss = self.cross_entropy(ones, self.judged(real, classes))
            d_loss += self.cross_entropy(zeros, self.judged(fake, classes))
        variables = self.discriminator.trainable_variables
        self.optimizers[0].apply(tape.gradient(d_loss, variables), variables)
        with tf.GradientTape() as tape:
            g_loss = self.cross_entropy(ones, self.judged(self.drawn(count, classes), classes))
        variables = self.generator.trainable_variables
        self.optimizers[1].apply(tape.gradient(g_loss, variables), variables)
        for mean, loss in zip(self.means, (d_loss, g_loss), strict=True):
            mean.update_state(loss)
        return {mean.name: mean.result() for mean in self.means}

    def drawn(self, count: tf.Tensor, classes: Sequence[tf.Tensor]) -> tf.Tensor:
        """`count` pictures, of `classes` if there are any."""
        noise = tf.random.normal([count, self.settings.latent_dim])
        return self.generator([noise, *classes] if classes else noise, training=True)

    def judged(self, pictures: tf.Tensor, classes: Sequence[tf.Tensor]) -> tf.Tensor:
        """Logits [N, 1] for pictures."""
        inputs = [pictures, *classes] if classes else pictures
        return self.discriminator(inputs, training=True)


class StopAfter(keras.callbacks.Callback):
    """Ends `fit` some seconds after its first batches, and knows how fast it was."""

    def __init__(self, warm_up: int, settings: TrainConfig) -> None:
        super().__init__()
        self.settings, self.batches = settings, -warm_up
        self.start = self.images_per_second = 0.0

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Look at the clock."""
        self.batches += 1
        if self.batches == 0:
            self.start = time.perf_counter()
        passed = time.perf_counter() - self.start
        if self.batches > 0 and passed >= self.settings.max_seconds:
            self.images_per_second = self.batches * self.settings.batch_size / passed
            self.model.stop_training = True


def fit(settings: TrainConfig, warm_up: int) -> tuple[float, list[int]]:
    """Images/s after `warm_up` batches, and how many weights G and D have to train."""
    data = datasets.load(settings.data)
    digits = datasets.to_network(data.images)
    arrays = (digits, data.labels.astype("int32")) if settings.is_conditional else (digits,)
    batches = tf.data.Dataset.from_tensor_slices(arrays).shuffle(len(digits)).repeat()
    batches = batches.batch(settings.batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
    pair, stop = Pair(settings), StopAfter(warm_up, settings)
    pair.compile()
    pair.fit(batches, steps_per_epoch=10**6, callbacks=[stop], verbose=0)
    networks = pair.generator, pair.discriminator
    sizes = [
        sum(weight.value.shape.num_elements() for weight in network.trainable_weights)
        for network in networks
    ]
    return stop.images_per_second, sizes


def generator(settings: TrainConfig) -> keras.Model:
    """Noise, and perhaps the embedding of a class beside it, to a picture."""
    stack = Sequential(
        [
            layers.Dense(7 * 7 * 64, use_bias=False),
            layers.Reshape((7, 7, 64)),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(32, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ]
    )
    noise = Input((settings.latent_dim,))
    if not settings.is_conditional:
        return keras.Model(noise, stack(noise))
    label = Input((), dtype="int32")
    told = layers.Concatenate()([noise, layers.Embedding(CLASSES, EMBEDDING)(label)])
    return keras.Model([noise, label], stack(told))


def discriminator(settings: TrainConfig) -> keras.Model:
    """A picture to a logit; told a class, it adds that one's projection of the features."""
    stack = Sequential(
        [
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(32, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
        ]
    )
    picture = Input((28, 28, 1))
    features = stack(picture)
    logit = layers.Dense(1)(features)
    if not settings.is_conditional:
        return keras.Model(picture, logit)
    label = Input((), dtype="int32")
    embedded = layers.Embedding(CLASSES, features.shape[-1])(label)
    logit = layers.Add()([logit, layers.Dot(axes=1)([features, embedded])])
    return keras.Model([picture, label], logit)
