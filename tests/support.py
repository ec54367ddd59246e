"""What several test modules need by name."""

from __future__ import annotations

from pathlib import Path

from gan.config import TrainConfig

ROOT = Path(__file__).parents[1]
TINY = TrainConfig(batch_size=8, latent_dim=4, max_steps=4, max_seconds=None)
