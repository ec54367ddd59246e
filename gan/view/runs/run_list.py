"""Runs in a list: a row each, to open, rename, take home and delete."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gan.runs import library
from gan.runs.state import RunState
from gan.server import sheets
from gan.view import actions, words
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.furniture import badge, popover, stop_button
from gan.view.runs import take_home
from gan.view.streams import topics
from gan.words.text import plain


def row(state: RunState) -> None:
    """One run: its picture, what it is, what can be done with it."""
    with st.container(border=True):
        _row(state)


def _row(state: RunState) -> None:
    digits, about, buttons = st.columns([2, 6, 4], vertical_alignment="center")
    with digits:
        if state.samples is None:
            st.caption("No picture yet")
        elif state.status.is_live:
            live.sample_grid(Part(topics.RUNS, f"picture:{state.id}"), key=f"picture:{state.id}")
        else:
            picture = sheets.newest(state, 2)
            st.image(picture, width=220, alt=f"Digits that {state.name} drew")
    with about:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(state.name)}**")
            badge(state)
        if state.status.is_live:
            live.live_words(Part(topics.RUNS, f"row:{state.id}"))
        else:
            st.caption(plain(words.row(state)))
    with buttons.container(horizontal=True, vertical_alignment="center"):
        _buttons(state)


def _buttons(state: RunState) -> None:
    run = state.id
    st.page_link(
        "pages/run.py", label="Open", icon=":material/monitoring:", query_params={"run": run}
    )
    if state.recording or state.saved_step is not None:
        st.page_link(
            "pages/explore.py",
            label="Explore",
            icon=":material/explore:",
            query_params={"run": run},
        )
    stop_button(state)
    if not library.is_lesson(state):
        with popover("More", f"more:{run}", icon=":material/more_horiz:") as is_open:
            if is_open:
                take_home.export(state)
            if is_open and not state.recording:
                _more(state)


def _more(state: RunState) -> None:
    run, key = state.id, f"name:{state.id}"
    st.text_input("Name", value=state.name, max_chars=60, key=key)
    st.button("Rename", key=f"rename:{run}", on_click=_rename, args=(run, key))
    is_live = state.status.is_live
    st.button(
        "Delete",
        icon=":material/delete:",
        key=f"delete:{run}",
        on_click=delete,
        args=([run], state.name),
        disabled=is_live,
        help="Stop the run first." if is_live else None,
    )


def _rename(run: str, key: str) -> None:
    actions.change("rename", run, st.session_state[key])


def offer_undo() -> None:
    """Offer to bring back what was deleted last in this session."""
    if "deleted" not in st.session_state:
        return
    runs, what = st.session_state["deleted"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Deleted **{plain(what)}**. That can be undone for an hour.")
        st.button("Undo", icon=":material/undo:", on_click=_restore, args=(runs,))


def delete(runs: Sequence[str], what: str) -> None:
    """Delete runs, from a button's callback; `offer_undo` offers to bring them back."""
    gone = [run for run in runs if actions.change("delete", run)]
    if gone:
        st.session_state["deleted"] = (gone, what)


def _restore(runs: Sequence[str]) -> None:
    is_back = [actions.change("restore", run) for run in runs]
    if all(is_back):
        del st.session_state["deleted"]
