"""How many digits a second the families draw on this server, and what more steps are good for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gan.jobs import machine
from gan.jobs.passing import State, Status
from gan.messages.requests import Paces
from gan.runs.comparison import Comparison, Contestant
from gan.runs.comparison_words import Row
from gan.server import sheets
from gan.view import actions
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.state import context
from gan.view.streams import comparison as stream
from gan.view.streams import topics
from gan.view.words import date_words
from gan.words.failures import failure
from gan.words.text import plain

_MEANING: Final = (
    "how many digits NumPy draws in a second on one core of this server ({cores:g} cores), "
    "whatever else goes on there; browsers and TensorFlow have other speeds"
)
_WITH_ONE: Final = "**1 step:** the network is asked once for a digit; {pace} digits a second."
_WITH_MORE: Final = (
    "**{steps} steps:** the network is asked {steps} times for a digit; {pace} digits a second."
)
_EXPLANATION: Final = (
    "Draws digits against the clock with each of these networks, for some seconds, beside whatever "
    "goes on here. The diffusion model draws them in one step, in as many as is usual, and in "
    "many."
)


def row(found: Comparison) -> Row:
    """The row of the table."""
    cells = tuple(map(_cell, found.contestants))
    return Row("Digits a second here", cells, meaning=_MEANING.format(cores=machine.cores()))


def _cell(one: Contestant) -> str:
    measured = stream.pace(one)
    if measured is None:
        return "not measured yet"
    told = dict(zip(measured.steps.tolist(), measured.per_second.tolist(), strict=True))
    return _number(told.get(one.network_calls, 0.0))


def _number(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"


def show(found: Comparison) -> None:
    """A button that measures, how far that is, and what a diffusion model draws in few steps."""
    st.subheader("How fast do they draw here?", anchor=False)
    st.caption(_EXPLANATION)
    statuses = [(one, context().paces.status(one.state.id)) for one in found.contestants]
    going = [(one, status) for one, status in statuses if status and _is_open(status)]
    for one, status in statuses:
        _show_one(one, status)
    if going:
        runs = [one.state.id for one, _ in going]
        st.button("Cancel", icon=":material/stop:", on_click=actions.cancel_paces, args=(runs,))
    else:
        st.button(
            "Measure how fast they draw",
            icon=":material/speed:",
            on_click=_measure,
            args=(found.contestants,),
        )
    measured = [(one, drawn) for one, _ in statuses if (drawn := stream.pace(one))]
    if measured:
        last = max(drawn.at for _, drawn in measured)
        st.caption(f"Measured last on {date_words(last)}.")
    for one, drawn in measured:
        if len(drawn.steps) > 1:
            _few_and_many(one, drawn)


def _is_open(status: Status) -> bool:
    return status.state in (State.WAITING, State.WORKING)


def _show_one(one: Contestant, status: Status | None) -> None:
    if status and _is_open(status):
        st.markdown(f"**{one.title}**")
        live.standing(Part(topics.FAMILIES, stream.part_of_pace(one)))
    elif status and status.failed:
        st.error(plain(f"{one.title}: {failure(status.failed)}"), icon=":material/error:")


def _measure(contestants: Sequence[Contestant]) -> None:
    """Ask for all of them, from the button's callback."""
    for one in contestants:
        if network := stream.network_of(one):
            actions.measure_pace(one.state.id, network, stream.steps_to_measure(one))


def _few_and_many(one: Contestant, measured: Paces) -> None:
    """The same noise drawn in each number of steps, with how fast that was."""
    few, many = int(measured.steps[0]), int(measured.steps[-1])
    st.subheader(f"{few} step against {many}", anchor=False)
    st.caption(
        f"The same noise, from which {one.preset} draws a digit in ever more steps. Each step asks "
        "the network once more: what it takes grows with them, and what they are good for is seen "
        "here."
    )
    columns = st.columns(len(measured.steps))
    shown = zip(measured.steps.tolist(), measured.per_second.tolist(), strict=True)
    for column, pictures, (steps, per_second) in zip(
        columns, measured.pictures, shown, strict=True
    ):
        with column:
            picture = sheets.encoded(pictures.tobytes(), len(pictures))
            st.image(picture, width=336, alt=f"Digits drawn in {steps} steps")
            words = _WITH_ONE if steps == 1 else _WITH_MORE
            st.caption(words.format(steps=steps, pace=_number(per_second)))
