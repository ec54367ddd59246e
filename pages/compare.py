"""Compare: the families of methods on the same digits, with the same time."""

import streamlit as st

from gan.view.compare import compare_page
from gan.view.components import live
from gan.view.streams import topics
from gan.view.watching import watching


def main() -> None:
    """The comparison, which follows the runs that stand in it."""
    st.title("Three families, the same digits, the same time", anchor=False)
    live.preload_charts()
    watching(compare_page.draw, topics.FAMILIES)


main()
