"""Passing jobs by address, as a browser asks for them."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from answers import Answer, send
from support import ROOT, look_until
from untrained import GENERATOR, record

from gan.jobs.engine import Engine
from gan.jobs.passing import PassingJobs
from gan.jobs.policy import FOR_PASSING
from gan.runs.errors import StoreError
from gan.server.context import Context
from gan.view.state import context

BASE = "/_live/requests"
SCRIPTED = (sys.executable, str(ROOT / "tests" / "jobs" / "scripted_request_worker.py"))
BLANK = base64.b64encode(bytes(784)).decode()


def ask(headers: Mapping[str, str] | None = None, **values: object) -> Answer:
    return send("POST", BASE, json.dumps(values).encode(), headers)


def look(ticket: str) -> Answer:
    return send("GET", f"{BASE}/{ticket}")


def over(asked: Answer) -> Any:
    """What a job came to."""
    assert asked.status == 200, asked.body
    return look_until(
        lambda: look(asked.told["ticket"]).told,
        lambda told: told["state"] not in ("waiting", "working"),
    )


@pytest.fixture
def acting(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[PassingJobs]:
    """The engine's passing jobs, with a worker that acts and room for two of a browser."""
    lane = PassingJobs(engine.store.home, SCRIPTED, replace(FOR_PASSING, open_per_owner=2))
    monkeypatch.setattr(engine, "passing", lane)
    yield lane
    lane.close()


def test_directions_come_as_lists(engine: Engine) -> None:
    run = record(engine.store)
    told = over(ask(kind="directions", run=run, step=None))
    assert told["state"] == "done"
    for kind in ("features", "weights"):
        found = told["result"][kind]
        np.testing.assert_allclose(np.linalg.norm(found["directions"], axis=1), 1, atol=1e-4)
        assert np.shape(found["directions"]) == (4, 4)
        assert len(found["shares"]) == 4
        assert all(len(str(abs(share))) <= 7 for share in found["shares"]), "rounded to 5 digits"
    again = over(ask(kind="directions", run=run, step=10))
    assert again["result"] == told["result"], "the newest is that of step 10"


def test_neighbours_come_with_their_pictures(engine: Engine) -> None:
    run = record(engine.store)  # of a file that is not there
    told = over(ask(kind="nearest", run=run, picture=BLANK, count=3))
    result = told["result"]
    assert [len(base64.b64decode(each)) for each in result["pictures"]] == [784] * 3
    assert len(result["labels"]) == 3
    assert sorted(result["distances"]) == result["distances"]
    assert (result["searched"], result["of_all"]) == (5000, False)
    assert "digits.npz" in result["note"]
    assert "/data of mine" not in result["note"]
    assert 20 < result["typical"] < 80


def test_an_encoder_comes_as_a_file(acting: PassingJobs) -> None:
    asked = ask(kind="encoder", run="digits")
    told = over(asked)
    assert f"/{told['result']['url']}" == f"{BASE}/{asked.told['ticket']}/file"
    answer = send("GET", f"/{told['result']['url']}")
    assert (answer.status, len(answer.body)) == (200, 4)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    directions = ask(kind="directions", run="digits").told["ticket"]
    assert send("GET", f"{BASE}/{directions}/file").status == 404


