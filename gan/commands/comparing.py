"""The command that compares the families of methods, as the page Compare does."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Final

from gan.commands.arguments import Add
from gan.runs import comparison, comparison_words, library
from gan.runs.comparison import Comparison
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home
from gan.settings.families import FAMILIES

_COLUMN: Final = 30
_NONE: Final = (
    "There is no run of a {title} to compare with. Train one: python -m gan train --preset "
    "{preset} --set max_seconds={seconds:g}"
)


def declare(add: Add) -> None:
    """The arguments of this command."""
    add(compare).add_argument("--json", action="store_true")


def compare(options: argparse.Namespace) -> None:
    """Compare the families of methods by runs of the same data and the same seconds."""
    store = RunStore(default_home())
    found = comparison.comparison(_readable(store), _recordings())
    sizes = [_kilobytes(store, one.state) for one in found.contestants]
    rows = comparison_words.rows(found, sizes)
    if options.json:
        runs = {one.family: one.state.id for one in found.contestants}
        told = {"setting": asdict(found.setting), "runs": runs, "rows": list(map(asdict, rows))}
        print(json.dumps(told, indent=2))
        return
    _show(found, rows)


def _show(found: Comparison, rows: list[comparison_words.Row]) -> None:
    data, seconds = comparison_words.data_words(found.setting), found.setting.seconds
    print(f"{data}, {seconds:g} s of training")
    titles = (one.title for one in found.contestants)
    names = (one.state.id for one in found.contestants)
    for line in (("", *titles, "Real digits"), ("run", *names, "")):
        print("".join(f"{cell:<{_COLUMN}}" for cell in line).rstrip())
    for row in rows:
        print("".join(f"{cell:<{_COLUMN}}" for cell in (row.name, *row.cells, row.real)).rstrip())
    for sentence in comparison_words.findings(found) + comparison_words.told_classes(found):
        print(sentence)
    for family in found.missing:
        title, preset = FAMILIES[family].title, comparison.COMPARED[family][0]
        print(_NONE.format(title=title, preset=preset, seconds=seconds))


def _readable(store: RunStore) -> list[RunState]:
    """The stored runs, newest first; the command `runs` tells of those that cannot be read."""
    found = []
    for run in store.ids():
        try:
            found.append(store.state(run))
        except StoreError:
            continue
    return found


def _recordings() -> list[RunState]:
    """Those of them that ship and can be read."""
    found = []
    for name in comparison.recordings_of(library.shipped_names()):
        try:
            found.append(library.shipped(name))
        except StoreError:
            continue
    return found


def _kilobytes(store: RunStore, state: RunState) -> int | None:
    """The size of the network that draws."""
    try:
        content = library.generator(store, state)
    except StoreError:
        return None
    return None if content is None else round(len(content) / 1000)
