"""Home: a digit from noise, what this is, and the doors to it."""

import streamlit as st

from gan.settings.presets import preset
from gan.view import actions
from gan.view.components import live
from gan.view.components.explorer import hero
from gan.view.components.live import Part
from gan.view.furniture import badge, recording_link
from gan.view.state import HOME_NETWORK, all_runs, pretrained
from gan.view.streams import topics
from gan.view.watching import watching
from gan.words.text import plain


def main() -> None:
    """The moving digit beside the start button; then the doors; then the runs going on."""
    network = next(state for state in pretrained() if state.id == HOME_NETWORK)
    picture, words = st.columns([1, 1], gap="large", vertical_alignment="center")
    with picture:
        hero(network, key="hero")
    with words:
        _words()
    _doors()
    watching(_going_on, topics.RUNS)
    live.preload_charts()


def _words() -> None:
    st.caption("DIGIT FORGE")
    st.title("Nobody wrote these digits", anchor=False)
    st.markdown(
        "A neural network makes each of them out of random numbers, in your browser, now. Digit "
        "Forge lets you watch such a network learn to write, and then take its noise in hand."
    )
    config = preset("quick")
    if st.button("Start training", type="primary", icon=":material/play_arrow:"):
        run = actions.start(config, "quick")
        if run:
            st.switch_page("pages/run.py", query_params={"run": run})
    recording_link("quick", "Or watch such a training that was recorded")
    st.caption(
        f"Trains a new network from nothing, on 5,000 real digits, for {config.max_seconds:.0f} "
        "seconds. The network that draws here was trained before, with more digits and more time."
    )


def _doors() -> None:
    doors = {
        "pages/train.py": (
            "Train",
            ":material/bolt:",
            "Choose the networks, the losses and the pace; follow the game live.",
        ),
        "pages/explore.py": (
            "Explore",
            ":material/explore:",
            "Take the noise in hand: sliders, maps, morphs, sums, and a search for your own digit.",
        ),
        "pages/runs.py": (
            "Runs",
            ":material/history:",
            "Everything that was trained here, to open, rename and tidy.",
        ),
    }
    for column, (page, (label, icon, text)) in zip(st.columns(3), doors.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{label}**", icon=icon)
            st.caption(text)


def _going_on() -> str:
    states = all_runs()
    going = [state for state in states if state.status.is_live]
    if going:
        st.subheader("Going on now", anchor=False)
    for state in going:
        with st.container(horizontal=True, vertical_alignment="center"):
            badge(state)
            st.page_link("pages/run.py", label=plain(state.name), query_params={"run": state.id})
            live.live_words(Part(topics.RUNS, f"going:{state.id}"))
    return topics.runs_version(states)


main()
