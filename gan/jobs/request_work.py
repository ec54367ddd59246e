"""What the page Explore asks for, as a worker does it. It needs numpy alone, but for an encoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from gan.data.neighbours import Neighbourhood
from gan.latent.directions import directions
from gan.messages.jobs import Working
from gan.messages.requests import FindDirections, FindNearest, FitEncoder, Result
from gan.settings.config import TrainConfig


@dataclass(slots=True)
class _Pictures:
    """Those that the last request was about: one at a time, full MNIST takes 50 MB."""

    about: TrainConfig | None = None
    neighbourhood: Neighbourhood | None = None

    def of(self, config: str) -> Neighbourhood:
        asked = TrainConfig.from_json(config)
        about = replace(  # all that pictures depend on
            TrainConfig(), data=asked.data, classes=asked.classes, data_fraction=asked.data_fraction
        )
        if self.neighbourhood is None or self.about != about or self.neighbourhood.note:
            self.neighbourhood = None
            self.neighbourhood, self.about = Neighbourhood.of(asked), about
        return self.neighbourhood


_pictures: Final = _Pictures()


def find_directions(request: FindDirections) -> Iterator[Working | Result]:
    """Look along which directions of the noise a first layer varies the most."""
    yield Working("reading_first_layer", 0.0)
    yield directions(request.generator.tobytes())


def find_nearest(request: FindNearest) -> Iterator[Working | Result]:
    """Look for the training pictures most like one picture."""
    yield Working("loading_training_pictures", 0.0)
    yield from _pictures.of(request.config).nearest(request)


def fit_encoder(request: FitEncoder) -> Iterator[Working | Result]:
    """Learn which noise draws which picture."""
    yield Working("loading_tensorflow", 0.0)
    from gan.model import encoder

    yield from encoder.fit(request.generator.tobytes())
