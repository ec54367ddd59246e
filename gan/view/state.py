"""Which runs, lessons and networks there are, and what is known of them.

This is the pages' one way to the server's context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from gan.jobs.engine import Engine
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.server.context import Context
from gan.settings.presets import presets
from gan.words.text import plain

HOME_NETWORK: Final = "digits"
_in_place: list[Context] = []
"""One, from the server's start on."""


def use(context: Context) -> None:
    """Put the context in place that all pages of this server share."""
    _in_place[:] = [context]


def context() -> Context:
    """The server's context; for a page, `engine` says why there is no engine."""
    if not _in_place:
        raise RuntimeError("No context is in place: the app's lifespan puts it there.")
    return _in_place[0]


def engine() -> Engine:
    """The one engine of this server. Ends the page with a message if there can be none."""
    with _explained():
        return context().engine


def find_run(run: str) -> RunState | None:
    """The run of this id, stored here or shipped with the project, as it stands now."""
    with _explained():
        return context().known(run)


def mentioned_run(run: str) -> RunState | None:
    """A run that a page only mentions: if it cannot be read, a warning says so."""
    try:
        return context().known(run)
    except StoreError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return None


def is_stopping(run: str) -> bool:
    """Whether somebody has stopped a run that is not over yet. Raises `StoreError`."""
    return context().engine.is_stopping(run)


def is_known(run: str) -> bool:
    """Whether there is such a run, or one that cannot be read."""
    return context().is_known(run)


def all_runs() -> list[RunState]:
    """All runs, newest first; one that cannot be read is left out, with a warning."""
    with _explained():
        states, troubles = context().known_runs()
    for trouble in troubles:
        st.warning(plain(trouble), icon=":material/warning:")
    return states


def branches_of(run: str) -> list[RunState]:
    """The branches of a run that can be read, oldest first."""
    with _explained():
        found = engine().store.branches(run)
    return [state for state in map(mentioned_run, found) if state]


def drawable_steps(state: RunState) -> list[int]:
    """The steps of which a run kept a generator, ascending."""
    with _explained():
        return context().drawable_steps(state)


def judged_steps(state: RunState) -> list[int]:
    """Those of them of which it kept a discriminator too."""
    with _explained():
        return context().judged_steps(state)


def pretrained() -> list[RunState]:
    """The networks that ship with the project."""
    return [library.pretrained(name) for name in library.pretrained_names()]


def lesson_names() -> list[str]:
    """The ids of the recordings of the presets, in the order of the presets."""
    names = set(library.shipped_names())
    return [name for preset in presets() if (name := library.recording_of(preset)) in names]


def lessons() -> list[RunState]:
    """The recordings of the presets, in the order of the presets; a damaged one is left out."""
    found = []
    for name in lesson_names():
        try:
            found.append(library.shipped(name))
        except StoreError as error:
            st.warning(plain(str(error)), icon=":material/warning:")
    return found


@contextmanager
def _explained() -> Iterator[None]:
    """End the page with the store's own words if it cannot be used."""
    try:
        yield
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()
