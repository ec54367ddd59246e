"""Made the store, the ZIPs and the messages beside it, with the app as it was before its redraw.

It ran once, in a checkout of bf66599 with this folder added, as ``PYTHONPATH=.:tests python
tests/golden/make_before_redraw.py``. What it imports is of that version. All that is recorded was
written by the app's own code. Two things are done to it on the way so that the files stay small: no
snapshots are taken by the clock, and before each snapshot all weights are rounded to powers of two,
with which the networks then go on.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import numpy as np
from gan.config import TrainConfig
from gan.events import (
    Adjust,
    Command,
    Event,
    Finished,
    Pace,
    Park,
    Part,
    Pause,
    Preparing,
    Progress,
    Recalled,
    Resume,
    Resumed,
    Step,
    Stop,
    StopReason,
)
from gan.wire import encode
from golden import seen
from golden.messages_before import MESSAGES, STORED

from gan.__main__ import main as command_line
from gan.exports import package
from gan.model import bundle, download, training
from gan.model.trainer import Trainer
from gan.runs import library
from gan.runs.state import RunState
from gan.runs.store import RunStore

Script = Callable[[Event], list[Command]]

TINY = TrainConfig(
    batch_size=8, latent_dim=4, ema_decay=0.0, data_fraction=0.02, max_steps=64, max_seconds=None
)  # fmt: skip
FINISHED = TINY
CONDITIONAL = replace(TINY, conditional="projected", classes="1,3,7")
HIDDEN = replace(TINY, architecture="fine-dcgan", conditional="hidden", latent_dim=12, max_steps=48)
VAE = replace(TINY, architecture="vae", loss="elbo")


def rounded(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same as powers of two, but for counters and what is added up for a report."""

    def power_of_two(array: np.ndarray) -> np.ndarray:
        significand, exponent = np.frexp(array)
        return np.ldexp(np.round(2 * significand) / 2, exponent).astype(np.float32)

    kept = {name for name in weights if name.startswith("totals") or weights[name].dtype != "f4"}
    return {name: array if name in kept else power_of_two(array) for name, array in weights.items()}


def take_small_snapshots() -> None:
    """See the top of this file."""
    take = training.take_snapshot

    def take_rounded(learner: Trainer, step: int, **clock: Any) -> Any:
        learner.restore(bundle.Bundle(learner.config, step, rounded(learner.weights())))
        return take(learner, step, **clock)

    training.take_snapshot = take_rounded
    training.Sparser = lambda seconds: SimpleNamespace(is_due=lambda now: False)


def trained(
    config: TrainConfig, script: Script = lambda _: [], start: Any = None
) -> Iterator[Event]:
    """What a worker reports, each event answered with the commands of `script`."""
    commands: SimpleQueue[Command] = SimpleQueue()
    yield Preparing("Loading the digits")
    digits = download.load_digits(config)
    for event in training.train(config, digits, commands, start):
        yield event
        for command in script(event):
            commands.put(command)


def record(store: RunStore, run: str, events: Iterable[Event]) -> RunState:
    for event in events:
        store.append(run, event)
    store.release(run)
    return store.state(run)


def new(store: RunStore, name: str, config: TrainConfig, script: Script = lambda _: []) -> str:
    run = store.create(config, name)
    record(store, run, trained(config, script))
    return run


def gone_on(store: RunStore, state: RunState, script: Script) -> str:
    start = bundle.load(library.snapshot_path(store, state))
    record(store, state.id, trained(state.config, script, start))
    return state.id


def held(event: Event) -> list[Command]:
    """Paused, changed, taken two steps by hand, slowed down, let go."""
    match event:
        case Progress(step=32):
            changes = {"loss": "hinge", "generator_learning_rate": 1e-3}
            return [
                *(Pause(), Adjust(changes), Step(Part.BOTH), Step(Part.DISCRIMINATOR)),
                *(Pace(50.0), Resume()),
            ]
        case Resumed():
            return [Pace(None)]
    return []


def parked(event: Event) -> list[Command]:
    return [Pause(), Park()] if isinstance(event, Progress) and event.step == 96 else []


def stopped_at_once(event: Event) -> list[Command]:
    return [Stop()] if isinstance(event, Progress) else []


def paused_once(event: Event) -> list[Command]:
    return [Pause(), Resume()] if isinstance(event, Progress) and event.step == 32 else []


def controlled(store: RunStore) -> tuple[str, str]:
    """A run that people held, parked and recalled, and that went on; and a branch of it."""
    run = new(store, "held", TINY, held)
    gone_on(store, store.go_on(run, {"max_steps": 128}), parked)
    store.append(run, Recalled(96))
    gone_on(store, store.state(run), lambda _: [])
    branch = store.branch(run, 64, {"max_steps": 128}, "held from 64")
    return run, gone_on(store, branch, stopped_at_once)


