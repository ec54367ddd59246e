"""What stands on several pages: a run's status, its Stop button, links, popovers, problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

import streamlit as st

from gan.messages.status import RunStatus
from gan.runs import library
from gan.runs.state import RunState
from gan.view import actions
from gan.view.state import engine, is_stopping
from gan.words.text import plain

Color = Literal["gray", "blue", "green", "red", "orange"]
_BADGES: Final[dict[RunStatus, tuple[str, Color]]] = {
    RunStatus.QUEUED: (":material/hourglass_empty:", "gray"),
    RunStatus.STARTING: (":material/hourglass_top:", "gray"),
    RunStatus.RUNNING: (":material/play_arrow:", "blue"),
    RunStatus.PAUSED: (":material/pause:", "orange"),
    RunStatus.FINISHED: (":material/check:", "green"),
    RunStatus.STOPPED: (":material/stop:", "gray"),
    RunStatus.FAILED: (":material/error:", "red"),
    RunStatus.INTERRUPTED: (":material/power_off:", "orange"),
}


def badge(state: RunState) -> None:
    """The run's status, as a word with a sign and a colour."""
    if state.recording:
        st.badge("recording", icon=":material/movie:", color="violet")
        return
    if state.status.is_live and is_stopping(state.id):
        st.badge("stopping", icon=":material/stop:", color="orange")
        return
    icon, color = _BADGES[state.status]
    st.badge(state.status, icon=icon, color=color)
    if state.is_imported:
        st.badge("imported", icon=":material/upload:", color="gray")


def stop_button(state: RunState) -> None:
    """Stop, for a live run; one that the command line started is stopped there."""
    if not state.status.is_live:
        return
    if not engine().has(state.id):
        st.caption("Runs in a terminal: Ctrl-C there stops it.")
        return
    is_ending = is_stopping(state.id)
    st.button(
        "Stopping" if is_ending else "Stop",
        icon=":material/stop:",
        key=f"stop:{state.id}",
        on_click=actions.stop,
        args=(state.id,),
        disabled=is_ending,
        help="Ends the run after the steps at hand; what it learned is kept.",
    )


def recording_link(preset: str, label: str) -> None:
    """A door to the recording of `preset`, if it ships with one."""
    name = library.recording_of(preset)
    if name in library.shipped_names():
        st.page_link(
            "pages/run.py", label=label, icon=":material/movie:", query_params={"run": name}
        )


@contextmanager
def popover(label: str, key: str, **look: Any) -> Iterator[bool]:
    """A popover, and whether it is open: what is in a closed one need not be drawn."""
    box = st.popover(label, key=key, on_change="rerun", **look)
    with box:
        yield bool(box.open)


def show_problem() -> None:
    """Say, once, what a callback could not do."""
    if problem := actions.take_problem():
        st.error(plain(problem), icon=":material/error:")
