"""Passing jobs: what the page Explore asks for, which nobody misses once that page is closed.

They have a lane of their own, so that they do not wait for a training: one small worker, which is
started when somebody asks, or is about to, and ended when nobody has for a while. Whoever asks gets
a ticket; what several ask for is done once.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from gan.jobs import kinds, machine
from gan.jobs.client import WorkerLoss
from gan.jobs.lane import Lane
from gan.jobs.policy import FOR_PASSING, Policy
from gan.jobs.process import Worker
from gan.jobs.queue import Start
from gan.jobs.result_cache import ResultCache
from gan.messages.codec import Sent, encode
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Job, Working
from gan.messages.requests import FindNearest, Request, Result
from gan.runs.errors import reason

EDITION: Final = 1
"""Of what requests are met with: what an earlier one came to is not given out again."""
RESULTS: Final = "errands"
"""The folder of results, by the name that a store of an earlier version has for it."""
_STARTING: Final = Working("starting", 0.0)


class State(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Status:
    """Where a request stands, with what there is to say of that."""

    state: State
    place: int = 0
    """How many jobs are before it, while it waits: the one that goes on is one of them."""
    working: Working | None = None
    result: Result | None = None
    failed: Failed | None = None


@dataclass(slots=True, eq=False)
class _Passing:
    """What is done, once for all who ask for it."""

    key: str
    """Of what is asked for: the same for all who ask the same."""
    id: str
    """Of this job: one that was given up and is asked for again is another."""
    request: Request | None
    """None once it is over."""
    tickets: set[str] = field(default_factory=set)
    working: Working = _STARTING
    end: Result | Failed | Cancelled | None = None


@dataclass(slots=True, eq=False)
class _Ticket:
    """What one browser asked for, on its way."""

    owner: str
    job: _Passing
    asked: float
    """When somebody last wanted to know about it."""
    is_cancelled: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.job.end is not None


class PassingJobs:
    """Meets requests, one at a time. Thread-safe; owned by an engine."""

    def __init__(
        self, home: Path, command: Sequence[str] = (), policy: Policy = FOR_PASSING
    ) -> None:
        log, command = home / "requests.log", command or policy.command
        self.lane: Lane[Request] = Lane(
            policy, self, lambda _: Worker(command, log, machine.beside_trainings())
        )
        self._cache = ResultCache(home / RESULTS, policy.cached_bytes)
        self._changed = self.lane.changed
        self._jobs: dict[str, _Passing] = {}
        """Those that whoever asks the same gets, by their keys."""
        self._open: dict[str, _Passing] = {}
        """Those that wait or go on, by their ids."""
        self._tickets: dict[str, _Ticket] = {}

    def warm(self) -> None:
        """Start the worker, if there is none: somebody is about to ask."""
        self.lane.warm()

    def ask(self, request: Request, owner: str) -> str:
        """Let `request` of the browser `owner` wait; returns a ticket to look at it with.

        Raises `LimitReached`. What was asked for before, or is being asked for by others, is not
        done again.
        """
        content = encode(request)
        key = hashlib.sha256(b"%d %b" % (EDITION, content)).hexdigest()
        with self._changed:
            is_known = key in self._jobs
        is_cached = kinds.of_request(request).is_cached
        kept = self._cache.get(key) if is_cached and not is_known else None
        with self._changed:
            job = self._jobs.get(key)
            if job is None:
                is_new = kept is None
                job = _Passing(key, secrets.token_hex(8), request if is_new else None, end=kept)
            if job.end is None:
                self._check_room(owner, job, len(content))
                self._wait(owner, job)
            self._jobs[key] = job
            return self._ticket(owner, job)

    def look(self, ticket: str) -> Status:
        """Where the request stands. Who does not look for a while no longer wants it."""
        with self._changed:
            found = self._tickets.get(ticket)
            if found is None:
                return Status(State.UNKNOWN)
            found.asked = time.monotonic()
            job = found.job
            if found.is_cancelled or isinstance(job.end, Cancelled):
                return Status(State.CANCELLED)
            if isinstance(job.end, Failed):
                return Status(State.REFUSED, failed=job.end)
            if job.end is not None:
                return Status(State.DONE, result=job.end)
            if (place := self.lane.place(job.id)) is not None:
                return Status(State.WAITING, place=place + len(self.lane.at_work))
            return Status(State.WORKING, working=job.working)

    def cancel(self, ticket: str) -> None:
        """Stop the request, unless others want it too; does nothing if it is over."""
        with self._changed:
            found = self._tickets.get(ticket)
            if found is not None and not found.is_over:
                self._leave(ticket, found)

    @property
    def worker_process_id(self) -> int | None:
        """The process id of the worker, if there is one."""
        return next(iter(self.lane.worker_process_ids), None)

    def close(self) -> None:
        """End the worker; what waited or went on is cancelled."""
        self.lane.close()

    def job(self, key: str, start: Start[Request]) -> Job:
        """What the worker is given."""
        return Job(kinds.of_request(start.what).name, start.what)

    def record(self, key: str, event: Sent) -> bool:
        """Take note of how far a job is, or of its end."""
        job = self._open[key]
        if isinstance(event, Working):
            with self._changed:
                job.working = event
            return True
        end = cast("Result | Failed | Cancelled", event)
        if isinstance(end, Result) and kinds.of_request(cast(Request, job.request)).is_cached:
            self._cache.put(job.key, end)
        with self._changed:
            self._finish(job, end)
        return True

    def lost(self, start: Start[Request], loss: WorkerLoss) -> Sent:
        """How a job ends whose worker is gone; one that nobody wants any more is cancelled."""
        if loss.is_closing or loss.is_stopping:
            return Cancelled()
        if not loss.is_started:
            return Failed("request_never_started", {"reason": loss.words})
        return Failed("request_ended", {"reason": loss.words})

    def mishap(self, error: Exception) -> Sent:
        """How a job ends over which the lane itself broke off."""
        return Failed("request_mishap", {"reason": reason(error)})

    def look_after(self, now: float) -> None:
        """Cancel what nobody looks at, and forget what is over."""
        policy = self.lane.policy
        for name, ticket in list(self._tickets.items()):
            unasked = now - ticket.asked
            if not ticket.is_over and unasked > (policy.abandoned_seconds or float("inf")):
                self._leave(name, ticket)
            elif ticket.is_over and unasked > policy.remembered_seconds:
                self._forget(name)

    def _check_room(self, owner: str, job: _Passing, size: int) -> None:
        policy = self.lane.policy
        owners = [each.owner for each in self._tickets.values() if not each.is_over]
        waiting = [each.start.what for each in self.lane.queue.order()]
        held = sum(map(_bytes, waiting)) + size
        has_no_room = len(waiting) >= policy.waiting or held > (policy.waiting_bytes or held)
        is_full = len(owners) >= (policy.open or float("inf"))
        is_full |= has_no_room and job.key not in self._jobs
        self.lane.check_room(owners.count(owner), len(owners), is_full)

    def _wait(self, owner: str, job: _Passing) -> None:
        """Let `owner` wait for `job` too, be it new or waiting or under way."""
        if job.id in self.lane.queue:
            self.lane.queue.share(job.id, owner)
        elif job.id not in self._open:
            self._open[job.id] = job
            self.lane.wait(job.id, owner, Start(cast(Request, job.request)))

    def _ticket(self, owner: str, job: _Passing) -> str:
        ticket = secrets.token_urlsafe(16)
        job.tickets.add(ticket)
        self._tickets[ticket] = _Ticket(owner, job, time.monotonic())
        over = [name for name, each in self._tickets.items() if each.is_over]
        for name in over[: -self.lane.policy.remembered]:
            self._forget(name)
        return ticket

    def _leave(self, ticket: str, found: _Ticket) -> None:
        """Cancel for one browser; a job that nobody wants is let go."""
        found.is_cancelled = True
        job = found.job
        job.tickets.discard(ticket)
        if job.tickets:
            return
        del self._jobs[job.key]
        if job.id in self.lane.queue:
            self.lane.queue.withdraw(job.id)
            self._finish(job, Cancelled())
        else:
            self.lane.stop(job.id)

    def _forget(self, ticket: str) -> None:
        job = self._tickets.pop(ticket).job
        job.tickets.discard(ticket)
        if not job.tickets and self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    def _finish(self, job: _Passing, end: Result | Failed | Cancelled) -> None:
        """Let `job` be over; one that came to nothing may be asked for anew."""
        job.end, job.request = end, None
        self._open.pop(job.id, None)
        if isinstance(end, Failed | Cancelled) and self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        self.lane.let_go(job.id)


def _bytes(request: Request) -> int:
    """About how much memory a request takes while it waits."""
    return 0 if isinstance(request, FindNearest) else request.generator.nbytes
