"""The commands that train: a new run, and one that goes on."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from gan import config, data, presets
from gan.commands import terminal
from gan.commands.terminal import UsageError
from gan.config import TrainConfig
from gan.events import Command, Event, Failed, Finished, StopReason
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home


def train(options: argparse.Namespace) -> int:
    """Train a new run; its id is the last line printed."""
    settings = _settings(options)
    data.check(settings)
    store = RunStore(default_home())
    terminal.start_tensorflow()
    from gan.model import download, training

    digits = download.load_digits(settings)
    run = store.create(settings, options.preset)
    return _record(store, store.state(run), partial(training.train, settings, digits))


def resume(options: argparse.Namespace) -> int:
    """Let a run go on from its last snapshot; from an earlier one, a branch of it goes on."""
    state = library.find(store := RunStore(default_home()), options.run)
    store.recover()
    if state.recording:
        raise UsageError(f"{state.id} ships without what it takes to go on: train a run instead.")
    step = (state.saved_step or 0) if options.from_step is None else options.from_step
    changes = _changes(options) | state.longer(step, steps=options.steps, seconds=options.seconds)
    data.check(state.config)
    terminal.start_tensorflow()
    from gan.model import bundle, download, training

    digits = download.load_digits(state.config)
    if options.from_step is None:
        state = store.go_on(state.id, changes)
    else:
        state = store.branch(state.id, step, changes, state.branch_name(step))

    def train(commands: SimpleQueue[Command]) -> Iterator[Event]:
        start = bundle.load(library.snapshot_path(store, state))
        yield from training.train(state.config, digits, commands, start)

    return _record(store, state, train)


def _record(
    store: RunStore, state: RunState, train: Callable[[SimpleQueue[Command]], Iterable[Event]]
) -> int:
    """Record what `train` reports, and show it; the exit code."""
    report = terminal.reporter(state)
    last: Event | None = None
    with terminal.signals_as_commands() as commands:
        try:
            for last in train(commands):
                store.append(state.id, last)
                report(last)
        finally:
            if not isinstance(last, Finished | Failed):
                _interrupt(store, state.id)
            store.release(state.id)
    print(state.id)
    if isinstance(last, Failed):
        return terminal.complain(f"{last.error} {last.hint}", 1)
    return 0


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    """What ``--set`` says."""
    changes: dict[str, Any] = {}
    for assignment in options.set:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(f"--set {assignment}: write FIELD=VALUE.")
        changes[name] = config.parse_field(name, text)
    return changes


def _settings(options: argparse.Namespace) -> TrainConfig:
    changes = _changes(options)
    if options.seconds is not None:
        changes |= {"max_seconds": options.seconds, "max_steps": None}
    if options.steps is not None:
        changes |= {"max_steps": options.steps, "max_seconds": None}
    if options.seed is not None:
        changes["seed"] = options.seed
    if options.data is not None:
        changes["data"] = options.data
    named = (config.BUILTIN_DATA, config.MNIST_DATA, config.FASHION_DATA)
    if changes.get("data", config.BUILTIN_DATA) not in named:
        changes["data"] = str(Path(changes["data"]).expanduser().resolve())
    return presets.preset(options.preset).with_values(changes)


def _interrupt(store: RunStore, run: str) -> None:
    try:
        store.append(run, Finished(store.state(run).step, StopReason.INTERRUPTED))
    except StoreError:
        pass  # the error that is on its way tells; `recover` will mark the run
