"""Sheets of a run's samples by address, each served once to a browser and encoded once for all.

An address never changes its meaning, so browsers keep what they loaded for good. It names the run
and the sample in it, and an edition: of how sheets are drawn and, as a recording may be made again,
of a recording's pictures.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from importlib.resources import files

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gan.messages.events import Samples
from gan.runs import library
from gan.runs.errors import StoreError
from gan.server import addresses, assets, painting

_encoding = threading.Lock()


def routes() -> list[BaseRoute]:
    """The route that `st.App` has to serve for sheets to have an address."""
    name = f"{{place:{addresses.NUMBER}}}.png"
    return [Route(f"{assets.base()}/sheets/{{edition}}/{{run}}/{name}", _send)]


def folder(run: str) -> str:
    """Where the browser finds a run's sheets: ``/<place>.png`` for each of its `sample_places`."""
    return f"{assets.base()}/sheets/{_edition(run)}/{run}"


def _edition(run: str) -> str:
    is_recording = run in library.shipped_names()
    return _recorded_edition(library.recorded_samples(run)) if is_recording else _look()


@functools.lru_cache(maxsize=16)
def _recorded_edition(recorded: tuple[Samples, ...]) -> str:
    seen = hashlib.sha256(_look().encode())
    for samples in recorded:
        seen.update(samples.images.tobytes())
    return seen.hexdigest()[:12]


@functools.cache
def _look() -> str:
    """A name for the code that draws sheets."""
    return hashlib.sha256((files("gan.server") / "painting.py").read_bytes()).hexdigest()[:12]


def _send(request: Request) -> Response:
    """Answer with one sheet. Runs in a thread."""
    from gan.view import ui  # needs Streamlit's runtime, which is younger than this app's routes

    edition, run, place = (request.path_params[name] for name in ("edition", "run", "place"))
    try:
        if edition != _edition(run):
            raise LookupError
        config, samples = ui.samples_at(run, place)
    except (LookupError, StoreError):
        return Response("Not found", status_code=404, headers={"Cache-Control": "no-store"})
    png = encoded(samples.images.tobytes(), config.sample_columns)
    return Response(png, headers={"Cache-Control": assets.FOR_GOOD}, media_type="image/png")


def encoded(images: bytes, columns: int) -> bytes:
    """Images uint8 [N, 28, 28] as one PNG, `columns` to a row: for all who ask, encoded once."""
    with _encoding:
        return _encoded(images, columns)


@functools.lru_cache(maxsize=256)
def _encoded(images: bytes, columns: int) -> bytes:
    """One PNG. The cache holds some 15 MB of pictures and PNGs."""
    return painting.encode_images(np.frombuffer(images, np.uint8).reshape(-1, 28, 28), columns)
