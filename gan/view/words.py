"""What is said of a run as it stands, in whole sentences.

The server pushes some of them, where no page is drawn: what cannot be read raises `StoreError`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from gan.jobs.queue import waits
from gan.messages.status import RunStatus
from gan.runs.errors import StoreError
from gan.runs.measures import quality_words
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.figures.families import view_of
from gan.view.state import context, is_stopping
from gan.words.progress import doing
from gan.words.text import legible

_PACES: Final[Mapping[tuple[bool, bool], str]] = {
    (False, False): "Step {step:,}: {images:,} digits seen, {speed:,.0f} a second",
    (True, False): "Step {step:,}: {images:,} digits seen, {speed:,.0f} a second, {left} left",
    (False, True): "Step {step:,}: {images:,} digits seen, {speed:,.0f} a second or until the "
    "distance is surely {target:g} or less",
    (True, True): "Step {step:,}: {images:,} digits seen, {speed:,.0f} a second, {left} left or "
    "until the distance is surely {target:g} or less",
}
"""How fast a run goes: by whether its end is in sight, and whether it is to reach a distance."""
_LAST: Final = (
    "Step {step:,}: {images:,} digits seen. Training is over; the last digits are drawn and judged "
    "..."
)
_SAMPLED: Final[Mapping[tuple[bool, bool], str]] = {
    (False, False): "Step {step:,}. The same {count} noise vectors every time: what changes is "
    "what G has learned.",
    (False, True): "Step {step:,}. The same {count} noise vectors every time, a column for each "
    "digit that G is asked for: what changes is what G has learned.",
    (True, False): "Step {step:,}. The same {count} pictures of noise every time: what changes is "
    "what the network has learned.",
    (True, True): "Step {step:,}. The same {count} pictures of noise every time, a column for each "
    "digit that the network is asked for: what changes is what it has learned.",
}
"""What a run's digits are: by whether one network draws them in steps, and whether it is told a
class."""
_NEVER: Final = "Nobody can say when: one of those before it is paused, or counts steps."
_WAITS: Final[Sequence[tuple[str, str]]] = (
    (f"Next in line. {_NEVER}", "Next in line, in about {time}."),
    (
        f"One run starts before this one. {_NEVER}",
        "One run starts before this one, in about {time}.",
    ),
    (
        f"{{place}} runs start before this one. {_NEVER}",
        "{place} runs start before this one, in about {time}.",
    ),
)
"""By how many runs start before, the last for more than one: when nobody can say when, and else."""
_NOISE: Final = (
    "{numbers} numbers make one digit. In training they were {noise}, so values near 0 are common "
    "and beyond 2 rare; no single number has a meaning that anybody gave it."
)
_ASKED_NOISE: Final = (
    "{numbers} numbers make one digit, and the digit is asked for. In training they were {noise}, "
    "so values near 0 are common and beyond 2 rare; no single number has a meaning that anybody "
    "gave it."
)
_HIDDEN_NOISE: Final = (
    "{numbers} numbers make one digit. In training they were {noise}, so values near 0 are common "
    "and beyond 2 rare; the first {count} lean towards the digits {classes}, the largest of them "
    "names the digit, and the others have no meaning that anybody gave them."
)
_GROUPED_NOISE: Final = (
    "{numbers} numbers make one digit. In training they were {noise}, so values near 0 are common "
    "and beyond 2 rare; the first {groups} lean towards the groups of pictures that the run found "
    "by itself, the largest of them names the group, and the others have no meaning that anybody "
    "gave them."
)


def standing(state: RunState) -> str:
    """Where a live run stands; nothing of one that is over."""
    if state.status.is_live and is_stopping(state.id):
        return f"Stopping after step {state.held_step:,}: what it learned is being saved."
    match state.status:
        case RunStatus.QUEUED:
            return wait_words(state)
        case RunStatus.STARTING if state.preparing:
            return f"{legible(doing(state.preparing))} ..."
        case RunStatus.RUNNING:
            return pace(state)
        case RunStatus.PAUSED:
            return stillness(state)
    return ""


def pace(state: RunState) -> str:
    """How far a run is and how fast it goes."""
    if not state.progress:
        return "First steps ..."
    if state.fraction == 1:
        return _LAST.format(step=state.step, images=state.images_seen)
    left, target = state.seconds_left, state.config.target_distance
    return _PACES[left is not None, target is not None].format(
        step=state.step,
        images=state.images_seen,
        speed=state.progress[-1].images_per_second,
        left="" if left is None else duration_words(left),
        target=target,
    )


def stillness(state: RunState) -> str:
    """Where a paused run stands, and whether others wait for its place."""
    text = f"Time stands still after step {state.held_step:,}."
    if state.is_parked:
        return f"{text} Its worker went to a run that waited; it comes back to the next command."
    waiting = _waiting_behind(state.id)
    patience = duration_words(context().engine.limits.pause_seconds)
    match waiting:
        case 0:
            return text
        case 1:
            return f"{text} One run waits: untouched for {patience}, this one lets them go first."
        case _:
            return (
                f"{text} {waiting} runs wait: untouched for {patience}, this one lets them go "
                "first."
            )


def sampled(state: RunState) -> str:
    """What the digits are that a run drew last."""
    assert state.samples is not None
    config = state.config
    words = _SAMPLED[config.family.draws_in_steps, config.is_conditional]
    return words.format(step=state.samples.step, count=len(state.samples.images))


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
    place = context().engine.place(state.id)
    if place is None:
        return "Waiting for its turn."
    seconds = _seconds_behind(place)
    unknown, known = _WAITS[min(place, len(_WAITS) - 1)]
    if seconds is None:
        return unknown.format(place=place)
    return known.format(place=place, time=duration_words(seconds))


def new_wait_words() -> str:
    """When the first of several runs begins that are queued now."""
    seconds = _seconds_behind(len(context().engine.waiting))
    if seconds is None:
        return f"They wait until the runs before them are done. {_NEVER}"
    if seconds < 1:
        return "The first of them begins at once."
    return (
        f"The first of them begins in about {duration_words(seconds)}, when those before are done."
    )


def _seconds_behind(place: int) -> float | None:
    """How long a run waits that so many wait before; None if nobody can say."""
    engine = context().engine
    at_work = [_seconds_left(run) for run in engine.at_work]
    ahead = [_seconds_left(run) for run in engine.waiting[:place]]
    return waits(at_work, ahead, engine.limits.slots)


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
    about = _ASKED_NOISE if config.is_conditional else _NOISE
    if config.conditional == "hidden":
        about = _HIDDEN_NOISE
    if config.finds_groups:
        about = _GROUPED_NOISE
    return about.format(
        numbers=config.latent_dim,
        noise=view_of(config).noise,
        count=len(config.chosen_classes),
        classes=", ".join(map(str, config.chosen_classes)),
        groups=config.groups,
    )


def date_words(moment: float) -> str:
    """The day and the minute of a Unix time, by the server's clock."""
    return time.strftime("%d %b %Y %H:%M", time.localtime(moment))
