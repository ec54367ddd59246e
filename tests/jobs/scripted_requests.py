"""Requests that a worker acts: what is asked, and until when a test waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from support import look_until

from gan.jobs.passing import PassingJobs, State, Status
from gan.messages.requests import FindDirections

COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_request_worker.py")))
Open = Callable[..., PassingJobs]


def request(behaviour: str, kind=FindDirections):
    return kind(np.frombuffer(behaviour.encode(), np.uint8))


def held(go: Path, number: int = 0):
    """A request that goes on until `go` is there; each number is another one."""
    return request(f"wait:{go.parent}/{'./' * number}{go.name}")


def until(lane: PassingJobs, ticket: str, *states: State) -> Status:
    return look_until(lambda: lane.look(ticket), lambda status: status.state in states)


def over(lane: PassingJobs, ticket: str) -> Status:
    return until(lane, ticket, State.DONE, State.REFUSED, State.CANCELLED)


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
