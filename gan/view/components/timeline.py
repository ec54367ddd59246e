"""`time_machine`: a run, or two, under one cursor that the browser moves by itself.

What is pushed is words and numbers. The pictures have addresses (`gan.server.sheets`), from
which the browser loads them once.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from gan.server import assets
from gan.view.figures.figures import Plot, numbers

MAX_SHEETS: Final = 160
"""Of a run. The browser holds them all in memory, at some 0.2 MB each."""
_DASHES: Final = {"solid": [], "dash": [8, 5], "dot": [2, 4]}

_TIME_MACHINE = st.components.v2.component(
    "time_machine", js=assets.loader("timeline/time_machine.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One run as the time machine shows it."""

    name: str
    is_live: bool
    """Whether more is to come."""
    folder: str
    """Where its sheets are, as `gan.server.sheets` says."""
    sheets: Sequence[tuple[int, int]]
    """The place and the step of each sheet of samples, in the order of their steps."""
    digits: int
    """On a sheet."""
    columns: int
    """Of digits."""
    clock: Sequence[tuple[int, float]]
    """Steps, and the training time in seconds after each."""
    curves: Sequence[Plot]
    notable: Sequence[tuple[int, str]] = ()
    """Steps that are worth going to, and why, in a few words."""
    snapshots: Sequence[int] = ()
    """The steps that can be branched from."""


def time_machine(
    topic: str,
    beside: str | None = None,
    *,
    overlaid: Sequence[str] = (),
    key: str,
    on_branch: Callable[[int], None],
) -> None:
    """Show the timeline that the stream `topic` carries, and that of `beside` next to it.

    Curves of `beside` whose titles are `overlaid` share the plots. `on_branch` is told a
    snapshot's step to branch from.
    """

    def heard() -> None:
        step = st.session_state[key].branch
        if isinstance(step, int):
            on_branch(step)

    sources = [topic] if beside is None else [topic, beside]
    about = {"sources": sources, "overlaid": list(overlaid)}
    _TIME_MACHINE(key=key, data=json.dumps(about).encode() + b"\n", on_branch_change=heard)


def encode_timeline(timeline: Timeline) -> bytes:
    """A timeline as a stream carries it: deflated JSON, some 5 kB."""
    kept = thinned(timeline.sheets)
    ends = (curve.steps[-1] for curve in timeline.curves if curve.steps)
    about: dict[str, Any] = {
        "name": timeline.name,
        "live": timeline.is_live,
        "folder": timeline.folder,
        "places": [place for place, _ in kept],
        "steps": [step for _, step in kept],
        "digits": timeline.digits,
        "columns": timeline.columns,
        "last": max([kept[-1][1], *ends]),
        "clock": {
            "steps": [step for step, _ in timeline.clock],
            "seconds": [seconds for _, seconds in timeline.clock],
        },
        "notable": [{"step": step, "text": why} for step, why in timeline.notable],
        "snapshots": list(timeline.snapshots),
        "curves": [_curve(curve) for curve in timeline.curves if curve.steps],
    }
    return zlib.compress(json.dumps(about, separators=(",", ":")).encode())


def thinned(sheets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """At most `MAX_SHEETS` of them: every one, every second, every fourth ..., and the last.

    So a growing run keeps what the browser has loaded already.
    """
    stride = 1
    while len(sheets) > stride * (MAX_SHEETS - 1):
        stride *= 2
    kept = list(sheets[::stride])
    return kept if kept[-1] == sheets[-1] else [*kept, sheets[-1]]


def _curve(curve: Plot) -> dict[str, Any]:
    lines = [
        {
            "name": line.name,
            "colour": line.colour,
            "dash": _DASHES[line.dash],
            "values": numbers(line.values),
        }
        for line in curve.lines
    ]
    return {
        "title": curve.title,
        "logarithmic": curve.logarithmic,
        "dots": curve.has_dots,
        "steps": list(curve.steps),
        "lines": lines,
    }
