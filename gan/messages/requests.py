"""What pages ask for that takes a while and is not kept: each request, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


class RequestError(ValueError):
    """A request that cannot be met: a sentence that says why."""


@dataclass(frozen=True, slots=True, eq=False)
class FindDirections:
    """Asks along which directions of the noise a generator's first layer varies the most."""

    generator: NDArray[np.uint8]
    """The bytes of a `gan.network_file`."""


@dataclass(frozen=True, slots=True, eq=False)
class FindNearest:
    """Asks which training pictures of a run are most like a picture."""

    config: str
    """The run's, as `TrainConfig.to_json` writes it."""
    picture: NDArray[np.uint8]
    """[28, 28], ink = 255."""
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class FitEncoder:
    """Asks for a network that finds the noise from which a generator would draw a picture."""

    generator: NDArray[np.uint8]
    """The bytes of a `gan.network_file`."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasurePace:
    """Asks how many digits a generator draws in a second."""

    generator: NDArray[np.uint8]
    """The bytes of a `gan.network_file`."""
    steps: NDArray[np.int32]
    """[K]: in how many steps a diffusion model is to draw; others draw in one, whatever it says."""


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Unit vectors of noise, as `gan.latent.directions` finds them; K and L are 16 at most."""

    features: NDArray[np.float32]
    """[K, latent_dim]: along which what the first layer says varies the most, the most first."""
    feature_shares: NDArray[np.float32]
    """[K], each 0 to 1: the share of that layer's variance."""
    weights: NDArray[np.float32]
    """[L, latent_dim]: those that the first layer's weights stretch the most."""
    weight_shares: NDArray[np.float32]
    """[L], each 0 to 1: the share of the sum of all eigenvalues."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The training pictures most like a picture, the nearest first."""

    pictures: NDArray[np.uint8]
    """[N, 28, 28], ink = 255."""
    labels: NDArray[np.uint8] | None
    """[N], their classes, if they have any."""
    distances: NDArray[np.float32]
    """[N]: root-mean-square pixel differences, 0 to 255."""
    searched: int
    """Of how many pictures."""
    of_all: bool
    """Whether these were all from which the run learned."""
    note: str
    """Why not, if they were not."""
    typical: float
    """The distance of a training picture from the one most like it: the median."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """A network from a picture to the noise that would draw it."""

    network: NDArray[np.uint8]
    """The bytes of a `gan.network_file`."""


@dataclass(frozen=True, slots=True, eq=False)
class Paces:
    """How fast a generator drew, and what: with each of K numbers of steps, from the same noise."""

    steps: NDArray[np.int32]
    """[K]."""
    per_second: NDArray[np.float32]
    """[K]: digits a second, by NumPy on one core."""
    pictures: NDArray[np.uint8]
    """[K, N, 28, 28], ink = 255."""
    at: float
    """When that was measured: Unix time, in seconds."""


Request = FindDirections | FindNearest | FitEncoder | MeasurePace
Result = Directions | Neighbours | Encoder | Paces
