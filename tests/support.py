"""What several test modules need by name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from gan.runs import library
from gan.settings.config import TrainConfig

ROOT = Path(__file__).parents[1]
TINY = TrainConfig(batch_size=8, latent_dim=4, max_steps=4, max_seconds=None)
DENOISING: Mapping[str, Any] = {
    "architecture": "ddpm",
    "loss": "denoising",
    "latent_dim": 784,
    "sampling_steps": 4,
}
"""What makes a config that of a diffusion model, which draws in a few steps."""


def noise_size(network: str) -> int:
    """How many numbers of noise make a digit of a network that ships."""
    return library.shipped(network).config.latent_dim


Seen = TypeVar("Seen")


def look_until(
    look: Callable[[], Seen], holds: Callable[[Seen], object] = bool, seconds: float = 20.0
) -> Seen:
    """What `look` sees once `holds` says yes to it: for what tells nobody that it has happened."""
    deadline = time.monotonic() + seconds
    while not holds(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.005)
    return seen


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What `coroutine` returns, also while Playwright's own loop holds this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
