"""`film`: a run, or two, under one cursor that the browser moves by itself.

What is pushed is words and numbers. The pictures have addresses (`gan.server.sheets`), from
which the browser loads them once.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import streamlit as st

from gan.runs.notable import Moment
from gan.server import assets
from gan.view.figures.figures import Line, numbers

MAX_SHEETS: Final = 160
"""Of a run. The browser holds them all in memory, at some 0.2 MB each."""
_DASHES: Final = {"solid": [], "dash": [8, 5], "dot": [2, 4]}

_film = st.components.v2.component(
    "film", js=assets.loader("timeline/time_machine.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over steps, drawn together."""

    title: str
    steps: tuple[int, ...]
    lines: tuple[Line, ...]
    logarithmic: bool = False
    has_dots: bool = False
    """Whether each point is drawn, as long as there is room: those of single checks."""


@dataclass(frozen=True, slots=True)
class Reel:
    """One run as the film shows it."""

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
    curves: Sequence[Curve]
    moments: Sequence[Moment] = ()
    snapshots: Sequence[int] = ()
    """The steps that can be branched from."""


def film(
    topic: str,
    beside: str | None = None,
    *,
    overlaid: Sequence[str] = (),
    key: str,
    on_branch: Callable[[int], None],
) -> None:
    """Show the reel that the stream `topic` carries, and that of `beside` next to it.

    Curves of `beside` whose titles are `overlaid` share the plots. `on_branch` is told a
    snapshot's step to branch from.
    """

    def heard() -> None:
        step = st.session_state[key].branch
        if isinstance(step, int):
            on_branch(step)

    sources = [topic] if beside is None else [topic, beside]
    about = {"sources": sources, "overlaid": list(overlaid)}
    _film(key=key, data=json.dumps(about).encode() + b"\n", on_branch_change=heard)


def encode_reel(reel: Reel) -> bytes:
    """A reel as a stream carries it: deflated JSON, some 5 kB."""
    kept = thinned(reel.sheets)
    ends = (curve.steps[-1] for curve in reel.curves if curve.steps)
    about: dict[str, Any] = {
        "name": reel.name,
        "live": reel.is_live,
        "folder": reel.folder,
        "places": [place for place, _ in kept],
        "steps": [step for _, step in kept],
        "digits": reel.digits,
        "columns": reel.columns,
        "last": max([kept[-1][1], *ends]),
        "clock": {
            "steps": [step for step, _ in reel.clock],
            "seconds": [seconds for _, seconds in reel.clock],
        },
        "moments": [asdict(moment) for moment in reel.moments],
        "snapshots": list(reel.snapshots),
        "curves": [_curve(curve) for curve in reel.curves if curve.steps],
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


def _curve(curve: Curve) -> dict[str, Any]:
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
