"""A lane: jobs wait in a fair queue, and workers do them, whatever happens to one of these.

Every job goes through one, a training as well as a question of the page Explore: lanes differ by
their `Policy`, and by the `Client` that says what a job is and keeps what it reports.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Generic, get_args

from gan.jobs.client import Client, WorkerLoss
from gan.jobs.limits import LimitReached
from gan.jobs.policy import Policy
from gan.jobs.process import Worker
from gan.jobs.queue import FairQueue, Start, Waiting, What
from gan.jobs.slot import Slot
from gan.messages.events import Failed, Finished, Parked
from gan.messages.jobs import Cancelled, Done, Ready
from gan.messages.requests import Result
from gan.runs.errors import reason

WATCH_SECONDS: Final = 0.25
RETRY_SECONDS: Final = 1.0
LAST: Final = (Finished, Failed, Parked, Done, Cancelled, *get_args(Result))
"""After one of these nothing more is said of a job by its worker."""
_log: Final = logging.getLogger(__name__)


class Lane(Generic[What]):
    """Gives jobs to workers, as many at a time as there are slots. Thread-safe."""

    def __init__(self, policy: Policy, client: Client[What], hire: Callable[[int], Worker]) -> None:
        """`hire` starts the worker of the slot of a number, from 0 on."""
        self.policy, self._client, self._hire = policy, client, hire
        self.changed = threading.Condition()
        """The lock of all that follows, and news of it."""
        self.queue: FairQueue[Start[What]] = FairQueue()
        self.slots = [Slot(index) for index in range(policy.slots)]
        self.is_closing = False
        self._threads: list[threading.Thread] = []
        self._is_wanted = False

    def open(self) -> None:
        """Have threads, and a warm worker if that is the policy. Once is enough."""
        with self.changed:
            if self._threads or self.is_closing:
                return
            work: list[Callable[[], None]] = [partial(self._serve, slot) for slot in self.slots]
            self._threads = [
                threading.Thread(target=target, name=self.policy.name, daemon=True)
                for target in (*work, self._watch)
            ]
            for thread in self._threads:
                thread.start()

    def warm(self) -> None:
        """Have a worker that is free, or soon will be: somebody is about to ask."""
        with self.changed:
            self.open()
            has_room = any(slot.worker is None for slot in self.slots)
            self._is_wanted = has_room and all(slot.job or not slot.worker for slot in self.slots)
            self.changed.notify_all()

    def check_room(self, mine: int, of_all: int, is_full: bool = False) -> None:
        """Raise `LimitReached` if there is no room for one more job of whoever has `mine` open.

        All together have `of_all`, and whoever counts them knows whether that is too many.
        """
        if self.is_closing:
            raise LimitReached("This server is going away: try again in a minute.")
        if mine >= self.policy.open_per_owner:
            raise LimitReached(self.policy.words.of_owner.format(count=mine))
        if is_full:
            raise LimitReached(self.policy.words.of_all.format(count=of_all))

    def wait(self, key: str, owner: str, start: Start[What]) -> None:
        """Let a job wait for its turn."""
        with self.changed:
            self.open()
            self.queue.add(key, owner, start)
            self.changed.notify_all()

    def wait_first(self, key: str, owner: str, start: Start[What]) -> None:
        """Let a job wait that had its turn already: before those that had none yet."""
        with self.changed:
            self.queue.put_first(key, owner, start)
            self.changed.notify_all()

    def slot_of(self, key: str) -> Slot | None:
        """Where `key` goes on, if it does."""
        return next((slot for slot in self.slots if slot.key == key), None)

    @property
    def first_free(self) -> Slot | None:
        """Where the next job goes, if a worker is ready for it: it may be prepared for that."""
        return next((slot for slot in self.slots if slot.is_free), None)

    def _is_turn_of(self, slot: Slot) -> bool:
        """Whether the first that waits is for `slot`, and not for one whose worker is ready."""
        first = self.first_free
        return bool(self.queue) and (first is slot or first is None)

    def stop(self, key: str) -> None:
        """Let a job that goes on end, within the time that it has for that."""
        with self.changed:
            if slot := self.slot_of(key):
                slot.stop(self.policy.stop_seconds)

    def let_go(self, key: str) -> None:
        """The job is over, or parked: it goes on nowhere, and waits for nothing."""
        with self.changed:
            if slot := self.slot_of(key):
                slot.clear()
            if key in self.queue:
                self.queue.remove(key)
            self.changed.notify_all()

    @property
    def at_work(self) -> list[str]:
        """The jobs that have a worker."""
        with self.changed:
            return [slot.key for slot in self.slots if slot.key]

    @property
    def waiting(self) -> list[str]:
        """The jobs that wait, in the order in which they will start."""
        with self.changed:
            return [each.key for each in self.queue.order()]

    def place(self, key: str) -> int | None:
        """How many waiting jobs start before `key`; None if it does not wait."""
        waiting = self.waiting
        return waiting.index(key) if key in waiting else None

    @property
    def worker_process_ids(self) -> list[int]:
        """The process ids of the workers that there are."""
        return [slot.worker.process_id for slot in self.slots if slot.worker]

    def close(self) -> None:
        """End what waits, let what goes on come to its end, and end the workers."""
        with self.changed:
            if self.is_closing:
                return
            self.is_closing = True
            for waiting in self.queue.order():
                self.queue.remove(waiting.key)
                end = self._client.lost(waiting.start, WorkerLoss(is_closing=True))
                self._client.record(waiting.key, end)
            for slot in self.slots:
                if slot.worker is not None:
                    is_given_time = slot.job and self.policy.close_seconds
                    slot.worker.hang_up() if is_given_time else slot.worker.kill()
            self.changed.notify_all()
        deadline = time.monotonic() + self.policy.close_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for worker in [slot.worker for slot in self.slots if slot.worker]:
            worker.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self, slot: Slot) -> None:
        """A thread of its own: one worker after the other, whatever happens to one of them."""
        is_warm = bool(self.policy.warm_for) and slot.index == 0
        while not self.is_closing:
            if not is_warm and not self._wait_for_need(slot):
                return
            try:
                self._employ(slot)
            except Exception as error:  # else nobody would work here any more
                _log.exception("The work on %s broke off", slot.key)
                self._clean_up(slot, error)
                self._rest()

    def _employ(self, slot: Slot) -> None:
        """One worker, from its start to its end, and the jobs that it takes."""
        worker = self._hired(slot)
        if isinstance(worker, WorkerLoss):
            self._next(slot)
            self._lose(slot, worker)
            self._rest()
            return
        done = 0
        while (job := self._next(slot)) and self._follow(slot, worker, job):
            done += 1
            if self._is_worn(worker, done):
                break
        self._lose(slot, WorkerLoss(worker.end()))

    def _hired(self, slot: Slot) -> Worker | WorkerLoss:
        """A worker that is ready; else why there is none."""
        self._is_wanted = False
        try:
            worker = self._hire(slot.index)
        except Exception as error:  # no process, no file handle, no memory, no thread
            return WorkerLoss(reason(error), is_started=False)
        with self.changed:
            slot.worker = worker
            if self.is_closing:
                worker.kill()
            if not self.policy.warm_for:  # it was started for a job
                self._take(slot)
        if isinstance(worker.receive(), Ready):
            return worker
        ending = worker.end()
        with self.changed:
            slot.worker = None
            return WorkerLoss(slot.verdict or ending)

    def _lose(self, slot: Slot, loss: WorkerLoss) -> None:
        """Its worker is gone. A job of which that never said a word waits for the next one."""
        with self.changed:
            job, slot.worker = slot.job, None
            if job is None:
                slot.clear()
                self.changed.notify_all()  # what waits is for another slot
                return
            loss = slot.explained(loss, self.is_closing)
            if loss.is_harmless and loss.tries < self.policy.tries:
                start = replace(job.start, commands=(*job.start.commands, *slot.late))
                slot.clear()
                self.queue.put_first(job.key, job.owner, start)
                self.changed.notify_all()  # another slot's worker may be there for it
                return
            end = self._client.lost(job.start, loss)
        self._client.record(job.key, end)

    def _clean_up(self, slot: Slot, error: Exception) -> None:
        """Be as if nothing had gone on in `slot`; a job that did has failed."""
        job, worker = slot.job, slot.worker
        if worker is not None:
            worker.discard()
        with self.changed:
            slot.worker = None
            if job is None:
                slot.clear()
        if job is not None:
            self._client.record(job.key, self._client.mishap(error))

    def _rest(self) -> None:
        """Wait until what went wrong may have passed, or the lane closes."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_closing, RETRY_SECONDS)

    def _wait_for_need(self, slot: Slot) -> bool:
        with self.changed:
            self.changed.wait_for(
                lambda: self._is_wanted or self._is_turn_of(slot) or self.is_closing
            )
            return not self.is_closing

    def _is_worn(self, worker: Worker, done: int) -> bool:
        """Whether a worker should make room for a fresh one before it grows."""
        most = self.policy.worker_jobs
        too_large = worker.resident_bytes > self.policy.worker_bytes
        return too_large or (most is not None and done >= most)

    def _next(self, slot: Slot) -> Waiting[Start[Any]] | None:
        """Wait for the first job in the queue; None once nobody asks, or the lane closes."""
        with self.changed:
            if slot.job is None:
                idle = self.policy.idle_seconds
                self.changed.wait_for(lambda: self._is_turn_of(slot) or self.is_closing, idle)
                self._take(slot)
            return slot.job

    def _take(self, slot: Slot) -> None:
        if self.queue and not (slot.job or self.is_closing):
            slot.job = self.queue.take()
            self.changed.notify_all()  # the next that waits is for another slot
            if slot.worker is not None:
                slot.worker.expect()

    def _follow(self, slot: Slot, worker: Worker, waiting: Waiting[Start[Any]]) -> bool:
        """Give a job to the worker and record it to its end; False if the worker has ended."""
        job = self._client.job(waiting.key, waiting.start)
        if job is None:
            return True
        with self.changed:  # whoever tells it something now is heard after that
            slot.give(job, waiting.start)
        while (event := worker.receive()) is not None:
            with self.changed:
                slot.note(event)
            if not self._client.record(waiting.key, event):
                worker.kill()  # what cannot be recorded is not worth the work
                return False
            if isinstance(event, LAST):
                return True
        return False

    def _watch(self) -> None:
        """End workers that do not answer; let paused jobs make room for those that wait."""
        while not self.is_closing:
            with self.changed:
                pause = max([self._watched(slot) for slot in (None, *self.slots)])
                self.changed.wait_for(lambda: self.is_closing, pause)

    def _watched(self, slot: Slot | None) -> float:
        """Look after a slot, or whatever else there is; says how long to wait then."""
        now = time.monotonic()
        try:
            self._look_after(slot, now)
        except Exception:  # else nobody would watch any more
            _log.exception("A look at the jobs broke off")
            return RETRY_SECONDS
        return WATCH_SECONDS

    def _look_after(self, slot: Slot | None, now: float) -> None:
        if slot is None:
            self._client.look_after(now)
        else:
            slot.look_after(now, self.policy, bool(self.queue))
