"""The groups that a run found in its pictures: what D was told in place of labels, on screen."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gan.messages.events import Grouped
from gan.runs.state import RunState
from gan.server import painting
from gan.view.components import live

_IN_A_ROW: Final = 5
_WIDE: Final = 4
"""Pictures in a row of one group's."""
_WHAT: Final = (
    "Before its first step, this run sorted the real pictures into {count} groups by what they "
    "look like. Nobody labelled them: of each picture D is told its group, and the first {count} "
    "numbers of G's noise lean towards the groups."
)
_PURE: Final = (
    "Held against the labels of these pictures afterwards, {purity:.1%} are of the kind that is "
    "commonest in their group. The labels are used for this figure and for nothing else."
)
_UNKNOWN: Final = "These pictures have no labels, so how pure the groups are is for you to see."
_ONE: Final = "Group {number}: {share:.1%} of the pictures"


def show(state: RunState) -> None:
    """Draw some pictures of each group, and its share, if the run found any."""
    if (grouped := state.grouped) is None:
        return
    st.subheader("Groups that it found by itself", anchor=False)
    st.markdown(words(grouped))
    sheets = grouped.images.reshape(len(grouped.shares), -1, *grouped.images.shape[1:])
    for place, (images, share) in enumerate(zip(sheets, grouped.shares, strict=True)):
        if place % _IN_A_ROW == 0:  # where columns lie below each other, groups stay in order
            columns = st.columns(_IN_A_ROW)
        about = _ONE.format(number=place + 1, share=share)
        sheet = live.encode_sheet(
            painting.encode_images(images, _WIDE, origin="real"),
            step=0,
            label=f"Real pictures of group {place + 1}",
            count=len(images),
            columns=_WIDE,
        )
        with columns[place % _IN_A_ROW]:
            live.sample_grid(sheet, key=f"group:{state.id}:{place}", test_id=f"group-{place + 1}")
            st.caption(about)


def words(grouped: Grouped) -> str:
    """What the groups are, and how pure, if that can be known."""
    what = _WHAT.format(count=len(grouped.shares))
    pure = _UNKNOWN if grouped.purity is None else _PURE.format(purity=grouped.purity)
    return f"{what} {pure}"
