"""A lane of its own for errands: what the page Explore asks for does not wait for a training.

One small worker process does them, one at a time, in an order that is fair between browsers. It is
started when somebody asks, or is about to, and ended when nobody has for a while.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast, get_args

from gan.jobs import machine
from gan.jobs.limits import LimitReached
from gan.jobs.process import Worker
from gan.jobs.queue import FairQueue
from gan.jobs.request_cache import ErrandCache
from gan.messages.codec import encode
from gan.messages.events import Stop
from gan.messages.requests import (
    Answer,
    Cancelled,
    Directions,
    Encoder,
    Errand,
    FindDirections,
    FitEncoder,
    Refused,
    Result,
    Working,
)
from gan.runs.errors import reason

WORKER_COMMAND: Final = (sys.executable, "-m", "gan.jobs.request_worker")
EDITION: Final = 1
"""Of what errands are computed with: what an earlier one came to is not given out again."""
WATCH_SECONDS: Final = 0.25
RETRY_SECONDS: Final = 1.0
MOST_THREADS: Final = 4
_STARTING: Final = Working("Starting", 0.0)
_log: Final = logging.getLogger(__name__)


class State(StrEnum):
    """Where an errand stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Status:
    """Where an errand stands, with what there is to say of that."""

    state: State
    place: int = 0
    """How many errands are before it, while it waits: the one that goes on is one of them."""
    working: Working | None = None
    result: Result | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class ErrandLimits:
    """How much of this a server gives."""

    open_per_owner: int = 4
    """Errands of one browser that wait or go on."""
    open: int = 1000
    """Those of all browsers, however many ask for the same."""
    waiting: int = 200
    waiting_bytes: int = 256 << 20
    """What these may ask about, in all."""
    over: int = 500
    """Errands that are over and remembered."""
    forget_seconds: float = 300.0
    """How long that is."""
    abandoned_seconds: float = 90.0
    """After so long without a question about it an errand is cancelled. Browsers let a page that
    nobody sees ask once a minute."""
    idle_seconds: float = 600.0
    """After so long without an errand the worker is ended."""
    silent_seconds: float = 120.0
    """After so long without a word from it, too."""
    stop_seconds: float = 10.0
    """How long it has to stop when told to."""
    worker_bytes: int = 2 << 30
    """Memory beyond which it is replaced after an errand."""
    cached_bytes: int = 64 << 20


@dataclass(slots=True, eq=False)
class _Job:
    """What is computed, once for all who ask for it."""

    key: str
    errand: Errand | None
    """None once it is over."""
    tickets: set[str] = field(default_factory=set)
    is_sent: bool = False
    working: Working = _STARTING
    has_reported: bool = False
    is_retried: bool = False
    unwanted: float | None = None
    """When the last who wanted it went away, while it was worked on."""
    verdict: str = ""
    """Why its worker was ended, if it was."""
    end: Result | Refused | Cancelled | None = None


@dataclass(slots=True, eq=False)
class _Ticket:
    """One browser's wish for a job."""

    owner: str
    job: _Job
    asked: float
    """When somebody last wanted to know about it."""
    is_cancelled: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.job.end is not None


