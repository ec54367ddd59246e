"""Does a run survive when everything is killed? Nothing recorded may be lost, ever.

    python tests/bench/bench_kills.py [--rounds 50] [--seed 0]

Each round lets one run go on in a real engine with a real worker, kills the engine's process or the
worker with SIGKILL at a random moment, and then looks: the store opens, every event whose recording
was confirmed can be read, the last snapshot loads, and the next round goes on from it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from gan.jobs.engine import Engine
from gan.messages.events import Event
from gan.runs.store import RunStore
from gan.settings import presets

LIVES_SECONDS = (0.0, 2.5)
"""After its worker's first sign of life, an engine's process lives this long."""


class ConfirmingStore(RunStore):
    """Says on standard output what was recorded, once it was."""

    def append(self, run: str, event: Event) -> None:
        super().append(run, event)
        print(type(event).__name__, flush=True)


def serve(home: Path, run: str | None) -> None:
    """Be the process that is killed: an engine in which one run goes on."""
    engine = Engine(ConfirmingStore(home))
    if run is None or not engine.store.state(run).saved:
        run = engine.submit(presets.preset("quick").with_values({"max_seconds": 3600.0}), "killed")
    else:
        engine.go_on(run, {})
    print(f"run {run}", flush=True)
    while not engine.worker_process_ids:
        time.sleep(0.01)
    print(f"worker {engine.worker_process_ids[0]}", flush=True)
    time.sleep(3600)


def one_round(home: Path, run: str | None, chance: random.Random) -> tuple[str, str, list[str]]:
    """Serve and kill; the run's id, who was killed first, and what was confirmed."""
    command = [sys.executable, __file__, "--serve", str(home), *([run] if run else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    confirmed, worker, deadline = [], 0, None
    victim = chance.choice(["engine", "worker"])
    os.set_blocking(process.stdout.fileno(), False)
    for line in _lines(process):
        if line.startswith("run "):
            run = line.split()[1]
        elif line.startswith("worker "):
            worker = int(line.split()[1])
        elif line:
            confirmed.append(line)
        if deadline is None and "Started" in confirmed:
            deadline = time.monotonic() + chance.uniform(*LIVES_SECONDS)
        if deadline is not None and time.monotonic() > deadline:
            break
    os.kill(worker if victim == "worker" else process.pid, signal.SIGKILL)
    if victim == "worker":  # the engine may still record that it is gone
        time.sleep(chance.uniform(0.0, 0.3))
        process.kill()
    process.wait()
    os.set_blocking(process.stdout.fileno(), True)
    confirmed += [
        line for line in process.stdout.read().splitlines() if not line.startswith("worker ")
    ]
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    assert run is not None
    return run, victim, confirmed


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What the process says, and "" while it says nothing."""
    assert process.stdout is not None
    while process.poll() is None:
        line = process.stdout.readline()
        yield line.strip()
        if not line:
            time.sleep(0.005)


def main() -> None:
    """Kill, look, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(Path(options.serve[0]), next(iter(options.serve[1:]), None))
        return
    from gan.model import bundle

    chance, run, victims, losses, seen = random.Random(options.seed), None, [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for number in range(1, options.rounds + 1):
            before = run
            run, victim, confirmed = one_round(home, run, chance)
            victims.append(victim)
            try:
                store = RunStore(home)
                store.recover()
                events = list(store.events(run))
                expected = (seen if run == before else 0) + len(confirmed)
                assert len(events) >= expected, f"{expected - len(events)} events are missing"
                state = store.state(run)
                assert not state.status.is_live, state.status
                if state.saved:
                    path = store.snapshot_path(run, state.saved[-1].step)
                    assert bundle.loads(path.read_bytes(), path.name).step == state.saved_step
                seen = len(events)
                store.close()
            except Exception as error:
                losses.append(f"round {number}, {victim} killed: {error!r}")
                run = None
            print(
                f"round {number}: {victim} killed, {len(confirmed)} events confirmed, {seen} "
                f"stored, step {state.step}, {len(losses)} losses",
                flush=True,
            )
    print(f"{options.rounds} rounds ({victims.count('worker')} workers), {len(losses)} losses")
    for loss in losses:
        print(loss)


if __name__ == "__main__":
    main()
