"""One run on screen: while it learns, and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import streamlit as st

from gan.config import ALL_CLASSES, TrainConfig
from gan.events import RunStatus, Started
from gan.runs import library, measures
from gan.runs.state import RunState
from gan.view import (
    control_panel,
    curve_figures,
    games,
    inspector,
    quality_panel,
    take_home,
    time_machine,
    ui,
)
from gan.view.live import live

REFRESH_SECONDS = 0.5
_OPTIONS: Final[Mapping[str, str]] = {
    "conditional": "D told the classes ({})",
    "discriminator_steps": "{} updates of D for each of G",
    "discriminator_normalization": "{} normalisation in {beside}",
    "gradient_penalty": "gradient penalty {:g}",
    "r1_penalty": "R1 penalty {:g}",
    "learning_rate_half_life": "learning rates halved every {:,} steps",
    "label_smoothing": "label smoothing {:g}",
    "instance_noise": "instance noise {:g}",
    "divergence_weight": "divergence counts {:g} times",
}
"""What the heading says of fields that are not as usual."""


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
    if state is None or was_live != state.status.is_live:
        st.rerun()
    ui.show_problem()
    _heading(state)
    _standing(state)
    control_panel.show(state)
    time_machine.show(state)
    inspector.show(state)
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
        elsewhere = " Trained, or begun, elsewhere: its times are of that machine."
        st.caption(_what(state.config, state.started) + elsewhere * state.is_imported)
    with button:
        ui.stop_button(state)


def _what(config: TrainConfig, started: Started) -> str:
    """What is trained, and on what, in a sentence or three."""
    g, d = f"{started.generator_parameters:,}", f"{started.discriminator_parameters:,}"
    if config.is_adversarial:
        networks = f"{config.architecture}, {config.loss} loss, on {started.device}: "
        networks += f"G has {g} weights, D {d}."
    else:
        networks = f"Variational autoencoder on {started.device}: "
        networks += f"the decoder G has {g} weights, the encoder {d}."
    digits = f"{started.training_images:,} real digits"
    if config.classes != ALL_CLASSES:
        digits += f" of class {', '.join(map(str, config.chosen_classes))} only"
    if config.data_fraction < 1:
        digits += f" ({100 * config.data_fraction:g}% of what there is)"
    text = f"{networks} {digits}, batches of {config.batch_size}, seed {config.seed}."
    options = ", ".join(_unusual(config))
    return f"{text} Options: {options}." if options else text


def _unusual(config: TrainConfig) -> Iterator[str]:
    usual, beside = TrainConfig(), "D" if config.is_adversarial else "the encoder"
    for field, words in _OPTIONS.items():
        value = getattr(config, field)
        if value != getattr(usual, field):
            yield words.format("no" if value == "none" else value, beside=beside)


def _standing(state: RunState) -> None:
    """Where the run stands, in a bar and a sentence."""
    match state.status:
        case RunStatus.QUEUED:
            st.progress(state.fraction, ui.wait_words(state))
        case RunStatus.STARTING:
            st.progress(0.0, f"{state.doing} ...")
        case RunStatus.RUNNING:
            st.progress(state.fraction, _pace(state))
        case RunStatus.PAUSED:
            st.progress(state.fraction, _stillness(state))
        case RunStatus.FAILED if state.failed:
            kept = (
                f" The snapshot of step {state.saved_step:,} is kept." if state.saved_step else ""
            )
            st.error(f"{state.failed.error} {state.failed.hint}{kept}", icon=":material/error:")
        case RunStatus.INTERRUPTED:
            st.warning(
                f"The server went away at step {state.step:,}. Everything recorded until "
                "then is here, and it can go on.",
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


def _stillness(state: RunState) -> str:
    text = f"Time stands still after step {state.held_step:,}."
    if state.is_parked:
        return f"{text} Its worker went to a run that waited; it comes back to the next command."
    waiting = len(ui.engine().waiting) if ui.engine().has(state.id) else 0
    if not waiting:
        return text
    seconds = ui.duration_words(ui.engine().limits.pause_seconds)
    return (
        f"{text} {'One run waits' if waiting == 1 else f'{waiting} runs wait'}: untouched for "
        f"{seconds}, this one lets them go first."
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
        on = f" on {state.recorded_on}" if state.recorded_on else ""
        text = f"A recording, made when this network was trained{on}, not now. {text}"
    st.markdown(text)
    if state.saved_step or state.recording:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                "pages/explore.py",
                label="Explore this network",
                icon=":material/explore:",
                query_params={"run": state.id},
            )
            if not library.is_lesson(state):
                with st.popover("Take it home", icon=":material/download:", type="tertiary"):
                    take_home.export(state)
            if st.button("Train another", icon=":material/bolt:", type="tertiary"):
                st.query_params.clear()
                st.rerun()


def _samples(state: RunState) -> None:
    assert state.samples is not None
    step = state.samples.step
    live.sample_grid(
        ui.samples_png(state.id, step, state),
        count=len(state.samples.images),
        columns=state.config.sample_columns,
        step=step,
        key=f"samples:{state.id}",
        label=f"{len(state.samples.images)} generated digits after {step} steps",
    )
    asked = ", a column for each digit that G is asked for" if state.config.is_conditional else ""
    st.caption(
        f"Step {step:,}. The same {len(state.samples.images)} noise vectors every time{asked}: "
        "what changes is what G has learned."
    )


def _curves(state: RunState) -> None:
    drawn = _curve_figures(state.id, state.seq, state)
    if not state.config.is_adversarial:
        live.live_chart(
            drawn[0],
            key=f"losses:{state.id}",
            test_id="loss-chart",
            label="Reconstruction and divergence over the training steps",
            caption=games.terms_caption(state.config),
        )
        return
    live.live_chart(
        drawn[0],
        key=f"losses:{state.id}",
        test_id="loss-chart",
        label="Losses of D and G over the training steps",
        caption=games.losses_caption(state.config),
    )
    live.live_chart(
        drawn[1],
        key=f"scores:{state.id}",
        test_id="score-chart",
        label="Mean score that D gives to real and to generated digits",
        caption=games.scores_caption(state.config),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _curve_figures(run: str, seq: int, _state: RunState) -> list[bytes]:
    """Encoded once for all viewers of a run."""
    config, marks = _state.config, curve_figures.marks_of(_state)
    if config.is_adversarial:
        curve, game = curve_figures.game_curve(_state.progress), games.GAMES[config.loss]
        both = game.g_loss_has_scale
        drawn = [
            curve_figures.draw_losses(curve, game.unit, both=both, marks=marks),
            curve_figures.draw_scores(curve, games.score_scale(config), marks),
        ]
    else:
        terms = curve_figures.vae_curve(_state.progress, config.divergence_weight)
        drawn = [curve_figures.draw_terms(terms, marks)]
    return [live.encode_figure(figure) for figure in drawn]
