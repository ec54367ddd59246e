"""The command line: ``python -m gan COMMAND``. The same capabilities without a browser."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, NoReturn

import numpy as np

from gan import config, data, doctor, evaluating, latent, making, presets, terminal
from gan.config import ConfigError, TrainConfig
from gan.events import (
    Command,
    Event,
    Failed,
    Finished,
    Progress,
    StopReason,
    VaeProgress,
)
from gan.runs import library
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home

BAD_ARGUMENTS: Final = 2
MAX_SAMPLES: Final = 100_000


class UsageError(ValueError):
    """An argument that cannot be used."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 for a failure, 2 for bad arguments."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # clean lines; doctors can unset it
    options = _parser().parse_args(arguments)
    try:
        return int(options.run_command(options) or 0)
    except (UsageError, ConfigError, data.DataError, NoSuchRun) as error:
        return _complain(error, BAD_ARGUMENTS)
    except (StoreError, OSError) as error:
        return _complain(error, 1)


def train(options: argparse.Namespace) -> int:
    """Train a new run; its id is the last line printed."""
    settings = _settings(options)
    data.check(settings)
    store = _store()
    terminal.start_tensorflow()
    from gan.model import download, training

    digits = download.load_digits(settings)
    run = store.create(settings, options.preset)
    return _record(store, store.state(run), partial(training.train, settings, digits))


def resume(options: argparse.Namespace) -> int:
    """Let a run go on from its last snapshot; from an earlier one, a branch of it goes on."""
    state = library.find(store := _store(), options.run)
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
        return _complain(f"{last.error} {last.hint}", 1)
    return 0


def sample(options: argparse.Namespace) -> None:
    """Draw digits from a run's generator into an ``.npz`` file."""
    if not 1 <= options.count <= MAX_SAMPLES:
        raise UsageError(f"--count {options.count}: from 1 to {MAX_SAMPLES} digits can be drawn.")
    out = _writable(options.out)
    state = library.find(store := _store(), options.run)
    labels = _labels(options, state.config)
    path = library.snapshot_path(store, state)
    terminal.start_tensorflow()
    from gan.model import bundle

    loaded = bundle.load(path)
    z = latent.sample(options.count, loaded.config.latent_dim, options.seed)
    drawn = {"images": data.from_network(bundle.compiled(loaded.generator())(z, labels)), "z": z}
    if labels is not None:
        drawn["labels"] = labels
    with terminal.whole_file(out, "wb") as file:
        np.savez_compressed(file, **drawn)
    print(f"{options.count} digits of {options.run} (step {loaded.step}) are in {out}.")


def _labels(options: argparse.Namespace, settings: TrainConfig) -> np.ndarray | None:
    """The classes that `sample` asks for, int32 [count]; None of a network that is not asked."""
    digit = options.digit
    if digit is not None and not 0 <= digit < config.CLASSES:
        raise UsageError(f"--digit {digit}: a digit is from 0 to {config.CLASSES - 1}.")
    if not settings.is_conditional:
        if digit is None:
            return None
        raise UsageError(
            f"--digit {digit}: {options.run} is not conditional, so it chooses itself what it "
            "draws. Train one that is asked: --set conditional=projected."
        )
    learned = settings.chosen_classes
    if digit is not None and digit not in learned:
        known = ", ".join(map(str, learned))
        raise UsageError(f"--digit {digit}: {options.run} has learned only {known}.")
    return latent.even_classes(options.count, learned if digit is None else [digit])


def runs(options: argparse.Namespace) -> None:
    """List all runs, newest first."""
    store = _store()
    store.recover()
    states = []
    for run in store.ids():
        try:
            states.append(store.state(run))
        except StoreError as error:  # one damaged run does not hide the others
            print(error, file=sys.stderr)
    if options.json:
        print(json.dumps([_summary(state) for state in states], indent=2))
        return
    if not states:
        print("No runs yet. Start one: python -m gan train")
    for state in states:
        quality = f"Frechet {terminal.ratio(state.quality[-1])}" if state.quality else "not judged"
        print(
            f"{state.id}  {state.status:<11}  {state.name:<16}  step {state.step:>7}  "
            f"{state.seconds:7.1f} s  {state.images_per_second:7.0f} images/s  {quality}"
        )


