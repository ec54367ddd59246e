"""What is said of a run as it stands, in whole sentences, without a script of a page."""

from __future__ import annotations

from pathlib import Path

from gan.messages.events import RunStatus
from gan.runs.measures import quality_words
from gan.runs.state import RunState
from gan.view import ui
from gan.words.text import legible


def standing(state: RunState) -> str:
    """Where a live run stands; nothing of one that is over."""
    if state.status.is_live and ui.is_stopping(state.id):
        return f"Stopping after step {state.held_step:,}: what it learned is being saved."
    match state.status:
        case RunStatus.QUEUED:
            return ui.wait_words(state)
        case RunStatus.STARTING:
            return f"{legible(state.doing)} ..."
        case RunStatus.RUNNING:
            return pace(state)
        case RunStatus.PAUSED:
            return stillness(state)
    return ""


def pace(state: RunState) -> str:
    """How far a run is and how fast it goes."""
    if not state.progress:
        return "First steps ..."
    left, target = state.seconds_left, state.config.target_distance
    rest = f", {ui.duration_words(left)} left" if left is not None else ""
    if target is not None:
        rest += f" or until the distance is surely {target:g} or less"
    return (
        f"Step {state.step:,}: {state.images_seen:,} digits seen, "
        f"{state.progress[-1].images_per_second:,.0f} a second{rest}"
    )


def stillness(state: RunState) -> str:
    """Where a paused run stands, and whether others wait for its place."""
    text = f"Time stands still after step {state.held_step:,}."
    if state.is_parked:
        return f"{text} Its worker went to a run that waited; it comes back to the next command."
    waiting = ui.waiting_behind(state.id)
    if not waiting:
        return text
    seconds = ui.duration_words(ui.limits().pause_seconds)
    return (
        f"{text} {'One run waits' if waiting == 1 else f'{waiting} runs wait'}: untouched for "
        f"{seconds}, this one lets them go first."
    )


def sampled(state: RunState) -> str:
    """What the digits are that a run drew last."""
    assert state.samples is not None
    asked = ", a column for each digit that G is asked for" if state.config.is_conditional else ""
    return (
        f"Step {state.samples.step:,}. The same {len(state.samples.images)} noise vectors every "
        f"time{asked}: what changes is what G has learned."
    )


def going(state: RunState) -> str:
    """How far a live run is, in a word or a sentence."""
    return ui.wait_words(state) if state.status is RunStatus.QUEUED else f"{state.fraction:.0%}"


def row(state: RunState) -> str:
    """A run in a line of a list."""
    if state.status is RunStatus.QUEUED:
        return f"{about(state)}. {ui.wait_words(state)}"
    return (
        f"{about(state)}: {state.step:,} steps in {ui.duration_words(state.seconds)}. "
        f"{quality_words(state)}."
    )


def about(state: RunState) -> str:
    """When a run was started, on what, and with which networks."""
    data = legible(Path(state.config.data).name)
    return f"{ui.when_words(state)}{state.config.architecture}, {data}, seed {state.config.seed}"
