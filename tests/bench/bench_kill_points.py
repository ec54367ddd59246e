"""What stays behind when a process is killed in the middle of its work on the store?

    python tests/bench/bench_kill_points.py

Each operation is done again and again in a process that kills itself: before its first file event
or SQL statement, before its second, and so on to the last. Then a server's start sweeps, and all is
counted that is of no run, half written, live without a writer, or missing. Needs a Unix.

Two points leave a folder of no run, with snapshots that another run has too or a package still has:
those between a folder's settling and the commit of a branch or an import. To remove it would mean
to remove what a record names that was moved away.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from gan.messages.events import Finished, Progress, Saved, Snapshot, Started
from gan.messages.status import StopReason
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

WATCHED = ("open", "os", "shutil", "fcntl")
PROGRESS = Progress(5, 320, 0.5, 1.0, 1.0, 0.5, 0.5, 640.0)
STARTED = Started("CPU", 1, 1, 1)


def snapshot(step: int) -> Snapshot:
    content = np.zeros(5000, np.uint8)
    return Snapshot(step, content, content[:50], reported_step=step, discriminator=content[:50])


OPERATIONS: dict[str, Callable[[RunStore, str], object]] = {
    "start": lambda store, _: store.create(TrainConfig(), "r"),
    "branch": lambda store, run: store.branch(run, 5, {}, "b"),
    "going on": lambda store, run: store.go_on(run, {}),
    "snapshot": lambda store, run: [store.go_on(run, {}), store.append(run, snapshot(9))],
    "purge": lambda store, _: store.purge(older_than=-1.0),
    "import": lambda store, run: store.adopt(store.state(run), [STARTED, Saved(9, 9)], snapshot(9)),
}


def prepare(home: Path) -> str:
    """A store with a run that is over and one that was deleted; the first one's id."""
    shutil.rmtree(home, ignore_errors=True)
    store = RunStore(home)
    runs = [store.create(TrainConfig(), "r") for _ in range(2)]
    for run in runs:
        for event in (PROGRESS, snapshot(5), Finished(5, StopReason.STOPPED)):
            store.append(run, event)
        store.release(run)
    store.delete(runs[1])
    store.close()
    return runs[0]


def survives(home: Path, operation: Callable[[RunStore, str], object], point: int) -> bool:
    """Do `operation` in a process that is killed before its event number `point`, if it has one."""
    run = prepare(home)
    process = os.fork()
    if process == 0:
        store, events = RunStore(home), itertools.count(1)

        def look(*_: object) -> None:
            if next(events) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        store._database.set_trace_callback(look)
        sys.addaudithook(lambda name, _: look() if name.split(".")[0] in WATCHED else None)
        operation(store, run)
        os._exit(0)
    return os.waitpid(process, 0)[1] == 0


def left_behind(home: Path) -> list[str]:
    """All that should not be there once a server has started."""
    store = RunStore(home)
    store.sweep()
    store.recover()
    known = {run for (run,) in store._database.execute("SELECT id FROM runs")}
    folders = {path.name for path in (home / "runs").iterdir()}
    found = [f"a folder of no run: {name}" for name in folders - known]
    found += [f"a run without a folder: {run}" for run in known - folders]
    found += [f"half written: {path.name}" for path in home.rglob("*.partial")]
    for state in map(store.state, store.ids()):
        if state.status.is_live:
            found.append(f"live without a writer: {state.id}")
        for saved in state.saved:
            if not store.snapshot_path(state.id, saved.step).is_file():
                found.append(f"saved without its file: {state.id}, step {saved.step}")
    store.close()
    return found


def main() -> None:
    """Kill at every point, sweep, and count."""
    points = bad = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for name, operation in OPERATIONS.items():
            for point in itertools.count(1):
                if survives(home, operation, point):
                    break
                points += 1
                if found := left_behind(home):
                    bad += 1
                    print(f"{name}, killed before its event {point}: {'; '.join(found)}")
            print(f"{name}: {point - 1} points", flush=True)
    print(f"{points} points, {bad} with something left behind")


if __name__ == "__main__":
    main()
