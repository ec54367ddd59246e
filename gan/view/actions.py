"""What people do to runs from a page: start, tell, go on, branch, change, stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from gan.data import registry, uploads
from gan.data.datasets import DataError
from gan.messages.commands import Command
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.settings.config import ConfigError, TrainConfig
from gan.view.state import context, engine
from gan.view.turns import TURNS
from gan.view.visitor import sits_here, visitor
from gan.words.text import plain

_PROBLEM: Final = "problem"
_ANSWER_SECONDS: Final = 1.5
"""A command is obeyed within this time, if slowly; then what is drawn next shows it."""


def start(config: TrainConfig, name: str) -> str | None:
    """Queue a run; its id, or None after saying why not."""
    try:
        _check_source(config)
        with TURNS.aside():  # it reads the digits, which may take a while
            return engine().submit(config, name, visitor())
    except (ConfigError, DataError, StoreError) as error:
        st.error(plain(f"Nothing was started. {error}"), icon=":material/error:")
        return None


def show(config: TrainConfig) -> None:
    """Let a worker get ready for `config`, which a form shows: who reads it may start it."""
    try:
        keeper = context().engine
        _check_source(config)
    except (DataError, StoreError):
        return  # Start says so
    keeper.show(config, visitor())


def start_all(configs: Mapping[str, TrainConfig]) -> None:
    """Queue a run for each name, from a button's callback; `take_problem` tells of what was not."""
    started: list[str] = []
    try:
        for name, config in configs.items():
            with TURNS.aside():
                engine().submit(config, name, visitor())
            started.append(name)
    except (ConfigError, DataError, StoreError) as error:
        left = ", ".join(list(configs)[len(started) :])
        st.session_state[_PROBLEM] = (
            f"Started: {', '.join(started)}. Not started: {left}. {error}"
            if started
            else f"Nothing was started. {error}"
        )


def may_name_files() -> bool:
    """Whether who asks may name files of the server: others may not even know which there are."""
    return sits_here()


def _check_source(config: TrainConfig) -> None:
    """Raise `DataError` if `config` names a file of the server, and who asks may not."""
    is_sent = uploads.is_stored(Path(config.data), engine().store.home)
    if not (config.data in registry.DATA_SETS or is_sent or may_name_files()):
        raise DataError(
            "Files of the server can only be named by a browser that runs on the server itself: "
            "send a file of your own under Data."
        )


def tell(run: str, command: Command) -> None:
    """Send a command to a run, from a button's callback, and wait for what it does.

    `take_problem` tells if it could not be sent.
    """
    try:
        before = context().seq(run)
        engine().tell(run, command)
        context().changed(run, before, _ANSWER_SECONDS)
    except (ConfigError, StoreError) as error:
        st.session_state[_PROBLEM] = f"Nothing was changed. {error}"


def stop(run: str) -> None:
    """End a run, keeping what it learned, from a button's callback."""
    engine().stop(run)


def go_on(over: RunState, changes: Mapping[str, Any]) -> bool:
    """Queue a run that is over to go on; False after saying why it cannot."""
    try:
        with TURNS.aside():
            engine().go_on(over.id, changes, visitor())
    except (ConfigError, StoreError) as error:
        st.error(plain(f"Nothing was changed. {error}"), icon=":material/error:")
        return False
    context().forget(over.id)
    return True


def branch(parent: RunState, step: int, changes: Mapping[str, Any], name: str) -> str | None:
    """Queue a branch of a run; its id, or None after saying why there can be none."""
    try:
        with TURNS.aside():
            return engine().branch(parent.id, step, changes, name, visitor())
    except (ConfigError, StoreError) as error:
        st.error(plain(f"Nothing was started. {error}"), icon=":material/error:")
        return None


def change(action: Literal["rename", "delete", "restore"], run: str, *values: str) -> bool:
    """Change a run, from a button's callback; False if that failed, which `take_problem` tells."""
    try:
        keeper = engine() if action == "delete" else engine().store  # it knows what is under way
        getattr(keeper, action)(run, *values)
    except StoreError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    context().forget(run)
    return True


def start_job(kind: str, subject: str) -> None:
    """Queue a stored job about a run, from a button's callback; `take_problem` tells if not."""
    try:
        engine().stored.submit(kind, subject, owner=visitor())
    except StoreError as error:
        st.session_state[_PROBLEM] = f"Nothing was started. {error}"


def cancel_job(job: str) -> None:
    """End a stored job that waits or goes on, from a button's callback."""
    try:
        engine().stored.cancel(job)
    except StoreError as error:
        st.session_state[_PROBLEM] = str(error)


def measure_pace(run: str, generator: bytes, steps: Sequence[int]) -> None:
    """Measure how fast a network draws, from a button's callback; `take_problem` tells if not."""
    try:
        context().paces.measure(run, generator, steps, visitor())
    except StoreError as error:
        st.session_state[_PROBLEM] = f"Nothing was measured. {error}"


def cancel_paces(runs: Sequence[str]) -> None:
    """Stop measuring, from a button's callback."""
    try:
        for run in runs:
            context().paces.cancel(run)
    except StoreError as error:
        st.session_state[_PROBLEM] = str(error)


def take_problem() -> str | None:
    """What a callback could not do: once."""
    problem: str | None = st.session_state.pop(_PROBLEM, None)
    return problem
