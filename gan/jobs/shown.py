"""What people look at and may start: a worker can get ready for it while they read."""

from __future__ import annotations

import time
from typing import Final

from gan.jobs.slot import Slot
from gan.messages.jobs import Prepare
from gan.settings.config import TrainConfig

MOST_SHOWN: Final = 3
"""Browsers whose choice is prepared: those that chose last."""
SETTLED_SECONDS: Final = 0.3
"""After so long without another choice it is worth the work."""


class Shown:
    """The last choice of each of a few browsers, and whether a worker has been told."""

    def __init__(self) -> None:
        self._configs: dict[str, TrainConfig] = {}
        """By owner, the latest last."""
        self._since: float | None = None
        """When the last choice was made that no worker has been told of."""

    def show(self, config: TrainConfig, owner: str) -> None:
        """The browser `owner` looks at `config` now, and at nothing else."""
        self._configs.pop(owner, None)
        self._configs[owner] = config
        while len(self._configs) > MOST_SHOWN:
            del self._configs[next(iter(self._configs))]
        self._since = time.monotonic()

    def tell(self, slot: Slot | None, now: float) -> None:
        """Let the worker of a free slot get ready, once people have settled on something.

        It is said once: a worker that breaks over it is not followed by another one that does.
        """
        is_settled = self._since is not None and now - self._since >= SETTLED_SECONDS
        if is_settled and slot is not None and slot.worker is not None:
            self._since = None
            latest_first = reversed(self._configs.values())
            slot.worker.send(Prepare(tuple(config.to_json() for config in latest_first)))
