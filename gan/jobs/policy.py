"""By what rules jobs wait and go on: lanes differ in nothing else."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

TRAINING: Final = "training"
STORED: Final = "stored"
PASSING: Final = "passing"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to whom there is no room for: whole sentences, with {count} in them."""

    of_owner: str
    of_all: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one lane. None stands for no limit."""

    name: str
    words: Words
    slots: int = 1
    """Jobs that go on at the same time, each in a worker of its own."""
    open_per_owner: int = 4
    """Jobs of one browser that wait or go on."""
    open: int | None = None
    """Those of all browsers, however many ask for the same."""
    waiting: int = 200
    """Jobs that wait."""
    waiting_bytes: int | None = None
    """What these may be about, in all."""
    tries: int = 2
    """Workers that may end without a word of a job before that is the job's end."""
    silent_seconds: float = 120.0
    """After so long without a word from it a worker is ended."""
    start_seconds: float = 0.0
    """As long at least it has until it is ready."""
    stop_seconds: float = 10.0
    """How long a job has to end when told to."""
    close_seconds: float = 0.0
    """How long jobs have to save what they did when the server ends."""
    pause_seconds: float | None = None
    """How long a paused job keeps its place while others wait."""
    idle_seconds: float | None = None
    """After so long without a job a worker is ended."""
    worker_jobs: int | None = None
    """Jobs after which a worker is replaced."""
    worker_bytes: int = 2 << 30
    """Memory beyond which it is replaced after a job."""
    warm_for: str = ""
    """The kind of job for which one worker is kept ready before anybody asks."""
    nice: int = 0
    """How far its workers let others go before them."""
    abandoned_seconds: float | None = None
    """After so long without a question about it a job is cancelled."""
    remembered: int = 0
    """Jobs that are over and remembered."""
    remembered_seconds: float = 0.0
    """How long that is."""
    cached_bytes: int = 0
    """What the disk keeps of results, for whoever asks the same again."""

    @property
    def command(self) -> tuple[str, ...]:
        """What starts a worker of this lane."""
        warm = ("--warm", self.warm_for) if self.warm_for else ()
        return (sys.executable, "-m", "gan.jobs.worker", "--nice", str(self.nice), *warm)


FOR_PASSING: Final = Policy(
    PASSING,
    Words(
        of_owner="{count} such requests of this browser wait or go on already, as many as this "
        "server gives one: cancel one, or wait for one to end.",
        of_all="{count} such requests are open already: try again later.",
    ),
    open=1000,
    waiting_bytes=256 << 20,
    idle_seconds=600.0,
    nice=5,  # after the pages, before the trainings, which have minutes
    abandoned_seconds=90.0,  # browsers let a page that nobody sees ask once a minute
    remembered=500,
    remembered_seconds=300.0,
    cached_bytes=64 << 20,
)
"""For what the page Explore asks for, which nobody misses once the page is closed."""

FOR_STORED: Final = Policy(
    STORED,
    Words(
        of_owner="{count} jobs of this browser wait or go on already, as many as this server gives "
        "one: cancel one, or wait for one to end.",
        of_all="{count} jobs are waiting already: try again later.",
    ),
    waiting=60,
    silent_seconds=300.0,
    idle_seconds=60.0,  # it holds TensorFlow, which others may need the memory of
    worker_bytes=3 << 30,
    nice=15,  # after the trainings, which people watch
)
"""For what the record keeps beside trainings: it goes on beside them, in a process of its own."""
