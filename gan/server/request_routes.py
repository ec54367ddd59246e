"""Requests by address: the page Explore asks for them here, and looks how far they are.

``POST requests`` with JSON gives a ticket; ``GET requests/TICKET`` tells its state, and ``DELETE``
cancels it. ``requests/TICKET/file`` is an encoder's network. Nothing here computes or waits: that
is `gan.jobs.passing`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gan.jobs.limits import LimitReached
from gan.jobs.passing import State, Status
from gan.messages.requests import (
    Directions,
    Encoder,
    FindDirections,
    FindNearest,
    FitEncoder,
    Neighbours,
    Paces,
    Result,
)
from gan.messages.requests import Request as Asked
from gan.runs.errors import NoSuchRun, StoreError
from gan.runs.snapshots import GENERATOR
from gan.server.addresses import LIVE
from gan.server.context import Context
from gan.server.posted import UNKEPT, BadRequest, body_of, is_of_this_app, problem
from gan.server.visitor import browser
from gan.words.failures import failure
from gan.words.progress import doing

MAX_BODY_BYTES: Final = 16 << 10
MAX_COUNT: Final = 32
"""Training pictures that one may ask for."""
_MAX_NAME: Final = 100
_LARGEST: Final = 2**31
_PIXELS: Final = 784
_DIGITS: Final = 5
_FOLDER: Final = "requests"


def routes(context: Context) -> list[BaseRoute]:
    """The routes by which passing jobs are asked for."""
    ticket = f"/{_FOLDER}/{{ticket}}"
    return [
        Route(f"/{_FOLDER}", partial(_ask, context), methods=["POST"]),
        Route(ticket, partial(_look, context), methods=["GET"]),
        Route(ticket, partial(_cancel, context), methods=["DELETE"]),
        Route(f"{ticket}/file", partial(_send_file, context), methods=["GET"]),
    ]


def address() -> str:
    """Where the browser asks for requests."""
    return f"{LIVE}/{_FOLDER}"


async def _ask(context: Context, request: Request) -> Response:
    """Queue a job: ``{"ticket": ...}``, or a sentence that says why not."""
    if not is_of_this_app(request):
        return problem(403, "Only the pages of this app may ask for this.")
    try:
        body = await body_of(
            request, MAX_BODY_BYTES, f"A request has {MAX_BODY_BYTES:,} bytes at most."
        )
    except BadRequest as error:
        return problem(400, str(error))
    return await run_in_threadpool(_asked, context, body, browser(request))


def _asked(context: Context, body: bytes, owner: str) -> Response:
    try:
        ticket = context.engine.passing.ask(_request(context, body), owner)
        return JSONResponse({"ticket": ticket}, headers=UNKEPT)
    except BadRequest as error:
        return problem(400, str(error))
    except LimitReached as error:
        return problem(429, str(error))
    except NoSuchRun as error:
        return problem(404, str(error))
    except StoreError as error:
        return problem(503, str(error))


def _look(context: Context, request: Request) -> Response:
    """Where a job stands. Runs in a thread, as do the others."""
    ticket = request.path_params["ticket"]
    try:
        return _told(ticket, context.engine.passing.look(ticket))
    except StoreError as error:
        return problem(503, str(error))


def _cancel(context: Context, request: Request) -> Response:
    if not is_of_this_app(request):
        return problem(403, "Only the pages of this app may cancel this.")
    ticket = request.path_params["ticket"]
    try:
        context.engine.passing.cancel(ticket)
        return _told(ticket, context.engine.passing.look(ticket))
    except StoreError as error:
        return problem(503, str(error))


def _send_file(context: Context, request: Request) -> Response:
    try:
        result = context.engine.passing.look(request.path_params["ticket"]).result
    except StoreError as error:
        return problem(503, str(error))
    if not isinstance(result, Encoder):
        return problem(404, "There is no such file, or no longer.")
    content = result.network.tobytes()
    return Response(content, headers=UNKEPT, media_type="application/octet-stream")


@dataclass(frozen=True, slots=True)
class _Fields:
    """What a request says, looked through field by field."""

    values: Mapping[str, Any]

    @classmethod
    def read(cls, body: bytes) -> _Fields:
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise BadRequest("The request is not JSON.") from None
        if not isinstance(values, dict):
            raise BadRequest("The request is not a JSON object.")
        return cls(values)

    def only(self, *names: str) -> None:
        if other := sorted(set(self.values) - {"kind", *names}):
            raise BadRequest(f"There is nothing to say about {other[0]!r:.60}.")

    def run(self) -> str:
        run = self.values.get("run")
        if not isinstance(run, str) or not 0 < len(run) <= _MAX_NAME or not run.isascii():
            raise BadRequest("run must be the id of a run.")
        return run

    def step(self) -> int | None:
        step = self.values.get("step")
        if step is not None and not _is_count(step, 0, _LARGEST):
            raise BadRequest("step must be a step of the run, or null for its newest network.")
        return cast("int | None", step)

    def count(self) -> int:
        count = self.values.get("count")
        if not _is_count(count, 1, MAX_COUNT):
            raise BadRequest(f"count must be a whole number from 1 to {MAX_COUNT}.")
        return cast(int, count)

    def picture(self) -> NDArray[np.uint8]:
        text = self.values.get("picture")
        try:
            pixels = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
        except ValueError:
            pixels = b""
        if len(pixels) != _PIXELS:
            raise BadRequest(f"picture must be the base64 of {_PIXELS} bytes.")
        return np.frombuffer(pixels, np.uint8).reshape(28, 28)


def _is_count(value: object, smallest: int, largest: int) -> bool:
    return type(value) is int and smallest <= value <= largest


def _request(context: Context, body: bytes) -> Asked:
    """What a request asks for. Raises `BadRequest` and `StoreError`."""
    fields = _Fields.read(body)
    match fields.values.get("kind"):
        case "directions":
            return FindDirections(_generator(context, fields))
        case "encoder":
            return FitEncoder(_generator(context, fields))
        case "nearest":
            fields.only("run", "picture", "count")
            picture, count = fields.picture(), fields.count()
            return FindNearest(context.config_of(fields.run()).to_json(), picture, count)
        case _:
            raise BadRequest("kind must be directions, encoder or nearest.")


def _generator(context: Context, fields: _Fields) -> NDArray[np.uint8]:
    fields.only("run", "step")
    run, step = fields.run(), fields.step()
    content = context.network_file(run, step, GENERATOR)
    if content is None:
        raise NoSuchRun(
            f"The run {run} has kept no network."
            if step is None
            else f"The run {run} has kept no network of step {step:,}."
        )
    return np.frombuffer(content, np.uint8)


def _told(ticket: str, status: Status) -> Response:
    """A status for the browser."""
    told: dict[str, Any] = {"state": str(status.state)}
    match status.state:
        case State.UNKNOWN:
            return problem(404, "There is no such request, or no longer.")
        case State.WAITING:
            told["place"] = status.place
        case State.WORKING if status.working:
            told |= {"share": round(status.working.share, 3), "doing": doing(status.working)}
        case State.REFUSED if status.failed:
            words = failure(status.failed)
            told |= {"error": words.error, "hint": words.hint}
        case State.DONE if status.result:
            told["result"] = _result(ticket, status.result)
    return JSONResponse(told, headers=UNKEPT)


def _result(ticket: str, result: Result) -> dict[str, Any]:
    match result:
        case Directions():
            return {
                "features": _vectors(result.features, result.feature_shares),
                "weights": _vectors(result.weights, result.weight_shares),
            }
        case Neighbours():
            return {
                "pictures": [base64.b64encode(each).decode() for each in result.pictures],
                "labels": None if result.labels is None else result.labels.tolist(),
                "distances": _rounded(result.distances),
                "searched": result.searched,
                "of_all": result.of_all,
                "note": result.note,
                "typical": round(result.typical, _DIGITS),
            }
        case Encoder():
            return {"url": f"{address()}/{ticket}/file"}
        case Paces():
            return {"steps": result.steps.tolist(), "per_second": _rounded(result.per_second)}


def _vectors(vectors: NDArray[np.float32], shares: NDArray[np.float32]) -> dict[str, Any]:
    return {"directions": _rounded(vectors), "shares": _rounded(shares)}


def _rounded(values: NDArray[np.float32]) -> Any:
    return values.astype(np.float64).round(_DIGITS).tolist()
