"""The commands that train: a new run, and one that goes on."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from gan.commands import terminal
from gan.commands.arguments import EXIT_CODES, Add, add_settings
from gan.commands.signals import Answer, Signals
from gan.commands.terminal import UsageError
from gan.data import datasets, download, registry
from gan.jobs import machine
from gan.messages.commands import Command, Stop
from gan.messages.events import Event, Failed, Finished
from gan.messages.status import StopReason
from gan.runs import library, measures
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings import config, presets
from gan.settings.config import TrainConfig
from gan.words.failures import failure

_REASONS: Final[Mapping[int, StopReason]] = {
    signal.SIGINT: StopReason.STOPPED,
    signal.SIGTERM: StopReason.INTERRUPTED,
}
_WRITING_SECONDS: Final = 0.3
"""How long the end of a record waits for what is being written down."""


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
    """Record what `train` reports, and show it; the exit code."""
    recording = _Recording(store, state)
    commands: SimpleQueue[Command] = SimpleQueue()
    answer = Answer(
        "Stopping: what was learned is being saved. Once more ends it at once.",
        lambda number: commands.put(Stop(_REASONS[number])),
        recording.break_off,
        f"The end of the run {state.id} could not be written down in time; all that was recorded "
        f"before is kept. To go on from its last snapshot: python -m gan resume {state.id}",
    )
    with signals.answered(answer):
        try:
            for event in train(commands):
                recording.note(event)
        finally:
            recording.close()
        state = store.state(state.id)
        if isinstance(recording.last, Finished) and state.quality:
            print(measures.result_words(state), file=sys.stderr)
        print(state.id)
    match recording.last:
        case Failed() as failed:
            return terminal.complain(f"{failure(failed)} {state.kept}", 1)
        case Finished(reason=StopReason.STOPPED | StopReason.INTERRUPTED):
            return terminal.complain(_what_is_kept(state), signals.exit_code)
    return 0


class _Recording:
    """The record of a run that is under way here, which another thread may have to end."""

    def __init__(self, store: RunStore, state: RunState) -> None:
        self.last: Event | None = None
        self._store, self._run = store, state.id
        self._report = terminal.reporter(state)
        self._writing = threading.Lock()

    def note(self, event: Event) -> None:
        """Write down `event`, and show it."""
        with self._writing:
            self._store.append(self._run, event)
            self.last = event
        self._report(event)

    def close(self) -> None:
        """Let go of the run, as interrupted unless training has told another end."""
        with self._writing:
            self._end(StopReason.INTERRUPTED)

    def break_off(self, number: int) -> str:
        """End the record as it stands, which nothing is added to from now on."""
        self._writing.acquire(timeout=_WRITING_SECONDS)  # and never let go
        with suppress(OSError):  # nobody may read on; and the main thread may hold print
            os.write(sys.stdout.fileno(), f"{self._run}\n".encode())
        self._end(_REASONS[number])
        return _what_is_kept(self._store.state(self._run))

    def _end(self, reason: StopReason) -> None:
        if not isinstance(self.last, Finished | Failed):
            self.last = Finished(self._store.state(self._run).step, reason)
            try:
                self._store.append(self._run, self.last)
            except StoreError:
                pass  # the error that is on its way tells; `recover` will mark the run
        self._store.release(self._run)


def _what_is_kept(state: RunState) -> str:
    """Of a run that was stopped, for who stopped it."""
    if state.saved_step is None:
        return state.kept
    return f"{state.kept} To go on from there: python -m gan resume {state.id}"


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
