"""What the server pushes of a run, of the list of runs, and of a run's timeline.

Nothing here needs the script of a page.

Each maker is called once a tick for all viewers of its topic. The part `version` is what a page's
script depends on: when it changes, the page is drawn again; all else is drawn in place.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from gan.messages.events import Quality
from gan.runs.comparison import Comparison
from gan.runs.errors import StoreError
from gan.runs.measures import Measure, judged_words, measures
from gan.runs.state import RunState
from gan.server import sheets
from gan.server.stream import Maker, Parts
from gan.view import words
from gan.view.components import live
from gan.view.components.timeline import encode_timeline
from gan.view.figures import quality_figures
from gan.view.figures.families import view_of
from gan.view.state import context, is_stopping
from gan.view.streams import comparison, jobs, timelines
from gan.view.watching import FAILED
from gan.words.text import legible

RUNS: Final = "runs"
"""The topic of the list of runs."""
VERSION: Final = "version"
FAMILIES: Final = "families"
"""The topic of the comparison of the families."""
_MOST_LETTERS: Final = 100
_GONE: Final = "gone"
_TIMELINE_SECONDS: Final = 2.0


def run_topic(run: str) -> str:
    """The topic of all that a run's own page shows."""
    return f"run/{run}"


def saved_topic(run: str) -> str:
    """The topic of the snapshots of a run that can be explored."""
    return f"saved/{run}"


def timeline_topic(run: str) -> str:
    """The topic of a run's timeline."""
    return f"timeline/{run}"


def maker_of(topic: str) -> Maker | None:
    """What makes the parts of a topic; None if there is no such topic."""
    if topic == RUNS:
        return _unless_unreadable(_runs_parts)
    if topic == FAMILIES:
        return _unless_unreadable(_FamiliesParts())
    kind, _, run = topic.partition("/")
    makers: Mapping[str, Callable[[str], Maker]] = {
        "run": _RunParts,
        "saved": _saved_parts,
        "timeline": _TimelineParts,
    }
    is_topic = kind in makers and len(run) <= _MOST_LETTERS and context().is_known(run)
    return _unless_unreadable(makers[kind](run)) if is_topic else None


def _unless_unreadable(make: Maker) -> Maker:
    """`make`; where the record cannot be read, what lets the page's script say so."""

    def parts() -> Parts:
        try:
            return make()
        except StoreError:
            return {VERSION: FAILED.encode()}

    return parts


def run_version(state: RunState | None) -> str:
    """What of a run its page's script depends on."""
    if state is None:
        return _GONE
    what: tuple[object, ...] = (state.name, state.status, len(state.marks), bool(state.progress))
    what += jobs.version(jobs.about(state))
    if state.status.is_live:
        what += (
            is_stopping(state.id),
            state.is_parked,
            state.grouped is None,
            state.started is None,
            state.samples is None,
            bool(state.saved),
            quality_shape(state),
            state.trace and state.trace.step,
        )
    else:
        what += (state.seq,)
    return _digest(what)


def quality_shape(state: RunState) -> int:
    """How much the judgements have to show: nothing, the first measures, or all of them."""
    if not state.quality:
        return 0
    is_new = state.quality[-1].is_extrapolated  # what it has not measured yet will come
    return 2 if is_new or any(check.precision is not None for check in state.quality) else 1


def saved_version(state: RunState | None) -> str:
    """What of a run the page that explores it depends on."""
    if state is None:
        return _GONE
    return _digest((state.name, state.status, [saved.step for saved in state.saved]))


def runs_version(states: Iterable[RunState]) -> str:
    """What of all runs, and of the jobs that are open, the pages depend on that list them."""
    return _digest(
        [
            *jobs.version(jobs.open_ones()),
            *((state.id, state.name, state.status, is_stopping(state.id), bool(state.samples),
               bool(state.saved), state.seq if not state.status.is_live else 0)
              for state in states),
        ]
    )  # fmt: skip


def families_version(found: Comparison, going: Sequence[RunState]) -> str:
    """What of the comparison of the families its page depends on."""
    stopping = [is_stopping(state.id) for state in going]
    return _digest((comparison.version(found, going), stopping))


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:12]