def curve(options: argparse.Namespace) -> None:
    """Write a run's curve as CSV, one row a report."""
    out = _writable(options.out)
    state = library.find(_store(), options.run)
    kind = Progress if state.config.is_adversarial else VaeProgress
    columns = [field.name for field in dataclasses.fields(kind)]
    columns.remove("images_per_second")  # the rows' own images and seconds say it
    with terminal.whole_file(out, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for point in state.progress:
            writer.writerow([getattr(point, column) for column in columns])
    print(f"{len(state.progress)} points of {options.run} are in {out}.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m gan", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def add(command: Callable[[argparse.Namespace], Any]) -> argparse.ArgumentParser:
        text = command.__doc__ or ""
        name = command.__name__.replace("_", "-")
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run_command=command)
        return added

    adding = add(train)
    adding.add_argument(
        "--preset", default="quick", metavar="NAME", help="one of " + ", ".join(presets.presets())
    )
    _add_settings(adding, "change one field", config.FIELD_TYPES, "training")
    adding.add_argument(
        "--data",
        metavar="builtin|mnist|fashion-mnist|PATH",
        help="digits to learn from; PATH is an .npz, or a ZIP of PNG or JPEG pictures",
    )
    adding.add_argument("--seed", type=int, metavar="N", help="start of all randomness")

    adding = add(resume)
    adding.add_argument("run", metavar="RUN", help="an id, or latest")
    adding.add_argument(
        "--from",
        dest="from_step",
        type=int,
        metavar="STEP",
        help="go on from the snapshot of this step, as a new run that is a branch of the old one",
    )
    _add_settings(adding, "change one field from there on", config.ADJUSTABLE, "more training")

    run_help = "an id, latest, or a pretrained network: " + ", ".join(library.pretrained_names())
    adding = add(sample)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--count", type=int, required=True, metavar="N")
    adding.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.npz",
        help="gets images (uint8 [N, 28, 28], ink = 255), z and, of a conditional run, labels",
    )
    adding.add_argument(
        "--digit",
        type=int,
        metavar="D",
        help="draw only this one; without it a conditional run draws what it learned in turn",
    )
    adding.add_argument("--seed", type=int, default=0, metavar="N")

    add(runs).add_argument("--json", action="store_true")

    adding = add(curve)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.csv")

    adding = add(evaluating.evaluate)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--json", action="store_true")
    adding.add_argument("--data", metavar="builtin|mnist|PATH", help="real digits to compare with")
    adding.add_argument("--seed", type=int, default=0, metavar="N")

    add(doctor.doctor).add_argument("--json", action="store_true")

    add(making.make_classifier).add_argument("--data", default="mnist", metavar="mnist|PATH")
    adding = add(making.make_pretrained)
    adding.add_argument(
        "name",
        metavar="NAME",
        choices=list(presets.PRETRAINED),
        help="one of " + ", ".join(presets.PRETRAINED),
    )
    adding.add_argument("--data", default="mnist", metavar="mnist|PATH")
    return parser


def _add_settings(
    adding: argparse.ArgumentParser, words: str, fields: Iterable[str], what: str
) -> None:
    """``--set``, for `fields`, and how much of `what` there shall be."""
    text = f"{words}: {', '.join(fields)}"
    adding.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=text)
    budget = adding.add_mutually_exclusive_group()
    budget.add_argument("--seconds", type=float, metavar="S", help=f"seconds of {what}")
    budget.add_argument("--steps", type=int, metavar="N", help=f"steps of {what}")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_complain(f"{self.prog}: {message} (see --help)", BAD_ARGUMENTS))


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


def _store() -> RunStore:
    return RunStore(default_home())


def _interrupt(store: RunStore, run: str) -> None:
    try:
        store.append(run, Finished(store.state(run).step, StopReason.INTERRUPTED))
    except StoreError:
        pass  # the error that is on its way tells; `recover` will mark the run


def _summary(state: RunState) -> dict[str, Any]:
    return {
        "id": state.id,
        "name": state.name,
        "status": state.status,
        "config": dataclasses.asdict(state.config),
        "step": state.step,
        "images_seen": state.images_seen,
        "seconds": state.seconds,
        "images_per_second": state.images_per_second,
        "quality": dataclasses.asdict(state.quality[-1]) if state.quality else None,
        "error": state.failed.error if state.failed else None,
    }


def _writable(out: Path) -> Path:
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}. Nothing was written.")
    if out.is_dir():
        raise UsageError(f"--out {out}: that is a folder; name a file in it.")
    return out


def _complain(error: object, code: int) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