def test_a_job_is_looked_at_and_cancelled(
    acting: PassingJobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def network_file(run: str, step: int | None, name: str) -> bytes:
        assert name == "generator.bin"
        return f"wait:{tmp_path}/{run}{step}".encode()

    monkeypatch.setattr(context(), "network_file", network_file)
    mine = {"cookie": "digit_forge_browser=0123456789abcdef"}
    first, second = (ask(mine, kind="directions", run="a", step=step) for step in (1, 2))
    limited = ask(mine, kind="directions", run="a", step=3)
    assert limited.status == 429
    assert "2 such requests of this browser" in limited.told["error"]
    other = ask(kind="directions", run="a", step=3)
    assert look(other.told["ticket"]).told == {"state": "waiting", "place": 1}, "fair"
    assert look(second.told["ticket"]).told == {"state": "waiting", "place": 2}
    working = {"state": "working", "share": 0.5, "doing": "Acting"}
    look_until(lambda: look(first.told["ticket"]).told, lambda told: told == working)
    path = f"{BASE}/{first.told['ticket']}"
    assert send("DELETE", path, headers={"origin": "http://elsewhere"}).status == 403
    assert send("DELETE", path).told == {"state": "cancelled"}
    assert look(first.told["ticket"]).told == {"state": "cancelled"}
    (tmp_path / "a2").touch()
    (tmp_path / "a3").touch()
    assert over(second)["state"] == over(other)["state"] == "done"


def test_a_refusal_says_why_and_what_to_do(acting: PassingJobs, monkeypatch) -> None:
    monkeypatch.setattr(context(), "network_file", lambda *_: b"refuse")
    told = over(ask(kind="encoder", run="a"))
    assert told == {"state": "refused", "error": "it cannot be", "hint": "ask for something else"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://forge:8501"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxy"}, 200),
        ({"origin": "http://forge:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://forge:8501"}, 403),
    ],
)
def test_only_this_apps_pages_may_ask(acting, headers: dict[str, str], status: int) -> None:
    assert ask(headers, kind="directions", run="digits").status == status


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"kind": "nothing"}, 400, "kind must be"),
        ({"kind": ["directions"], "run": "digits"}, 400, "kind must be"),
        ({"kind": "directions"}, 400, "run must be"),
        ({"kind": "directions", "run": 7}, 400, "run must be"),
        ({"kind": "directions", "run": "x" * 101}, 400, "run must be"),
        ({"kind": "directions", "run": "digits", "step": -1}, 400, "step must be"),
        ({"kind": "directions", "run": "digits", "step": True}, 400, "step must be"),
        ({"kind": "directions", "run": "digits", "step": 2**80}, 400, "step must be"),
        ({"kind": "encoder", "run": "digits", "seconds": 1e9}, 400, "nothing to say about"),
        ({"kind": "directions", "run": "digits", "step": 3}, 404, "no network of step 3"),
        ({"kind": "directions", "run": "nobody"}, 404, "nobody"),
        ({"kind": "directions", "run": "../../assets"}, 404, "assets"),
        ({"kind": "nearest", "run": "digits", "count": 8}, 400, "picture must be"),
        ({"kind": "nearest", "run": "digits", "count": 8, "picture": "?"}, 400, "picture must be"),
        ({"kind": "nearest", "run": "digits", "count": 0, "picture": BLANK}, 400, "count must be"),
        ({"kind": "nearest", "run": "digits", "count": 33, "picture": BLANK}, 400, "count must be"),
        ({"kind": "nearest", "run": "nobody", "count": 8, "picture": BLANK}, 404, "nobody"),
        ({"kind": "directions", "run": "digits", "x": "y" * 20_000}, 400, "16,384 bytes at most"),
    ],
)
def test_what_cannot_be_asked_for_is_named(
    engine: Engine, values: dict[str, object], status: int, words: str
) -> None:
    answer = ask(**values)
    assert answer.status == status
    assert words in answer.told["error"]
    assert engine.passing.worker_process_id is None, "nothing was started for it"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 16_000, b"17"])
def test_what_is_no_request_is_refused(engine: Engine, body: bytes) -> None:
    assert send("POST", BASE, body).status == 400


def test_unknown_tickets_and_a_missing_engine(
    engine: Engine, put_in_place: Callable[[Context], None]
) -> None:
    assert look("made-up").status == 404
    assert send("DELETE", f"{BASE}/made-up").status == 404
    assert send("GET", f"{BASE}/made-up/file").status == 404

    def broken() -> Engine:
        raise StoreError("The disk is full.")

    put_in_place(Context(broken))
    for answer in (ask(kind="directions", run="digits"), look("made-up")):
        assert answer.status == 503
        assert answer.told == {"error": "The disk is full."}


def test_the_generator_is_the_runs_own(engine: Engine) -> None:
    assert context().network_file(record(engine.store), None, "generator.bin") == GENERATOR