def failed(store: RunStore) -> str:
    """A run whose numbers overflowed."""
    tick = Trainer.tick

    def poison(self: Trainer, steps: int, part: Part = Part.BOTH) -> None:
        tick(self, steps - 3, part)
        weight = self.opponent.trainable_variables[0]
        weight.assign(np.full(weight.shape, np.inf, np.float32))
        tick(self, 3, part)

    Trainer.tick = poison
    try:
        return new(store, "overflowed", TINY)
    finally:
        Trainer.tick = tick


def broken_off(store: RunStore, name: str) -> str:
    """A run whose process ended after a snapshot and one more report."""
    config = replace(TINY, max_steps=96)
    run = store.create(config, name)
    for event in trained(config, paused_once):
        store.append(run, event)
        if isinstance(event, Progress) and event.step == 64:
            break
    store.release(run)
    return run


def make_store(home: Path, packages: Path) -> dict[str, str]:
    """The runs, by what they are."""
    store = RunStore(home)
    runs = {"interrupted": broken_off(store, "interrupted")}
    store.recover()
    runs["finished"] = new(store, "finished", FINISHED)
    runs["conditional"] = new(store, "conditional", CONDITIONAL)
    runs["hidden"] = new(store, "hidden", HIDDEN)
    runs["vae"] = new(store, "vae", VAE)
    runs["held"], runs["branch"] = controlled(store)
    runs["failed"] = failed(store)
    begun = [Preparing("Loading the digits"), Finished(0, StopReason.STOPPED)]
    for name in ("renamed", "deleted"):
        runs[name] = store.create(TINY, name)
        record(store, runs[name], begun)
    store.rename(runs["renamed"], "after it was renamed")
    store.delete(runs["deleted"])
    for name in ("finished", "conditional", "vae"):
        package.write(store, store.state(runs[name]), packages / f"{name}.zip")
    store.close()
    os.environ["DIGIT_FORGE_HOME"] = str(home)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert command_line(["import", str(packages / "conditional.zip")]) == 0
    runs["imported"] = said.getvalue().split()[-1]
    store = RunStore(home)
    runs["killed"] = broken_off(store, "killed")  # its end was never recorded
    store.close()
    return runs


def settled(home: Path) -> None:
    """The store as one file, and nothing in its folder that belongs to a process."""
    with contextlib.closing(sqlite3.connect(home / "store.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("VACUUM")
        database.execute("PRAGMA journal_mode = DELETE")
    for lock in home.rglob("*.lock"):
        lock.unlink()


def told_of(home: Path, packages: Path, runs: dict[str, str]) -> dict[str, Any]:
    """What is there, as `golden.seen` sees it: of a copy, since whoever opens a store writes."""
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(shutil.copytree(home, Path(folder, "home"))))
        found: dict[str, Any] = {"runs": {}, "packages": {}, "ids": store.ids()}
        for what, run in runs.items():
            if what == "deleted":
                store.restore(run)
            state = store.state(run)
            networks = {
                saved.step: seen.packed(seen.drawn(store.generator(run, saved.step) or b""))
                for saved in state.saved
            }
            found["runs"][what] = {
                "id": run,
                "state": seen.standing(state),
                "samples": seen.samples(store, run),
                "drawn": networks,
            }
        store.close()
    for file in sorted(packages.glob("*.zip")):
        content = seen.unpack(file)
        found["packages"][file.stem] = {
            "state": seen.standing(content.state),
            "events": [seen.told(event) for event in content.events],
            "weights": seen.values_of(dict(content.weights)),
            "drawn": seen.packed(seen.drawn(content.generator)),
            "seconds": content.seconds,
            "images_seen": content.images_seen,
        }
    return found


def write_json(name: str, content: Any) -> None:
    (seen.FOLDER / name).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def main() -> None:
    take_small_snapshots()
    with tempfile.TemporaryDirectory() as folder:
        home, packages = Path(folder, "home"), Path(folder, "packages")
        packages.mkdir()
        runs = make_store(home, packages)
        settled(home)
        with tarfile.open(seen.ARCHIVE, "w:xz", preset=9) as archive:
            for place in (home, packages):
                archive.add(place, place.name, filter=_of_nobody)
        write_json("store.json", told_of(home, packages, runs))
    encoded = [encode(message) for message in MESSAGES]
    (seen.FOLDER / "messages.bin").write_bytes(b"".join(encoded))
    ends = list(accumulate(map(len, encoded)))
    told = [
        {**seen.told(message), "is_stored": isinstance(message, STORED), "end": end}
        for message, end in zip(MESSAGES, ends, strict=True)
    ]
    write_json("messages.json", told)


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main()
