"""The commands that take a run along: out of this store, and into it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from gan.commands import terminal
from gan.commands.arguments import Add, add_run
from gan.data import registry, uploads
from gan.exports import package, unpacking
from gan.runs import library
from gan.runs.judgement import JUDGE
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.words.text import legible


def declare(add: Add) -> None:
    """The arguments of these commands."""
    adding = add(export)
    add_run(adding)
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    adding.add_argument(
        "--tensorboard", action="store_true", help="put an event file for TensorBoard in, too"
    )
    add(import_).add_argument("file", type=Path, metavar="FILE.zip")


def export(options: argparse.Namespace) -> None:
    """Write a run into a ZIP: weights, curves, pictures, an ONNX model and a script that draws."""
    out = terminal.writable(options.out)
    state = library.find(store := RunStore(default_home()), options.run)
    package.write(store, state, out, options.tensorboard)
    print(f"{options.run} is in {out} ({out.stat().st_size / 1e6:.1f} MB).")


def import_(options: argparse.Namespace) -> None:
    """Take in a run that `export` wrote; its id here is the last line printed."""
    home = default_home()
    found = unpacking.unpack(options.file)
    state, saved = _with_upload(found.state, home), found.state.saved[-1]
    terminal.start_tensorflow()
    from gan.model import importing
    from gan.model.bundle import Bundle

    weights = Bundle(
        state.config_at(saved.step),
        saved.step,
        found.weights,
        saved.reported_step or 0,
        found.seconds,
        found.images_seen,
    )
    can_go_on = saved.reported_step is not None
    snapshot = importing.snapshot(weights, found.generator, can_go_on)
    store = RunStore(home)
    run = store.adopt(state, found.events, snapshot)
    for made, judged in reversed(found.judgements):
        store.jobs.adopt(JUDGE, run, judged.result(), made, samples=judged.samples)
    print(f"{legible(state.name)}, at step {saved.step}. {_what_can_be_done(state, can_go_on)}")
    print(run)


def _with_upload(state: RunState, home: Path) -> RunState:
    """The run, with the path of its pictures if they were uploaded here too.

    An upload's name is made of what is in it.
    """
    path = home / uploads.FOLDER / state.config.data
    if not path.is_file():
        return state
    begun, config = (
        replace(each, data=str(path)) for each in (state.begun or state.config, state.config)
    )
    return replace(state, begun=begun, config=config)


def _what_can_be_done(state: RunState, can_go_on: bool) -> str:
    data = state.config.data
    if not can_go_on:
        return "It can be explored, but not go on: it came with only the weights that draw."
    if data not in registry.DATA_SETS and not Path(data).is_file():
        return f"It can be explored; to go on it needs its data, {data}, which are not here."
    return "It can be explored, and go on."
