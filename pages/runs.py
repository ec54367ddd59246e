"""Runs: everything that was trained here."""

import streamlit as st

from gan.view import ui

PAGE_SIZE = 12
REFRESH_SECONDS = 2.0


def main() -> None:
    """The list of runs, refreshed while one of them is live."""
    st.title("Runs", anchor=False)
    is_live = any(state.status.is_live for state in ui.runs())
    st.fragment(_list, run_every=REFRESH_SECONDS if is_live else None)(is_live)


def _list(was_live: bool) -> None:
    ui.show_problem()
    _undo()
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
        with st.container(border=True):
            _row(state)
    st.subheader("Pretrained", anchor=False)
    for state in ui.pretrained():
        with st.container(border=True):
            _row(state)


def _row(state) -> None:
    picture, words, buttons = st.columns([2, 6, 4], vertical_alignment="center")
    with picture:
        if state.samples is not None:
            st.image(ui.samples_png(state.id, state.samples.step, state, 2), width=220)
        else:
            st.caption("No picture yet")
    with words:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{state.name}**")
            ui.badge(state)
        st.caption(
            f"{ui.when_words(state)}{state.config.architecture}, {state.config.data}, "
            f"seed {state.config.seed}: "
            f"{state.step:,} steps in {ui.duration_words(state.seconds)}. "
            f"{ui.quality_words(state)}."
        )
    with buttons.container(horizontal=True, vertical_alignment="center"):
        _buttons(state)


def _buttons(state) -> None:
    run = state.id
    st.page_link(
        "pages/train.py", label="Open", icon=":material/monitoring:", query_params={"run": run}
    )
    if state.recording or state.saved_step is not None:
        st.page_link(
            "pages/explore.py",
            label="Explore",
            icon=":material/explore:",
            query_params={"run": run},
        )
    ui.stop_button(state)
    if not state.recording:
        with st.popover("More", icon=":material/more_horiz:"):
            _more(state)


def _more(state) -> None:
    run, key = state.id, f"name:{state.id}"
    st.text_input("Name", value=state.name, max_chars=60, key=key)
    st.button("Rename", key=f"rename:{run}", on_click=_rename, args=(run, key))
    is_live = state.status.is_live
    st.button(
        "Delete",
        icon=":material/delete:",
        key=f"delete:{run}",
        on_click=_delete,
        args=(run, state.name),
        disabled=is_live,
        help="Stop the run first." if is_live else None,
    )


def _rename(run: str, key: str) -> None:
    ui.change("rename", run, st.session_state[key])


def _delete(run: str, name: str) -> None:
    if ui.change("delete", run):
        st.session_state["deleted"] = (run, name)


def _undo() -> None:
    """Offer to bring back what was deleted last in this session."""
    if "deleted" not in st.session_state:
        return
    run, name = st.session_state["deleted"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Deleted **{name}**. It can be brought back for an hour.")
        st.button("Undo", icon=":material/undo:", on_click=_restore, args=(run,))


def _restore(run: str) -> None:
    if ui.change("restore", run):
        del st.session_state["deleted"]


main()
