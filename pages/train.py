"""Train: describe a run, start it, watch it learn."""

import streamlit as st

from gan.view import form, run_panel, ui
from gan.view.live import live


def main() -> None:
    """The run that the address names, or the form for a new one."""
    run = st.query_params.get("run")
    if run:
        run_panel.show(run)
    else:
        _new_run()


def _new_run() -> None:
    st.title("Train a GAN", anchor=False)
    st.markdown(
        "Two networks play a game. The **generator** G turns noise into digits; the "
        "**discriminator** D tries to tell them from real handwriting. Each learns from the other."
    )
    live.preload_charts()
    name, config = form.config_form()
    if config is None:
        st.button("Start training", type="primary", disabled=True)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button("Start training", type="primary", icon=":material/play_arrow:")
        st.caption(form.estimate(config))
        ui.recording_link(name, "Or watch a recording of this preset")
    if start and (run := ui.start(config, name)):
        st.query_params.from_dict({"run": run})
        st.rerun()


main()
