"""A run as it stands: the fold over its events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gan.messages.events import (
    Adjusted,
    Continued,
    Control,
    Event,
    Failed,
    Finished,
    Grouped,
    Imported,
    Paced,
    Parked,
    Paused,
    Preparing,
    Quality,
    Recalled,
    Report,
    Resumed,
    Samples,
    Saved,
    Started,
    Trace,
)
from gan.messages.status import RunStatus, StopReason
from gan.settings.config import TrainConfig

MAX_NAME: Final = 60
_END = {
    StopReason.COMPLETED: RunStatus.FINISHED,
    StopReason.REACHED: RunStatus.FINISHED,
    StopReason.STOPPED: RunStatus.STOPPED,
    StopReason.INTERRUPTED: RunStatus.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class RunState:
    """What is known of a run after its first `seq` events. Fold on with `after`."""

    id: str
    name: str
    config: TrainConfig
    created: float
    """Unix time, in seconds."""
    recording: bool = False
    """Whether this run was recorded elsewhere and ships with the project."""
    recorded_on: str = ""
    """The machine and the day of a recording, if they are known."""
    is_imported: bool = False
    """Whether this run, or how it began, came here in a package."""
    seq: int = 0
    status: RunStatus = RunStatus.QUEUED
    preparing: Preparing | None = None
    """What the run is preparing, while it is starting."""
    grouped: Grouped | None = None
    """The groups that the run found in its pictures, if it was to find some."""
    started: Started | None = None
    progress: tuple[Report, ...] = field(default=(), repr=False)
    """All of one kind: a game's, or a variational autoencoder's."""
    quality: tuple[Quality, ...] = ()
    samples: Samples | None = None
    trace: Trace | None = None
    """The last step that was taken by hand, opened up."""
    saved: tuple[Saved, ...] = ()
    """The snapshots on disk, in the order of their steps."""
    marks: tuple[Control, ...] = ()
    """What people did to the run, in order."""
    failed: Failed | None = None
    is_as_good_as_asked: bool = False
    """Whether the run ended because its digits were, and not because its budget was used up."""
    begun: TrainConfig | None = None
    """The config before people changed it; None if it is not known that they ever did."""
    parent: str | None = None
    """The run that this one is a branch of."""
    parent_step: int = 0

    @property
    def step(self) -> int:
        """Training steps done."""
        return self.progress[-1].step if self.progress else 0

    @property
    def saved_step(self) -> int | None:
        """The step of the last snapshot, if there is one."""
        return self.saved[-1].step if self.saved else None

    @property
    def kept(self) -> str:
        """What there is to go on from once the run is over, in a sentence."""
        if self.saved_step is None:
            return "It ended before its first snapshot: there is nothing to go on from."
        return f"The snapshot of step {self.saved_step:,} is kept."

    @property
    def held_step(self) -> int:
        """Steps done, also those that no report has covered yet because time stands still."""
        return max(self.step, self.marks[-1].step if self.marks else 0)

    @property
    def is_parked(self) -> bool:
        """Whether the run is paused and no worker holds it."""
        return self.status is RunStatus.PAUSED and isinstance(self.marks[-1], Parked)

    @property
    def steps_per_second(self) -> float | None:
        """The pace of slow motion, if it is on."""
        paces = [mark.steps_per_second for mark in self.marks if isinstance(mark, Paced)]
        return paces[-1] if paces and self.status.is_live else None

    @property
    def seconds(self) -> float:
        """Training time so far, in seconds."""
        return self.progress[-1].seconds if self.progress else 0.0

    @property
    def images_seen(self) -> int:
        """Real digits that the run was shown."""
        return self.progress[-1].images_seen if self.progress else 0

    @property
    def images_per_second(self) -> float:
        """Mean speed over the whole run."""
        return self.images_seen / self.seconds if self.seconds else 0.0

    @property
    def fraction(self) -> float:
        """How much of the budget is used, 0 to 1."""
        parts = [0.0]
        if self.config.max_steps:
            parts.append(self.step / self.config.max_steps)
        if self.config.max_seconds:
            parts.append(self.seconds / self.config.max_seconds)
        return min(1.0, max(parts))

    @property
    def seconds_left(self) -> float | None:
        """Estimated time to the end of the budget; None before there is a speed to go by."""
        return self.seconds * (1 / self.fraction - 1) if self.fraction else None

    def branch_name(self, step: int) -> str:
        """What a branch of this run is called until people call it something else."""
        suffix = f" from {step}"
        return re.sub(r" from \d+$", "", self.name)[: MAX_NAME - len(suffix)] + suffix

    def config_at(self, step: int) -> TrainConfig:
        """The config when the snapshot of `step` was taken."""
        return _adjusted(self, [mark for mark in self.marks if mark.step < step])

    def seconds_at(self, step: int) -> float:
        """Training time up to `step`, by the last report until then."""
        return max((report.seconds for report in self.progress if report.step <= step), default=0.0)

    def longer(
        self, step: int, *, steps: int | None = None, seconds: float | None = None
    ) -> dict[str, Any]:
        """The change of budget with which the run goes on from `step`.

        That is `steps` or `seconds` more; without either, what is left of the budget, or if it was
        used up as much again. A run whose digits were as good as asked goes on to be better.
        """
        if self.is_as_good_as_asked and step >= self.step:
            again = replace(self, is_as_good_as_asked=False).longer(
                step, steps=steps, seconds=seconds
            )
            return {**again, "target_distance": None}
        if steps is None and seconds is None:
            spent = self.seconds_at(step)
            config = self.config
            is_left = (config.max_steps is None or step < config.max_steps) and (
                config.max_seconds is None or spent < config.max_seconds
            )
            if is_left:
                return {}
            seconds = None if config.max_steps is not None else spent
            steps = step if config.max_steps is not None else None
        if steps is not None:
            return {"max_steps": step + steps, "max_seconds": None}
        assert seconds is not None
        return {"max_steps": None, "max_seconds": self.seconds_at(step) + seconds}

    def after(self, events: Iterable[tuple[int, Event]]) -> RunState:
        """The state once the numbered `events`, in order, have happened too."""
        state, progress = self, list(self.progress)
        for seq, event in events:
            if isinstance(event, Report):
                progress.append(event)
            elif isinstance(event, Continued):
                progress = [report for report in progress if report.step <= event.reported_step]
            state = _apply(replace(state, seq=seq), event)
        return replace(state, progress=tuple(progress))


def _apply(state: RunState, event: Event) -> RunState:
    if isinstance(event, Control):
        state = replace(state, marks=(*state.marks, event))
    match event:
        case Imported():
            return replace(state, is_imported=True)
        case Preparing():
            return replace(state, status=RunStatus.STARTING, preparing=event)
        case Grouped():
            return replace(state, grouped=event)
        case Started() | Resumed():
            started = event if isinstance(event, Started) else state.started
            return replace(state, status=RunStatus.RUNNING, started=started)
        case Paused():
            return replace(state, status=RunStatus.PAUSED)
        case Recalled():
            return replace(state, status=RunStatus.QUEUED)
        case Samples():
            return replace(state, samples=event)
        case Trace():
            return replace(state, trace=event)
        case Quality():
            return replace(state, quality=(*state.quality, event))
        case Saved():
            gone = {event.step, *event.dropped}
            kept = (saved for saved in state.saved if saved.step not in gone)
            return replace(state, saved=(*kept, event))
        case Adjusted():
            config = state.config.adjusted(event.changes)
            return replace(state, config=config, begun=state.begun or state.config)
        case Continued():
            return _rolled_back(state, event)
        case Finished():
            is_good = event.reason is StopReason.REACHED
            return replace(state, status=_END[event.reason], is_as_good_as_asked=is_good)
        case Failed():
            return replace(state, status=RunStatus.FAILED, failed=event)
        case _:
            return state


def _rolled_back(state: RunState, event: Continued) -> RunState:
    """The state when the snapshot was taken, waiting to go on."""
    step = event.step
    marks = tuple(mark for mark in state.marks if mark.step <= step)
    return replace(
        state,
        config=_adjusted(state, marks),
        status=RunStatus.QUEUED,
        failed=None,
        is_as_good_as_asked=False,
        trace=None,
        quality=tuple(quality for quality in state.quality if quality.step <= step),
        saved=tuple(saved for saved in state.saved if saved.step <= step),
        marks=marks,
    )


def _adjusted(state: RunState, marks: Iterable[Control]) -> TrainConfig:
    """The config that the run began with, after the changes among `marks`."""
    config = state.begun or state.config
    for mark in marks:
        if isinstance(mark, Adjusted):
            config = config.adjusted(mark.changes)
    return config
