"""A training before its first step: what it takes to begin, done ahead, a stage at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gan import latent
from gan.data.datasets import Digits
from gan.model import bundle, grouping
from gan.model.families import trainer
from gan.model.quality import Judge, judge_of
from gan.model.reference import classes_of
from gan.model.schedules import JUDGED_DIGITS
from gan.model.trainer import Trainer
from gan.settings.config import TrainConfig

LIVE_QUALITY_SAMPLES: Final = 500
"""Of the measures that depend on the sample size."""
_MOST_TICKS: Final = 20
"""A step that takes longer than so many ticks of others is not taken for practice."""

_FEWEST_DIGITS: Final = 10
"""To draw and to judge for practice, however long each takes."""


def judge_for(config: TrainConfig, digits: Digits) -> Judge:
    """Who judges a run of `config` on `digits`, ready to."""
    judge = judge_of(digits, LIVE_QUALITY_SAMPLES, classes_of(config))
    judge.prepare()
    return judge


class Preparation:
    """Networks that are built, compiled and run once, for a training that somebody may start.

    What that takes comes in `stages`, mostly of less than half a second each: whoever wants
    something else meanwhile does not wait for all of them.
    """

    def __init__(self, config: TrainConfig, digits: Digits) -> None:
        self.digits = digits
        self.stages = self._prepared(config)
        """Each does a part of the work; where one stops, another goes on."""
        self._told: Digits | None = None
        """The digits with what D is told of them."""
        self._learner: Trainer | None = None
        self._untouched: bundle.Bundle | None = None

    def learner(self, config: TrainConfig, told: Digits | None = None) -> Trainer:
        """The training of `config` before its first step; what is still to be done is done now.

        `config` may differ in what is not compiled from what all this was prepared for, and what
        is `told` in the groups, if the run goes on with some from elsewhere. A learner that has
        trained is put back to where it began.
        """
        self._told = self._told or told
        for _ in self.stages:
            pass
        if self._learner is None or self._untouched is None:
            raise RuntimeError("The preparation had broken off.")
        if told is not None and not _has_groups_of(self._learner, told):
            self._build(self._learner.config, told)
        if config != self._learner.config:
            self._learner.adjust(config)
        self._learner.restore(self._untouched)
        return self._learner

    def _prepared(self, config: TrainConfig) -> Iterator[None]:
        finding = grouping.found(config, self.digits)
        while self._told is None:  # whoever starts the training may know meanwhile
            if (sorted_ := next(finding)) is None:
                yield
            else:
                self._told = sorted_
        learner = self._build(config, self._told)
        yield
        judge = judge_for(config, self.digits)
        yield
        if learner.images_per_step > _MOST_TICKS * learner.tick_images:
            return
        learner.tick(1)
        learner.read_totals()
        yield
        count = max(_FEWEST_DIGITS, min(JUDGED_DIGITS) // learner.calls_per_digit)
        noise = latent.sample(count, config.latent_dim, config.seed)
        judge.quality(learner.generate(noise), step=0, seconds=0.0)

    def _build(self, config: TrainConfig, told: Digits) -> Trainer:
        self._learner = trainer(config, told)
        self._untouched = bundle.Bundle(config, step=0, weights=self._learner.weights())
        return self._learner


def _has_groups_of(learner: Trainer, told: Digits) -> bool:
    return learner.groups is None or np.array_equal(learner.groups, told.labels)
