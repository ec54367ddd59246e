"""Judging a network thoroughly: the stored job ``judge``, and the command ``evaluate``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan import latent
from gan.data import datasets, registry
from gan.data.datasets import Digits, from_network
from gan.messages.events import Quality
from gan.messages.jobs import AboutRun, Done, Working
from gan.model import bundle
from gan.model.bundle import Bundle
from gan.model.quality import Judge
from gan.model.reference import classes_of
from gan.runs import judgement
from gan.runs.judgement import TIMES, Judgement
from gan.settings.config import TrainConfig

_AT_ONCE: Final = 1024
"""Digits that are drawn between two reports of progress."""
_DRAWING: Final = 0.6
"""Of the time that one judgement takes."""


def work(job: AboutRun) -> Iterator[Working | Done]:
    """Judge the network of a run beside the digits that it learned from."""
    network = bundle.loads(job.bundle.tobytes(), "of this run")
    yield Working("loading_real_digits", 0.0)
    settings, digits = real_digits(network.config)
    samples, seed = job.options["samples"], job.options["seed"]
    for said in judge(network, settings, digits, samples, seed):
        yield Done(said.result()) if isinstance(said, Judgement) else said


def real_digits(learned: TrainConfig) -> tuple[TrainConfig, Digits]:
    """What a network of this config is judged beside: its own digits, and how they are chosen.

    Where MNIST is not on this machine, the built-in digits, which are a part of it. Raises
    `gan.data.datasets.DataError`.
    """
    try:
        return learned, datasets.load_for(learned)
    except datasets.NotDownloaded:
        if not registry.DATA_SETS[learned.data].includes_builtin:
            raise
        instead = replace(learned, data=registry.BUILTIN.name)
        return instead, datasets.load_for(instead)


def judge(
    network: Bundle, settings: TrainConfig, digits: Digits, samples: int, seed: int
) -> Iterator[Working | Judgement]:
    """Judge `samples` digits of `network`, `TIMES` over; last comes what that came to.

    `digits` are the real ones, of which `settings` says where they are from. The first time is what
    `gan.model.quality.evaluation` measures.
    """
    checks: list[Quality] = []
    classes, compared = classes_of(settings), 0
    for time in range(TIMES):
        images, at = np.empty((0, 28, 28), np.uint8), {"round": time + 1, "rounds": TIMES}
        for images in _drawn(network, samples, seed + time):
            share = (time + _DRAWING * len(images) / samples) / TIMES
            yield Working("drawing_to_judge", share, at)
        yield Working("judging", (time + _DRAWING) / TIMES, at)
        beside = Judge(digits, samples, classes, seed=time)
        compared = beside.samples
        checks.append(beside.quality(images, network.step, 0.0))
    yield judgement.mean(checks, compared, Path(settings.data).name)


def _drawn(network: Bundle, samples: int, seed: int) -> Iterator[NDArray[np.uint8]]:
    """The digits that were drawn so far, again and again until all are."""
    noise = latent.sample(samples, network.config.latent_dim, seed)
    labels = latent.even_classes(samples, network.config.chosen_classes)
    draw, parts = bundle.compiled(network.generator()), []
    for start in range(0, samples, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        parts.append(from_network(draw(noise[part], labels[part])))
        yield np.concatenate(parts)
