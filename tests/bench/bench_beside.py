"""Two runs side by side: how fast is each, beside one that has the machine for itself?

    python tests/bench/bench_beside.py [--rounds 3] [--seconds 20] [--presets quick unconditional]

One run on a server with one slot, then two at once on a server with two, in turn. Speed is the
steps per second in the middle third of a run, while both go on. A share below 0.5 of the one each
would mean that two runs take longer together than one after the other.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from gan.jobs.engine import Engine
from gan.jobs.limits import Limits
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig
from gan.settings.presets import preset

PRESETS = ("quick", "unconditional")
DEADLINE_SECONDS = 600.0


def speeds(engine: Engine, configs: list[TrainConfig]) -> list[float]:
    """Steps per second of runs that are started together."""
    runs = [engine.submit(config, "bench") for config in configs]
    deadline, seen = time.monotonic() + DEADLINE_SECONDS, 0
    while any(engine.has(run) for run in runs):
        assert time.monotonic() < deadline, "they do not end"
        seen = engine.news(seen, 1.0)
    found = []
    for run, config in zip(runs, configs, strict=True):
        whole = config.max_seconds or 0.0
        reports = engine.store.state(run).progress
        middle = [each for each in reports if whole / 3 < each.seconds < 2 * whole / 3]
        first, last = middle[0], middle[-1]
        found.append((last.step - first.step) / (last.seconds - first.seconds))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--presets", nargs="+", default=PRESETS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engines = [
            Engine(RunStore(Path(folder) / str(slots)), limits=Limits(slots=slots))
            for slots in (1, 2)
        ]
        try:
            for name in options.presets:
                config = replace(preset(name), max_seconds=options.seconds)
                for engine, count in zip(engines, (1, 2), strict=True):
                    speeds(engine, [replace(config, max_seconds=3.0)] * count)  # all are there
                for _ in range(options.rounds):
                    (alone,) = speeds(engines[0], [config])
                    both = speeds(engines[1], [config] * 2)
                    shares = "  ".join(f"{each / alone:.2f}" for each in both)
                    print(
                        f"{name:<16} alone {alone:6.1f} steps/s  side by side "
                        f"{both[0]:6.1f} and {both[1]:6.1f}  shares {shares}",
                        flush=True,
                    )
        finally:
            for engine in engines:
                engine.close()


if __name__ == "__main__":
    main()
