"""How good the networks are that ship, judged by a classifier that the project does not know.

    python tests/bench/bench_pretrained.py --data mnist.npz [digits digits-conditional]

Distances are in floors, as in `bench_quality.py`, here of 10,000 digits beside 10,000 real ones.
That floor is half as high as the one of 5,000, so the same network lies more floors away. A
conditional network is asked for the classes as often as MNIST has them; for a network that draws
them equally often there is a second floor. A conditional network is also asked for a training set:
the judge's own architecture learns to read from 60,000 of its digits and nothing else, and is then
shown MNIST's test digits.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import numpy as np
from bench_quality import UnseenJudge, reader
from numpy.typing import NDArray

from gan import latent
from gan.data import datasets
from gan.data.datasets import Digits, from_network
from gan.model import bundle
from gan.model.frechet import Gaussian, frechet_distance
from gan.model.quality import precision_recall
from gan.runs import library
from gan.settings.config import CLASSES

TRAINING_DIGITS = 60_000
CHUNK = 10_000
SEED = 99


class Network:
    """A network that ships, ready to draw."""

    def __init__(self, name: str) -> None:
        self.folder = library.PRETRAINED / name
        saved = bundle.load(self.folder / "snapshot.npz")
        self.config = saved.config
        self._draw = bundle.compiled(saved.generator())

    def digits(self, classes: NDArray[np.integer], seed: int) -> Digits:
        """A digit of each of `classes`, which are only asked for if it takes any."""
        noise = latent.sample(len(classes), self.config.latent_dim, seed)
        return Digits(np.concatenate(list(self._drawn(noise, classes))), classes)

    def _drawn(
        self, noise: NDArray[np.float32], classes: NDArray[np.integer]
    ) -> Iterator[NDArray[np.uint8]]:
        for start in range(0, len(noise), CHUNK):
            part = slice(start, start + CHUNK)
            yield from_network(self._draw(noise[part], classes[part]))


def evened(digits: Digits, judge: UnseenJudge, samples: int) -> float:
    """Floors of real digits, as many of each class: of whom draws all classes equally often."""
    assert digits.labels is not None
    labels = digits.labels[judge.unused]
    chosen = [np.flatnonzero(labels == each)[: samples // CLASSES] for each in range(CLASSES)]
    features, _ = judge.see(digits.images[judge.unused[np.concatenate(chosen)]])
    return floors(features, judge)


def floors(features: NDArray[np.float32], judge: UnseenJudge) -> float:
    """The distance of digits with such `features` from real ones."""
    return frechet_distance(Gaussian.fit(features), judge.reference) / judge.floor


def judged(network: Network, judge: UnseenJudge, classes: NDArray[np.integer]) -> str:
    """Distance, precision, recall, classes, and whether it draws what it is asked for."""
    digits, samples = network.digits(classes, SEED), len(classes)
    features, read = judge.see(digits.images)
    distance = floors(features, judge)
    precision, recall = precision_recall(judge.real, features)
    shares = np.bincount(read, minlength=10) / samples
    asked = f"  as asked {np.mean(read == digits.labels):.2%}" * network.config.is_conditional
    return (
        f"{distance:.2f} times the floor  precision {precision:.3f}  recall {recall:.3f} (real "
        f"{judge.real_precision:.3f}, {judge.real_recall:.3f})  rarest class {shares.min():.1%}, "
        f"commonest {shares.max():.1%}{asked}"
    )


def taught(network: Network, test: Digits, epochs: int) -> float:
    """How much of `test` is read right by who has only seen digits of `network`."""
    classes = latent.even_classes(TRAINING_DIGITS, network.config.chosen_classes)
    digits = network.digits(classes, SEED + 1)
    assert digits.labels is not None
    order = np.random.default_rng(SEED).permutation(len(digits))
    _, logits = reader(digits.images[order], digits.labels[order], epochs).predict(
        datasets.to_network(test.images), batch_size=500, verbose=0
    )
    return float((logits.argmax(axis=1) == test.labels).mean())


def megabytes(folder: Path) -> float:
    """What all files below `folder` take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all that ship, if none is named")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--epochs", type=int, default=4, help="of the judge, and of its pupils")
    parser.add_argument("--samples", type=int, default=10_000, help="judged, and as many real ones")
    options = parser.parse_args()
    digits, test = datasets.load(options.data), datasets.load_test(options.data)
    began = time.perf_counter()
    judge = UnseenJudge(digits, test, options.epochs, options.samples)
    print(
        f"Taught with {len(digits):,} real digits, the judge reads {judge.accuracy:.2%} of the "
        f"test digits. Real digits: distance {judge.floor:.3f}; as many of each class, "
        f"{evened(digits, judge, options.samples):.2f} times that. "
        f"{time.perf_counter() - began:.0f} s",
        flush=True,
    )
    assert digits.labels is not None
    classes = np.random.default_rng(SEED).permutation(digits.labels)[: options.samples]
    for name in options.names or library.pretrained_names():
        began = time.perf_counter()
        network = Network(name)
        print(f"{name:<20}{judged(network, judge, classes)}", flush=True)
        if network.config.is_conditional:
            print(
                f"{'':<20}taught with {TRAINING_DIGITS:,} of its digits alone, the test digits are "
                f"read at {taught(network, test, options.epochs):.2%}",
                flush=True,
            )
        print(
            f"{'':<20}{megabytes(network.folder):.2f} MB  {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    print(f"All of assets: {megabytes(library.PRETRAINED.parent):.1f} MB")


if __name__ == "__main__":
    main()
