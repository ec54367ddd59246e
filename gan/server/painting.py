"""Digits painted for the browser: the colours that have a meaning everywhere, and PNGs in them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

# Each has a contrast of 3:1 or more on both themes' backgrounds (.streamlit/config.toml).
COLOURS: Final = {
    "real": "#15935a",
    "generated": "#8b5cf6",
    "discriminator": "#2f7de1",
    "generator": "#dd6b20",
    "encoder": "#c2418c",
    "neutral": "#7c8494",
}
Origin = Literal["generated", "real"]
"""Whether a network drew a digit or a person wrote it."""
RAMPS: Final[Mapping[Origin, Sequence[tuple[int, int, int]]]] = {
    "generated": ((18, 14, 30), (124, 92, 214), (250, 248, 255)),
    "real": ((14, 26, 22), (40, 160, 105), (248, 255, 251)),
}
"""From paper through the tint of an origin to ink, evenly. As kit/painter.js has them."""
_LEVELS: Final = 16  # of ink; four bits a pixel halve the PNG, and no eye misses the rest


def palette(origin: Origin, levels: int = 256) -> NDArray[np.uint8]:
    """The colours of so many levels of ink, from none to full, uint8 [levels, 3]."""
    ramp = RAMPS[origin]
    places = np.linspace(0, len(ramp) - 1, levels)
    channels = [np.interp(places, range(len(ramp)), channel) for channel in zip(*ramp, strict=True)]
    return np.stack(channels, axis=1).astype(np.uint8)


def encode_images(
    images: NDArray[np.uint8], columns: int = 8, *, origin: Origin = "generated"
) -> bytes:
    """Images uint8 [N, 28, 28] as one gapless PNG, `columns` to a row, tinted by origin."""
    rows = -(-len(images) // columns)
    tiles = np.zeros((rows * columns, 28, 28), np.uint16)
    tiles[: len(images)] = images
    sheet = _sheet(tiles, columns)
    levels = (sheet * (_LEVELS - 1) + 127) // 255
    return _png(levels, palette(origin, _LEVELS))


def encode_signed(values: NDArray[np.float32], columns: int = 8) -> bytes:
    """Numbers [N, 28, 28] as one gapless PNG: orange where positive, blue where negative.

    Full colour is what one number in a hundred reaches, in either direction.
    """
    half = _LEVELS // 2 - 1
    largest = float(np.quantile(np.abs(values), 0.99)) or 1.0
    values = values.clip(-largest, largest)
    tiles = np.full((-(-len(values) // columns) * columns, 28, 28), half, np.uint8)
    tiles[: len(values)] = np.rint(half * values / largest) + half
    less, more = (
        np.array(ImageColor.getrgb(COLOURS[which]), float)
        for which in ("discriminator", "generator")
    )
    paper = np.array(RAMPS["generated"][0], float)
    share = np.linspace(-1, 1, 2 * half + 1)[:, None]
    colours = paper + np.abs(share) * (np.where(share > 0, more, less) - paper)
    return _png(_sheet(tiles, columns), colours.round().astype(np.uint8))


def _sheet(tiles: NDArray[Any], columns: int) -> NDArray[Any]:
    rows = len(tiles) // columns
    return tiles.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


def _png(levels: NDArray[Any], colours: NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(levels.astype(np.uint8), mode="P")
    picture.putpalette(colours.tobytes())
    png = io.BytesIO()
    picture.save(png, "PNG", bits=4)
    return png.getvalue()
