"""How much room the stored runs take, and an offer to delete the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gan.runs.state import RunState
from gan.view.runs import run_list
from gan.view.state import engine
from gan.words.text import plain

OFFER_FROM: Final = 0.8
"""Of what the server keeps: from there on, old runs are offered for deletion."""
_MEGABYTE: Final = 1 << 20
_ONE_TAKES: Final = "{count:,} run takes {used:,.0f} of the {allowed:,} MB that this server keeps."
_MANY_TAKE: Final = "{count:,} runs take {used:,.0f} of the {allowed:,} MB that this server keeps."


@dataclass(frozen=True, slots=True)
class _Offer:
    """To delete old runs, in words."""

    reason: str
    button: str
    what: str
    """What was deleted, where that is said."""


_ONE: Final = _Offer(
    "Room is running out. The oldest run: {freed:,.0f} MB.",
    "Delete the oldest run",
    "the oldest run",
)
_MANY: Final = _Offer(
    "Room is running out. The {count} oldest runs: {freed:,.0f} MB.",
    "Delete the {count} oldest runs",
    "the {count} oldest runs",
)


def show(states: Sequence[RunState]) -> None:
    """Say what the runs take; if there is little room left, offer to delete old ones."""
    if not states:
        return
    sizes, allowed = _sizes(len(states)), engine().limits.stored_mb
    used = sum(sizes.values()) / _MEGABYTE
    taken = _ONE_TAKES if len(states) == 1 else _MANY_TAKE
    st.caption(taken.format(count=len(states), used=used, allowed=allowed))
    if used < OFFER_FROM * allowed:
        return
    old = oldest(states, sizes, round((used - OFFER_FROM * allowed) * _MEGABYTE))
    if not old:
        return
    freed = sum(sizes.get(state.id, 0) for state in old) / _MEGABYTE
    offer = _ONE if len(old) == 1 else _MANY
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(offer.reason.format(count=len(old), freed=freed))
        st.button(
            offer.button.format(count=len(old)),
            icon=":material/delete:",
            on_click=run_list.delete,
            args=([state.id for state in old], offer.what.format(count=len(old))),
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
