"""Digits painted for the browser: the colours that have a meaning everywhere, and PNGs in them."""

from __future__ import annotations

import io
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
_LEVELS: Final = 16  # of ink; four bits a pixel halve the PNG, and no eye misses the rest
_TILE: Final = "#1a1e2c"
_INK: Final = "#f8f6ff"


def encode_images(
    images: NDArray[np.uint8],
    columns: int = 8,
    *,
    origin: Literal["generated", "real"] = "generated",
) -> bytes:
    """Images uint8 [N, 28, 28] as one gapless PNG, `columns` to a row, tinted by origin."""
    rows = -(-len(images) // columns)
    tiles = np.zeros((rows * columns, 28, 28), np.uint16)
    tiles[: len(images)] = images
    sheet = _sheet(tiles, columns)
    levels = (sheet * (_LEVELS - 1) + 127) // 255
    return _png(levels, _palette(COLOURS[origin]))


def encode_wishes(wishes: NDArray[np.float32], columns: int = 8) -> bytes:
    """Numbers [N, 28, 28] as one gapless PNG: orange where positive, blue where negative.

    Full colour is what one number in a hundred reaches, in either direction.
    """
    half = _LEVELS // 2 - 1
    largest = float(np.quantile(np.abs(wishes), 0.99)) or 1.0
    wishes = wishes.clip(-largest, largest)
    tiles = np.full((-(-len(wishes) // columns) * columns, 28, 28), half, np.uint8)
    tiles[: len(wishes)] = np.rint(half * wishes / largest) + half
    less, tile, more = (
        np.array(ImageColor.getrgb(c), float)
        for c in (COLOURS["discriminator"], _TILE, COLOURS["generator"])
    )
    share = np.linspace(-1, 1, 2 * half + 1)[:, None]
    colours = tile + np.abs(share) * (np.where(share > 0, more, less) - tile)
    return _png(_sheet(tiles, columns), bytes(colours.round().astype(np.uint8).tobytes()))


def _sheet(tiles: NDArray[Any], columns: int) -> NDArray[Any]:
    rows = len(tiles) // columns
    return tiles.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


def _png(levels: NDArray[Any], palette: bytes) -> bytes:
    picture = Image.fromarray(levels.astype(np.uint8), mode="P")
    picture.putpalette(palette)
    png = io.BytesIO()
    picture.save(png, "PNG", bits=4)
    return png.getvalue()


def _palette(tint: str) -> bytes:
    """RGB triples from tile to ink, passing half way through a touch of `tint`."""
    tile, ink, hue = (np.array(ImageColor.getrgb(c), float) for c in (_TILE, _INK, tint))
    share = np.linspace(0, 1, _LEVELS)[:, None]
    plain = tile + share * (ink - tile)
    tinted = plain + share * (1 - share) * (hue - plain)
    return bytes(tinted.round().astype(np.uint8).tobytes())
