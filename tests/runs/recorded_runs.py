"""Runs as a store records them, without any training: one that ended, and one broken off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gan.messages.events import Finished, Progress, Samples, Snapshot, Started
from gan.messages.status import StopReason
from gan.runs.store import RunStore
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(max_steps=20, max_seconds=None)
PROGRESS = [Progress(s, s * 64, s / 10, 1.0, 1.0, 0.5, 0.5, 640.0) for s in (5, 10)]
SNAPSHOT = Snapshot(10, np.arange(9, dtype=np.uint8), np.arange(4, dtype=np.uint8))


def snapshot(step: int, size: int = 9, judges: int = 0) -> Snapshot:
    """All its bytes are its step; without `judges` it has no discriminator."""
    content = np.full(max(size, judges), step % 256, np.uint8)
    return Snapshot(
        *(step, content[:size], content[:2]),
        reported_step=step - step % 5,
        discriminator=content[:judges],
    )


def a_stopped_run(store: RunStore) -> str:
    """A run of 12 steps, with snapshots of the steps 7 and 12."""
    run = store.create(CONFIG, "first")
    store.append(run, Started("CPU", 1, 2, 3))
    store.append(run, PROGRESS[0])
    store.append(run, snapshot(7))
    store.append(run, PROGRESS[1])
    store.append(run, snapshot(12))
    store.append(run, replace(PROGRESS[1], step=12))
    store.append(run, Finished(12, StopReason.STOPPED))
    store.release(run)
    return run


def broken_off(store: RunStore) -> str:
    """A run that was going on when its writer was killed."""
    digits = np.zeros((1, 28, 28), np.uint8)
    run = store.create(CONFIG, "r")
    for event in (PROGRESS[0], Samples(5, digits), replace(SNAPSHOT, step=5)):
        store.append(run, event)
    store.release(run)
    return run
