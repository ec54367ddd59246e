"""What pages post to this server: who may, how much of it, and how it is refused."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

UNKEPT: Final = {"Cache-Control": "no-store"}
"""The headers of an answer that is for this moment only."""


class BadRequest(ValueError):
    """What was asked for is not what can be asked for: a sentence."""


def is_of_this_app(request: Request) -> bool:
    """Whether no other site's page sent this; scripts do not say, and may."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def body_of(request: Request, most: int, sentence: str) -> bytes:
    """What was sent; beyond `most` bytes it reads no further and raises `BadRequest`."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise BadRequest(sentence)
        parts.append(part)
    return b"".join(parts)


def problem(status: int, error: str) -> Response:
    """An answer that says what went wrong."""
    return JSONResponse({"error": error}, status_code=status, headers=UNKEPT)
