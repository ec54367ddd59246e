"""Animated pictures of digits: the page Explore sends the frames that it drew and gets a GIF.

``POST animation?columns=2&scale=4&fps=20`` with uint8 [frames, columns, 28, 28] as its body, ink =
255, answers with a GIF that repeats for ever, in the colours of the page. Nothing is kept.
"""

from __future__ import annotations

import asyncio
import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gan.server.addresses import whole_number
from gan.server.painting import palette
from gan.server.posted import UNKEPT, BadRequest, body_of, is_of_this_app, problem

SIDE: Final = 28
MAX_FRAMES: Final = 600
MAX_COLUMNS: Final = 2
MAX_SCALE: Final = 8
MAX_FPS: Final = 50
"""Browsers show GIFs that claim to be faster at ten frames a second."""
GAP: Final = 2
"""Pixels of a digit between two columns, in the colour of the paper."""
_PIXELS: Final = SIDE * SIDE
_AT_ONCE: Final = asyncio.Semaphore(1)  # a class that saves together must not take every thread


def routes() -> list[BaseRoute]:
    """The route by which animations are made."""
    return [Route("/animation", _animate, methods=["POST"])]


async def _animate(request: Request) -> Response:
    """Answer with a GIF, or with a sentence that says why not."""
    if not is_of_this_app(request):
        return problem(403, "Only the pages of this app may ask for this.")
    try:
        columns = _count(request, "columns", 1, MAX_COLUMNS)
        scale = _count(request, "scale", 4, MAX_SCALE)
        fps = _count(request, "fps", 20, MAX_FPS)
        most = MAX_FRAMES * columns * _PIXELS
        body = await body_of(request, most, f"An animation has {MAX_FRAMES} frames at most.")
        frames = _frames(body, columns)
    except BadRequest as error:
        return problem(400, str(error))
    async with _AT_ONCE:
        content = await run_in_threadpool(gif, frames, scale, fps)
    return Response(content, headers=UNKEPT, media_type="image/gif")


def gif(frames: NDArray[np.uint8], scale: int, fps: int) -> bytes:
    """An animation that repeats for ever, as the bytes of a GIF.

    `frames` is uint8 [frames, columns, 28, 28] with ink = 255; each pixel becomes a square of
    `scale` pixels. A frame lasts 1 / `fps` seconds, to the nearest hundredth.
    """
    first, *others = (_image(frame, scale) for frame in frames)
    file = io.BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=10 * round(100 / fps),
        loop=0,
        optimize=False,
    )
    return file.getvalue()


def _image(frame: NDArray[np.uint8], scale: int) -> Image.Image:
    """One frame, uint8 [columns, 28, 28], side by side in the page's colours."""
    columns = len(frame)
    row = np.zeros((SIDE, columns * SIDE + (columns - 1) * GAP), np.uint8)
    for column, digit in enumerate(frame):
        start = column * (SIDE + GAP)
        row[:, start : start + SIDE] = digit
    image = Image.fromarray(row.repeat(scale, axis=0).repeat(scale, axis=1))
    image.putpalette(palette("generated").tobytes())  # a grey picture becomes one of indices
    return image


def _count(request: Request, name: str, default: int, largest: int) -> int:
    """A whole number from 1 to `largest` of the address."""
    number = whole_number(request.query_params.get(name, str(default)))
    if number is None or not 1 <= number <= largest:
        raise BadRequest(f"{name} must be a whole number from 1 to {largest}.")
    return number


def _frames(body: bytes, columns: int) -> NDArray[np.uint8]:
    size = columns * _PIXELS
    if not body or len(body) % size:
        raise BadRequest(f"The frames must be whole ones, of {size:,} bytes each.")
    return np.frombuffer(body, np.uint8).reshape(-1, columns, SIDE, SIDE)
