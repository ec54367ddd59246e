"""One cursor through a run: what it drew, and how its curves stood, at any moment.

Beside it, another moment of the run or another run, its curves in the same plots.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from gan.runs import library
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.settings.presets import presets
from gan.view import actions
from gan.view.components.timeline import time_machine
from gan.view.figures import timeline_curves
from gan.view.figures.family_view import Overlay
from gan.view.state import all_runs, mentioned_run, pretrained
from gan.view.streams import topics
from gan.words.text import legible

_HELP: Final = "Move through the run: what it drew, and how its curves stood, at any moment."
_HOW: Final = (
    "Drag the slider or the curves, or play. Pictures are of the same noise vectors throughout. "
    "Distances and shares are those of the last check until then."
)
_OF_TWO: Final = (
    "A is this run, B the one beside it: thin, light lines. Both are shown after the same training "
    "time, as runs take their steps at different speeds, or, if you like, after the same step. A "
    "recording's time is that of the machine that trained it."
)


def show(state: RunState) -> None:
    """Offer the time machine for a run that has something to show."""
    if not state.progress or state.samples is None:
        return
    key = f"time_machine:{state.id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if not st.toggle("Time machine", key=f"{key}:on", help=_HELP):
            return
        other = _beside(state.id)
    over = _overlay(state, other) if other else Overlay((), "")
    time_machine(
        topics.timeline_topic(state.id),
        topics.timeline_topic(other.id) if other else None,
        overlaid=over.titles,
        key=key,
        on_branch=lambda step: _branch(state, step, key),
    )
    if st.session_state.pop(f"{key}:left", False):
        st.rerun()  # the address names another run now
    st.caption(f"{_HOW} {_OF_TWO} {over.words}" if other else _HOW)


def _beside(run: str) -> RunState | None:
    """The run that people chose to see beside this one."""
    names = {other: name for other, name in _names().items() if other != run}
    chosen = st.selectbox(
        "Beside it",
        list(names),
        index=None,
        format_func=lambda other: names.get(other, other),
        placeholder="Beside it: another run, or a moment that you pin",
        label_visibility="collapsed",
        key=f"time_machine:{run}:beside",
        width=520,
    )
    other = mentioned_run(chosen) if chosen else None
    return other if other and other.samples and other.progress else None


@st.cache_data(ttl=5.0, show_spinner=False)
def _names() -> dict[str, str]:
    """All runs that have something to show, by their ids; no two have the same name."""
    runs = [state for state in all_runs() if state.samples and state.progress]
    names = {
        state.id: f"{legible(state.name)} ({_kind(state.config)}, {state.id})" for state in runs
    }
    names |= {
        state.id: f"{state.name} ({_kind(state.config)}, pretrained)" for state in pretrained()
    }
    shipped = library.shipped_names()
    for preset, about in presets().items():  # by name: to read a recording takes a moment
        recording = library.recording_of(preset)
        if recording in shipped:
            names[recording] = f"{preset} ({_kind(about.config)}, a preset, recorded)"
    return names


def _kind(config: TrainConfig) -> str:
    return config.architecture + (", conditional" if config.is_conditional else "")


def _overlay(state: RunState, other: RunState) -> Overlay:
    last = [each.quality[-1].is_extrapolated for each in (state, other) if each.quality]
    return timeline_curves.overlay(state.config, other.config, one_distance=len(set(last)) < 2)


def _branch(state: RunState, step: int, key: str) -> None:
    """Let a new run go on from there, as long as the run was meant to take."""
    budget = state.longer(step, steps=state.config.max_steps, seconds=state.config.max_seconds)
    branch = actions.branch(state, step, budget, state.branch_name(step))
    if branch:
        st.query_params["run"] = branch
        st.session_state[f"{key}:left"] = True
