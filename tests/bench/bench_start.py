"""What people wait for after Start: seconds from `Engine.submit` to the first point on the curve.

    python tests/bench/bench_start.py [--rounds 5] [--presets quick vae] [--data mnist]

For each preset as nobody has shown it before (the process for trainings is there, with TensorFlow
loaded and other networks used), and as somebody has looked at it for `--reading` seconds; and how
long a run waits that goes on from a snapshot. Starts an engine of its own on an empty store.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bench_browser import spread

from gan.jobs import machine
from gan.jobs.engine import Engine
from gan.runs.store import RunStore
from gan.settings.config import DEFAULT_DATA, TrainConfig
from gan.settings.presets import preset

PRESETS = ("quick", "quality", "conditional", "wgan-gp", "vae", "dcgan-tutorial", "article-mnist")
DEADLINE_SECONDS = 300.0
BROWSER = "bench"
_seeds = count(1000)


def until(engine: Engine, holds: Callable[[], bool]) -> None:
    """Wait for news until `holds` says yes."""
    deadline, seen = time.monotonic() + DEADLINE_SECONDS, 0
    while not holds():
        assert time.monotonic() < deadline, "nothing came of it"
        seen = engine.news(seen, 1.0)


class Wait(NamedTuple):
    """From Start to the first point."""

    seconds: float
    work: float
    """Seconds of a core that the training process spent on it: the same on a busy machine."""


def work(engine: Engine) -> float:
    """Seconds of a core that the training process has spent so far."""
    (worker,) = engine.worker_process_ids
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def to_first_point(engine: Engine, begin: Callable[[], str], step: int = 0) -> tuple[Wait, str]:
    """The wait until the run that `begin` starts has reported a step after `step`; its id."""
    until(engine, lambda: engine.lane.first_free is not None)
    start, worked = time.perf_counter(), work(engine)
    run = begin()
    until(engine, lambda: engine.store.state(run).step > step)
    return Wait(time.perf_counter() - start, work(engine) - worked), run


def stopped(engine: Engine, run: str) -> int:
    """End a run; the step to which it came."""
    engine.stop(run)
    until(engine, lambda: not engine.has(run))
    return engine.store.state(run).step


def started(engine: Engine, config: TrainConfig, reading: float) -> tuple[Wait, str]:
    """The wait for a run that somebody has looked at for `reading` seconds."""
    if reading:
        engine.show(config, BROWSER)
        time.sleep(reading)
    wait, run = to_first_point(engine, lambda: engine.submit(config, "bench", BROWSER))
    stopped(engine, run)
    return wait, run


def gone_on(engine: Engine, run: str) -> Wait:
    """The wait for the next point of a run that is over."""

    def begin() -> str:
        engine.go_on(run, {}, BROWSER)
        return run

    wait, _ = to_first_point(engine, begin, engine.store.state(run).step)
    stopped(engine, run)
    return wait


def told(waits: list[Wait]) -> str:
    """How long, and how much of that was work."""
    spent = statistics.median(wait.work for wait in waits)
    return f"{spread([wait.seconds for wait in waits], 's')}, {spent:.2f} s of a core"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--presets", nargs="+", default=PRESETS)
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--reading", type=float, default=5.0, metavar="SECONDS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(RunStore(Path(folder) / "home"))
        try:
            started(engine, preset("quick"), options.reading)  # the process is there
            for name in options.presets:
                cold, prepared, on = [], [], []
                for _ in range(options.rounds):
                    config = replace(preset(name), data=options.data, seed=next(_seeds))
                    cold.append(started(engine, config, 0.0)[0])
                    config = replace(config, seed=next(_seeds))
                    wait, run = started(engine, config, options.reading)
                    prepared.append(wait)
                    on.append(gone_on(engine, run))
                print(f"{name:<16} not shown   {told(cold)}")
                print(f"{'':<16} shown       {told(prepared)}")
                print(f"{'':<16} going on    {told(on)}", flush=True)
            (worker,) = engine.worker_process_ids
            print(f"Memory of the training process: {machine.resident_bytes(worker) >> 20} MB")
        finally:
            engine.close()


if __name__ == "__main__":
    main()
