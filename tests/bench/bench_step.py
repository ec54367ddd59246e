"""What a training step spends its time on: how much of it the convolutions' kernels are.

    python tests/bench/bench_step.py [--presets quick] [--isa DEFAULT AVX2] [--data PATH]
                                     [--rounds 3] [--blocks 5] [--steps 48]

Prints the processor time of the compiled step, and how much of it each group of kernels has. A
convolution backwards to its inputs is also what a transposed one is forwards. `--isa` names what
oneDNN may use at most (its `ONEDNN_MAX_CPU_ISA`): convolutions and matrix products run there, so
that AVX2 stands for a machine without AVX-512. The other kernels are compiled into TensorFlow,
whose packages are built for older processors than that: they are the same in all columns.

Each instruction set takes its turn in a process of its own, `rounds` times. Steps run on one
thread, so that a kernel's time is processor time. A step is the median of all blocks of `steps`
steps. Kernels are timed by TensorFlow's profiler in one more block: the median of each place in
the graph, which a few interruptions do not touch, and then of the rounds. What no kernel has is
spent between them; less than nothing there means that the machine was busy. A preset that finds
groups is told the labels instead: as much work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

GROUPS = {
    "convolutions to weights": "Conv2DBackpropFilter",
    "convolutions to inputs": "Conv2DBackpropInput",
    "convolutions forwards": "Conv2D",
    "matrix products": "MatMul",
    "normalisation": "BatchNorm",
    "Adam": "ApplyAdam",
    "random numbers": "Random",
}
"""A part of the kernels' names, for each group; a kernel is of the first that fits."""
CONVOLUTIONS = [group for group in GROUPS if group.startswith("convolutions")]
STEP, OTHER = "a step", "other kernels"
A_PRODUCT = "import gan.model, tensorflow as tf; tf.ones([9, 9]) @ tf.ones([9, 9])"
ONE_THREAD = {"TF_NUM_INTEROP_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}


class Measured(TypedDict):
    """Milliseconds that one process measured."""

    step: list[float]
    groups: Mapping[str, float]


def measure(preset: str, data: str, blocks: int, steps: int) -> Measured:
    """Milliseconds of a step in each block, and of the groups in a step, in this process."""
    from gan.data import datasets
    from gan.model import training
    from gan.settings import presets

    trainer = training.trainer(presets.preset(preset), datasets.load(data))

    def block() -> float:
        start = time.process_time()
        trainer.tick(steps)
        trainer.read_totals()
        return (time.process_time() - start) / steps * 1000

    block()  # the first steps are slower
    milliseconds = [block() for _ in range(blocks)]
    return {"step": milliseconds, "groups": kernels(block, steps)}


def kernels(block: Callable[[], object], steps: int) -> Mapping[str, float]:
    """Milliseconds of each group in one of the `steps` of a block."""
    import tensorflow as tf
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            block()
        (path,) = Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace.FromString(path.read_bytes())
    places: defaultdict[str, list[float]] = defaultdict(list)
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name
                places[name].append(event.duration_ps / 1e9)
    groups: Counter[str] = Counter()
    for name, durations in places.items():
        if kernel := _kernel(name):  # some are not of every step
            groups[_group(kernel)] += statistics.median(durations) * len(durations) / steps
    return groups


def _kernel(event: str) -> str:
    """The kind of kernel of an event that is called ``where/it/is/in/the/graph:Kind``, or nothing.

    What TensorFlow does around kernels has other names, such as ``ExecutorState::Process``.
    """
    named = re.fullmatch(r"[^ ]*[^: ]:(\w+)", event)
    return named[1] if named else ""


def _group(kernel: str) -> str:
    return next((group for group, part in GROUPS.items() if part in kernel), OTHER)


def said(isa: str, *arguments: str, **environment: str) -> str:
    """What a Python process with `arguments` prints, in which oneDNN may use `isa` at most."""
    run = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | ONE_THREAD | {"ONEDNN_MAX_CPU_ISA": isa} | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout


def instructions(isa: str) -> str:
    """What oneDNN says that it uses, if it may use `isa` at most."""
    told = re.search(r",isa:(.*)", said(isa, "-c", A_PRODUCT, ONEDNN_VERBOSE="1"))
    return told[1] if told else "nothing that it tells"


def report(preset: str, rounds: Mapping[str, list[Measured]]) -> None:
    """Print one table: a column for each instruction set, a row for each group."""
    columns = {isa: column(found) for isa, found in rounds.items()}
    print(f"{preset:<26}" + "".join(f"{isa:>24}" for isa in columns))
    for row in next(iter(columns.values())):
        cells = ""
        for milliseconds in columns.values():
            share = milliseconds[row] / milliseconds[STEP]
            cells += f"{milliseconds[row]:>15.2f} ms {share:5.0%}"
        print(f"{row:<26}{cells}")
    ranges = ""
    for found in rounds.values():
        blocks = [block for each in found for block in each["step"]]
        ranges += f"{f'{min(blocks):.2f} to {max(blocks):.2f} ms':>24}"
    print(f"{'(blocks of steps':<26}{ranges})", end="\n\n", flush=True)


def column(found: list[Measured]) -> Mapping[str, float]:
    """Milliseconds by row: the step, all convolutions, each group, and what no kernel has."""
    step = statistics.median(block for each in found for block in each["step"])
    groups = {
        group: statistics.median(each["groups"].get(group, 0.0) for each in found)
        for group in [*GROUPS, OTHER]
    }
    convolutions = sum(groups[group] for group in CONVOLUTIONS)
    between = step - sum(groups.values())
    return {STEP: step, "all convolutions": convolutions, **groups, "between kernels": between}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presets", nargs="+", default=["quick"])
    parser.add_argument("--isa", nargs="+", default=["DEFAULT", "AVX2"])
    parser.add_argument("--data", default="builtin")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--steps", type=int, default=48, help="in a block; whole ticks are fairest")
    parser.add_argument("--alone", action="store_true", help="measure once, in this process")
    options = parser.parse_args()
    if options.alone:
        (preset,) = options.presets
        print(json.dumps(measure(preset, options.data, options.blocks, options.steps)))
        return
    for isa in options.isa:
        print(f"{isa}: oneDNN uses {instructions(isa)}")
    print()
    for preset in options.presets:
        rounds: dict[str, list[Measured]] = {isa: [] for isa in options.isa}
        for _ in range(options.rounds):
            for isa, found in rounds.items():
                alone = [*sys.argv[1:], "--presets", preset, "--alone"]
                found.append(json.loads(said(isa, __file__, *alone).splitlines()[-1]))
        report(preset, rounds)


if __name__ == "__main__":
    main()
