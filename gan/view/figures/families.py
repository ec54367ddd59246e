"""Which entry shows which family of methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gan.settings.config import TrainConfig
from gan.view.figures import adversarial, diffusion, variational
from gan.view.figures.family_view import FamilyView

VIEWS: Final[Mapping[str, FamilyView]] = {
    "adversarial": adversarial.VIEW,
    "variational": variational.VIEW,
    "diffusion": diffusion.VIEW,
}
"""By the names of `gan.settings.families`."""


def view_of(config: TrainConfig) -> FamilyView:
    """How a run of `config` is shown."""
    return VIEWS[config.family.name]
