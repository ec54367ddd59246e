"""What the app's own routes answer, without a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.applications import Starlette
from support import awaited

from gan.server.context import Context
from gan.server.routes import routes
from gan.view import state
from gan.view.streams import topics


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


def send(
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    query: str = "",
    base_path: str = "",
) -> Answer:
    """What the routes of an app below `base_path` answer; the body comes in two parts."""
    parts = [(body[:10], True), (body[10:], False)]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        part, is_more = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": is_more}

    async def take(message: Any) -> None:
        sent.append(message)

    lines = {"host": "forge:8501", **(headers or {})}
    scope = {"type": "http", "method": method, "path": path, "root_path": "",
             "query_string": query.encode(), "raw_path": path.encode(),
             "client": ("10.0.0.7", 5000),
             "headers": [(k.encode(), v.encode()) for k, v in lines.items()]}  # fmt: skip
    app = Starlette(routes=routes(_context(), topics.maker_of, base_path))
    awaited(app(scope, receive, take))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]))


def _context() -> Context:
    """That of the test's engine; for routes that need none, one that never is opened."""
    try:
        return state.context()
    except RuntimeError:
        return Context()
