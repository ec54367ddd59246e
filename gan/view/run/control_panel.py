"""What people do to a run: hold time, change what it learns with; later, go on or back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import streamlit as st

from gan.messages.commands import Adjust, Pace, Pause, Resume, Step
from gan.messages.status import Part, RunStatus
from gan.runs import library
from gan.runs.state import MAX_NAME, RunState
from gan.settings.config import ConfigError
from gan.view import actions
from gan.view.form import form
from gan.view.furniture import popover
from gan.view.state import branches_of, engine, find_run, is_known, mentioned_run
from gan.words.text import plain

_PACES: Final = {"full speed": None, "10 steps a second": 10.0, "2 steps a second": 2.0}
_PARTS: Final = {
    Part.BOTH: ("One step", ":material/skip_next:", "One training step: D learns, then G."),
    Part.DISCRIMINATOR: ("D alone", ":material/search:", "D learns, G stands still."),
    Part.GENERATOR: ("G alone", ":material/draw:", "G learns, D stands still."),
}
_AGAIN: Final = (
    "A new run with the same settings and seed: on the same machine, the same numbers at the same "
    "steps."
)
_AGAIN_BY_CLOCK: Final = (
    "A new run with the same settings and seed. Its learning rates fall with the seconds that "
    "pass, so it comes close to the same numbers, but not to the bit."
)
_SAVED: Final = "From step {step}, where it was saved last."
_ON: Final = "The result is the same as if it had never stopped."
_ON_BY_CLOCK: Final = (
    "Its learning rates fall with the seconds that it has: given more of them, it learns in longer "
    "steps again, as at this share of the longer run."
)


def show(state: RunState) -> None:
    """Draw what can be done with the run as it stands."""
    _family(state)
    if state.status in (RunStatus.RUNNING, RunStatus.PAUSED):
        if engine().has(state.id):
            _while_it_learns(state)
    elif library.is_lesson(state) or not (state.status.is_live or state.recording):
        _when_over(state)


def _while_it_learns(state: RunState) -> None:
    run, is_paused = state.id, state.status is RunStatus.PAUSED
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Resume" if is_paused else "Pause",
            icon=":material/play_arrow:" if is_paused else ":material/pause:",
            # Two keys: a click that Streamlit hands on twice must not undo itself.
            key=f"{'resume' if is_paused else 'pause'}:{run}",
            type="primary" if is_paused else "secondary",
            on_click=actions.tell,
            args=(run, Resume() if is_paused else Pause()),
            help="A pause changes nothing in the result.",
        )
        if is_paused:
            _steps(state)
        else:
            st.selectbox(
                "Pace",
                list(_PACES),
                key=f"pace:{run}",
                on_change=_pace,
                args=(run,),
                width=210,
                label_visibility="collapsed",
            )
        with popover("Change settings", f"settings:{run}", icon=":material/tune:") as is_open:
            if is_open:
                _settings(state)


def _settings(state: RunState) -> None:
    place = st.container()  # above the fields, which are many
    changes = form.adjustments(f"{state.id}:{len(state.marks)}", state.config)
    place.button(
        "Change from the next step on",
        key=f"adjust:{state.id}",
        disabled=not changes,
        on_click=actions.tell,
        args=(state.id, Adjust(changes)),
    )


def _steps(state: RunState) -> None:
    has_parts = state.config.family.steps_in_parts
    parts = list(Part) if has_parts else [Part.BOTH]
    for part in parts:
        label, icon, words = _PARTS[part]
        st.button(
            label,
            icon=icon,
            key=f"step:{state.id}:{part}",
            on_click=actions.tell,
            args=(state.id, Step(part)),
            help=words if has_parts else "One training step.",
        )


def _pace(run: str) -> None:
    pace, state = _PACES[st.session_state[f"pace:{run}"]], find_run(run)
    if state and pace != state.steps_per_second:
        actions.tell(run, Pace(pace))


def _when_over(state: RunState) -> None:
    with st.container(horizontal=True):
        if any(saved.can_go_on for saved in state.saved):
            key = f"on:{state.id}"
            with popover("Go on", key, icon=":material/play_arrow:") as is_open:
                if is_open:
                    _go_on(state)
            key = f"back:{state.id}"
            with popover("Go back and branch", key, icon=":material/alt_route:") as is_open:
                if is_open:
                    _branch(state)
        again = st.button(
            "Train it here" if state.recording else "Start again",
            icon=":material/replay:",
            key=f"again:{state.id}",
            help=_AGAIN_BY_CLOCK if state.config.follows_the_clock else _AGAIN,
        )
    if again and (run := actions.start(state.begun or state.config, state.name)):
        st.query_params["run"] = run
        st.rerun()


def _go_on(state: RunState) -> None:
    step = state.saved_step or 0
    saved = _SAVED.format(step=f"{step:,}")
    st.caption(f"{saved} {_ON_BY_CLOCK if state.config.follows_the_clock else _ON}")
    if state.is_as_good_as_asked:
        st.caption("It does not end at the distance that it was asked for a second time.")
    actions.show(state.config)
    longer = _longer(state, step, f"longer:{state.id}")
    if st.button("Go on", key=f"go_on:{state.id}", type="primary") and actions.go_on(state, longer):
        st.rerun()


def _branch(state: RunState) -> None:
    key = f"branch:{state.id}"
    st.caption("A new run with the same past up to that step. This one stays as it is.")
    steps = [saved.step for saved in state.saved if saved.can_go_on]
    step = steps[0]
    if len(steps) > 1:
        step = st.select_slider("From the snapshot of step", steps, value=steps[-1], key=key)
    name = st.text_input("Name", state.branch_name(step), max_chars=MAX_NAME, key=f"{key}:{step}")
    changes = _longer(state, step, f"{key}:longer")
    with st.expander("Change settings", icon=":material/tune:"):
        changes |= form.adjustments(f"{key}:{step}", state.config_at(step))
    with suppress(ConfigError):  # Branch says so
        actions.show(state.config_at(step).adjusted(changes))
    if st.button("Branch from here", key=f"{key}:start", type="primary"):
        branch = actions.branch(state, step, changes, name.strip() or state.name)
        if branch:
            st.query_params["run"] = branch
            st.rerun()


def _longer(state: RunState, step: int, key: str) -> dict[str, Any]:
    """How long to go on for."""
    if state.config.max_steps is not None:
        steps = st.number_input("Steps more", min_value=1, value=state.config.max_steps, key=key)
        return state.longer(step, steps=steps)
    usual = round(state.config.max_seconds or 60)
    seconds = st.number_input("Seconds more", min_value=1, value=usual, key=key)
    return state.longer(step, seconds=float(seconds))


def _family(state: RunState) -> None:
    """Where this run came from, and what went on from it."""
    parent = mentioned_run(state.parent) if state.parent else None
    branches = [] if state.recording else branches_of(state.id)
    if not parent and not branches:
        if state.parent and not is_known(state.parent):
            st.caption(f"A branch, from step {state.parent_step:,}, of a run that was deleted.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if parent:
            st.caption(f"A branch, from step {state.parent_step:,}, of", width="content")
            _link(parent)
        if branches:
            st.caption("Branches:" if len(branches) > 1 else "Branch:", width="content")
        for branch in branches:
            _link(branch)


def _link(state: RunState) -> None:
    st.page_link(
        "pages/run.py",
        label=plain(state.name),
        icon=":material/alt_route:",
        query_params={"run": state.id},
    )
