"""Networks by address: what the explorer's browsers load to draw and to judge.

An address never changes its meaning, so browsers keep what they loaded for good: a stored snapshot
is never rewritten, and the address of one that ships with the project carries a digest.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gan.network_file import digit_classifier
from gan.runs import library
from gan.runs.errors import StoreError
from gan.runs.read_once import read_once
from gan.runs.snapshots import DISCRIMINATOR, GENERATOR
from gan.server import addresses, assets
from gan.server.context import Context

CLASSIFIER: Final = "classifier.bin"
_STORED: Final = "stored"


def routes(context: Context) -> list[BaseRoute]:
    """The routes by which networks have an address."""
    network = f"{{edition}}/{{run}}/{{step:{addresses.NUMBER}}}/{{name}}"
    return [
        Route(f"/networks/{{digest}}/{CLASSIFIER}", _send_classifier),
        Route(f"/networks/{network}", partial(_send, context)),
    ]


def folder(run: str) -> str:
    """Where a browser finds a run's networks: ``/<step>/generator.bin``, ``discriminator.bin``."""
    return f"{addresses.LIVE}/networks/{_edition(run)}/{run}"


def classifier() -> str:
    """Where the browser finds the network that reads digits."""
    return f"{addresses.LIVE}/networks/{_digest(digit_classifier.exported())}/{CLASSIFIER}"


def _edition(run: str) -> str:
    return _shipped_edition(run) if run in library.shipped_names() else _STORED


@read_once(most=64)
def _shipped_edition(run: str) -> str:
    seen = hashlib.sha256()
    for content in library.shipped_networks(run):
        seen.update(content)
    return seen.hexdigest()[:12]


@cache
def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _send(context: Context, request: Request) -> Response:
    """Answer with one network. Runs in a thread."""
    edition, run, step, name = (
        request.path_params[part] for part in ("edition", "run", "step", "name")
    )
    content = None
    is_named = run != library.LATEST  # what that means changes
    if is_named and name in (GENERATOR, DISCRIMINATOR):
        try:
            is_there = edition == _edition(run)
            content = context.network_file(run, step, name) if is_there else None
        except StoreError:
            pass  # there is no such run
    return _answer(content)


def _send_classifier(request: Request) -> Response:
    content = digit_classifier.exported()
    return _answer(content if request.path_params["digest"] == _digest(content) else None)


def _answer(content: bytes | None) -> Response:
    if content is None:
        return Response("Not found", status_code=404, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": assets.FOR_GOOD}
    return Response(content, headers=headers, media_type="application/octet-stream")
