"""Is it any good? A run's quality checks on screen, each measure beside what real digits score."""

from __future__ import annotations

import streamlit as st

from gan.events import Quality
from gan.runs.measures import doubt, measures
from gan.runs.state import RunState
from gan.view import quality_figures
from gan.view.live import live


def show(state: RunState) -> None:
    """Draw the quality checks of a run, if there is one yet."""
    if not state.quality:
        return
    last = state.quality[-1]
    st.subheader("Is it any good?", anchor=False)
    st.caption(
        f"Step {last.step:,}: {last.samples:,} generated digits and as many real ones, seen by a "
        "small digit classifier. Beside each measure stands what real digits score against other "
        "real digits: nothing better can be asked of a generator."
    )
    if words := doubt(state.config.data):
        st.info(words, icon=":material/info:")
    distance, precision_recall, coverage = _figures(state.id, len(state.quality), state)
    left, right = st.columns(2, gap="large")
    with left:
        _distance(state, distance)
    if last.precision is not None:
        with right:
            _precision_recall(state, precision_recall)
        left, right = st.columns([2, 3], gap="large")
        with left:
            _coverage(state, coverage)
        with right:
            st.markdown(table(last))
        return
    with right:
        _coverage(state, coverage)
    st.markdown(table(last))


def table(quality: Quality) -> str:
    """All measures as a table in Markdown."""
    rows = [
        f"| **{row.name}**: {row.better}. {row.meaning} | {row.generated} "
        f"| {row.real or 'not measured'} |"
        for row in measures(quality)
    ]
    head = ["| measure | :violet[**generated**] | :green[**real**] |", "| --- | ---: | ---: |"]
    return "\n".join(head + rows)


def _distance(state: RunState, figure: bytes) -> None:
    live.live_chart(
        figure,
        key=f"quality:{state.id}",
        test_id="quality-chart",
        label="Frechet distance over the training steps",
        caption="**How far from real?** The Frechet distance between the crowd of generated digits "
        "and the crowd of real ones: lower is better, and the green line is as low as it gets.",
    )


def _precision_recall(state: RunState, figure: bytes) -> None:
    live.live_chart(
        figure,
        key=f"precision:{state.id}",
        test_id="precision-chart",
        label="Precision and recall over the training steps",
        caption="**Believable, and complete?** Precision counts the generated digits that lie "
        "among real ones, recall the real ones that lie among generated ones. One picture, drawn "
        "again and again, can score a high precision, but no recall: read the two together.",
    )


def _coverage(state: RunState, figure: bytes) -> None:
    live.live_chart(
        figure,
        key=f"coverage:{state.id}",
        test_id="coverage-chart",
        label="Share of each digit class, generated and real",
        caption="**Are all there?** How often the classifier reads each digit, beside how often "
        "real digits come. One tall bar means mode collapse.",
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _figures(run: str, count: int, _state: RunState) -> tuple[bytes, bytes, bytes]:
    """Encoded once for all viewers of a run."""
    quality, draw = _state.quality, quality_figures
    return (
        live.encode_figure(draw.draw_quality(draw.quality_info(quality))),
        live.encode_figure(draw.draw_precision_recall(draw.precision_recall_info(quality))),
        live.encode_figure(draw.draw_coverage(draw.coverage_info(quality))),
    )
