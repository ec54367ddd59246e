"""Which trainer trains which family of methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gan.data.datasets import Digits
from gan.model.adversarial import AdversarialTrainer
from gan.model.diffusion import DiffusionTrainer
from gan.model.trainer import Trainer
from gan.model.variational import VariationalTrainer
from gan.settings.config import TrainConfig

TRAINERS: Final[Mapping[str, type[Trainer]]] = {
    "adversarial": AdversarialTrainer,
    "variational": VariationalTrainer,
    "diffusion": DiffusionTrainer,
}
"""By the names of `gan.settings.families`."""


def trainer(config: TrainConfig, digits: Digits) -> Trainer:
    """The training that `config` describes, built and ready."""
    return TRAINERS[config.family.name](config, digits)
