"""A part of a page that the server's news draws again: no timer asks for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from gan.server import assets
from gan.server.stream import PROCESS
from gan.view.turns import TURNS, Rank

_pulse = st.components.v2.component(
    "live_pulse", js=assets.loader("live/pulse.js"), isolate_styles=False
)
_NEWS: Final = "news"
FAILED: Final = "failed"
"""The version of a page that could only say what is wrong."""


def watching(draw: Callable[..., str], topic: str, *values: Any) -> None:
    """Draw a fragment by `draw(*values)`, which returns the version of `topic` that it shows.

    It is drawn again when the stream of `topic` carries another version, and says when that stream
    is lost.
    """
    st.fragment(_in_turn)(draw, topic, values)


def _in_turn(draw: Callable[..., str], topic: str, values: tuple[Any, ...]) -> None:
    key = f"pulse:{hashlib.sha256(topic.encode()).hexdigest()[:12]}"  # a topic may be any words
    with TURNS.drawing(_rank(key)):
        try:
            version = draw(*values)
        except StopException:  # after saying why
            _watch(topic, FAILED, key)
            raise
        _watch(topic, version, key)


def _watch(topic: str, version: str, key: str) -> None:
    about = {"source": topic, "version": version, "server": PROCESS}
    _pulse(key=key, data=json.dumps(about).encode() + b"\n", on_news_change=_heard)


def _rank(key: str) -> Rank:
    """Whether this run of the script was asked for by the stream, and by nobody's hand."""
    return Rank.NEWS if getattr(st.session_state.get(key), _NEWS, None) else Rank.PERSON


def _heard() -> None:
    """Nothing more: that the fragment is drawn again is all that is asked for."""