class ErrandLane:
    """Does errands, one at a time. Thread-safe; owned by an engine."""

    def __init__(
        self,
        home: Path,
        command: Sequence[str] = WORKER_COMMAND,
        limits: ErrandLimits | None = None,
    ) -> None:
        self.limits = limits or ErrandLimits()
        self._home, self._command = home, command
        self._cache = ErrandCache(home / "errands", self.limits.cached_bytes)
        self._changed = threading.Condition()
        self._queue: FairQueue[_Job] = FairQueue()
        self._jobs: dict[str, _Job] = {}
        self._tickets: dict[str, _Ticket] = {}
        self._current: _Job | None = None
        self._worker: Worker | None = None
        self._threads: list[threading.Thread] = []
        self._is_wanted = self._closing = False

    def warm(self) -> None:
        """Start the worker, if there is none: somebody is about to ask."""
        with self._changed:
            self._begin()
            self._is_wanted = self._worker is None
            self._changed.notify_all()

    def ask(self, errand: Errand, owner: str) -> str:
        """Let `errand` of the browser `owner` wait; returns a ticket to look at it with.

        Raises `LimitReached`. What was asked for before, or is being asked for by others, is not
        computed again.
        """
        content = encode(errand)
        key = hashlib.sha256(b"%d %b" % (EDITION, content)).hexdigest()
        with self._changed:
            is_known = key in self._jobs
        is_kept = isinstance(errand, FindDirections | FitEncoder)
        kept = self._cache.get(key) if is_kept and not is_known else None
        with self._changed:
            job = self._jobs.get(key)
            if job is None:
                job = _Job(key, errand if kept is None else None, end=kept)
            if job.end is None:
                self._check_room(owner, job, len(content))
                if key in self._queue:
                    self._queue.share(key, owner)
                elif job is not self._current:
                    self._begin()
                    self._queue.add(key, owner, job)
            self._jobs[key] = job
            return self._ticket(owner, job)

    def look(self, ticket: str) -> Status:
        """Where the errand stands. Who does not look for a while no longer wants it."""
        with self._changed:
            found = self._tickets.get(ticket)
            if found is None:
                return Status(State.UNKNOWN)
            found.asked = time.monotonic()
            job = found.job
            if found.is_cancelled or isinstance(job.end, Cancelled):
                return Status(State.CANCELLED)
            if isinstance(job.end, Refused):
                return Status(State.REFUSED, refused=job.end)
            if job.end is not None:
                return Status(State.DONE, result=job.end)
            if job is self._current:
                return Status(State.WORKING, working=job.working)
            place = [each.key for each in self._queue.order()].index(job.key)
            return Status(State.WAITING, place=place + (self._current is not None))

    def cancel(self, ticket: str) -> None:
        """Stop the errand, unless others want it too; does nothing if it is over."""
        with self._changed:
            found = self._tickets.get(ticket)
            if found is not None and not found.is_over:
                self._leave(ticket, found)

    @property
    def worker_process_id(self) -> int | None:
        """The process id of the worker, if there is one."""
        worker = self._worker
        return worker.process_id if worker else None

    def close(self) -> None:
        """End the worker; what waited or went on is cancelled."""
        with self._changed:
            self._closing = True
            for waiting in self._queue.order():
                self._queue.remove(waiting.key)
                self._finish(waiting.start, Cancelled())
            if self._current is not None:
                self._current.unwanted = time.monotonic()
            if self._worker is not None:
                self._worker.kill()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _check_room(self, owner: str, job: _Job, size: int) -> None:
        if self._closing:
            raise LimitReached("This server is going away: try again in a minute.")
        owners = [each.owner for each in self._tickets.values() if not each.is_over]
        mine = owners.count(owner)
        if mine >= self.limits.open_per_owner:
            raise LimitReached(
                f"{mine} such requests of this browser wait or go on already, as many as this "
                "server gives one: cancel one, or wait for one to end."
            )
        waiting = [each.start.errand for each in self._queue.order()]
        held = sum(_bytes(errand) for errand in waiting if errand is not None)
        is_full = len(waiting) >= self.limits.waiting or held + size > self.limits.waiting_bytes
        if len(owners) >= self.limits.open or (is_full and job.key not in self._jobs):
            raise LimitReached(f"{len(owners)} such requests are open already: try again later.")

    def _ticket(self, owner: str, job: _Job) -> str:
        ticket = secrets.token_urlsafe(16)
        job.tickets.add(ticket)
        self._tickets[ticket] = _Ticket(owner, job, time.monotonic())
        over = [name for name, each in self._tickets.items() if each.is_over]
        for name in over[: -self.limits.over]:
            self._forget(name)
        self._changed.notify_all()
        return ticket

    def _begin(self) -> None:
        """Have threads, from the first wish for a worker on."""
        if not self._threads and not self._closing:
            self._threads = [
                threading.Thread(target=self._serve, name="errands", daemon=True),
                threading.Thread(target=self._watch, name="errand watch", daemon=True),
            ]
            for thread in self._threads:
                thread.start()

    def _leave(self, ticket: str, found: _Ticket) -> None:
        """Take one wish back; a job that nobody wants is let go."""
        found.is_cancelled = True
        job = found.job
        job.tickets.discard(ticket)
        if job.tickets:
            return
        del self._jobs[job.key]
        if job is self._current:
            job.unwanted = time.monotonic()
            if job.is_sent and self._worker is not None:
                self._worker.send(Stop())
        else:
            self._queue.withdraw(job.key)
            self._finish(job, Cancelled())

    def _forget(self, ticket: str) -> None:
        job = self._tickets.pop(ticket).job
        job.tickets.discard(ticket)
        if not job.tickets and self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    def _finish(self, job: _Job, end: Result | Refused | Cancelled) -> None:
        """Let `job` be over; one that came to nothing may be asked for anew."""
        job.end, job.errand = end, None
        if isinstance(end, Refused | Cancelled) and self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if job is self._current:
            self._current = None
        self._changed.notify_all()

    def _serve(self) -> None:
        """One worker after the other, whatever happens to one of them."""
        while self._wait_for_need():
            try:
                self._employ()
            except Exception as error:  # else nobody would do errands any more
                _log.exception("The work on errands broke off")
                self._clean_up(error)

    def _employ(self) -> None:
        """One worker, for as long as there is something to do."""
        try:
            worker = Worker(self._command, self._home / "errand-worker.log", _environment())
        except Exception as error:  # no process, no file handle, no memory, no thread
            self._refuse_all(error)
            return
        with self._changed:
            self._worker, self._is_wanted = worker, False
        job = self._next(worker)
        while job is not None and self._follow(worker, job):
            job = self._next(worker)
        ending = worker.end()
        with self._changed:
            self._worker = None
            if job is not None:
                self._break_off(job, ending)

    def _refuse_all(self, error: Exception) -> None:
        """No worker can be started: nobody should wait for one."""
        with self._changed:
            self._is_wanted = False
            for waiting in self._queue.order():
                self._queue.remove(waiting.key)
                sentence = f"This server cannot start a process for this: {reason(error)}."
                self._finish(waiting.start, Refused(sentence, "Ask again in a minute."))

    def _clean_up(self, error: Exception) -> None:
        """Be as if nobody had worked; what was worked on came to nothing."""
        if self._worker is not None:
            self._worker.discard()
        with self._changed:
            self._worker, self._is_wanted = None, False
            if self._current is not None:
                sentence = f"This server could not go on with this: {reason(error)}."
                self._finish(self._current, Refused(sentence, "Nothing was lost. Ask again."))

    def _wait_for_need(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._is_wanted or self._closing)
            return not self._closing

    def _next(self, worker: Worker) -> _Job | None:
        """Wait for the first job in the queue; None if the worker should end instead."""
        if worker.resident_bytes > self.limits.worker_bytes:
            return None
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing, self.limits.idle_seconds)
            if self._closing or not self._queue:
                return None
            self._current = self._queue.take().start
            worker.expect()
            return self._current

    def _follow(self, worker: Worker, job: _Job) -> bool:
        """Give a job to the worker and listen to its end; False if the worker ended first."""
        worker.give(cast(Errand, job.errand))
        with self._changed:
            job.is_sent = True
            if job.unwanted is not None:
                worker.send(Stop())
        while isinstance(answer := worker.receive(), get_args(Answer)):
            if isinstance(answer, Directions | Encoder):
                self._cache.put(job.key, answer)
            with self._changed:
                if not isinstance(answer, Working):
                    self._finish(job, cast("Result | Refused | Cancelled", answer))
                    return True
                job.working, job.has_reported = answer, True
        return False

    def _break_off(self, job: _Job, ending: str) -> None:
        """The worker ended in the middle of `job`: or before, which is no fault of the job's."""
        if job.unwanted is not None:
            self._finish(job, Cancelled())
        elif not (job.has_reported or job.is_retried or job.verdict):
            job.is_retried, job.is_sent, self._current = True, False, None
            self._queue.put_first(job.key, "", job)
        else:
            self._finish(
                job,
                Refused(
                    "The process that was at work on this ended in the middle of it: "
                    f"{job.verdict or ending}.",
                    "Nothing else was lost. Ask again: a new process starts.",
                ),
            )

    def _watch(self) -> None:
        """Cancel what nobody looks at, forget what is over, end a worker that does not answer."""
        while not self._closing:
            pause = WATCH_SECONDS
            with self._changed:
                try:
                    self._look_after(time.monotonic())
                except Exception:  # else nobody would watch any more
                    _log.exception("A look at the errands broke off")
                    pause = RETRY_SECONDS
                self._changed.wait_for(lambda: self._closing, pause)

    def _look_after(self, now: float) -> None:
        for name, ticket in list(self._tickets.items()):
            unasked = now - ticket.asked
            if not ticket.is_over and unasked > self.limits.abandoned_seconds:
                self._leave(name, ticket)
            elif ticket.is_over and unasked > self.limits.forget_seconds:
                self._forget(name)
        self._end_silent(now)

    def _end_silent(self, now: float) -> None:
        job, worker = self._current, self._worker
        if job is None or worker is None:
            return
        if now - worker.heard > self.limits.silent_seconds:
            job.verdict = f"it had said nothing for {self.limits.silent_seconds:.0f} seconds"
            worker.kill()
        elif job.unwanted is not None and now - job.unwanted > self.limits.stop_seconds:
            worker.kill()


def _bytes(errand: Errand) -> int:
    """About how much memory an errand takes while it waits."""
    return 0 if not isinstance(errand, FindDirections | FitEncoder) else errand.generator.nbytes


def _environment() -> dict[str, str]:
    """A part of the processor, and no GPU: those are for trainings.

    One thread for numpy: beside a training, several of them wait for one another longer than one
    works.
    """
    threads = str(max(1, min(MOST_THREADS, int(machine.cores()))))
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
    }
