"""The way from noise to a picture that a diffusion model goes: how much noise when, and each move.

A picture at time t is ``signal * digit + noise * n``, pixels in [-1, 1] and n from the normal
distribution; ``signal`` is the cosine, ``noise`` the sine of an angle that grows evenly with t,
from nearly 0 at t = 0 (the digit) to nearly a right angle at t = 1 (noise): the cosine schedule of
Nichol and Dhariwal 2021, eq. 17, with its offset at both ends, so that no division is by zero.
`gan/web/inference/diffusion.js` goes the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.network_file.hashing import mixed
from gan.settings.choices import PREDICTIONS, SAMPLERS

OFFSET: Final = 0.008
"""The s of Nichol and Dhariwal 2021, eq. 17."""
HIGHEST_FREQUENCY: Final = 200.0
"""Of what the network is told of the time: so fine are the differences that it can tell apart."""
MOST_STEPS: Final = 1000
MOST_FREQUENCIES: Final = 256
_SCHEDULE: Final = "cosine"
SALT: Final = 0xD1FF0000
"""So that no order hangs together with noise that people draw from a seed of their own."""


def angles(times: NDArray[np.floating]) -> NDArray[np.float64]:
    """Of `times` from 0 to 1: their cosine is how much of the digit is left."""
    return (np.asarray(times, np.float64) + OFFSET) / (1 + 2 * OFFSET) * (np.pi / 2)


def frequencies(count: int) -> NDArray[np.float64]:
    """Of the waves that tell the network the time: from 1 to `HIGHEST_FREQUENCY`, evenly spread."""
    return HIGHEST_FREQUENCY ** (np.arange(count) / max(count - 1, 1))


def waves(times: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """What the network is told of `times` [N]: the cosines, then the sines, [N, 2 * count]."""
    turned = np.asarray(times, np.float64)[:, None] * frequencies(count)
    return np.concatenate([np.cos(turned), np.sin(turned)], axis=1)


@dataclass(frozen=True, slots=True)
class Move:
    """One step from a noisy picture to one with less noise.

    The digit that the network sees in the picture is
    ``clip(of_picture * picture + of_answer * answer, -1, 1)``; the next picture is
    ``of_digit * digit + of_now * picture + of_fresh * fresh noise``.
    """

    time: float
    of_picture: float
    of_answer: float
    of_digit: float
    of_now: float
    of_fresh: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """What a network of this kind was asked for, and how it draws. Raises `ValueError`."""

    prediction: str = "v"
    sampler: str = "ddim"
    steps: int = 20

    def __post_init__(self) -> None:
        if self.prediction not in PREDICTIONS or self.sampler not in SAMPLERS:
            raise ValueError(f"it predicts {self.prediction!r} and draws by {self.sampler!r}")
        if type(self.steps) is not int or not 1 <= self.steps <= MOST_STEPS:
            raise ValueError(f"it draws in {self.steps!r} steps, not in 1 to {MOST_STEPS}")

    @classmethod
    def read(cls, about: Mapping[str, Any]) -> Sampling | None:
        """What the header of a network's file says of it; None of a network of another kind."""
        if "diffusion" not in about:
            return None
        told = dict(about["diffusion"])
        if (schedule := told.pop("schedule")) != _SCHEDULE:
            raise ValueError(f"its noise follows a schedule {schedule!r}")
        return cls(**told)

    def in_steps(self, steps: int | None) -> Sampling:
        """The same in so many steps, if that is told. Raises `ValueError`."""
        return self if steps is None else replace(self, steps=steps)

    def header(self) -> dict[str, Any]:
        """What `read` reads."""
        return {"diffusion": {"schedule": _SCHEDULE, **asdict(self)}}

    def moves(self) -> list[Move]:
        """All steps, from pure noise to the digit that the network sees in the last picture.

        DDIM: Song et al. 2021, eq. 12 with no noise of its own. DDPM: the same with that of eq. 16,
        which is the posterior of Ho et al. 2020, eq. 7.
        """
        times = np.arange(self.steps, 0, -1) / self.steps
        now = angles(times)
        after = np.append(now[1:], 0.0)
        return [
            self._move(float(time), float(here), float(there))
            for time, here, there in zip(times, now, after, strict=True)
        ]

    def _move(self, time: float, here: float, there: float) -> Move:
        signal, noise = np.cos(here), np.sin(here)
        next_signal, next_noise = np.cos(there), np.sin(there)
        fresh = 0.0
        if self.sampler == "ddpm":
            fresh = next_noise / noise * np.sqrt(1 - (signal / next_signal) ** 2)
        kept = np.sqrt(next_noise**2 - fresh**2) / noise
        of_picture, of_answer = signal, -noise  # of v: Salimans and Ho 2022, section 4
        if self.prediction == "epsilon":
            of_picture, of_answer = 1 / signal, -noise / signal
        numbers = of_picture, of_answer, next_signal - kept * signal, kept, fresh
        return Move(time, *map(float, numbers))


@dataclass(frozen=True, slots=True, eq=False)
class Shuffle:
    """The fresh noise of one step: the first noise in another order, with some signs turned.

    So it is a function of that noise, which nevertheless tells nothing of it pixel by pixel.
    """

    order: NDArray[np.int64]
    """The place [D] in the first noise that each number is from."""
    signs: NDArray[np.float64]
    """[D], 1 or -1."""

    @classmethod
    def of(cls, step: int, size: int) -> Shuffle:
        """The one for the `step`-th step of a picture of `size` numbers."""
        words = mixed(SALT + step, size)
        order = np.argsort(words, kind="stable")
        return cls(order, np.where(words % np.uint64(2) == 0, 1.0, -1.0))

    def __call__(self, noise: NDArray[Any]) -> NDArray[Any]:
        """The fresh noise [N, D] that comes of the first `noise` [N, D]."""
        return noise[:, self.order] * self.signs
