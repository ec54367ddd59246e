"""The families of methods side by side: what each draws, what is measured of it, and what it takes.

Which of them is better here, the figures alone tell.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from gan.runs import comparison, comparison_words, measures
from gan.runs.comparison import Comparison, Contestant
from gan.runs.comparison_words import Row
from gan.settings.families import FAMILIES
from gan.view.compare import paces, trainings
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.figures.families import VIEWS
from gan.view.furniture import show_problem
from gan.view.state import all_runs
from gan.view.streams import comparison as stream
from gan.view.streams import topics
from gan.view.words import date_words, duration_words
from gan.words.text import plain

_ABOUT: Final = (
    "Each of these networks has had the same pictures ({data}) and the same {seconds} to learn. "
    "In that time each takes as many training steps as its method and its machine allow."
)
_CLOCKS: Final = (
    "Not all of them were trained on the same machine, and a faster one gets further in the same "
    "time: train all of them here to compare them strictly."
)
_MISSING: Final = (
    "There is no such run to compare with: none was recorded, and none was trained here on the "
    "same data for {seconds}."
)
_CAPTION: Final = (
    "**How near to real digits, and how fast?** The Frechet distance after so many seconds of "
    "training: lower is better, and green is what real digits reach. Bars, where there are some, "
    "are 95% intervals."
)
_TOLD: Final = "Beside each measure stands what real digits score by the same code."


def draw() -> str:
    """Draw the comparison as it stands; returns the version that this is."""
    show_problem()
    states = all_runs()
    found, going = stream.compared(states), stream.under_way(states)
    seconds = duration_words(found.setting.seconds)
    st.markdown(
        _ABOUT.format(data=plain(comparison_words.data_words(found.setting)), seconds=seconds)
    )
    families = {one.family: one for one in found.contestants}
    for column, name in zip(st.columns(len(FAMILIES)), FAMILIES, strict=True):
        with column.container(border=True, height="stretch"):
            _family(name, families.get(name), found)
    if found.contestants:
        _figures(found)
        paces.show(found)
    trainings.show(going)
    return topics.families_version(found, going)


def _family(name: str, one: Contestant | None, found: Comparison) -> None:
    """What a family draws, how it draws, and where that comes from; or that there is no run."""
    preset = one.preset if one else comparison.COMPARED[name][0]
    st.subheader(f"{FAMILIES[name].title} ({preset})", anchor=False)
    if one is None:
        seconds = found.setting.seconds
        st.caption(f"{_MISSING.format(seconds=duration_words(seconds))} {VIEWS[name].compared}")
        trainings.button(f"Train {preset} here", [preset], found.setting)
    else:
        alt = f"Digits that {preset} drew after {one.seconds:.0f} s"
        st.image(stream.digits(one), width=336, alt=alt)
        st.caption(f"{_origin(one)} {VIEWS[name].compared}")
        st.page_link(
            "pages/run.py",
            label="Open its run",
            icon=":material/monitoring:",
            query_params={"run": one.state.id},
        )


def _origin(one: Contestant) -> str:
    """When and where a run was trained."""
    state = one.state
    if not state.recording:
        return f"Trained here, {date_words(state.created)}."
    if state.recorded_on:
        return f"A recording, made on {plain(state.recorded_on)}."
    return "A recording."


def _figures(found: Comparison) -> None:
    """The chart, the table, and what they say."""
    live.live_chart(
        Part(topics.FAMILIES, stream.DISTANCE),
        key="families:distance",
        test_id="families-chart",
        label="Frechet distance of each family over the seconds of training",
        caption=_CAPTION,
    )
    sizes = [stream.kilobytes(one) for one in found.contestants]
    rows = comparison_words.rows(found, sizes)
    with st.container(key="families-table"):
        st.markdown(_table(found, [*rows, paces.row(found)]))
    machines = {_machine(one) for one in found.contestants}
    sentences = [
        *comparison_words.findings(found),
        *comparison_words.told_classes(found),
        _CLOCKS if len(machines) > 1 else "",
    ]
    st.markdown(plain(" ".join(filter(None, sentences))))
    st.caption(f"{_TOLD} {measures.INTERVAL}" if _has_intervals(found) else _TOLD)


def _machine(one: Contestant) -> str:
    """On what a run was trained, as far as a recording tells; nothing of this server's own."""
    return one.state.recorded_on.partition(",")[0] if one.state.recording else ""


def _has_intervals(found: Comparison) -> bool:
    return any(one.quality.is_extrapolated for one in found.contestants)


def _table(found: Comparison, rows: list[Row]) -> str:
    """All rows as Markdown, a column for each run."""
    titles = [one.title for one in found.contestants]
    head = ["Measure", *titles, "Real digits", "What does this mean?"]
    rule = ["---", *["---:"] * len(titles), "---:", "---"]
    cells = [
        [f"**{row.name}**", *map(_whole, row.cells), _whole(row.real), row.meaning] for row in rows
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *cells))


def _whole(cell: str) -> str:
    """A cell whose numbers are not broken across lines."""
    return cell.replace(" to ", "\u00a0to\u00a0")


def link(label: str) -> None:
    """A door to this page."""
    st.page_link("pages/compare.py", label=label, icon=":material/balance:")


def is_compared(preset: str) -> bool:
    """Whether `preset` stands for its family here."""
    return any(preset in names for names in comparison.COMPARED.values())
