"""The comparison of the families in a stream: which runs stand in it, and what is pushed of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from gan.jobs.passing import State, Status
from gan.messages.requests import Paces
from gan.runs import comparison, library
from gan.runs.comparison import Comparison, Contestant
from gan.runs.errors import StoreError
from gan.runs.read_once import read_once
from gan.runs.snapshots import GENERATOR
from gan.runs.state import RunState
from gan.server import sheets
from gan.server.stream import Parts
from gan.view import words
from gan.view.components import live
from gan.view.figures import comparison_figures
from gan.view.state import context
from gan.words.progress import doing
from gan.words.text import legible

DISTANCE: Final = "distance"
"""The part that is a chart."""
SHOWN_DIGITS: Final = 8
_STEPS: Final = (1, 50)
"""In how many a diffusion model draws beside its own, to be compared."""


def compared(states: Sequence[RunState]) -> Comparison:
    """What is shown, of these runs and of what ships."""
    recordings = []
    for name in comparison.recordings_of(library.shipped_names()):
        try:
            recordings.append(library.shipped(name))
        except StoreError:  # the page Runs tells that it is damaged
            continue
    return comparison.comparison(states, recordings)


def under_way(states: Sequence[RunState]) -> list[RunState]:
    """The live runs of the presets that are compared, the oldest first: as they will start."""
    live_ones = [each for each in states if each.status.is_live]
    return [each for each in reversed(live_ones) if comparison.preset_of(each.config)]


def network_of(one: Contestant) -> bytes | None:
    """The newest network that a run drew with; None if it kept none that can be read."""
    return _network(one.state.id, one.state.saved_step)


def kilobytes(one: Contestant) -> int | None:
    """The size of that network's file."""
    return _kilobytes(one.state.id, one.state.saved_step)


def steps_to_measure(one: Contestant) -> list[int]:
    """In how many steps a network is to draw, where that is a choice: few, its own, and many."""
    return sorted({*_STEPS, one.network_calls}) if one.network_calls > 1 else [1]


def digits(one: Contestant) -> bytes:
    """The first digits that a run drew when it is compared, as one PNG."""
    return _digits(one.state.id, one.quality.step)


def pace(one: Contestant) -> Paces | None:
    """How fast a network draws here, if that was measured."""
    status = context().paces.status(one.state.id)
    return status.result if status and isinstance(status.result, Paces) else None


def part_of_pace(one: Contestant) -> str:
    """The part that tells how far the measuring of a run is."""
    return f"pace:{one.state.id}"


def part_of_run(state: RunState) -> str:
    """The part that tells where a live run stands."""
    return f"row:{state.id}"


def version(found: Comparison, going: Sequence[RunState]) -> tuple[Any, ...]:
    """What of it the script of the page depends on."""
    paces = [context().paces.status(one.state.id) for one in found.contestants]
    return (
        [(one.state.id, one.state.seq) for one in found.contestants],
        [(status.state, getattr(status.result, "at", 0.0)) if status else None for status in paces],
        [(state.id, state.name, state.status) for state in going],
    )


class ComparisonParts:
    """The parts of the comparison; the chart is drawn again when other runs stand in it."""

    def __init__(self) -> None:
        self._drawn: tuple[list[tuple[str, int]], bytes] = ([], b"")

    def __call__(self, found: Comparison, going: Sequence[RunState]) -> Parts:
        """The chart, how far each measuring is, and where each live run stands."""
        shown = [(one.state.id, one.state.seq) for one in found.contestants]
        if not self._drawn[1] or self._drawn[0] != shown:
            figure = comparison_figures.draw_comparison(comparison_figures.comparison_info(found))
            self._drawn = (shown, live.encode_figure(figure))
        parts = {DISTANCE: self._drawn[1]}
        for one in found.contestants:
            status = context().paces.status(one.state.id)
            if status and status.state in (State.WAITING, State.WORKING):
                parts[part_of_pace(one)] = _standing(status)
        for state in going:
            parts[part_of_run(state)] = words.row(state).encode()
        return parts


def _standing(status: Status) -> bytes:
    """How far the measuring of a pace is."""
    if status.working:
        told = f"{legible(doing(status.working))} ..."
        return live.encode_standing(status.working.share, told)
    return live.encode_standing(0.0, "It waits for another request to end.")


@read_once(most=64)
def _kilobytes(run: str, step: int | None) -> int | None:
    content = _network(run, step)
    return None if content is None else round(len(content) / 1000)


def _network(run: str, step: int | None) -> bytes | None:
    try:
        return context().network_file(run, step, GENERATOR)
    except StoreError:
        return None


@read_once(most=64)
def _digits(run: str, step: int) -> bytes:
    """Of the last samples until `step`; nothing else is drawn there than what was recorded."""
    state = context().known(run)
    assert state is not None
    until = [place for place, at in context().sample_places(state) if at <= step]
    _, samples = context().samples_at(run, until[-1] if until else 0)
    first = np.ascontiguousarray(samples.images[:SHOWN_DIGITS])
    return sheets.encoded(first.tobytes(), len(first))
