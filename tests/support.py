"""What several test modules need by name."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from gan.settings.config import TrainConfig

ROOT = Path(__file__).parents[1]
TINY = TrainConfig(batch_size=8, latent_dim=4, max_steps=4, max_seconds=None)


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What `coroutine` returns, also while Playwright's own loop holds this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
