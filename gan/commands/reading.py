"""The commands that read what is recorded: digits of a network, the list of runs, a curve."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import drawing, latent
from gan.commands import terminal
from gan.commands.arguments import Add, add_run
from gan.commands.terminal import UsageError
from gan.data import datasets
from gan.drawing import CannotDraw
from gan.exports import curves
from gan.latent import LatentError
from gan.messages.jobs import Working
from gan.runs import library, measures
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings import config
from gan.settings.config import TrainConfig
from gan.words.failures import failure
from gan.words.text import legible

MAX_SAMPLES: Final = 100_000
SAMPLES_AT_ONCE: Final = 256
"""Digits that are drawn between two words on how far it is."""


def declare(add: Add) -> None:
    """The arguments of these commands."""
    _declare_sample(add(sample))
    add(runs).add_argument("--json", action="store_true")
    adding = add(curve)
    add_run(adding)
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    adding.add_argument(
        "--judgements", action="store_true", help="how good the digits were, beside real ones"
    )


def _declare_sample(adding: argparse.ArgumentParser) -> None:
    add_run(adding)
    which = adding.add_mutually_exclusive_group(required=True)
    which.add_argument("--count", type=int, metavar="N", help="as many random digits")
    which.add_argument(
        "--z",
        metavar="TEXT",
        help="the one digit of this noise, as the page Explore spells it in its address",
    )
    adding.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.npz|FILE.png",
        help="an .npz gets images (uint8 [N, 28, 28], ink = 255), z and, of a conditional run, "
        "labels; a .png one digit",
    )
    adding.add_argument(
        "--digit",
        type=int,
        metavar="D",
        help="draw only this one; without it a conditional run draws what it learned in turn",
    )
    adding.add_argument("--seed", type=int, metavar="N", help="of --count; without it 0")
    adding.add_argument("--scale", type=float, metavar="S", help="multiplies --z: 0 to 1")
    adding.add_argument(
        "--sampling-steps",
        type=int,
        metavar="N",
        help="in how many steps a diffusion model draws; without it as many as the run says",
    )
    adding.add_argument("--step", type=int, metavar="STEP", help="a kept moment, for --z")
    adding.add_argument(
        "--zoom",
        type=int,
        metavar="N",
        help=f"how large a PNG shows each pixel: 1 to {drawing.MAX_ZOOM} (default {drawing.ZOOM})",
    )


def sample(options: argparse.Namespace) -> None:
    """Draw digits from a run's generator into an ``.npz`` file, or one into a ``.png``."""
    if options.zoom is not None and not _is_png(options.out):
        raise UsageError("--zoom goes with a PNG: arrays have the pixels as they are.")
    if options.z is None:
        _sample_at_random(options)
    else:
        _draw_one(options)


def _sample_at_random(options: argparse.Namespace) -> None:
    for name in ("scale", "step"):
        if getattr(options, name) is not None:
            raise UsageError(
                f"--{name} goes with --z: random digits are drawn by the last network."
            )
    if not 1 <= options.count <= MAX_SAMPLES:
        raise UsageError(f"--count {options.count}: from 1 to {MAX_SAMPLES} digits can be drawn.")
    if options.count > 1 and _is_png(options.out):
        raise UsageError(f"--count {options.count}: a PNG holds one digit; name an .npz file.")
    out = terminal.writable(options.out)
    state = library.find(store := RunStore(default_home()), options.run)
    labels = _labels(options, state.config)
    steps = options.sampling_steps
    try:
        drawing.check_steps(options.run, state.config, steps)
    except CannotDraw as error:
        raise UsageError(f"--sampling-steps {steps}: {error} Nothing was written.") from None
    path = library.snapshot_path(store, state)
    terminal.start_tensorflow()
    from gan.model import bundle

    loaded = bundle.load(path)
    z = latent.sample(options.count, loaded.config.latent_dim, options.seed or 0)
    draw = bundle.compiled(loaded.generator(steps))
    parts = []
    for begin in range(0, len(z), SAMPLES_AT_ONCE):
        terminal.show_working(Working("drawing_digits", begin / len(z)))
        part = slice(begin, begin + SAMPLES_AT_ONCE)
        asked = None if labels is None else labels[part]
        parts.append(datasets.from_network(draw(z[part], asked)))
    terminal.end_working()
    images = np.concatenate(parts)
    _write(options, out, images, z, labels)
    print(f"{options.count} digits of {options.run} (step {loaded.step}) are in {out}.")


def _draw_one(options: argparse.Namespace) -> None:
    """The digit of `--z`, which takes no TensorFlow."""
    if options.seed is not None:
        raise UsageError("--seed goes with --count: --z says which noise it is.")
    out = terminal.writable(options.out)
    scale = 1.0 if options.scale is None else options.scale
    try:
        image, z, label = drawing.drawn(
            options.run,
            options.z,
            digit=options.digit,
            scale=scale,
            step=options.step,
            sampling_steps=options.sampling_steps,
        )
    except (CannotDraw, LatentError) as error:
        raise UsageError(f"{error} Nothing was written.") from None
    labels = None if label is None else np.array([label], np.int32)
    _write(options, out, image[None], z[None].astype(np.float32), labels)
    print(f"The digit of {options.run} is in {out}.")


def _write(
    options: argparse.Namespace,
    out: Path,
    images: NDArray[np.uint8],
    z: latent.Array,
    labels: NDArray[np.int32] | None,
) -> None:
    if _is_png(out):
        zoom = drawing.ZOOM if options.zoom is None else options.zoom
        try:
            picture = drawing.enlarged(images[0], zoom)
        except CannotDraw as error:
            raise UsageError(f"--zoom {zoom}: {error}") from None
        with terminal.whole_file(out, "wb") as file:
            picture.save(file, "PNG")
        return
    arrays: dict[str, NDArray[Any]] = {"images": images, "z": z}
    if labels is not None:
        arrays["labels"] = labels
    with terminal.whole_file(out, "wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def _is_png(out: Path) -> bool:
    return out.suffix.lower() == ".png"


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
    store = RunStore(default_home())
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
        print(
            f"{state.id}  {state.status:<11}  {legible(state.name):<16}  step {state.step:>7}  "
            f"{state.seconds:7.1f} s  {state.images_per_second:7.0f} images/s  "
            f"{measures.quality_words(state)}"
        )


def curve(options: argparse.Namespace) -> None:
    """Write a run's curve as CSV, one row a report, or its judgements."""
    out = terminal.writable(options.out)
    state = library.find(RunStore(default_home()), options.run)
    write = curves.write_quality if options.judgements else curves.write_curve
    with terminal.whole_file(out, "w") as file:
        write(file, state)
    if options.judgements:
        print(f"{len(state.quality)} judgements of {options.run} are in {out}.")
    else:
        print(f"{len(state.progress)} points of {options.run} are in {out}.")


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
        "error": failure(state.failed).error if state.failed else None,
    }
