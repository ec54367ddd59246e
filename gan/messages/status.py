"""Where a run stands, why it ended, and which networks a step updates."""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_live(self) -> bool:
        """Whether more events are to come."""
        return self in (
            RunStatus.QUEUED,
            RunStatus.STARTING,
            RunStatus.RUNNING,
            RunStatus.PAUSED,
        )


class StopReason(StrEnum):
    """Why a run ended without failing."""

    COMPLETED = "completed"
    REACHED = "reached"
    """The digits are as good as the run was asked for, before its budget was used up."""
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


class Part(StrEnum):
    """Which networks a step updates."""

    BOTH = "both"
    DISCRIMINATOR = "discriminator"
    GENERATOR = "generator"
