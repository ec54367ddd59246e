"""Runs of a few steps, for the explorer's tests."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
from playwright.sync_api import Locator, Page
from web_golden import PATH

from gan.data.datasets import Digits
from gan.messages.events import Finished, Snapshot, Started
from gan.messages.status import StopReason
from gan.runs.store import RunStore
from gan.server import assets
from gan.server.addresses import LIVE
from gan.settings import presets
from gan.settings.config import TrainConfig

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"


LEARNED = (1, 3, 7)


def served(name: str) -> str:
    """The address of one of the explorer's own files."""
    return f"/{LIVE}/{assets._digest()}/{name}"


def train_a_little(config: TrainConfig, digits: Digits) -> Snapshot:
    """A few steps, so that every weight and average has moved."""
    from gan.model import snapshots, training

    trainer = training.trainer(config, digits)
    trainer.tick(4)
    snapshot = snapshots.take_snapshot(trainer, 4)
    assert snapshot is not None
    return snapshot


def record(store: RunStore, config: TrainConfig, snapshot: Snapshot) -> str:
    run = store.create(config, config.architecture)
    for event in (Started("CPU", 1, 1, 200), snapshot, Finished(4, StopReason.COMPLETED)):
        store.append(run, event)
    store.release(run)
    return run


def record_diffusion(store: RunStore) -> str:
    """A diffusion model of a few weights, which nobody trained: it draws at once, in four steps."""
    file = json.loads(PATH.read_text(encoding="utf-8"))["generators"]["diffusion"]["file"]
    network = np.frombuffer(base64.b64decode(file), np.uint8)
    config = replace(presets.preset("ddpm"), conditional="projected", classes="0,1,2")
    return record(store, config, Snapshot(4, network, network, reported_step=4))


def picture(canvas: Locator) -> str:
    return canvas.evaluate("c => c.toDataURL()")


def chosen(page: Page) -> Locator:
    return page.get_by_test_id("class-selector").locator("input:checked")
