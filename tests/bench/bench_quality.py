"""How good each preset gets in a given time, judged by a classifier that the project does not know.

    python tests/bench/bench_quality.py --data mnist.npz [--presets quick vae] [--seconds 20 60]
                                        [--seeds 1 2 3] [--asked] [--judged-by mnist.npz]

Trains the judge first (another architecture and seed than the project's own). Each time of the list
is a run of its own, because learning rates follow the time that a run has; judging does not count.
The unit of distance is the floor: the Frechet distance of 5,000 real digits from 5,000 others in
the same features. Nearest is the median distance of a generated digit from the training picture
most like it, as a share of what real digits have. ``--asked`` adds how often a conditional
network's digit is read as the one asked for. ``--judged-by`` takes the judge and its real digits
from other data than those learned from: few digits, learned by heart, are near to themselves, and
the built-in ones have none to test the judge on.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as gan.model sets it, before Keras comes

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from gan import latent
from gan.data import datasets
from gan.model import grouping, training
from gan.model.frechet import Gaussian, frechet_distance
from gan.model.nearest import TrainingPictures
from gan.model.quality import precision_recall
from gan.model.trainer import Trainer
from gan.settings import presets
from gan.settings.config import TrainConfig

SAMPLES = 5000
NEAREST_SAMPLES = 500


def reader(
    images: NDArray[np.uint8], labels: NDArray[np.integer], epochs: int, seed: int = 123
) -> keras.Model:
    """A digit classifier, [N, 28, 28, 1] -> (features [N, 128], logits [N, 10]), trained."""
    keras.utils.set_random_seed(seed)
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 5, strides=2, padding="same", activation="relu")(image)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    features = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    logits = layers.Dense(10)(layers.Dropout(0.4)(features))
    classifier = keras.Model(image, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile("adam", loss=loss)
    classifier.fit(datasets.to_network(images), labels, batch_size=128, epochs=epochs, verbose=0)
    return keras.Model(image, [features, logits])


class UnseenJudge:
    """Compares digits with `samples` real ones, as a `reader` that learned from real ones sees."""

    def __init__(
        self,
        digits: datasets.Digits,
        test: datasets.Digits,
        epochs: int,
        samples: int = SAMPLES,
    ) -> None:
        assert digits.labels is not None
        self._model = reader(digits.images, digits.labels, epochs)
        order = np.random.default_rng(5).permutation(len(digits))
        one, other = np.split(digits.images[order[: 2 * samples]], 2)
        self.unused = order[2 * samples :]
        self.real, _ = self.see(one)
        others, _ = self.see(other)
        self.reference = Gaussian.fit(self.real)
        self.floor = frechet_distance(self.reference, Gaussian.fit(others))
        self.real_precision, self.real_recall = precision_recall(self.real, others)
        self.accuracy = float((self.see(test.images)[1] == test.labels).mean())

    def see(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Features and the classes read, of images uint8 [N, 28, 28]."""
        features, logits = self._model.predict(
            datasets.to_network(images), batch_size=500, verbose=0
        )
        return features, logits.argmax(axis=1)


@dataclass(frozen=True)
class Verdict:
    """One network, judged."""

    distance: float
    precision: float
    recall: float
    rarest: float
    commonest: float
    nearest: float
    asked: float
    steps: int


def trained(config: TrainConfig, digits: datasets.Digits) -> tuple[Trainer, int]:
    """What `config` leads to in all of its time, and in how many steps."""
    *_, told = grouping.found(config, digits)
    trainer = training.trainer(config, told)
    seconds, steps = 0.0, 0
    assert config.max_seconds is not None
    while seconds < config.max_seconds:
        start = time.perf_counter()
        trainer.course.clock(seconds)
        trainer.tick(trainer.steps_per_tick)
        trainer.read_totals()
        seconds += time.perf_counter() - start
        steps += trainer.steps_per_tick
    return trainer, steps


def verdict(config: TrainConfig, digits: datasets.Digits, judge: UnseenJudge) -> Verdict:
    """Train as `config` says, and judge."""
    trainer, steps = trained(config, digits)
    images = trainer.generate(latent.sample(SAMPLES, config.latent_dim, seed=99))
    classes = latent.even_classes(SAMPLES, config.chosen_classes)
    features, read = judge.see(images)
    shares = np.bincount(read, minlength=10) / SAMPLES
    precision, recall = precision_recall(judge.real, features)
    return Verdict(
        distance=frechet_distance(Gaussian.fit(features), judge.reference) / judge.floor,
        precision=precision,
        recall=recall,
        rarest=shares.min(),
        commonest=shares.max(),
        nearest=nearest_share(images, digits),
        asked=float((read == classes).mean()),
        steps=steps,
    )


def nearest_share(images: NDArray[np.uint8], digits: datasets.Digits) -> float:
    """How near to the pictures of `digits` generated ones lie, where real ones lie at 1."""
    pictures = TrainingPictures(digits.images)
    real = np.random.default_rng(6).choice(len(digits), NEAREST_SAMPLES, replace=False)
    themselves = pictures.distances(digits.images[real], real)
    return float(np.median(pictures.distances(images[:NEAREST_SAMPLES])) / np.median(themselves))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--presets", nargs="+", default=["quick"], choices=presets.presets())
    parser.add_argument("--seconds", type=float, nargs="+", default=[20.0, 60.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=4, help="of the judge")
    parser.add_argument("--asked", action="store_true")
    parser.add_argument("--judged-by", metavar="DATA", help="by default the same data")
    options = parser.parse_args()
    digits, known = datasets.load(options.data), options.judged_by or options.data
    judge = UnseenJudge(datasets.load(known), datasets.load_test(known), options.epochs)
    print(
        f"The judge reads {judge.accuracy:.2%} of the test digits. Real digits: distance "
        f"{judge.floor:.2f}, precision {judge.real_precision:.2f}, recall {judge.real_recall:.2f}"
    )
    for name in options.presets:
        for seconds in options.seconds:
            config = replace(presets.preset(name), data=options.data, max_seconds=seconds)
            rows = [verdict(replace(config, seed=seed), digits, judge) for seed in options.seeds]
            median = statistics.median(row.distance for row in rows)
            print(
                f"{name:<24}{seconds:4g} s  {median:6.1f} times the floor ("
                + " ".join(f"{row.distance:.1f}" for row in rows)
                + f")  precision {_mean(rows, 'precision'):.2f}  recall {_mean(rows, 'recall'):.2f}"
                f"  rarest class {_mean(rows, 'rarest'):.1%}, commonest "
                f"{_mean(rows, 'commonest'):.1%}  nearest {_mean(rows, 'nearest'):.2f}"
                + (f"  as asked {_mean(rows, 'asked'):.1%}" if options.asked else "")
                + f"  steps {' '.join(str(row.steps) for row in rows)}",
                flush=True,
            )


def _mean(rows: list[Verdict], field: str) -> float:
    return statistics.mean(getattr(row, field) for row in rows)


if __name__ == "__main__":
    main()
