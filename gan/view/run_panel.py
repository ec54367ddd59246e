"""One run on screen: while it learns, and after."""

from __future__ import annotations

import streamlit as st

from gan.events import RunStatus
from gan.runs import measures
from gan.runs.state import RunState
from gan.view import figures, quality_panel, ui
from gan.view.live import live

REFRESH_SECONDS = 0.5
CHART_HEIGHT = 300


def show(run: str) -> None:
    """Draw the run of this id, again every half second for as long as it is live."""
    state = ui.find(run)
    if state is None:
        st.error(
            f"There is no run {run}. It may have been deleted, or kept in another folder.",
            icon=":material/error:",
        )
        st.page_link("pages/runs.py", label="See all runs", icon=":material/history:")
        return
    is_live = state.status.is_live
    st.fragment(_draw, run_every=REFRESH_SECONDS if is_live else None)(run, is_live)


def _draw(run: str, was_live: bool) -> None:
    state = ui.find(run)
    if state is None or (was_live and not state.status.is_live):
        st.rerun()
    _heading(state)
    _standing(state)
    if state.samples is None:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        _samples(state)
    with right:
        _curves(state)
    quality_panel.show(state)


def _heading(state: RunState) -> None:
    title, status, button = st.columns([5, 2, 1], vertical_alignment="center")
    title.subheader(state.name, anchor=False)
    with status:
        ui.badge(state)
    if state.started is not None:
        st.caption(
            f"{state.config.architecture} on {state.started.device}: G has "
            f"{state.started.generator_parameters:,} weights, D "
            f"{state.started.discriminator_parameters:,}. {state.started.training_images:,} real "
            f"digits, batches of {state.config.batch_size}, seed {state.config.seed}."
        )
    with button:
        ui.stop_button(state)


def _standing(state: RunState) -> None:
    """Where the run stands, in a bar and a sentence."""
    match state.status:
        case RunStatus.QUEUED:
            place = ui.engine().place(state.id) or 0
            st.progress(0.0, f"Waiting for {place} {'run' if place == 1 else 'runs'}.")
        case RunStatus.STARTING:
            st.progress(0.0, f"{state.doing} ...")
        case RunStatus.RUNNING:
            st.progress(state.fraction, _pace(state))
        case RunStatus.FAILED if state.failed:
            kept = (
                f" The snapshot of step {state.saved_step:,} is kept." if state.saved_step else ""
            )
            st.error(f"{state.failed.error} {state.failed.hint}{kept}", icon=":material/error:")
        case RunStatus.INTERRUPTED:
            st.warning(
                f"The server went away at step {state.step:,}. Everything recorded until "
                "then is here.",
                icon=":material/power_off:",
            )
    if not state.status.is_live:
        _result(state)


def _pace(state: RunState) -> str:
    if not state.progress:
        return "First steps ..."
    left = state.seconds_left
    rest = f", {ui.duration_words(left)} left" if left is not None else ""
    return (
        f"Step {state.step:,}: {state.images_seen:,} digits seen, "
        f"{state.progress[-1].images_per_second:,.0f} a second{rest}"
    )


def _result(state: RunState) -> None:
    text = (
        f"**{state.step:,} steps** in {ui.duration_words(state.seconds)}: "
        f"{state.images_seen:,} digits seen, {state.images_per_second:,.0f} a second."
    )
    if state.quality:
        text += f" {ui.quality_words(state)}"
        if not measures.doubt(state.config.data):
            text += f"; {measures.classes_seen(state.quality[-1])} digits appear"
        text += "."
    if state.recording:
        text = "Recorded when this network was trained, not now. " + text
    st.markdown(text)
    if state.saved_step or state.recording:
        with st.container(horizontal=True):
            st.page_link(
                "pages/explore.py",
                label="Explore this network",
                icon=":material/explore:",
                query_params={"run": state.id},
            )
            if st.button("Train another", icon=":material/bolt:", type="tertiary"):
                st.query_params.clear()
                st.rerun()


def _samples(state: RunState) -> None:
    assert state.samples is not None
    step = state.samples.step
    live.sample_grid(
        ui.samples_png(state.id, step, state),
        step=step,
        key=f"samples:{state.id}",
        label=f"64 generated digits after {step} steps",
    )
    st.caption(
        f"Step {step:,}. The same 64 noise vectors every time: what changes is what G has learned."
    )


def _curves(state: RunState) -> None:
    losses, scores = _curve_figures(state.id, state.seq, state)
    live.live_chart(
        losses,
        key=f"losses:{state.id}",
        height=CHART_HEIGHT,
        test_id="loss-chart",
        label="Losses of D and G over the training steps",
    )
    st.caption(
        "**Losses** do not fall together as in other training: each network's gain is the other's "
        "loss. Two lines that wander at a level mean that both keep learning. D near 0 with G "
        "climbing means that D has won and G learns little."
    )
    live.live_chart(
        scores,
        key=f"scores:{state.id}",
        height=CHART_HEIGHT,
        test_id="score-chart",
        label="Mean score that D gives to real and to generated digits",
    )
    st.caption(
        '**D\'s scores**: the probability that D gives to "this one is real". Apart, D can tell; '
        "both at 0.5, it can only guess. Close together is what G works for."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _curve_figures(run: str, seq: int, _state: RunState) -> tuple[bytes, bytes]:
    """Encoded once for all viewers of a run."""
    info = figures.curve_info(_state.progress)
    return (
        live.encode_figure(figures.draw_losses(info)),
        live.encode_figure(figures.draw_scores(info)),
    )
