"""A step taken by hand, opened up: what went in, what D said, what G was told, what moved."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gan.messages.events import Trace
from gan.messages.status import Part, RunStatus
from gan.runs.state import RunState
from gan.server import painting
from gan.view.components import live
from gan.view.figures import trace_figures
from gan.words.text import plain

_MOVED: Final = {
    Part.BOTH: "D was updated, then G",
    Part.DISCRIMINATOR: "D was updated, G stood still",
    Part.GENERATOR: "G was updated, D stood still",
}


def show(state: RunState) -> None:
    """Draw the last step of a run that is paused, if it was taken by hand."""
    if state.status is not RunStatus.PAUSED or not state.config.family.steps_in_parts:
        return
    trace = state.trace
    st.subheader("Inside one step", anchor=False)
    if trace is None or trace.step != state.held_step:
        st.caption("Take one step, of both networks or of one alone, and it opens up here.")
        return
    st.caption(
        f"Step {trace.step:,}: {_MOVED[trace.part]}. D's loss was {trace.d_loss:.3f}, G's "
        f"{trace.g_loss:.3f}. Shown are {len(trace.fake)} of the batch's {len(trace.noise)} digits."
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        _pictures(state.id, trace)
    with right:
        live.live_chart(
            trace_figures.draw_logits(trace),
            key=f"trace:{state.id}",
            test_id="logits-chart",
            label="D's logits for each digit of the batch before and after the updates",
            caption="**What D said.** One mark a digit, above 0 for real. D's own update is meant "
            "to push real digits up and generated ones down; G's, to push generated ones up.",
        )
        with st.expander(
            "What each layer was told, and how far it moved", icon=":material/layers:"
        ):
            st.markdown(table(trace))


def _pictures(run: str, trace: Trace) -> None:
    parts = (
        (
            "real",
            ":green[**Real**] digits that D saw",
            painting.encode_images(trace.real, origin="real"),
        ),
        ("fake", ":violet[**Generated**] digits, from noise", painting.encode_images(trace.fake)),
        (
            "gradient",
            "**What would fool D better**: :orange[more ink] here, :blue[less] there. This, the "
            "gradient of G's loss by each pixel, is all that G is ever told about real digits.",
            painting.encode_signed(-trace.pixel_gradients),
        ),
    )
    for name, words, png in parts:
        st.caption(words)
        sheet = live.encode_sheet(
            png, step=trace.step, label=words.replace("*", ""), count=len(trace.fake)
        )
        live.sample_grid(sheet, key=f"trace:{run}:{name}", test_id=f"trace-{name}")


def table(trace: Trace) -> str:
    """Sizes of each layer's weights, gradient and update, as a table in Markdown."""
    rows = zip(
        trace.layers, trace.weight_norms, trace.gradient_norms, trace.update_norms, strict=True
    )
    head = ["| weights | size | gradient | update | update / size |", "| --- |" + " ---: |" * 4]
    return "\n".join(
        head
        + [
            f"| {plain(name.replace('/', ', '))} | {weight:.3g} | {gradient:.3g} | {update:.3g} | "
            + (f"{update / weight:.2%} |" if weight else "- |")
            for name, weight, gradient, update in rows
        ]
    )
