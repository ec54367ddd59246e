"""A PNG or JPEG picture from anybody, and the digit that it becomes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gan.data.archives import reason
from gan.data.digits import SIDE, DataError

MAX_PICTURE_PIXELS: Final = 16_000_000


def ignore_warnings() -> None:
    """Keep what Pillow warns of off the terminal, in this whole process: programs begin with it.

    Sizes are checked here, and broken EXIF data do no harm. To catch the warnings of each picture
    instead would not do: what `warnings.catch_warnings` changes, it changes for all threads.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")


@contextmanager
def opened_picture(content: bytes, what: str) -> Iterator[Image.Image]:
    """The picture in `content`, of which nothing but the header is decoded yet."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            check_size(picture.width, picture.height, what)
            yield picture
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(f"{what} has far too many pixels; {_allowed()}") from None
    except UnidentifiedImageError:
        raise DataError(f"{what} is damaged, or no PNG or JPEG picture.") from None
    except Exception as error:  # decoders raise whatever they stumble over
        raise DataError(f"{what} is damaged: {reason(error)}.") from None


def check_size(width: int, height: int, what: str) -> None:
    """Raise `DataError` for a picture that would take too long to convert."""
    if width * height > MAX_PICTURE_PIXELS:
        raise DataError(f"{what} has {width} x {height} pixels; {_allowed()}")


def _allowed() -> str:
    millions = MAX_PICTURE_PIXELS // 10**6
    return f"at most {millions} megapixels a picture can be used: shrink it first."


def to_digit(picture: Image.Image) -> NDArray[np.uint8]:
    """A picture as MNIST would have it: uint8 [28, 28], ink = 255.

    Turned upright as its EXIF data say, laid on white where it is transparent, made grey, brought
    to 28 pixels on its longer side and centred on its own paper: the median of its outermost
    pixels. Paper that is lighter than the picture's mean is a sign of dark ink, and the picture
    is inverted. Grey levels are otherwise kept, and a picture of 28 x 28 loses nothing.
    """
    picture.draft("L", (4 * SIDE, 4 * SIDE))  # lets a large JPEG be decoded at a fraction of it
    grey = _grey(ImageOps.exif_transpose(picture))
    scale = SIDE / max(grey.size)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    if size != grey.size:
        shrinks = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
        grey = grey.resize(size, shrinks)
    pixels = np.asarray(grey)
    paper = np.median(np.concatenate([pixels[[0, -1]].ravel(), pixels[:, [0, -1]].ravel()]))
    is_blank = pixels.min() == pixels.max()
    digit = np.full((SIDE, SIDE), int(paper), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    digit[top : top + size[1], left : left + size[0]] = pixels
    return 255 - digit if paper > (127 if is_blank else pixels.mean()) else digit


def _grey(picture: Image.Image) -> Image.Image:
    """Eight bits of grey a pixel, on white."""
    if picture.mode.startswith("I"):  # sixteen bits, which convert() would clip instead of scale
        return Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("L")
