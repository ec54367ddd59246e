"""Explore: a network's latent space under the hand."""

from collections.abc import Mapping

import streamlit as st

from gan.runs.state import RunState
from gan.view.components.explorer import explorer
from gan.view.state import all_runs, drawable_steps, engine, find_run, lessons, pretrained
from gan.view.streams import topics
from gan.view.watching import watching
from gan.view.words import network_words
from gan.words.text import legible, plain


def main() -> None:
    """Choose a network, then move through its latent space."""
    st.title("Explore latent space", anchor=False)
    networks = {
        state.id: state
        for state in [*pretrained(), *all_runs(), *lessons()]
        if state.recording or state.saved_step is not None
    }
    run = _choose(networks)
    engine().passing.warm()
    watching(_explore, topics.saved_topic(run), run)


def _choose(networks: Mapping[str, RunState]) -> str:
    """The network that the address names, or the first; choosing another changes the address."""
    names = list(networks)
    asked = st.query_params.get("run")
    if asked and asked not in names:
        known = find_run(asked)
        st.warning(
            f"The run {plain(asked)} has saved no snapshot to explore yet."
            if known
            else f"There is no run {plain(asked)}. It may have been deleted."
        )
    chosen = st.selectbox(
        "Network",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda run: _label(networks[run]),
    )
    if chosen != asked:
        if asked in names:
            st.query_params.clear()  # what else it said was about another network
        st.query_params["run"] = chosen
    return chosen


def _label(state: RunState) -> str:
    # Streamlit tells options apart by their labels: no two may be the same.
    name = legible(state.name)
    kind = state.config.architecture + (", conditional" if state.config.is_conditional else "")
    if state.recording:
        what = "a preset, recorded" if state.saved else "pretrained"
        return f"{name} ({kind}, {what})"
    return f"{name} ({kind}, step {state.saved_step:,}, {state.status}, {state.id})"


def _explore(run: str) -> str:
    state = find_run(run)
    version = topics.saved_version(state)
    if state is None or not drawable_steps(state):
        st.error("This network is gone: it may have been deleted. Choose another.")
        return version
    explorer(state, key=f"explorer:{run}")
    st.caption(f"{network_words(state)} {_rounding(state)}")
    return version


def _rounding(state: RunState) -> str:
    if not (state.recording and state.saved):
        return ""
    return "This recording's weights are rounded to 8 bits: its digits differ by a shade of grey."


main()