class _RunParts:
    """The parts of one run; what has not changed since the last tick is not made again."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._seq = -1
        self._drawn: dict[str, bytes] = {}
        self._judgements = -1

    def __call__(self) -> Parts:
        state = context().known(self._run)
        version = run_version(state).encode()
        if state is None:
            return {VERSION: version}
        if state.seq != self._seq:
            self._draw(state)
            self._seq = state.seq
        return {
            **self._drawn,
            **jobs.parts(jobs.about(state)),
            "standing": live.encode_standing(state.fraction, words.standing(state)),
            VERSION: version,
        }

    def _draw(self, state: RunState) -> None:
        self._drawn |= curves(state)
        if state.samples is not None:
            self._drawn |= samples(state)
        if state.quality:
            self._drawn["judged"] = judged_words(state).encode()
            if len(state.quality) != self._judgements:
                self._drawn |= judgement(state)
                self._judgements = len(state.quality)


def samples(state: RunState) -> Parts:
    """The digits that a run drew last, and what they are."""
    assert state.samples is not None
    step, count = state.samples.step, len(state.samples.images)
    sheet = live.encode_sheet(
        sheets.newest(state),
        step=step,
        label=f"{count} generated digits after {step} steps",
        count=count,
        columns=state.config.sample_columns,
    )
    return {"samples": sheet, "sampled": words.sampled(state).encode()}


def curves(state: RunState) -> Parts:
    """The figures of what a run of its family reports."""
    figures = view_of(state.config).figures(state)
    return {name: live.encode_figure(figure) for name, figure in figures.items()}


def judgement(state: RunState) -> Parts:
    """The figures and the table of a run's quality checks, of which there is one at least."""
    quality, draw = state.quality, quality_figures
    figures = {
        "quality": draw.draw_quality(draw.quality_info(quality, state.config.target_distance)),
        "precision": draw.draw_precision_recall(draw.precision_recall_info(quality)),
        "coverage": draw.draw_coverage(draw.coverage_info(quality)),
    }
    rows: list[list[str | tuple[str, str]]] = [
        [
            (f"{row.name}: ", _meaning(row, quality[-1])),
            _whole(row.generated),
            _whole(row.real) or "not measured",
        ]
        for row in measures(*quality)
    ]
    table = live.encode_table(["measure", "generated", "real"], rows)
    return {"measures": table} | {
        name: live.encode_figure(figure) for name, figure in figures.items()
    }


def _whole(number: str) -> str:
    """A number whose interval is not broken across lines."""
    return number.replace(" to ", "\u00a0to\u00a0")


def _meaning(row: Measure, last: Quality) -> str:
    """What a measure means, and when it was taken, if that was before the last judgement."""
    words = f"{row.better}. {row.meaning}"
    return words if row.step == last.step else f"{words} As of step {row.step:,}."


class _FamiliesParts:
    """The parts of the comparison of the families."""

    def __init__(self) -> None:
        self._parts = comparison.ComparisonParts()

    def __call__(self) -> Parts:
        states, _ = context().known_runs()
        found, going = comparison.compared(states), comparison.under_way(states)
        version = families_version(found, going).encode()
        return {**self._parts(found, going), VERSION: version}


def _saved_parts(run: str) -> Maker:
    return lambda: {VERSION: saved_version(context().known(run)).encode()}


class _TimelineParts:
    """The timeline of one run: that of a live one at most every other second."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._seq, self._at = -1, 0.0
        self._timeline = b""

    def __call__(self) -> Parts:
        state, now = context().known(self._run), time.monotonic()
        is_due = now - self._at >= _TIMELINE_SECONDS or not (state and state.status.is_live)
        if state is not None and state.samples is not None and state.seq != self._seq and is_due:
            self._timeline = encode_timeline(timelines.timeline(state))
            self._seq, self._at = state.seq, now
        return {"timeline": self._timeline} if self._timeline else {}


def _runs_parts() -> Parts:
    states, _ = context().known_runs()
    parts = {VERSION: runs_version(states).encode(), **jobs.parts(jobs.open_ones())}
    for state in states:
        if state.status.is_live:
            parts[f"going:{state.id}"] = words.going(state).encode()
            parts[f"row:{state.id}"] = words.row(state).encode()
            if state.samples is not None:
                parts[f"picture:{state.id}"] = row_picture(state)
    return parts


def row_picture(state: RunState) -> bytes:
    """The first two rows of a run's samples, for a list."""
    assert state.samples is not None
    columns = state.config.sample_columns
    return live.encode_sheet(
        sheets.newest(state, 2),
        step=state.samples.step,
        label=f"Digits that {legible(state.name)} drew",
        count=min(2 * columns, len(state.samples.images)),
        columns=columns,
    )
