"""Real digits by address, for people to pick one that a generator is then searched for.

``GET real-digits?count=40&seed=7`` answers with ``{"digits": [{"picture": base64 of 784 bytes with
ink = 255, "label": 0 to 9}, ...], "words": where they come from}``. Nothing is ever downloaded.
"""

from __future__ import annotations

import base64
import threading
from functools import cache
from typing import Final

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gan.data import registry
from gan.data.digits import DataError, Digits
from gan.server.addresses import whole_number
from gan.server.posted import UNKEPT, problem

MAX_COUNT: Final = 100
_COUNT: Final = 40
_LARGEST_SEED: Final = 2**32 - 1
_TEST_WORDS: Final = (
    "Digits of MNIST's test set: no training set of this app's own has them, so a generator cannot "
    "have learned them by heart."
)
_BUILTIN_WORDS: Final = (
    "This server has no full MNIST that it can read, so these are some of its built-in digits. A "
    "generator that was trained on them has seen them, and may come nearer to them than to digits "
    "it never saw."
)
_reading = threading.Lock()


def routes() -> list[BaseRoute]:
    """The route by which a page gets real digits."""
    return [Route("/real-digits", _send)]


def _send(request: Request) -> Response:
    """Answer with some digits, the same ones for a seed. Runs in a thread, for it reads a file."""
    count = _number(request, "count", _COUNT, 1, MAX_COUNT)
    seed = _number(request, "seed", 0, 0, _LARGEST_SEED)
    if count is None or seed is None:
        error = f"count is from 1 to {MAX_COUNT}, seed from 0 to {_LARGEST_SEED}."
        return problem(400, error)
    try:
        with _reading:  # many browsers may ask at once; read for the first only
            digits, words = _available()
    except DataError as error:
        return problem(503, str(error))
    told = {"digits": _some(digits, count, seed), "words": words}
    return JSONResponse(told, headers=UNKEPT)


def _available() -> tuple[Digits, str]:
    """MNIST's test set if it is on this machine, else the built-in digits; and what to call them.

    Raises `DataError` if not even those can be read.
    """
    try:
        return _test_set(), _TEST_WORDS
    except DataError:  # asked again the next time: somebody may have downloaded it by then
        return registry.BUILTIN.load("train"), _BUILTIN_WORDS


@cache
def _test_set() -> Digits:
    return registry.MNIST.load("test")


def _some(digits: Digits, count: int, seed: int) -> list[dict[str, object]]:
    """`count` different ones, drawn from `seed`; fewer if there are no more."""
    random = np.random.default_rng(seed)
    places = random.choice(len(digits), min(count, len(digits)), replace=False)
    labels = digits.labels
    return [
        {
            "picture": base64.b64encode(digits.images[place].tobytes()).decode(),
            "label": None if labels is None else int(labels[place]),
        }
        for place in places
    ]


def _number(request: Request, name: str, usual: int, smallest: int, largest: int) -> int | None:
    """The whole number that is asked for, `usual` if none is; None if it is not one in range."""
    text = request.query_params.get(name)
    if text is None:
        return usual
    number = whole_number(text)
    return number if number is not None and smallest <= number <= largest else None
