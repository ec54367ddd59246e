"""How the networks that ship are trained: for hours, ended at any moment, gone on with later."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Final

from gan.commands import terminal
from gan.commands.arguments import EXIT_CODES, Add
from gan.commands.recording import Recording
from gan.commands.signals import Signals
from gan.commands.terminal import UsageError
from gan.data import datasets
from gan.data.datasets import Digits
from gan.messages.commands import Command
from gan.messages.events import Event, Saved
from gan.messages.status import RunStatus
from gan.runs import library, measures, shipping
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings import presets

FOLDER: Final = "pretraining"
"""Of the runs under way, in the home of all others: a record of its own, which no page shows."""
SNAPSHOT_GAP: Final = 90.0
"""Seconds of training that are lost at most, and those of one report."""


def declare(add: Add) -> None:
    """The arguments of this command."""
    adding = add(make_pretrained)
    adding.epilog = EXIT_CODES
    adding.add_argument(
        "name",
        metavar="NAME",
        choices=list(presets.RECIPES),
        help="one of "
        + ", ".join(
            f"{name} ({recipe.max_steps:,} steps of {recipe.batch_size} digits)"
            for name, recipe in presets.RECIPES.items()
        ),
    )
    adding.add_argument("--data", metavar="NAME|PATH", help="by default those of the recipe")
    adding.add_argument(
        "--anew", action="store_true", help="throw away what is kept of it, and begin again"
    )


def make_pretrained(options: argparse.Namespace) -> int:
    """Train a network on all there is of its data and put it, with its curve, into assets.

    It can be ended at any moment: the same command goes on from its last snapshot, which is at most
    two minutes old, and gets to the same weights as if it had never been ended.
    """
    store = RunStore(default_home() / FOLDER)
    store.recover()
    run = next((head.run for head in store.heads() if head.name == options.name), None)
    kept = store.state(run) if run and not options.anew else None
    if run and (kept is None or not kept.saved):
        _forget(store, run)
        kept = None
    recipe = presets.RECIPES[options.name]
    if kept and kept.config != recipe:
        raise UsageError(
            f"The recipe of {options.name} is not the one with which its training began, of which "
            f"{kept.step:,} steps are kept in {store.home}. Nothing was changed. Go back to that "
            "recipe, or begin again with --anew."
        )
    digits = datasets.load(options.data or recipe.data)
    terminal.start_tensorflow()
    if not kept or kept.status is not RunStatus.FINISHED:
        state = store.go_on(kept.id, {}) if kept else _begun(store, options.name)
        if code := _train(options.signals, store, state, digits):
            return code
        kept = store.state(state.id)
    _ship(store, kept, digits)
    _forget(store, kept.id)
    return 0


def _begun(store: RunStore, name: str) -> RunState:
    return store.state(store.create(presets.RECIPES[name], name))


def _forget(store: RunStore, run: str) -> None:
    """Remove for good what is kept of a training. Raises `StoreError` if it is still under way."""
    store.delete(run)
    store.purge(older_than=0.0)


def _train(signals: Signals, store: RunStore, state: RunState, digits: Digits) -> int:
    """Train on, to the end of the recipe unless somebody ends it before; the exit code."""
    from gan.model import bundle, training

    print(
        f"{state.name}: {state.saved_step or 0:,} of {state.config.max_steps:,} steps are done. "
        f"What is learned is kept in {store.home}: end this whenever you like, and the same "
        "command goes on.",
        flush=True,
    )

    def train(commands: SimpleQueue[Command]) -> Iterator[Event]:
        start = bundle.load(library.snapshot_path(store, state)) if state.saved else None
        yield from training.train(state.config, digits, commands, start, snapshot_gap=SNAPSHOT_GAP)

    recording = Recording(store, state, f"python -m gan make-pretrained {state.name}")
    with signals.answered(recording.answer):
        recording.follow(train)
    return recording.exit_code(signals)


def _ship(store: RunStore, state: RunState, digits: Digits) -> None:
    """Judge what a training led to, and put it into assets."""
    from gan.model import bundle
    from gan.model.quality import evaluation
    from gan.model.reference import classes_of

    config = state.config
    loaded = bundle.load(library.snapshot_path(store, state)).only_averaged()
    quality = evaluation(loaded, digits, classes_of(config), config.seed, state.seconds)
    told = shipping.lasting(event for _, event in store.events(state.id))
    *recorded, end = (event for event in told if not isinstance(event, Saved))
    library.write_pretrained(
        state.name,
        config,
        shipping.fitted(config.to_json(), [*recorded, quality, end]),
        bundle.dump(loaded, is_packed=True),
        library.generator(store, state) or b"",
        library.discriminator(store, state) or b"",
    )
    print(f"{state.name}: {measures.distance_words(quality)}")
