"""Whether the figure is honest: it does not hang on how many digits there are, and keeps the order.

    python tests/bench/bench_figure.py --data mnist.npz [--train quick:60 quick:8 unconditional:30]
                                       [--runs FILE.npz ...] [--draws 10] [--unseen]

Judges real training digits, the pretrained networks, runs that it trains on the built-in digits
(PRESET:SECONDS) and snapshots that it is given, each with 500, 1,000, 2,500 and 10,000 digits,
against MNIST's test digits. Prints the figure's mean and spread over the draws, how often its
interval holds what `POOL` digits say, whether the order of 1,000 digits is theirs, and what one
judgement costs. ``--unseen`` does the same with a classifier that the project does not know, which
it trains first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as gan.model sets it, before Keras comes

import numpy as np
from bench_quality import UnseenJudge
from numpy.typing import NDArray

from gan import latent
from gan.data import datasets
from gan.model import bundle, classifier, reporting
from gan.model.frechet import Estimate, Gaussian, Reference
from gan.model.preparation import Preparation, judge_for
from gan.model.schedules import JUDGED_DIGITS
from gan.model.trainer import Trainer
from gan.runs import library
from gan.settings import presets
from gan.settings.config import TrainConfig

SIZES = (500, 1000, 2500, 10_000)
POOL = 20_000
SEED = 99
See = Callable[[NDArray[np.uint8]], NDArray[np.floating]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--train", nargs="*", default=["quick:60", "quick:8", "unconditional:30"])
    parser.add_argument("--runs", nargs="*", default=[], type=Path, help="snapshots, .npz")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--epochs", type=int, default=4, help="of the unseen judge")
    options = parser.parse_args()
    digits, test = datasets.load(options.data), datasets.load_test(options.data)
    crowds = {"real training digits": _real(digits)}
    for name, config, draw in _networks(options):
        crowds[name] = _pool(config, draw)
    judges: dict[str, See] = {"the project's": _see}
    if options.unseen:
        unseen = UnseenJudge(digits, test, options.epochs)
        judges["an unseen"] = lambda images: unseen.see(images)[0]
    for name, see in judges.items():
        print(f"\nIn the features of {name} judge:")
        reference = Reference(Gaussian.fit(see(test.images)))
        _compare({name: see(images) for name, images in crowds.items()}, reference, options.draws)
    _costs()


def _see(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return classifier.judge(datasets.to_network(images))[0]


def _real(digits: datasets.Digits) -> NDArray[np.uint8]:
    chosen = np.random.default_rng(SEED).choice(len(digits), POOL, replace=False)
    return digits.images[chosen]


def _networks(options: argparse.Namespace) -> Iterator[tuple[str, TrainConfig, bundle.Generate]]:
    for name in library.pretrained_names():
        loaded = bundle.load(library.PRETRAINED / name / "snapshot.npz")
        yield name, loaded.config, bundle.compiled(loaded.generator())
    for path in options.runs:
        loaded = bundle.load(path)
        yield path.stem, loaded.config, bundle.compiled(loaded.generator())
    for name in options.train:
        preset, _, seconds = name.partition(":")
        learner = _trained(presets.preset(preset), float(seconds))
        yield f"{preset}, {seconds} s", learner.config, learner.draw


def _trained(config: TrainConfig, seconds: float) -> Trainer:
    learner = Preparation(config, datasets.load_for(config)).learner(config)
    spent = 0.0
    while spent < seconds:
        start = time.perf_counter()
        learner.tick(learner.steps_per_tick)
        learner.read_totals()
        spent += time.perf_counter() - start
    return learner


def _pool(config: TrainConfig, draw: bundle.Generate) -> NDArray[np.uint8]:
    noise = latent.sample(POOL, config.latent_dim, SEED)
    labels = latent.even_classes(POOL, config.chosen_classes)
    return datasets.from_network(draw(noise, labels))


def _compare(crowds: dict[str, NDArray[np.floating]], reference: Reference, draws: int) -> None:
    """The figures at all sizes, and the order at 1,000."""
    truth = {name: reference.extrapolated(crowd) for name, crowd in crowds.items()}
    found: dict[str, list[Estimate]] = {}
    print(f"{'':<24}" + "".join(f"{size:>24,}" for size in SIZES) + f"{POOL:>14,}")
    for name in sorted(crowds, key=lambda name: truth[name].distance):
        cells = []
        for size in SIZES:
            drawn = [reference.extrapolated(part) for part in _draws(crowds[name], size, draws)]
            found[name] = drawn if size == 1000 else found.get(name, [])
            at = [one.distance for one in drawn]
            holds = sum(one.low <= truth[name].distance <= one.high for one in drawn)
            reach = np.mean([one.high - one.distance for one in drawn])
            cells.append(
                f"{np.mean(at):8.1f} +-{np.std(at):4.1f} ({reach:3.1f}) {holds:>2}/{len(drawn):<2}"
            )
        print(f"{name:<24}" + " ".join(cells) + f"{truth[name].distance:12.1f}", flush=True)
    print("(mean +- spread over draws, (half the interval), how many intervals hold the last)")
    parted = right = 0
    worst = draws
    for one, other in combinations(crowds, 2):
        pairs = [(a, b) for a, b in zip(found[one], found[other], strict=True) if _part(a, b)]
        nearer = truth[one].distance < truth[other].distance
        agree = sum((a.distance < b.distance) is nearer for a, b in pairs)
        parted, right = parted + len(pairs), right + agree
        worst = min(worst, draws - (len(pairs) - agree))
    print(
        f"Order at 1,000 digits: of {parted} pairs whose intervals part, {right} stand as at "
        f"{POOL:,}; of each pair at least {worst} of {draws} draws."
    )


def _draws(crowd: NDArray[np.floating], size: int, draws: int) -> Iterator[NDArray[np.floating]]:
    """Parts by chance, of which no two share a digit as long as there are enough of them."""
    random = np.random.default_rng(size)
    order = random.permutation(len(crowd))
    for place in range(draws if size < POOL / 4 else POOL // size):
        if (place + 1) * size <= len(crowd):
            yield crowd[order[place * size : (place + 1) * size]]
        else:
            yield crowd[random.choice(len(crowd), size, replace=False)]


def _part(a: Estimate, b: Estimate) -> bool:
    return a.high < b.low or b.high < a.low


def _costs() -> None:
    """What a judgement takes on this machine, as a run under way is judged."""
    print("\nA judgement, drawing included, and ten of them as a share of a minute:")
    for name in ("quick", "quality", "unconditional", "vae"):
        config = presets.preset(name)
        digits = datasets.load_for(config)
        learner = Preparation(config, digits).learner(config)
        judge = judge_for(config, digits)
        for count in (*JUDGED_DIGITS, reporting.SURE_DIGITS):
            noise = latent.sample(count, config.latent_dim, SEED)
            wall, busy = [], []
            for _ in range(5):
                began, worked = time.perf_counter(), time.process_time()
                judge.quality(learner.generate(noise), 1, 1.0)
                wall.append(time.perf_counter() - began)
                busy.append(time.process_time() - worked)
            seconds, work = float(np.median(wall)), float(np.median(busy))
            print(
                f"{name:<16}{count:>6,} digits  {1000 * seconds:5.0f} ms ({1000 * work:.0f} ms of "
                f"a core)  ten: {10 * seconds / 60:.1%}"
            )
    crowd = np.random.default_rng(SEED).normal(size=(1000, classifier.FEATURES))
    reference = Reference(Gaussian.fit(crowd))
    began = time.perf_counter()
    for _ in range(20):
        reference.extrapolated(crowd)
    print(f"The figure alone, of 1,000 digits: {50 * (time.perf_counter() - began):.1f} ms")


if __name__ == "__main__":
    main()
