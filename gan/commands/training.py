"""The commands that train: a new run, and one that goes on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from gan.commands import terminal
from gan.commands.arguments import EXIT_CODES, Add, add_settings
from gan.commands.recording import Recording
from gan.commands.signals import Signals
from gan.commands.terminal import UsageError
from gan.data import datasets, download, registry
from gan.jobs import machine
from gan.messages.commands import Command
from gan.messages.events import Event, Finished
from gan.runs import library, measures
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings import config, presets
from gan.settings.config import TrainConfig


def declare(add: Add) -> None:
    """The arguments of these commands."""
    adding = add(train)
    adding.epilog = EXIT_CODES
    adding.add_argument(
        "--preset", default="quick", metavar="NAME", help="one of " + ", ".join(presets.presets())
    )
    add_settings(adding, "change one field", config.FIELD_TYPES, "training")
    adding.add_argument(
        "--data",
        metavar="|".join([*registry.DATA_SETS, "PATH"]),
        help="digits to learn from; PATH is an .npz, or a ZIP of PNG or JPEG pictures",
    )
    adding.add_argument("--seed", type=int, metavar="N", help="start of all randomness")

    adding = add(resume)
    adding.epilog = EXIT_CODES
    adding.add_argument("run", metavar="RUN", help="an id, or latest")
    adding.add_argument(
        "--from",
        dest="from_step",
        type=int,
        metavar="STEP",
        help="go on from the snapshot of this step, as a new run that is a branch of the old one",
    )
    add_settings(adding, "change one field from there on", config.ADJUSTABLE, "more training")


def train(options: argparse.Namespace) -> int:
    """Train a new run; its id is the last line printed."""
    settings = _settings(options)
    datasets.check(settings)
    if settings.precision == "mixed" and not (is_quick := machine.has_bfloat16()):
        print(machine.MIXED_PRECISION[is_quick], file=sys.stderr)
    store = RunStore(default_home())
    terminal.start_tensorflow()
    from gan.model import training

    digits = download.load_digits(settings)
    run = store.create(settings, options.preset)
    return _record(
        options.signals, store, store.state(run), partial(training.train, settings, digits)
    )


def resume(options: argparse.Namespace) -> int:
    """Let a run go on from its last snapshot; from an earlier one, a branch of it goes on."""
    state = library.find(store := RunStore(default_home()), options.run)
    store.recover()
    if state.recording:
        raise UsageError(f"{state.id} ships without what it takes to go on: train a run instead.")
    step = (state.saved_step or 0) if options.from_step is None else options.from_step
    changes = state.longer(step, steps=options.steps, seconds=options.seconds) | _changes(options)
    datasets.check(state.config)
    terminal.start_tensorflow()
    from gan.model import bundle, training

    digits = download.load_digits(state.config)
    if options.from_step is None:
        state = store.go_on(state.id, changes)
    else:
        state = store.branch(state.id, step, changes, state.branch_name(step))

    def train(commands: SimpleQueue[Command]) -> Iterator[Event]:
        start = bundle.load(library.snapshot_path(store, state))
        yield from training.train(state.config, digits, commands, start)

    return _record(options.signals, store, state, train)


def _record(
    signals: Signals,
    store: RunStore,
    state: RunState,
    train: Callable[[SimpleQueue[Command]], Iterable[Event]],
) -> int:
    """Record what `train` reports, and show it; the exit code. The run's id is the last line."""
    recording = _recording(store, state)
    with signals.answered(recording.answer):
        recording.follow(train)
        state = store.state(state.id)
        if isinstance(recording.last, Finished) and state.quality:
            print(measures.result_words(state), file=sys.stderr)
        print(state.id)
    return recording.exit_code(signals)


def _recording(store: RunStore, state: RunState) -> Recording:
    return Recording(store, state, f"python -m gan resume {state.id}", f"{state.id}\n")


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    """What ``--set`` says."""
    changes: dict[str, Any] = {}
    for assignment in options.set:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(f"--set {assignment}: write FIELD=VALUE.")
        changes[name] = config.parse_field(name, text)
    if options.until is not None:
        changes["target_distance"] = options.until
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
    if "data" in changes and changes["data"] not in registry.DATA_SETS:
        changes["data"] = str(Path(changes["data"]).expanduser().resolve())
    return presets.preset(options.preset).with_values(changes)
