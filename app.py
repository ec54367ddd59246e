"""Digit Forge in the browser: navigation and page set-up, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from gan.data import pictures
from gan.server.context import Context
from gan.server.host_check import HostCheck
from gan.server.routes import routes
from gan.server.upload_limit import UploadLimit
from gan.server.visitor import BrowserCookie
from gan.view import options, state
from gan.view.streams import topics
from gan.view.turns import TURNS

# Streamlit's own sign for a busy script has a button that is called Stop too, and stops the page.
HIDE_SCRIPT_STATUS = "[data-testid=stStatusWidget] { display: none }"
# Firefox rounds the width of a popover's label down, and then cuts it: "Go on" would be "Go …".
WHOLE_LABELS = "[data-testid=stPopoverButton] .stMarkdownEllipsis { overflow: visible }"
# A table that is wider than a phone scrolls by itself, and no number breaks in two.
TABLES = """
.stMarkdown table { display: block; overflow-x: auto }
.stMarkdown td[style*=right], .stMarkdown td code { white-space: nowrap }
.st-key-families-table td:last-child { min-width: 16rem }
"""


def main() -> None:
    """Run the page that the address names. Streamlit calls this script for every visit."""
    with TURNS.drawing():
        _draw()


def _draw() -> None:
    st.set_page_config(page_title="Digit Forge", page_icon="✍️", layout="wide")
    st.html(f"<style>{HIDE_SCRIPT_STATUS} {WHOLE_LABELS} {TABLES}</style>")
    pages = [
        st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
        st.Page("pages/train.py", title="Train", icon=":material/bolt:", url_path="train"),
        st.Page("pages/run.py", title="Run", url_path="run", visibility="hidden"),
        st.Page("pages/explore.py", title="Explore", icon=":material/explore:", url_path="explore"),
        st.Page("pages/runs.py", title="Runs", icon=":material/history:", url_path="runs"),
        st.Page("pages/compare.py", title="Compare", icon=":material/balance:", url_path="compare"),
        st.Page("pages/help.py", title="Help", icon=":material/help:", url_path="help"),
    ]
    page = st.navigation(pages, position="top")
    if page is not pages[0]:
        st.set_page_config(page_title=f"{page.title} - Digit Forge")
    page.run()


if __name__ == "__main__":
    main()
else:  # imported by `streamlit run app.py`, which serves it
    pictures.ignore_warnings()
    # Else a fresh server's first visitor, coming by a deep link, gets the bare page without main().
    PagesManager.uses_pages_directory = False
    context = Context()

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        """Warm a worker before the first visitor; let running ones save a snapshot at the end."""
        state.use(context)
        context.open()
        try:
            yield
        finally:
            context.close()

    app = st.App(
        __file__,
        routes=routes(context, topics.maker_of, options.base_path()),
        middleware=[
            Middleware(HostCheck, options.allowed_names()),
            Middleware(UploadLimit, options.largest_upload_mb(), options.held_files),
            Middleware(BrowserCookie),
        ],
        lifespan=lifespan,
    )
