"""How the files in ``assets/`` are made: the commands for those who work on the project."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from queue import SimpleQueue

from gan.commands import terminal
from gan.commands.arguments import Add
from gan.commands.terminal import UsageError
from gan.data import datasets
from gan.messages.events import Event, Saved, Snapshot
from gan.runs import library, measures, recordings, shipping
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings import presets


def declare(add: Add) -> None:
    """The arguments of these commands."""
    for make in (make_classifier, make_reference, make_judgements):
        _declare_data(add(make))
    adding = add(make_recordings)
    adding.add_argument("names", nargs="*", metavar="PRESET", help="all of them, if none is named")


def _declare_data(adding: argparse.ArgumentParser) -> None:
    adding.add_argument("--data", default="mnist", metavar="mnist|PATH")


def make_classifier(options: argparse.Namespace) -> None:
    """Train the digit classifier that measures quality, and put it into assets."""
    terminal.start_tensorflow()
    from gan.model import classifier

    model, accuracy = classifier.train_classifier(
        datasets.load(options.data), datasets.load_test(options.data)
    )
    classifier.save(model)
    print(f"{accuracy:.2%} of the test digits are read correctly.")
    make_reference(options)


def make_reference(options: argparse.Namespace) -> None:
    """Keep in assets how the digit classifier sees the test digits that runs are judged against."""
    terminal.start_tensorflow()
    from gan.model import classifier, reference

    digits = datasets.load_test(options.data)
    assert digits.labels is not None
    features, _ = classifier.judge(datasets.to_network(digits.images))
    reference.write(features, digits.labels)
    print(f"Runs on MNIST's digits are judged against {len(digits):,} test digits.")


def make_judgements(options: argparse.Namespace) -> None:
    """Judge the pretrained networks anew, once each, and put that into their recordings.

    What was judged while they were trained stays as it was told then.
    """
    terminal.start_tensorflow()
    from gan.model import bundle
    from gan.model.quality import evaluation
    from gan.model.reference import classes_of

    digits = datasets.load(options.data)
    for name in library.pretrained_names():
        state = library.pretrained(name)
        network = bundle.load(library.snapshot_path(RunStore(default_home()), state))
        classes, seed = classes_of(state.config), state.config.seed
        quality = evaluation(network, digits, classes, seed, state.seconds)
        library.judge_pretrained(name, quality)
        print(f"{name}: {measures.distance_words(quality)}")


def make_recordings(options: argparse.Namespace) -> None:
    """Train presets as the app would, one after the other, and put their recordings into assets."""
    unknown = set(options.names) - set(presets.presets())
    if unknown:
        raise UsageError(f"There is no preset {', '.join(sorted(unknown))}.")
    terminal.start_tensorflow()
    for name in options.names or presets.presets():
        path = _record(name)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB", flush=True)


def _record(name: str) -> Path:
    from gan.model import training
    from gan.model.preparation import Preparation

    settings = presets.preset(name)
    digits = datasets.load_for(settings)
    prepared = Preparation(settings, digits)  # as a worker does, before the clock runs
    report = terminal.reporter(RunState(name, name, settings, created=0.0))
    recorded: list[Event] = []
    generators: dict[int, bytes] = {}
    discriminators: dict[int, bytes] = {}
    for event in training.train(settings, digits, SimpleQueue(), prepared=prepared):
        report(event)
        if isinstance(event, Snapshot):
            generators[event.step] = event.generator.tobytes()
            if event.discriminator.size:
                discriminators[event.step] = event.discriminator.tobytes()
            event = Saved(event.step)
        recorded.append(event)
    on = f"{os.cpu_count()} CPU cores, {time.strftime('%d %B %Y', time.gmtime())}"
    return recordings.write(
        name, settings, shipping.with_fewer_samples(recorded), generators, on, discriminators
    )
