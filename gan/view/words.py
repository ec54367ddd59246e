"""What is said of a run as it stands, in whole sentences.

The server pushes some of them, where no page is drawn: what cannot be read raises `StoreError`.
"""

from __future__ import annotations

import time
from pathlib import Path

from gan.jobs.queue import waits
from gan.messages.status import RunStatus
from gan.runs.errors import StoreError
from gan.runs.measures import quality_words
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.figures.families import view_of
from gan.view.state import context, is_stopping
from gan.words.text import legible


def standing(state: RunState) -> str:
    """Where a live run stands; nothing of one that is over."""
    if state.status.is_live and is_stopping(state.id):
        return f"Stopping after step {state.held_step:,}: what it learned is being saved."
    match state.status:
        case RunStatus.QUEUED:
            return wait_words(state)
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
    rest = f", {duration_words(left)} left" if left is not None else ""
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
    waiting = _waiting_behind(state.id)
    if not waiting:
        return text
    seconds = duration_words(context().engine.limits.pause_seconds)
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
    return wait_words(state) if state.status is RunStatus.QUEUED else f"{state.fraction:.0%}"


def row(state: RunState) -> str:
    """A run in a line of a list."""
    if state.status is RunStatus.QUEUED:
        return f"{about(state)}. {wait_words(state)}"
    return (
        f"{about(state)}: {state.step:,} steps in {duration_words(state.seconds)}. "
        f"{quality_words(state)}."
    )


def about(state: RunState) -> str:
    """When a run was started, on what, and with which networks."""
    data = legible(Path(state.config.data).name)
    return f"{when_words(state)}{state.config.architecture}, {data}, seed {state.config.seed}"


def wait_words(state: RunState) -> str:
    """Where a queued run stands, and how long that is likely to take."""
    engine = context().engine
    place = engine.place(state.id)
    if place is None:
        return "Waiting for its turn."
    at_work = [_seconds_left(run) for run in engine.at_work]
    ahead = [_seconds_left(run) for run in engine.waiting[:place]]
    if place == 0:
        text = "Next in line"
    else:
        text = "One run starts" if place == 1 else f"{place} runs start"
        text += " before this one"
    seconds = waits(at_work, ahead, engine.limits.slots)
    if seconds is None:
        return f"{text}. Nobody can say when: one of those before it is paused, or counts steps."
    return f"{text}, in about {duration_words(seconds)}."


def _waiting_behind(run: str) -> int:
    """How many runs wait for the place of `run`, which this server holds; else none."""
    engine = context().engine
    return len(engine.waiting) if engine.has(run) else 0


def _seconds_left(run: str) -> float | None:
    """What a run still takes; None if it has no end in sight, or nobody can say."""
    try:
        state = context().stored(run)
    except StoreError:
        return None
    if state is None:
        return 0.0
    if state.status is RunStatus.PAUSED:
        return None
    if state.progress:
        return state.seconds_left
    return state.config.max_seconds if state.config.max_steps is None else None


def duration_words(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def when_words(state: RunState) -> str:
    """When the run was started, by the server's clock; nothing for a recording."""
    return "" if state.recording else time.strftime("%d %b %H:%M, ", time.localtime(state.created))


def network_words(state: RunState) -> str:
    """What a run's network draws from, and how good its digits are."""
    return f"{noise_words(state.config)} {quality_words(state)}."


def noise_words(config: TrainConfig) -> str:
    """What the numbers are that a network of this kind draws from."""
    asked = ", and the digit is asked for" if config.is_conditional else ""
    meaning = "no single number has a meaning that anybody gave it"
    if config.conditional == "hidden":
        classes = ", ".join(map(str, config.chosen_classes))
        meaning = (
            f"the first {len(config.chosen_classes)} lean towards the digits {classes}, the "
            "largest of them names the digit, and the others have no meaning that anybody gave them"
        )
    return (
        f"{config.latent_dim} numbers make one digit{asked}. In training they were "
        f"{view_of(config).noise}, so "
        f"values near 0 are common and beyond 2 rare; {meaning}."
    )
