"""Is it any good? A run's quality checks on screen, each measure beside what real digits score."""

from __future__ import annotations

import streamlit as st

from gan.runs.measures import distance_caption, doubt
from gan.runs.state import RunState
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.streams import topics


def show(state: RunState) -> None:
    """Draw the quality checks of a run, if there is one yet."""
    shape = topics.quality_shape(state)
    if not shape:
        return
    st.subheader("Is it any good?", anchor=False)
    live.live_words(_part(state, "judged"))
    if words := doubt(state.config.data):
        st.info(words, icon=":material/info:")
    left, right = st.columns(2, gap="large")
    with left:
        _distance(state)
    if shape == 1:  # an early version measured no more
        with right:
            _coverage(state)
        _table(state)
        return
    with right:
        _precision_recall(state)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _coverage(state)
    with right:
        _table(state)


def _part(state: RunState, name: str) -> Part:
    return Part(topics.run_topic(state.id), name)


def _table(state: RunState) -> None:
    live.live_table(_part(state, "measures"), test_id="measures")


def _distance(state: RunState) -> None:
    live.live_chart(
        _part(state, "quality"),
        key=f"quality:{state.id}",
        test_id="quality-chart",
        label="Frechet distance over the training steps",
        caption=distance_caption(state.quality[-1]),
    )


def _precision_recall(state: RunState) -> None:
    live.live_chart(
        _part(state, "precision"),
        key=f"precision:{state.id}",
        test_id="precision-chart",
        label="Precision and recall over the training steps",
        caption="**Believable, and complete?** Precision counts the generated digits that lie "
        "among real ones, recall the real ones that lie among generated ones. One picture, drawn "
        "again and again, can score a high precision, but no recall: read the two together.",
    )


def _coverage(state: RunState) -> None:
    live.live_chart(
        _part(state, "coverage"),
        key=f"coverage:{state.id}",
        test_id="coverage-chart",
        label="Share of each digit class, generated and real",
        caption="**Are all there?** How often the classifier reads each digit, beside how often "
        "real digits come. One tall bar means mode collapse.",
    )
