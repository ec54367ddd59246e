"""What an encoder is worth: real test digits found in a generator's noise, from three starts.

    python tests/bench/bench_encoder.py --data PATH/mnist.npz [--generator PATH] [--seconds 8]

Prints for each start the root-mean-square pixel error, 0 to 255, of what is drawn from it, and how
often the digit classifier reads the same digit in it; before and after a descent on the noise.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import tensorflow as tf

from gan import latent
from gan.data import datasets
from gan.messages.requests import Encoder
from gan.model import classifier, encoder
from gan.model.encoder import Drawing
from gan.network_file import read

GENERATOR = Path(__file__).parents[2] / "assets" / "pretrained" / "digits" / "generator.bin"
DIGITS, RANDOM, STEPS, RATE = 200, 500, 100, 0.1


def best_of_random(drawing: Drawing, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of `RANDOM` noise vectors the one whose picture is the nearest."""
    noise = latent.sample(RANDOM, drawing.latent_dim, seed=0)
    classes = one_hot(np.arange(RANDOM) % max(1, drawing.classes), drawing.classes)
    pictures = drawing(noise, classes).numpy().reshape(RANDOM, -1)
    flat = real.reshape(len(real), -1)
    best = (np.square(pictures).sum(axis=1) - 2 * flat @ pictures.T).argmin(axis=1)
    return noise[best], classes[best]


def encoded(network: bytes, drawing: Drawing, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the encoder in this file says."""
    _, stages = read(network)
    model = encoder.build(drawing.latent_dim, drawing.classes)
    model.set_weights([array for stage in stages for array in (stage.kernel, stage.bias)])
    noise, logits = np.split(model(real).numpy(), [drawing.latent_dim], axis=1)
    return noise, one_hot(logits.argmax(axis=1) if drawing.classes else 0, drawing.classes)


def one_hot(labels: np.ndarray | int, classes: int) -> np.ndarray:
    wide = np.broadcast_to(labels, RANDOM if np.ndim(labels) == 0 else len(labels))
    return np.eye(max(1, classes), dtype=np.float32)[wide][:, :classes]


def descended(drawing: Drawing, real: np.ndarray, noise: np.ndarray, classes: np.ndarray):
    """The noise after `STEPS` steps of Adam on the squared pixel error."""
    found, adam = tf.Variable(noise), tf.keras.optimizers.Adam(RATE)
    adam.build([found])

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            error = tf.reduce_sum(tf.reduce_mean((drawing(found, classes) - real) ** 2, (1, 2, 3)))
        adam.apply_gradients([(tape.gradient(error, found), found)])

    for _ in range(STEPS):
        step()
    return found.numpy()


def scores(drawing: Drawing, real: np.ndarray, noise, classes) -> str:
    pictures = drawing(noise, classes).numpy()
    errors = np.sqrt(np.square(pictures - real).mean(axis=(1, 2, 3))) * 127.5
    read_as, are = (classifier.judge(each)[1].argmax(axis=1) for each in (pictures, real))
    return f"error {errors.mean():5.1f}  same digit {100 * (read_as == are).mean():5.1f}%"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--generator", type=Path, default=GENERATOR)
    parser.add_argument("--seconds", type=float, default=encoder.SECONDS)
    options = parser.parse_args()
    content = options.generator.read_bytes()
    drawing = Drawing.of(content)
    real = datasets.to_network(datasets.load_test(options.data).images[:DIGITS])
    began = time.monotonic()
    *_, last = encoder.fit(content, options.seconds)
    assert isinstance(last, Encoder)
    print(f"{options.generator.parent.name}: {time.monotonic() - began:.1f} s with building")
    nothing = (
        np.zeros((DIGITS, drawing.latent_dim), np.float32),
        one_hot(0, drawing.classes)[:DIGITS],
    )
    for name, (noise, classes) in {
        "0": nothing,
        f"best of {RANDOM}": best_of_random(drawing, real),
        "encoder": encoded(last.network.tobytes(), drawing, real),
    }.items():
        classes = classes[:DIGITS]
        better = descended(drawing, real, noise, classes)
        print(f"{name:12} {scores(drawing, real, noise, classes)}", end="   after the descent ")
        print(scores(drawing, real, better, classes))


main()
