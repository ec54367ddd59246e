"""Runs: everything that was trained here, and what ships with the app."""

import streamlit as st

from gan.view import run_list, storage, take_home, ui

PAGE_SIZE = 12
REFRESH_SECONDS = 2.0


def main() -> None:
    """The list of runs, refreshed while one of them is live; below it what does not change."""
    st.title("Runs", anchor=False)
    states = ui.runs()
    is_live = any(state.status.is_live for state in states)
    st.fragment(_list, run_every=REFRESH_SECONDS if is_live else None)(is_live)
    storage.show(states)
    take_home.import_run()
    st.subheader("Pretrained", anchor=False)
    for state in ui.pretrained():
        run_list.row(state)
    lessons = ui.lessons()
    if lessons:
        st.subheader("Recordings of the presets", anchor=False)
        with st.expander(f"{len(lessons)} trainings to watch", icon=":material/movie:"):
            for state in lessons:
                run_list.row(state)


def _list(was_live: bool) -> None:
    ui.show_problem()
    run_list.offer_undo()
    states = ui.runs()
    if was_live and not any(state.status.is_live for state in states):
        st.rerun()
    if not states:
        st.info("Nothing was trained here yet. A first run takes a minute.", icon=":material/bolt:")
        st.page_link("pages/train.py", label="Train a GAN", icon=":material/bolt:")
    pages = -(-len(states) // PAGE_SIZE)
    page = st.segmented_control("Page", range(1, pages + 1), default=1) if pages > 1 else 1
    first = PAGE_SIZE * ((page or 1) - 1)
    for state in states[first : first + PAGE_SIZE]:
        run_list.row(state)


main()
