"""How many digits a network draws in a second, as a worker measures it: by NumPy, on one core."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan.data.datasets import from_network
from gan.messages.jobs import Working
from gan.messages.requests import MeasurePace, Paces
from gan.network_file import inference

DIGITS: Final = 8
"""Drawn together, again and again; those of the first time are shown."""
LEAST_SECONDS: Final = 0.5
"""For so long at least digits are drawn before they are counted."""


def measure(request: MeasurePace) -> Iterator[Working | Paces]:
    """Draw digits from the same noise in each number of steps that is asked for."""
    generator = request.generator.tobytes()
    yield _working(0.0)
    latent_dim = inference.latent_dim(generator)
    noise = np.random.default_rng(0).standard_normal((DIGITS, latent_dim))
    paces, pictures = [], []
    for place, steps in enumerate(request.steps.tolist()):
        pictures.append(_drawn(generator, noise, steps))  # the first time is slower than others
        count, start = 0, time.perf_counter()
        while (seconds := time.perf_counter() - start) < LEAST_SECONDS:
            _drawn(generator, noise, steps)
            count += DIGITS
            yield _working((place + 0.5) / len(request.steps))  # here it can be stopped
        paces.append(count / seconds)
        yield _working((place + 1) / len(request.steps))
    yield Paces(request.steps, np.array(paces, np.float32), np.stack(pictures), time.time())


def _working(share: float) -> Working:
    return Working("drawing_to_measure", share)


def _drawn(generator: bytes, noise: NDArray[np.float64], steps: int) -> NDArray[np.uint8]:
    """A digit of each class, of a network that is asked for them."""
    classes = np.arange(len(noise))
    return from_network(inference.drawn(generator, noise, classes, steps))
