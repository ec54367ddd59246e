"""How much a server gives: each limit has a default, and a variable of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self

from gan.jobs import machine, process
from gan.jobs.policy import TRAINING, Policy, Words
from gan.runs.errors import StoreError
from gan.settings.config import TrainConfig

CORES_A_SLOT: Final = 4
"""Without a GPU: the small networks of the presets hardly gain from more."""
STOP_SECONDS: Final = 15.0
CLOSE_SECONDS: Final = 10.0
MOST_TRIES: Final = 3
_WORDS: Final = Words(
    of_owner="{count} runs of this browser go on or wait already, as many as this server gives "
    "one: stop one, or wait for one to end.",
    of_all="{count} runs are waiting already: try again later.",
)


class LimitReached(StoreError):
    """Asked for more than the server gives: what the limit is, and what to do."""


def _limit(variable: str, default: float, text: str, minimum: float = 1) -> Any:
    about = {"variable": f"DIGIT_FORGE_{variable}", "help": text, "minimum": minimum}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server allows. The command line is not bound by it."""

    slots: int = _limit("SLOTS", 1, "runs that learn at the same time")
    runs_per_browser: int = _limit(
        "RUNS_PER_BROWSER", 3, "runs of one browser that go on or wait at the same time"
    )
    queue_length: int = _limit("QUEUE_LENGTH", 60, "runs that wait", minimum=0)
    max_seconds: float = _limit("MAX_SECONDS", 3600.0, "seconds of training in a run")
    max_steps: int = _limit("MAX_STEPS", 1_000_000, "training steps in a run")
    stored_mb: int = _limit("STORED_MB", 4096, "megabytes that all runs take on the disk")
    pause_seconds: float = _limit(
        "PAUSE_SECONDS", 60.0, "seconds that a paused run keeps its place while others wait", 0
    )
    silent_seconds: float = _limit(
        "SILENT_SECONDS", 300.0, "seconds without a word after which a training process is ended"
    )
    worker_runs: int = _limit("WORKER_RUNS", 50, "runs after which a training process is replaced")
    worker_mb: int = _limit(
        "WORKER_MB", 3072, "megabytes of memory beyond which it is replaced after a run"
    )

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """What the environment says, else what suits this machine. Raises `StoreError`."""
        slots = len(machine.gpus()) or max(1, int(machine.cores()) // CORES_A_SLOT)
        values: dict[str, Any] = {"slots": slots}
        for item in fields(cls):
            variable = item.metadata["variable"]
            if variable in environment:
                values[item.name] = _number(
                    variable, environment[variable], type(item.default), item.metadata["minimum"]
                )
        return cls(**values)

    def bounded(self, config: TrainConfig) -> TrainConfig:
        """`config`, with an end that this server allows. Raises `LimitReached` if it asks for more.

        A run that counts only its steps ends at `max_seconds` all the same.
        """
        if config.max_steps is not None and config.max_steps > self.max_steps:
            raise LimitReached(
                f"{config.max_steps:,} steps are more than this server gives a run: choose at most "
                f"{self.max_steps:,}."
            )
        if config.max_seconds is None:
            return replace(config, max_seconds=self.max_seconds)
        if config.max_seconds > self.max_seconds:
            raise LimitReached(
                f"{config.max_seconds:,.0f} seconds are more than this server gives a run: choose "
                f"at most {self.max_seconds:,.0f}."
            )
        return config

    def bounded_changes(self, config: TrainConfig, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """`changes` to `config`, so that its end is one that this server allows: as `bounded`."""
        changed = config.adjusted(changes)
        bounded = self.bounded(changed)
        return changes if bounded == changed else {**changes, "max_seconds": bounded.max_seconds}

    def check_space(self, stored: int) -> None:
        """Raise `LimitReached` if the runs, which take `stored` bytes, leave room for no other."""
        if stored >= self.stored_mb << 20:
            raise LimitReached(
                f"The stored runs take {stored >> 20:,} MB, and this server keeps "
                f"{self.stored_mb:,} MB: delete runs that nobody needs, on the page Runs."
            )

    @property
    def policy(self) -> Policy:
        """The rules by which runs wait and learn."""
        return Policy(
            TRAINING,
            _WORDS,
            slots=self.slots,
            open_per_owner=self.runs_per_browser,
            waiting=self.queue_length,
            tries=MOST_TRIES,
            silent_seconds=self.silent_seconds,
            start_seconds=process.START_SECONDS,
            stop_seconds=STOP_SECONDS,
            close_seconds=CLOSE_SECONDS,
            pause_seconds=self.pause_seconds,
            worker_jobs=self.worker_runs,
            worker_bytes=self.worker_mb << 20,
            warm_for="train",
            nice=10,  # the pages come first
        )

    def environment_of(self, slot: int) -> dict[str, str]:
        """The variables that give the worker of `slot`, from 0 on, its share of the machine."""
        if self.slots == 1:
            return {}
        if names := machine.gpus():
            return {"CUDA_VISIBLE_DEVICES": names[slot % len(names)]}
        threads = str(max(1, int(machine.cores()) // self.slots))
        return {"TF_NUM_INTRAOP_THREADS": threads, "TF_NUM_INTEROP_THREADS": threads}


def _number(variable: str, text: str, kind: type, minimum: float) -> Any:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not minimum <= value < float("inf"):
        wanted = "a whole number" if kind is int else "a number"
        raise StoreError(
            f"{variable} is {text!r}: it takes {wanted} of at least {minimum:g}. The server does "
            "not train until that is mended."
        )
    return value
