"""What a lane asks of whoever has jobs done by it, and tells of one that lost its worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gan.jobs.queue import Start, What
from gan.messages.codec import Sent
from gan.messages.jobs import Job


@dataclass(frozen=True, slots=True)
class WorkerLoss:
    """How a job lost its worker."""

    words: str = ""
    """How that ended, or why there was none."""
    is_started: bool = True
    """Whether a process could be started for it."""
    has_reported: bool = False
    """Whether that had said something of the job."""
    is_stopping: bool = False
    """Whether the job was told to stop."""
    is_closing: bool = False
    """Whether the server ends."""
    tries: int = 0
    """How many workers in a row had said nothing of the job."""

    @property
    def is_harmless(self) -> bool:
        """Whether nothing of the job is lost: another worker may do it."""
        return not (self.has_reported or self.is_stopping or self.is_closing)


class Client(Protocol[What]):
    """Knows what each job is, and keeps what becomes of it.

    The lane calls `lost` and `look_after` with its lock held, and mostly the others without.
    """

    def job(self, key: str, start: Start[What]) -> Job | None:
        """What a worker is given; None if the job came to its end over that."""

    def record(self, key: str, event: Sent) -> bool:
        """Keep what `key` reports, and let the lane go of it at its end; False if that failed."""

    def lost(self, start: Start[What], loss: WorkerLoss) -> Sent:
        """How a job ends whose worker is gone, or that had none yet."""

    def mishap(self, error: Exception) -> Sent:
        """How a job ends over which the lane itself broke off."""

    def look_after(self, now: float) -> None:
        """Called a few times a second while the lane is open."""
