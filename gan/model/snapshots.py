"""A training's state as a snapshot: weights to go on from, and what the browser runs of it."""

from __future__ import annotations

import numpy as np

from gan.messages.events import Snapshot
from gan.model import bundle
from gan.model.trainer import Trainer


class NotFinite(ArithmeticError):
    """A loss or a weight overflowed at this step."""

    def __init__(self, step: int) -> None:
        self.step = step


def take_snapshot(learner: Trainer, step: int, **clock: float) -> Snapshot:
    """The state after `step` steps. Raises `NotFinite` for one that is not worth keeping."""
    weights = learner.weights()
    if not all(np.isfinite(value).all() for value in weights.values()):
        raise NotFinite(step)
    saved = bundle.Bundle(learner.config, step, weights, **clock)
    browser = bundle.export_generator(learner.averaged)
    return Snapshot(
        step,
        np.frombuffer(bundle.dump(saved), np.uint8),
        np.frombuffer(browser, np.uint8),
        reported_step=saved.reported_step,
        discriminator=np.frombuffer(learner.exported_discriminator(), np.uint8),
    )
