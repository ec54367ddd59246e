"""Images per second of the same networks, trained six ways, in one run of this script.

    pip install torch==2.13.0
    python tests/bench/bench_training.py [--pairs label-free conditional] [--data PATH]
                                         [--seconds 10] [--rounds 3] [--batch-size 64]

The networks are those of `lean-dcgan`: a pair that is told no classes, and one of which G takes the
embedding of a class beside the noise and D projects its features on one. The ways take turns,
`rounds` times, so that a machine whose speed drifts treats them alike, each in a process of its own
with its library's default settings; each figure is the median of its rounds, beside all of them,
and a ratio is one within a round. Float32 throughout. Keras draws anew for G's update, as is usual
there; the others show D's fakes once more. PyTorch is needed for this comparison only.
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
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from gan.data import datasets
from gan.settings.config import TrainConfig

WARM_UP = 10
LABEL_FREE = TrainConfig(architecture="lean-dcgan", conditional="no")
PAIRS = {"label-free": LABEL_FREE, "conditional": replace(LABEL_FREE, conditional="projected")}


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
    """Keras's own layers, a `train_step`, and `fit`."""
    import keras_way

    speed, sizes = keras_way.fit(settings, WARM_UP)
    _assert_same_size(settings, sizes)
    return speed


def torch_eager(settings: TrainConfig, layout: str = "contiguous_format") -> float:
    """The usual loop in eager PyTorch."""
    import torch
    import torch_way

    step, sizes = torch_way.training(settings, getattr(torch, layout))
    speed = _speed(step, settings)
    _assert_same_size(settings, sizes)
    return speed


def torch_channels_last(settings: TrainConfig) -> float:
    """The same in PyTorch's other memory layout."""
    return torch_eager(settings, "channels_last")


BARE, KERAS = "bare compiled loop", "Keras fit"
WAYS: dict[str, Callable[[TrainConfig], float]] = {
    BARE: bare_loop,
    "train()": train_function,
    "through the engine": engine_run,
    KERAS: keras_fit,
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


def _assert_same_size(settings: TrainConfig, theirs: list[int]) -> None:
    """G and D as others write them have as many weights to train as ours.

    To be asked when all is measured: `gan.model` tells TensorFlow how many threads to use.
    """
    from gan.model import networks

    for build, size in zip((networks.generator, networks.discriminator), theirs, strict=True):
        ours = sum(
            weight.value.shape.num_elements() for weight in build(settings).trainable_weights
        )
        assert ours == size, f"{build.__name__}: {ours} weights, and {size} of theirs"


def measured(pair: str, ways: list[str], rounds: int) -> Mapping[str, list[float]]:
    """Images/s of each way in each round, every time in a new process."""
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            alone = ["--pairs", pair, "--way", way]
            command = [sys.executable, __file__, *sys.argv[1:], *alone]
            said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            speeds[way].append(float(said.splitlines()[-1]))
    return speeds


def report(speeds: Mapping[str, list[float]], batch_size: int) -> None:
    """Print each way's speed, and how many times as fast our step is as others'."""
    ours = speeds[BARE]
    for way, rounds in speeds.items():
        median = statistics.median(rounds)
        every = " ".join(f"{speed:.0f}" for speed in rounds)
        print(
            f"{way:<24}{median:8.0f} images/s  {median / batch_size:6.1f} steps/s   "
            f"(rounds: {every})"
        )
    torch = {way: rounds for way, rounds in speeds.items() if way.startswith("PyTorch")}
    rivals = [max(torch, key=lambda way: statistics.median(torch[way]))] if torch else []
    for rival in [*rivals, KERAS]:
        ratios = [our / their for our, their in zip(ours, speeds[rival], strict=True)]
        every = " ".join(f"{ratio:.2f}" for ratio in ratios)
        which = f"{rival}, the faster layout" if rival in torch else rival
        print(f"ours / {which}: {statistics.median(ratios):.2f}   (rounds: {every})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", nargs="+", choices=PAIRS, default=list(PAIRS))
    parser.add_argument("--data", default="builtin")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--way", choices=WAYS, help="measure this one once, in this process")
    options = parser.parse_args()
    budget = {"batch_size": options.batch_size, "max_seconds": options.seconds}
    if options.way:
        (pair,) = options.pairs
        print(WAYS[options.way](replace(PAIRS[pair], data=options.data, **budget)))
        return
    has_torch = importlib.util.find_spec("torch") is not None
    ways = [way for way in WAYS if has_torch or not way.startswith("PyTorch")]
    for pair in options.pairs:
        print(
            f"{pair}: lean-dcgan, batches of {options.batch_size}, float32, {os.cpu_count()} cores"
        )
        report(measured(pair, ways, options.rounds), options.batch_size)
        print(flush=True)
    if not has_torch:
        print("PyTorch was left out: pip install torch==2.13.0")


if __name__ == "__main__":
    main()
