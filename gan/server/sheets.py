"""Sheets of a run's samples by address, each served once to a browser and encoded once for all.

An address never changes its meaning, so browsers keep what they loaded for good. It names the run
and the sample in it, and an edition: of how sheets are drawn and, as a recording may be made again,
of a recording's pictures.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache, lru_cache, partial
from importlib.resources import files

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gan.messages.events import Samples
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.server import addresses, assets, painting
from gan.server.context import Context

_encoding = threading.Lock()


def routes(context: Context) -> list[BaseRoute]:
    """The route by which sheets have an address."""
    name = f"{{place:{addresses.NUMBER}}}.png"
    return [Route(f"/sheets/{{edition}}/{{run}}/{name}", partial(_send, context))]


def folder(run: str) -> str:
    """Where the browser finds a run's sheets: ``/<place>.png`` for each of its `sample_places`."""
    return f"{addresses.LIVE}/sheets/{_edition(run)}/{run}"


def _edition(run: str) -> str:
    is_recording = run in library.shipped_names()
    return _recorded_edition(library.recorded_samples(run)) if is_recording else _look()


@lru_cache(maxsize=16)
def _recorded_edition(recorded: tuple[Samples, ...]) -> str:
    seen = hashlib.sha256(_look().encode())
    for samples in recorded:
        seen.update(samples.images.tobytes())
    return seen.hexdigest()[:12]


@cache
def _look() -> str:
    """A name for the code that draws sheets."""
    return hashlib.sha256((files("gan.server") / "painting.py").read_bytes()).hexdigest()[:12]


def _send(context: Context, request: Request) -> Response:
    """Answer with one sheet. Runs in a thread."""
    edition, run, place = (request.path_params[name] for name in ("edition", "run", "place"))
    try:
        if edition != _edition(run):
            raise LookupError
        config, samples = context.samples_at(run, place)
    except (LookupError, StoreError):
        return Response("Not found", status_code=404, headers={"Cache-Control": "no-store"})
    png = encoded(samples.images.tobytes(), config.sample_columns)
    return Response(png, headers={"Cache-Control": assets.FOR_GOOD}, media_type="image/png")


def newest(state: RunState, rows: int = 8) -> bytes:
    """The first `rows` rows of the samples that a run drew last, as one PNG."""
    assert state.samples is not None
    columns = state.config.sample_columns
    return encoded(state.samples.images[: rows * columns].tobytes(), columns)


def encoded(images: bytes, columns: int) -> bytes:
    """Images uint8 [N, 28, 28] as one PNG, `columns` to a row: for all who ask, encoded once."""
    with _encoding:
        return _encoded(images, columns)


@lru_cache(maxsize=256)
def _encoded(images: bytes, columns: int) -> bytes:
    """One PNG. The cache holds some 15 MB of pictures and PNGs."""
    return painting.encode_images(np.frombuffer(images, np.uint8).reshape(-1, 28, 28), columns)
