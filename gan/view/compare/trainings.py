"""Training the presets that are compared, with the same data and the same seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from gan.runs.comparison import COMPARED, Setting
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.settings.presets import preset
from gan.view import actions, words
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.furniture import badge, stop_button
from gan.view.state import engine
from gan.view.streams import comparison as stream
from gan.view.streams import topics
from gan.words.text import plain

SECONDS: Final = (60, 120, 300)
"""From which people choose: enough for each family to draw digits that can be read."""
_EXPLANATION: Final = (
    "Puts {names} into the queue, each on the 5,000 built-in digits and for the same time. Once "
    "all of them are done, they stand above. Runs of these presets that are started elsewhere in "
    "this app count too, if their data and their seconds are the same."
)
_TAKES: Final = "They train for {time} in all. {wait}"


def button(label: str, names: Sequence[str], setting: Setting) -> None:
    """A button that queues presets with the data and the seconds of `setting`."""
    st.button(
        label,
        icon=":material/play_arrow:",
        key=f"train:{':'.join(names)}",
        on_click=actions.start_all,
        args=(configs(names, setting),),
    )


def configs(names: Sequence[str], setting: Setting) -> Mapping[str, TrainConfig]:
    """The presets by name, as they are to be compared."""
    return {
        name: replace(
            preset(name),
            data=setting.data,
            classes=setting.classes,
            data_fraction=setting.data_fraction,
            max_seconds=setting.seconds,
            max_steps=None,
        )
        for name in names
    }


def show(going: Sequence[RunState]) -> None:
    """What is asked for, a button that starts it, and the runs that wait or go on."""
    st.subheader("Train all three here", anchor=False)
    allowed = [seconds for seconds in SECONDS if seconds <= engine().limits.max_seconds]
    if not allowed:
        st.caption("This server does not give a run the time that a comparison takes.")
        return
    left, right = st.columns(2)
    with left:
        seconds = st.segmented_control(
            "Time for each",
            allowed,
            format_func=words.duration_words,
            default=allowed[0],
            required=True,
            key="compare:seconds",
        )
    with right:
        game = st.segmented_control(
            "GAN",
            COMPARED["adversarial"],
            default=COMPARED["adversarial"][0],
            required=True,
            key="compare:gan",
            help="quick is told the classes of the real digits while it learns, unconditional is "
            "told nothing of them.",
        )
    names = [game, *(others[0] for name, others in COMPARED.items() if name != "adversarial")]
    st.caption(_EXPLANATION.format(names=", ".join(names)))
    total = len(names) * seconds / engine().limits.slots
    st.caption(_TAKES.format(time=words.duration_words(total), wait=words.new_wait_words()))
    button("Train all three here", names, Setting(seconds=float(seconds)))
    for state in going:
        _under_way(state)


def _under_way(state: RunState) -> None:
    """A run that waits or goes on, with a link to it and a button that ends it."""
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        badge(state)
        st.page_link("pages/run.py", label=plain(state.name), query_params={"run": state.id})
        live.live_words(Part(topics.FAMILIES, stream.part_of_run(state)))
        stop_button(state)
