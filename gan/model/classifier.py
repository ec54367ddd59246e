"""A small digit classifier: the measure of quality. `train_classifier` makes it from MNIST."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from gan.data.array_files import read_npz
from gan.data.datasets import Digits, to_network
from gan.network_file.digit_classifier import PATH

FEATURES: Final = 64
SEED: Final = 7


def build() -> keras.Model:
    """Digits [N, 28, 28, 1] in [-1, 1] -> (features [N, 64], class logits [N, 10])."""
    image = keras.Input((28, 28, 1))
    x = image
    for channels in (16, 32):
        x = layers.Conv2D(channels, 3, activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    features = layers.Dense(FEATURES, activation="relu")(layers.Flatten()(x))
    logits = layers.Dense(10)(layers.Dropout(0.3)(features))
    return keras.Model(image, [features, logits], name="classifier")


def judge(digits: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Features [N, 64] and class probabilities [N, 10] of digits [N, 28, 28, 1] in [-1, 1]."""
    run = _compiled()
    parts = [run(digits[i : i + 500]) for i in range(0, len(digits), 500)]
    features, probabilities = zip(*parts, strict=True)
    return np.concatenate(features), np.concatenate(probabilities)


def train_classifier(train: Digits, test: Digits, epochs: int = 12) -> tuple[keras.Model, float]:
    """A trained classifier and its accuracy, 0 to 1, on `test`."""
    keras.utils.set_random_seed(SEED)
    model = build()
    shift = keras.Sequential(
        [layers.RandomTranslation(0.07, 0.07, fill_value=-1.0, fill_mode="constant")]
    )
    batches = (
        tf.data.Dataset.from_tensor_slices((to_network(train.images), train.labels))
        .shuffle(len(train), seed=SEED)
        .batch(128)
        .map(lambda images, labels: (shift(images, training=True), labels))
    )
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
    model.compile(
        keras.optimizers.Adam(schedule),
        loss=[None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)],
    )
    model.fit(
        batches.map(lambda images, labels: (images, (labels, labels))), epochs=epochs, verbose=2
    )
    _, logits = model.predict(to_network(test.images), verbose=0)
    return model, float((logits.argmax(axis=1) == test.labels).mean())


def save(model: keras.Model, path: Path = PATH) -> None:
    """Write the weights, in order, as plain arrays."""
    np.savez(path, **{f"w{i}": weight for i, weight in enumerate(model.get_weights())})


@cache
def load(path: Path = PATH) -> keras.Model:
    """The shipped classifier. Raises `gan.data.datasets.DataError` if its file is damaged."""
    model = build()
    names = tuple(f"w{i}" for i in range(len(model.weights)))
    arrays = read_npz(path, names)
    model.set_weights([arrays[name] for name in names])
    return model


@cache
def _compiled() -> tf.types.experimental.GenericFunction:
    model = load()

    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28, 1], tf.float32)])
    def run(digits: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        features, logits = model(digits, training=False)
        return features, tf.nn.softmax(logits)

    return run
