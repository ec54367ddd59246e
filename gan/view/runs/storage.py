"""How much room the stored runs take, and an offer to delete the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gan.runs.state import RunState
from gan.view.runs import run_list
from gan.view.state import engine
from gan.words.text import plain

OFFER_FROM: Final = 0.8
"""Of what the server keeps: from there on, old runs are offered for deletion."""
_MEGABYTE: Final = 1 << 20


def show(states: Sequence[RunState]) -> None:
    """Say what the runs take; if there is little room left, offer to delete old ones."""
    if not states:
        return
    sizes, allowed = _sizes(len(states)), engine().limits.stored_mb
    used = sum(sizes.values()) / _MEGABYTE
    st.caption(
        f"{len(states):,} {'run takes' if len(states) == 1 else 'runs take'} {used:,.0f} of the "
        f"{allowed:,} MB that this server keeps."
    )
    if used < OFFER_FROM * allowed:
        return
    old = oldest(states, sizes, round((used - OFFER_FROM * allowed) * _MEGABYTE))
    if not old:
        return
    freed = sum(sizes.get(state.id, 0) for state in old) / _MEGABYTE
    what = "the oldest run" if len(old) == 1 else f"the {len(old)} oldest runs"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Room is running out. {what.capitalize()}: {freed:,.0f} MB.")
        st.button(
            f"Delete {what}",
            icon=":material/delete:",
            on_click=run_list.delete,
            args=([state.id for state in old], what),
            help=plain(", ".join(state.name for state in old[:20])),
        )


def oldest(states: Sequence[RunState], sizes: dict[str, int], wanted: int) -> list[RunState]:
    """The oldest runs that are over, as many as it takes to free `wanted` bytes."""
    found: list[RunState] = []
    for state in sorted(states, key=lambda state: state.created):
        if wanted <= 0:
            break
        if not state.status.is_live:
            found.append(state)
            wanted -= sizes.get(state.id, 0)
    return found


@st.cache_data(ttl=10.0, max_entries=4, show_spinner=False)
def _sizes(count: int) -> dict[str, int]:
    """Counted now and then, and at once when there are more or fewer runs."""
    return engine().store.sizes()
