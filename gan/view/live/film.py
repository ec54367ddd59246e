"""`film`: a run's samples and curves under one cursor, which the browser moves by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from gan.events import Samples
from gan.runs.moments import Moment
from gan.view.figures import Line, numbers
from gan.view.live import assets, live

MAX_SHEETS = 96
_DASHES = {"solid": [], "dash": [8, 5], "dot": [2, 4]}

_film = st.components.v2.component("film", js=assets.loader("film.js"), isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over steps, drawn together."""

    title: str
    steps: tuple[int, ...]
    lines: tuple[Line, ...]
    logarithmic: bool = False


def film(message: bytes, *, key: str, on_branch: Callable[[int], None]) -> None:
    """Show what `encode_film` made. `on_branch` is told a snapshot's step to branch from."""

    def heard() -> None:
        step = st.session_state[key].branch
        if isinstance(step, int):
            on_branch(step)

    _film(key=key, data=message, on_branch_change=heard)


def encode_film(
    samples: Sequence[Samples],
    curves: Sequence[Curve],
    moments: Sequence[Moment],
    snapshots: Sequence[int],
    columns: int,
) -> bytes:
    """A line of JSON, then a PNG for each of at most `MAX_SHEETS` of the samples.

    Those that are left out leave gaps that are even in time, first and last stay. `snapshots` are
    the steps that can be branched from.
    """
    chosen = np.unique(np.linspace(0, len(samples) - 1, MAX_SHEETS).round().astype(int))
    kept = [samples[place] for place in chosen]
    sheets = [live.encode_images(each.images, columns) for each in kept]
    about: dict[str, Any] = {
        "steps": [each.step for each in kept],
        "last": max([kept[-1].step, *(curve.steps[-1] for curve in curves if curve.steps)]),
        "sizes": [len(sheet) for sheet in sheets],
        "count": len(kept[0].images),
        "moments": [asdict(moment) for moment in moments],
        "snapshots": list(snapshots),
        "curves": [
            {
                "title": curve.title,
                "logarithmic": curve.logarithmic,
                "lines": [
                    {
                        "name": line.name,
                        "colour": line.colour,
                        "dash": _DASHES[line.dash],
                        "steps": list(curve.steps),
                        "values": numbers(line.values),
                    }
                    for line in curve.lines
                ],
            }
            for curve in curves
            if curve.steps
        ],
    }
    return json.dumps(about).encode() + b"\n" + b"".join(sheets)
