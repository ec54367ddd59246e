"""How much one page may send: Streamlit holds each file in memory until the page lets go of it.

It bounds each file, but neither their number nor what they take together, and takes any name for
one: so whoever has a page open could fill the server's memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_FILES: Final = 64
_LARGEST_FILES: Final = 2
"""Of the largest size, as many as may be there: the one that is shown, and the one after it."""
_FRAMING_BYTES: Final = 1 << 20
"""What is sent around the content of a file, at most."""
_ADDRESS: Final = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+", re.DOTALL)
"""Whatever path the app lies below."""


class UploadLimit:
    """Middleware that answers 413 to a file too many of one page's session."""

    def __init__(self, app: ASGIApp, largest_mb: int, held: Callable[[str], Sequence[int]]) -> None:
        """`held` tells the sizes of the files that the server holds for a session."""
        self._app, self._held = app, held
        self._most_bytes = _LARGEST_FILES * (largest_mb << 20)
        self._coming: Counter[str] = Counter()
        """Bytes on their way, by session."""
        self._sent: Counter[str] = Counter()
        """Files on their way, by session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; of a file that is sent, as much as there is room for."""
        is_file = scope["type"] == "http" and scope["method"] == "PUT"
        address = _ADDRESS.fullmatch(scope["path"]) if is_file else None
        if address is None:
            await self._app(scope, receive, send)
            return
        session, counted = address[1], _announced(scope)
        if not self._has_room(session, counted, 1):
            await PlainTextResponse(refusal(self._most_bytes), 413)(scope, receive, send)
            return
        arrived = 0

        async def bounded() -> Message:
            nonlocal arrived, counted
            message = await receive()
            arrived += len(message.get("body", b""))
            if (more := arrived - counted) > 0:  # it was not announced
                if not self._has_room(session, more, 0):
                    raise HTTPException(413, refusal(self._most_bytes))
                self._coming[session] += more
                counted = arrived
            return message

        self._coming[session] += counted
        self._sent[session] += 1
        try:
            await self._app(scope, bounded, send)
        finally:
            self._coming[session] -= counted
            self._sent[session] -= 1
            if not self._sent[session]:
                del self._sent[session], self._coming[session]

    def _has_room(self, session: str, more: int, files: int) -> bool:
        held = self._held(session)
        size = sum(held) + self._coming[session] + more
        count = len(held) + self._sent[session] + files
        return count <= MOST_FILES and size <= self._most_bytes + count * _FRAMING_BYTES


def refusal(most_bytes: int) -> str:
    """Why a file is not taken, for people."""
    return (
        f"The server holds {MOST_FILES} files for one page, {most_bytes >> 20} MB in all, and "
        "this would be more. Nothing was kept of this file, and the others are still there: "
        "remove one of them, or load the page again, and send it once more."
    )


def _announced(scope: Scope) -> int:
    """How many bytes a request says that it brings; 0 if it does not."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else 0
