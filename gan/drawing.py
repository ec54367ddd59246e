"""One digit of a network as a picture, in a line of Python and without TensorFlow.

from gan.drawing import picture
picture("digits", "s1f3kz").save("digit.png")
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan import latent
from gan.data import datasets
from gan.latent import Hundredths
from gan.network_file import NetworkFileError, inference
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.store import RunStore, default_home
from gan.settings.config import LIMITS, TrainConfig
from gan.settings.families import DIFFUSION

ZOOM: Final = 20
MAX_ZOOM: Final = 40


class CannotDraw(ValueError):
    """What was asked for is nothing that the network draws: a sentence."""


def picture(
    run: str,
    z: str,
    *,
    digit: int | None = None,
    scale: float = 1.0,
    step: int | None = None,
    sampling_steps: int | None = None,
    zoom: int = ZOOM,
) -> Image.Image:
    """The digit that `run` draws from `z`: grey levels, ink white, `zoom` x `zoom` for a pixel.

    `run` is an id, ``latest`` or the name of a network that ships with the project; `z` is spelled
    as the page's address does; `digit` is the class that a conditional network is asked for
    (without it the first that it has learned); `scale`, 0 to 1, multiplies `z`; `step` is a moment
    of the training that was kept (without it the newest); `sampling_steps` is in how many steps a
    diffusion model draws (without it as many as the run says). Raises `CannotDraw`, `StoreError`,
    and `LatentError` if `z` does not fit the network.
    """
    image, _, _ = drawn(run, z, digit=digit, scale=scale, step=step, sampling_steps=sampling_steps)
    return enlarged(image, zoom)


def enlarged(image: NDArray[np.uint8], zoom: int) -> Image.Image:
    """A digit uint8 [28, 28] with each pixel a square of `zoom` x `zoom`. Raises `CannotDraw`."""
    if not 1 <= zoom <= MAX_ZOOM:
        raise CannotDraw(f"A pixel can be enlarged 1 to {MAX_ZOOM} times, not {zoom}.")
    small = Image.fromarray(image)
    return small.resize((small.width * zoom, small.height * zoom), Image.Resampling.NEAREST)


def drawn(
    run: str,
    z: str,
    *,
    digit: int | None = None,
    scale: float = 1.0,
    step: int | None = None,
    sampling_steps: int | None = None,
) -> tuple[NDArray[np.uint8], Hundredths, int | None]:
    """The digit of `picture` as uint8 [28, 28], ink = 255, the numbers of `z`, scaled, its class.

    The class is None for a network that is not asked for one.
    """
    if not 0 <= scale <= 1:
        raise CannotDraw(f"The noise can be scaled by 0 to 1, not by {scale:g}.")
    with closing(RunStore(default_home())) as store:
        state = library.find(store, run)
        label = _label(run, state.config, digit)
        check_steps(run, state.config, sampling_steps)
        network = library.generator(store, state, step)
        kept = ", ".join(map(str, library.drawable_steps(store, state))) or "none"
    if network is None:
        missing = f"{run} has kept no network."
        if step is not None:
            missing = f"{run} has kept no network of step {step}."
        raise CannotDraw(f"{missing} The steps that it has kept: {kept}.")
    try:
        vector = scale * latent.from_text(z, inference.latent_dim(network))[0]
        labels = None if label is None else np.array([label])
        pictures = inference.drawn(network, vector[None], labels, sampling_steps)
        return datasets.from_network(pictures)[0], vector, label
    except NetworkFileError as error:
        raise StoreError(f"A file of {run} cannot be used. {error}") from error


def check_steps(run: str, config: TrainConfig, sampling_steps: int | None) -> None:
    """Raise `CannotDraw` unless `run` can draw in so many steps, if that is asked."""
    if sampling_steps is None:
        return
    if config.family is not DIFFUSION:
        raise CannotDraw(f"{run} draws in one go: leave the number of sampling steps out.")
    limits = LIMITS["sampling_steps"]
    if not limits.minimum <= sampling_steps <= limits.maximum:
        raise CannotDraw(f"{run} can draw in {limits.allowed}, not in {sampling_steps}.")


def _label(run: str, config: TrainConfig, digit: int | None) -> int | None:
    """The class to ask for; None of a network that is not asked."""
    if not config.is_conditional:
        if digit is not None:
            raise CannotDraw(
                f"{run} is not conditional, so it chooses itself what it draws: leave digit out."
            )
        return None
    learned = config.chosen_classes
    if digit is None:
        return learned[0]
    if digit not in learned:
        raise CannotDraw(f"{run} has learned only {', '.join(map(str, learned))}, not {digit}.")
    return digit
