"""How good `quick` gets in a given time, judged by a classifier that the project does not know.

    python tests/bench/bench_quality.py --data mnist.npz [--seconds 60 20] [--seeds 1 2 3]

Trains the judge first (another architecture, another seed), then each run through the command line
on a store of its own. The unit is the floor: the Frechet distance of 5,000 real digits from 5,000
others in the same features.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from gan import data
from gan.model.quality import Gaussian, frechet_distance

SAMPLES = 5000


def unseen_judge(digits: data.Digits, epochs: int) -> keras.Model:
    """A digit classifier, [N, 28, 28, 1] -> (features [N, 128], logits [N, 10])."""
    keras.utils.set_random_seed(123)
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 5, strides=2, padding="same", activation="relu")(image)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    features = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    logits = layers.Dense(10)(layers.Dropout(0.4)(features))
    classifier = keras.Model(image, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile("adam", loss=loss)
    classifier.fit(
        data.to_network(digits.images), digits.labels, batch_size=128, epochs=epochs, verbose=0
    )
    return keras.Model(image, [features, logits])


def draw(settings: list[str], home: str) -> tuple[NDArray[np.uint8], str]:
    """Train through the command line, then draw 10,000 digits; also the run's line of `runs`."""
    out = Path(home) / "digits.npz"

    def gan(*arguments: str) -> str:
        command = [sys.executable, "-m", "gan", *arguments]
        environment = os.environ | {"DIGIT_FORGE_HOME": home}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout

    gan("train", "--preset", "quick", *settings)
    gan("sample", "latest", "--count", str(2 * SAMPLES), "--out", str(out))
    with np.load(out) as drawn:
        return drawn["images"], gan("runs").splitlines()[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60.0, 20.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=4, help="of the judge")
    options = parser.parse_args()
    path = options.data if options.data == "mnist" else str(Path(options.data).resolve())
    digits, test = data.load(path), data.load_test(path)
    judge = unseen_judge(digits, options.epochs)

    def see(images: NDArray[np.uint8]) -> tuple[Gaussian, NDArray[np.int64]]:
        features, logits = judge.predict(data.to_network(images), batch_size=500, verbose=0)
        return Gaussian.fit(features[:SAMPLES]), logits.argmax(axis=1)

    real = digits.images[np.random.default_rng(5).permutation(len(digits))[: 2 * SAMPLES]]
    reference = see(real[:SAMPLES])[0]
    floor = frechet_distance(reference, see(real[SAMPLES:])[0])
    accuracy = (see(test.images)[1] == test.labels).mean()
    print(f"The judge reads {accuracy:.2%} of the test digits; floor {floor:.2f}")
    for seconds in options.seconds:
        ratios = []
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as home:
                images, line = draw(
                    ["--data", path, "--seconds", str(seconds), "--seed", str(seed)], home
                )
            crowd, classes = see(images)
            ratios.append(frechet_distance(crowd, reference) / floor)
            rarest = np.bincount(classes, minlength=10).min() / len(images)
            print(f"{seconds:g} s, seed {seed}: {ratios[-1]:.1f} times the floor, rarest class "
                  f"{rarest:.1%}   ({' '.join(line.split()[3:])})")  # fmt: skip
        print(f"{seconds:g} s: median {statistics.median(ratios):.1f} times the floor", flush=True)


if __name__ == "__main__":
    main()
