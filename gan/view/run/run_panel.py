"""One run on screen: while it learns, and after. What moves there is pushed, not drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import streamlit as st

from gan.messages.events import Started
from gan.messages.status import RunStatus
from gan.runs import library, measures
from gan.runs.state import RunState
from gan.settings.config import ALL_CLASSES, TrainConfig
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.figures.families import view_of
from gan.view.furniture import badge, popover, show_problem, stop_button
from gan.view.run import (
    control_panel,
    groups_panel,
    inspector,
    quality_panel,
    stored_jobs,
    time_machine,
)
from gan.view.runs import take_home
from gan.view.state import find_run
from gan.view.streams import topics
from gan.view.watching import watching
from gan.view.words import duration_words
from gan.words.failures import failure
from gan.words.text import plain

_ELSEWHERE: Final = "Trained, or begun, elsewhere: its times are of that machine."
_OPTIONS: Final[Mapping[str, str]] = {
    "conditional": "D told the classes ({})",
    "discriminator_steps": "{} updates of D for each of G",
    "generator_hidden_units": "a dense layer of {} units in front of G",
    "discriminator_hidden_units": "a dense layer of {} units at the end of D",
    "discriminator_normalization": "{} normalisation in {normalized}",
    "gradient_penalty": "gradient penalty {:g}",
    "r1_penalty": "R1 penalty {:g}",
    "r1_interval": "taken every {:,} steps",
    "learning_rate_schedule": "learning rates fall along a {}",
    "learning_rate_half_life": "learning rates halved every {:,} steps",
    "precision": "{} precision",
    "mismatched_labels": "mismatched labels count {:g} times",
    "label_smoothing": "label smoothing {:g}",
    "instance_noise": "instance noise {:g}",
    "augmentation": "{:.0%} of what D sees shifted, turned and zoomed",
    "divergence_weight": "divergence counts {:g} times",
}
"""What the heading says of fields that are not as usual."""


def show(run: str) -> None:
    """Draw the run of this id, and again whenever it becomes another page."""
    watching(_draw, topics.run_topic(run), run)


def _draw(run: str) -> str:
    state = find_run(run)
    version = topics.run_version(state)
    if state is None:
        _missing(run)
        return version
    show_problem()
    _heading(state)
    _standing(state)
    control_panel.show(state)
    time_machine.show(state)
    inspector.show(state)
    if state.samples is not None:
        left, right = st.columns([2, 3], gap="large")
        with left:
            _samples(state)
        with right:
            _curves(state)
        quality_panel.show(state)
    groups_panel.show(state)
    stored_jobs.show(state)
    return version


def _missing(run: str) -> None:
    st.error(
        f"There is no run {plain(run)}. It may have been deleted, or kept in another folder.",
        icon=":material/error:",
    )
    st.page_link("pages/runs.py", label="See all runs", icon=":material/history:")


def _heading(state: RunState) -> None:
    title, status, button = st.columns([5, 2, 1], vertical_alignment="center")
    title.subheader(plain(state.name), anchor=False)
    with status:
        badge(state)
    if state.started is not None:
        what = _what(state.config, state.started)
        st.caption(f"{what} {_ELSEWHERE}" if state.is_imported else what)
    with button:
        stop_button(state)


def _what(config: TrainConfig, started: Started) -> str:
    """What is trained, and on what, in a sentence or three."""
    networks = view_of(config).networks(config, started)
    digits = f"{started.training_images:,} real digits"
    if config.classes != ALL_CLASSES:
        digits += f" of class {', '.join(map(str, config.chosen_classes))} only"
    if config.data_fraction < 1:
        digits += f" ({100 * config.data_fraction:g}% of what there is)"
    text = f"{networks} {digits}, batches of {config.batch_size}, seed {config.seed}."
    options = ", ".join(_unusual(config))
    return f"{text} Options: {options}." if options else text


def _unusual(config: TrainConfig) -> Iterator[str]:
    usual, view = TrainConfig(), view_of(config)
    if config.finds_groups:
        yield f"D told {config.groups} groups that were found in the pictures"
    for field, words in {**_OPTIONS, **view.options}.items():
        value = getattr(config, field)
        if value != getattr(usual, field) and not (field == "conditional" and config.finds_groups):
            yield words.format("no" if value == "none" else value, normalized=view.normalized)


def _standing(state: RunState) -> None:
    """Where the run stands, in a bar and a sentence."""
    if state.status.is_live:
        live.standing(_part(state, "standing"))
        return
    match state.status:
        case RunStatus.FAILED if state.failed:
            words = f"{failure(state.failed)} {state.kept}"
            st.error(plain(words), icon=":material/error:")
        case RunStatus.INTERRUPTED:
            went_away = (
                f"The server went away at step {state.step:,}. Everything recorded until then is "
                f"here. {state.kept}"
                if state.started
                else "The server went away before this run began. Start it again."
            )
            st.warning(went_away, icon=":material/power_off:")
    if state.started or state.progress:
        _result(state)


def _result(state: RunState) -> None:
    text = (
        f"**{state.step:,} steps** in {duration_words(state.seconds)}: "
        f"{state.images_seen:,} digits seen, {state.images_per_second:,.0f} a second."
    )
    if state.quality:
        text += f" {measures.result_words(state)}"
    if state.recording:
        recorded = (
            f"A recording, made when this network was trained on {plain(state.recorded_on)}, not "
            "now."
            if state.recorded_on
            else "A recording, made when this network was trained, not now."
        )
        text = f"{recorded} {text}"
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
                with popover(
                    "Take it home", f"home:{state.id}", icon=":material/download:", type="tertiary"
                ) as is_open:
                    if is_open:
                        take_home.export(state)
            st.page_link("pages/train.py", label="Train another", icon=":material/bolt:")


def _part(state: RunState, name: str) -> Part:
    return Part(topics.run_topic(state.id), name)


def _samples(state: RunState) -> None:
    live.sample_grid(_part(state, "samples"), key=f"samples:{state.id}")
    live.live_words(_part(state, "sampled"))


def _curves(state: RunState) -> None:
    for chart in view_of(state.config).charts:
        live.live_chart(
            _part(state, chart.name),
            key=f"{chart.name}:{state.id}",
            test_id=chart.test_id,
            label=chart.label,
            caption=chart.caption(state.config),
        )
