"""Training, as a worker does it: one kind of job, and what a warm worker prepares for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gan.data import datasets, download
from gan.jobs.inbox import Commands
from gan.messages.events import Event, Preparing
from gan.messages.jobs import Train
from gan.settings.config import TrainConfig
from gan.settings.presets import preset, presets

_prepared: Final[dict[str, Any]] = {}
"""Trainings that are built and compiled, by the JSON of their config: of this worker's process."""


def train(job: Train, commands: Commands) -> Iterator[Event]:
    """Train as `job` says, and as `commands` change it."""
    from gan.model import bundle, training

    config = TrainConfig.from_json(job.config)
    start = None if job.bundle is None else bundle.loads(job.bundle.tobytes(), "of this run")
    yield Preparing("loading_digits")
    digits, learner = download.load_digits(config), _prepared.pop(job.config, None)
    yield from training.train(config, digits, commands, start, learner, job.is_paused)


def warm_up() -> str:
    """Import TensorFlow and load what every run needs; returns the device's name."""
    from gan.model import training

    device = training.device()  # before anything runs on it: memory growth is set here
    usual = TrainConfig()
    training.judge_for(usual, datasets.load_for(usual))
    return str(device)


def prepare_usual() -> None:
    """Build and compile, while there is nothing else to do, what people most often start."""
    from gan.model import training

    usual = preset(next(iter(presets())))
    if usual.to_json() not in _prepared:
        _prepared[usual.to_json()] = training.prepared(usual, datasets.load_for(usual))
