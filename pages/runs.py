"""Runs: everything that was trained here, and what ships with the app."""

import streamlit as st

from gan.view.compare import compare_page
from gan.view.furniture import show_problem
from gan.view.run import stored_jobs
from gan.view.runs import run_list, storage, take_home
from gan.view.state import all_runs, lesson_names, lessons, pretrained
from gan.view.streams import topics
from gan.view.turns import TURNS
from gan.view.watching import watching

PAGE_SIZE = 12


def main() -> None:
    """The list of runs, which follows them; below it what does not change."""
    st.title("Runs", anchor=False)
    compare_page.link("Three families of methods side by side, on the same digits")
    watching(_list, topics.RUNS)
    take_home.import_run()
    st.subheader("Pretrained", anchor=False)
    for state in pretrained():
        run_list.row(state)
    _recordings(len(lesson_names()))


@st.fragment
def _recordings(count: int) -> None:
    """Drawn once they are asked for: they are many, and seldom wanted."""
    if not count:
        return
    with TURNS.drawing():
        st.subheader("Recordings of the presets", anchor=False)
        label = f"{count} trainings to watch"
        shown = st.expander(label, icon=":material/movie:", key="recordings", on_change="rerun")
        with shown:
            for state in lessons() if shown.open else ():
                run_list.row(state)


def _list() -> str:
    show_problem()
    run_list.offer_undo()
    states = all_runs()
    if not states:
        st.info("Nothing was trained here yet. A first run takes a minute.", icon=":material/bolt:")
        st.page_link("pages/train.py", label="Train a GAN", icon=":material/bolt:")
    pages = -(-len(states) // PAGE_SIZE)
    page = st.segmented_control("Page", range(1, pages + 1), default=1) if pages > 1 else 1
    first = PAGE_SIZE * ((page or 1) - 1)
    for state in states[first : first + PAGE_SIZE]:
        run_list.row(state)
    stored_jobs.show_open()
    storage.show(states)
    return topics.runs_version(states)


main()
