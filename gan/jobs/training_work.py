"""Training, as a worker does it: one kind of job, and what a warm worker prepares for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gan.data import datasets, download
from gan.data.datasets import Digits
from gan.jobs.inbox import Commands
from gan.messages.events import Event, Preparing
from gan.messages.jobs import Prepare, Train
from gan.settings.config import TrainConfig
from gan.settings.presets import preset, presets

if TYPE_CHECKING:
    from gan.model.preparation import Preparation

MOST_PREPARED: Final = 5
"""Trainings that wait in this worker's memory, some tens of megabytes each."""
_DATA_SETS: Final = 2
"""Data sets that stay in it: full MNIST takes 47 MB."""
_Key = tuple[TrainConfig, object]
_prepared: Final[dict[_Key, Preparation]] = {}
"""Trainings that are ready or nearly so, those that were last wanted or used at the end."""


def train(job: Train, commands: Commands) -> Iterator[Event]:
    """Train as `job` says, and as `commands` change it.

    What was prepared for it is used, also if that is not finished; and what learned stays for the
    next run that is like it, or goes on from it.
    """
    from gan.model import bundle, training
    from gan.model.preparation import Preparation

    config = TrainConfig.from_json(job.config)
    start = None if job.bundle is None else bundle.loads(job.bundle.tobytes(), "of this run")
    yield Preparing("loading_digits")
    prepared = _prepared.pop(_key(config), None)
    if prepared is None:
        prepared = Preparation(config, download.load_digits(config, _read))
    key = _key(config)  # there may be nothing but the download until now
    yield from training.train(config, prepared.digits, commands, start, job.is_paused, prepared)
    _prepared[key] = prepared
    _forget_all_but(MOST_PREPARED)


def warm_up() -> str:
    """Import TensorFlow and load what every run needs; returns the device's name."""
    from gan.model import preparation, training

    device = training.device()  # before anything runs on it: memory growth is set here
    usual = TrainConfig()
    preparation.judge_for(usual, datasets.load_for(usual, _read))
    return str(device)


def prepare(wanted: Prepare) -> Iterator[None]:
    """Get ready for what people may start, a stage at a time, and let go of all else.

    What most people start, the first preset, is always among it. Nothing is fetched for it, and
    whatever goes wrong is told to who starts such a run.
    """
    from gan.model.preparation import Preparation

    configs = [*map(TrainConfig.from_json, wanted.configs), preset(next(iter(presets())))]
    keys = [_key(config) for config in configs]
    for key in set(_prepared).difference(keys):
        del _prepared[key]
    for key, config in zip(keys, configs, strict=True):
        try:
            if key not in _prepared:
                _prepared[key] = Preparation(config, datasets.load_for(config, _read))
                yield
            for _ in _prepared[key].stages:  # not `yield from`: they outlive this generator
                yield
        except Exception:
            _prepared.pop(key, None)


def _key(config: TrainConfig) -> _Key:
    """Two runs with the same key can use the same training, one after the other."""
    from gan.model.trainer import compiled_for

    return compiled_for(config), datasets.edition(config.data)


def _forget_all_but(count: int) -> None:
    while len(_prepared) > count:
        del _prepared[next(iter(_prepared))]


def _read(name: str) -> Digits:
    """`datasets.load`, which remembers."""
    return _remembered(name, datasets.edition(name))


@lru_cache(_DATA_SETS)
def _remembered(name: str, _edition: object) -> Digits:
    return datasets.load(name)
