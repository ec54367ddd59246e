"""A run as it stands: the fold over its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gan.config import TrainConfig
from gan.events import (
    Event,
    Failed,
    Finished,
    Preparing,
    Quality,
    Report,
    RunStatus,
    Samples,
    Saved,
    Started,
    StopReason,
)

_END = {
    StopReason.COMPLETED: RunStatus.FINISHED,
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
    seq: int = 0
    status: RunStatus = RunStatus.QUEUED
    doing: str = ""
    """What the run is preparing, while it is starting."""
    started: Started | None = None
    progress: tuple[Report, ...] = field(default=(), repr=False)
    """All of one kind: a game's, or a variational autoencoder's."""
    quality: tuple[Quality, ...] = ()
    samples: Samples | None = None
    saved_step: int | None = None
    """The step of the snapshot on disk, if there is one."""
    failed: Failed | None = None

    @property
    def step(self) -> int:
        """Training steps done."""
        return self.progress[-1].step if self.progress else 0

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

    def after(self, events: Iterable[tuple[int, Event]]) -> RunState:
        """The state once the numbered `events`, in order, have happened too."""
        state, progress = self, list(self.progress)
        for seq, event in events:
            if isinstance(event, Report):
                progress.append(event)
            state = _apply(replace(state, seq=seq), event)
        return replace(state, progress=tuple(progress))


def _apply(state: RunState, event: Event) -> RunState:
    match event:
        case Preparing():
            return replace(state, status=RunStatus.STARTING, doing=event.doing)
        case Started():
            return replace(state, status=RunStatus.RUNNING, started=event)
        case Samples():
            return replace(state, samples=event)
        case Quality():
            return replace(state, quality=(*state.quality, event))
        case Saved():
            return replace(state, saved_step=event.step)
        case Finished():
            return replace(state, status=_END[event.reason])
        case Failed():
            return replace(state, status=RunStatus.FAILED, failed=event)
        case _:
            return state
