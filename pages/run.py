"""One run: watch it learn, hold it, go on from it."""

import streamlit as st

from gan.view.run import run_panel


def main() -> None:
    """The run that the address names; without one, the form for a new run."""
    run = st.query_params.get("run")
    if run:
        run_panel.show(run)
    else:
        st.switch_page("pages/train.py")


main()
