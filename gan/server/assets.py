"""The components' browser files, served by this app and kept by the browser.

Streamlit sends a component's inline JavaScript again with every change of its
data, so what goes inline is only a loader of some 700 bytes. It imports the
real module from a route of this server; the module in turn loads Plotly from
its Python wheel. A file's address carries a digest of them all, so a browser
asks for it once and never has to ask whether it changed.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gan.server.addresses import LIVE

_WEB: Final = Path(__file__).parents[1] / "web"
_UNSERVED: Final = ("node_modules", "tests")
_TYPES: Final = {"css": "text/css", "js": "text/javascript", "wasm": "application/wasm"}
_PLOTLY: Final = Path(str(files("plotly") / "package_data" / "plotly.min.js"))
FOR_GOOD: Final = "public, max-age=31536000, immutable"
_compressing: Final = threading.Lock()


def served(web: Path) -> dict[str, Path]:
    """The browser's files below the rooms of `web`, by their paths from there."""
    return {
        file.relative_to(web).as_posix(): file
        for room in web.iterdir()
        if room.name not in _UNSERVED
        for file in room.rglob("*")
        if file.suffix.removeprefix(".") in _TYPES
    }


_FILES: Final = {**served(_WEB), _PLOTLY.name: _PLOTLY}


def routes() -> list[BaseRoute]:
    """The route by which components get their files; it takes any name."""
    return [Route("/{digest}/{name:path}", _send)]


def loader(name: str) -> str:
    """JavaScript source of a component whose code is the file `name`."""
    return _loader().replace("ADDRESS", f"{LIVE}/{_digest()}/{name}")


@cache
def _loader() -> str:
    """It is sent again and again: without what only people read."""
    source = _FILES["kit/loader.js"].read_text(encoding="utf-8")
    return re.sub(r"^\s*(//|/\*).*\n|^\s+", "", source, flags=re.MULTILINE)


@cache
def _digest() -> str:
    """One name for this set of files: it changes when any of them does."""
    seen = hashlib.sha256()
    for name, file in sorted(_FILES.items()):
        seen.update(name.encode() + file.read_bytes())
    return seen.hexdigest()[:12]


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_FILES[name].read_bytes(), compresslevel=6, mtime=0)


def _send(request: Request) -> Response:
    """Answer with one file. Runs in a thread: the first call for Plotly takes 0.2 s."""
    name = request.path_params["name"]
    if name not in _FILES or request.path_params["digest"] != _digest():
        return Response("Not found", status_code=404, headers={"Cache-Control": "no-store"})
    with _compressing:  # sixty browsers may ask at once; compress for the first only
        body = _compressed(name)
    headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, headers=headers, media_type=_TYPES[name.rsplit(".", 1)[-1]])
