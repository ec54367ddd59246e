"""What a run drew, as picture files: its last samples, and all of them as a moving picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan.data.digits import SIDE
from gan.messages.events import Samples

MAX_FRAMES: Final = 60
_SCALE: Final = 3
_FRAME_SCALE: Final = 2
_GAP: Final = 2  # pixels of paper around a digit, before it is enlarged
_FRAME_MILLISECONDS: Final = 120
_LAST_MILLISECONDS: Final = 3000


def sheet(images: NDArray[np.uint8], columns: int, scale: int = _SCALE) -> NDArray[np.uint8]:
    """Digits uint8 [N, 28, 28] side by side on one sheet, uint8 [height, width], ink = 255."""
    rows, cell = -(-len(images) // columns), SIDE + _GAP
    paper = np.zeros((rows * cell + _GAP, columns * cell + _GAP), np.uint8)
    for index, image in enumerate(images):
        top, left = (_GAP + cell * place for place in divmod(index, columns))
        paper[top : top + SIDE, left : left + SIDE] = image
    return paper.repeat(scale, axis=0).repeat(scale, axis=1)


def png(picture: NDArray[np.uint8]) -> bytes:
    """A grey picture uint8 [height, width] as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def learning(samples: Sequence[Samples], columns: int) -> bytes:
    """The learning of a run as a GIF: `MAX_FRAMES` of its samples at most, the last held longer."""
    chosen = (samples[index].images for index in evenly(len(samples), MAX_FRAMES))
    first, *others = [
        Image.fromarray(sheet(_sixteen_levels(images), columns, _FRAME_SCALE)) for images in chosen
    ]
    file = io.BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[_FRAME_MILLISECONDS] * len(others) + [_LAST_MILLISECONDS],
        loop=0,
    )
    return file.getvalue()


def _sixteen_levels(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images in sixteen levels of grey: the file gets a third as large."""
    levels = (images.astype(np.uint16) * 15 + 127) // 255
    return (levels * 17).astype(np.uint8)


def evenly(count: int, most: int) -> list[int]:
    """At most `most` of `count` indexes, evenly chosen, the first and the last among them."""
    return [round(place) for place in np.linspace(0, count - 1, min(count, most))]
