"""Train: describe a run and start it."""

import streamlit as st

from gan.view import actions
from gan.view.compare import compare_page
from gan.view.components import live
from gan.view.figures.families import VIEWS
from gan.view.form import form
from gan.view.furniture import recording_link


def main() -> None:
    """The form for a new run, below words on what is chosen there.

    Addresses of runs that were shared earlier lead here too.
    """
    run = st.query_params.get("run")
    if run:
        st.switch_page("pages/run.py", query_params={"run": run})
    above = st.container()
    live.preload_charts()
    name, config = form.config_form()
    view = VIEWS[form.chosen_family(name).name]
    above.title(view.heading, anchor=False)
    above.markdown(view.lesson)
    if config is None:
        st.button("Start training", type="primary", disabled=True)
        return
    actions.show(config)
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button("Start training", type="primary", icon=":material/play_arrow:")
        st.caption(form.estimate(config))
        recording_link(name, "Or watch a recording of this preset")
        if compare_page.is_compared(name):
            compare_page.link("Compare the families")
    if start and (run := actions.start(config, name)):
        st.switch_page("pages/run.py", query_params={"run": run})


main()
