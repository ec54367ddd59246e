"""The engine: gives waiting runs to worker processes, records what they report, and ends them."""

from __future__ import annotations

import atexit
import logging
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from gan.data import datasets
from gan.jobs import endings, process
from gan.jobs.limits import LimitReached, Limits
from gan.jobs.process import Worker
from gan.jobs.queue import FairQueue, Start, Waiting
from gan.jobs.request_lane import ErrandLane
from gan.jobs.slot import Slot
from gan.messages.events import (
    Adjust,
    Command,
    Event,
    Failed,
    Finished,
    Parked,
    Ready,
    Recalled,
    Stop,
    StopReason,
)
from gan.runs.errors import StoreError, reason
from gan.runs.store import RunStore
from gan.settings.config import ConfigError, TrainConfig

WORKER_COMMAND: Final = (sys.executable, "-m", "gan.jobs.worker")
STOP_GRACE_SECONDS: Final = 15.0
CLOSE_GRACE_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 0.25
RETRY_SECONDS: Final = 1.0
"""After something went wrong that may have passed by then."""
MOST_TRIES: Final = 3
"""Workers that may end without a word of a run before that is the run's end."""
MOST_UNHEARD: Final = 1000
"""Commands that a run's worker may have before it, unread."""
_log: Final = logging.getLogger(__name__)


class Engine:
    """Runs as many jobs at a time as there are slots. Thread-safe; one per store."""

    def __init__(
        self,
        store: RunStore,
        command: Sequence[str] = WORKER_COMMAND,
        limits: Limits | None = None,
    ) -> None:
        self.store = store
        self.limits = limits or Limits.of_environment()
        self.unrecorded: dict[str, Failed] = {}
        """Runs whose end could not be written down, because the store itself failed."""
        self.errands = ErrandLane(store.home)
        """What the page Explore asks for, which does not wait for the runs."""
        self._claim = store.claim()
        self._command = command
        self._changed = threading.Condition()
        self._taking_in = threading.Lock()
        self._queue: FairQueue[Start] = FairQueue()
        self._owners: dict[str, str] = {}
        self._parked: set[str] = set()
        self._recorded = 0
        self._slots = [Slot(index) for index in range(self.limits.slots)]
        self._closing = False
        try:
            store.sweep()
            store.recover()
            store.purge()
        except BaseException:  # a later visitor's try must not find it taken
            self._claim.release()
            raise
        self._threads = [
            threading.Thread(target=self._serve, args=(slot,), name="recorder", daemon=True)
            for slot in self._slots
        ]
        self._threads.append(threading.Thread(target=self._watch, name="watch", daemon=True))
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def submit(self, config: TrainConfig, name: str, owner: str = "") -> str:
        """Queue a run of the browser `owner`; returns its id.

        Raises `DataError` if its digits cannot be used, `LimitReached`, or `StoreError`.
        """
        config = self.limits.bounded(config)
        datasets.check(config)
        self._check_space()
        with self._changed:
            self._check_room(owner)
            run = self.store.create(config, name)
            self._wait(run, owner, Start(config))
        return run

    def go_on(self, run: str, changes: Mapping[str, Any], owner: str = "") -> None:
        """Queue `run`, which is over, to go on from its last snapshot: `RunStore.go_on`."""
        self._check_space()
        with self._changed:
            self._changed.wait_for(lambda: run not in self._owners, 1.0)  # its end is noted first
            self._check_room(owner)
            state = self.store.go_on(run, self._bounded(run, changes))
            self._wait(run, owner, Start(state.config, state.saved_step))

    def branch(
        self, run: str, step: int, changes: Mapping[str, Any], name: str, owner: str = ""
    ) -> str:
        """Queue a branch of `run` from its snapshot of `step`; returns its id."""
        self._check_space()
        with self._changed:
            self._check_room(owner)
            state = self.store.branch(run, step, self._bounded(run, changes), name)
            self._wait(state.id, owner, Start(state.config, state.saved_step))
        return state.id

    def take_in(self, package: Path) -> str:
        """Import a run that was exported; its id here. Raises `StoreError` if it cannot be used.

        One at a time, in a process of its own, which has the TensorFlow that it takes.
        """
        with self._taking_in:
            self._check_space()
            return process.command(self.store.home, "import", str(package.resolve()))

    def tell(self, run: str, command: Command) -> None:
        """Send `command` to `run`; does nothing if it is not under way here.

        A parked run is queued for it. Raises `ConfigError` for an `Adjust` that the run's config
        cannot have, and `LimitReached`, also for what the run does not come to hear.
        """
        if isinstance(command, Adjust):
            self.limits.bounded(self.store.state(run).config.adjusted(command.changes))
        with self._changed:
            if slot := self._slot_of(run):
                _check_unheard(slot.unheard)
                slot.tell(command)
            elif run in self._parked:
                self._recall(run, command)
            elif run in self._queue:
                self._tell_later(run, command)

    def stop(self, run: str) -> None:
        """End `run`, keeping what it learned; does nothing if it is over."""
        with self._changed:
            if run in self._queue:
                start = self._queue.withdraw(run).start
                self._record(run, Finished(start.step or 0, StopReason.STOPPED))
            elif run in self._parked:
                self._record(run, Finished(self._held_step(run), StopReason.STOPPED))
            elif slot := self._slot_of(run):
                slot.stop(STOP_GRACE_SECONDS)

    def is_stopping(self, run: str) -> bool:
        """Whether `run` was told to stop and is not over yet."""
        with self._changed:
            slot = self._slot_of(run)
            return slot is not None and slot.is_stopping

    def delete(self, run: str) -> None:
        """Hide `run`, until it is restored or removed for good: `RunStore.delete`.

        Raises `StoreError` if it is under way, here or elsewhere.
        """
        with self._changed:  # so that it does not go on meanwhile
            self.store.delete(run)

    def has(self, run: str) -> bool:
        """Whether `run` is in this engine's hands; else another process is its writer."""
        with self._changed:
            return run in self._owners

    def owned_by(self, owner: str) -> list[str]:
        """The runs of a browser that go on, are parked or wait."""
        with self._changed:
            return [run for run, other in self._owners.items() if other == owner]

    @property
    def at_work(self) -> list[str]:
        """The runs that have a worker."""
        with self._changed:
            return [slot.run for slot in self._slots if slot.run]

    def place(self, run: str) -> int | None:
        """How many runs start before `run`, as things are; None if it does not wait."""
        waiting = self.waiting
        return waiting.index(run) if run in waiting else None

    def news(self, seen: int, timeout: float) -> int:
        """How many events were recorded here in all.

        Returns as soon as that is not `seen`, and after `timeout` seconds at the latest.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._recorded != seen or self._closing, timeout)
            return self._recorded

    @property
    def waiting(self) -> list[str]:
        """The runs that wait, in the order in which they will start."""
        with self._changed:
            return [each.key for each in self._queue.order()]

    @property
    def worker_process_ids(self) -> list[int]:
        """The process ids of the workers that there are."""
        return [slot.worker.process_id for slot in self._slots if slot.worker]

    def close(self) -> None:
        """Let the runs that are going on save a snapshot, then end the workers and let go."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            for waiting in self._queue.order():
                self._queue.remove(waiting.key)
                self._record(waiting.key, Finished(waiting.start.step or 0, StopReason.INTERRUPTED))
            for run in list(self._parked):
                self._record(run, Finished(self._held_step(run), StopReason.INTERRUPTED))
            for slot in self._slots:
                if slot.worker is not None:
                    slot.worker.hang_up() if slot.run else slot.worker.kill()
            self._changed.notify_all()
        self.errands.close()
        deadline = time.monotonic() + CLOSE_GRACE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for slot in self._slots:
            if (worker := slot.worker) is not None:
                worker.kill()
        for thread in self._threads:
            thread.join()
        self._claim.release()
        atexit.unregister(self.close)

    def _check_room(self, owner: str) -> None:
        mine, longest = len(self.owned_by(owner)), self.limits.queue_length
        if owner and mine >= self.limits.runs_per_browser:
            raise LimitReached(
                f"{mine} runs of this browser go on or wait already, as many as this server gives "
                "one: stop one, or wait for one to end."
            )
        if len(self._queue) >= longest:
            raise LimitReached(f"{longest} runs are waiting already: try again later.")

    def _check_space(self) -> None:
        """Looks at every run's files: not to be done while others wait for this engine."""
        self.store.purge()
        stored, allowed = sum(self.store.sizes().values()), self.limits.stored_mb << 20
        if stored >= allowed:
            raise LimitReached(
                f"The stored runs take {stored >> 20:,} MB, and this server keeps "
                f"{self.limits.stored_mb:,} MB: delete runs that nobody needs, on the page Runs."
            )

    def _bounded(self, run: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """`changes`, with an end that this server allows."""
        config = self.store.state(run).config.adjusted(changes)
        bounded = self.limits.bounded(config)
        if bounded == config:
            return changes
        return {**changes, "max_seconds": bounded.max_seconds}

    def _wait(self, run: str, owner: str, start: Start) -> None:
        self.unrecorded.pop(run, None)
        self._owners[run] = owner
        self._queue.add(run, owner, start)
        self._changed.notify_all()

    def _slot_of(self, run: str) -> Slot | None:
        return next((slot for slot in self._slots if slot.run == run), None)

    def _recall(self, run: str, command: Command) -> None:
        """Let a parked run wait for a worker, before those that had none yet."""
        state = self.store.state(run)
        if not self._record(run, Recalled(state.held_step)):
            return
        self._parked.discard(run)
        self._queue.put_first(
            run, self._owners[run], Start(state.config, state.saved_step, is_paused=True)
        )
        self._tell_later(run, command)
        self._changed.notify_all()

    def _tell_later(self, run: str, command: Command) -> None:
        """Keep a command for a run that goes on from a pause once it has a worker."""
        for waiting in self._queue.order():
            start = waiting.start
            if waiting.key == run and start.is_paused:
                _check_unheard(len(start.commands))
                self._queue.change(run, replace(start, commands=(*start.commands, command)))

    def _held_step(self, run: str) -> int:
        try:
            return self.store.state(run).held_step
        except StoreError:
            return 0

    def _serve(self, slot: Slot) -> None:
        """A recorder thread: one worker after the other, whatever happens to one of them."""
        while not self._closing:
            if slot.index and not self._wait_for_work():  # only the first is warm before that
                return
            try:
                self._employ(slot)
            except Exception as error:  # else nobody would train here any more
                _log.exception("The recorder of the run %s broke off", slot.run)
                self._clean_up(slot, error)
                self._rest()

    def _employ(self, slot: Slot) -> None:
        """One worker, from its start to its end, and the runs that it takes."""
        worker, ending = self._hired(slot)
        if worker is None:
            self._next_job(slot)
            self._lose(slot, ending)
            self._rest()
            return
        done = 0
        while (job := self._next_job(slot)) and self._follow(slot, worker, job):
            done += 1
            if self._is_worn(worker, done):
                break
        self._lose(slot, worker.end())

    def _hired(self, slot: Slot) -> tuple[Worker | None, str]:
        """A worker that is ready; else why there is none."""
        log = self.store.home / (f"worker-{slot.index}.log" if slot.index else "worker.log")
        try:
            worker = Worker(self._command, log, self.limits.environment_of(slot.index))
        except Exception as error:  # no process, no file handle, no memory, no thread
            return None, f"it could not be started ({reason(error)})"
        with self._changed:
            slot.worker = worker
            if self._closing:
                worker.kill()
        if isinstance(worker.receive(), Ready):
            return worker, ""
        ending = worker.end()
        with self._changed:
            slot.worker = None
            return None, slot.verdict or ending

    def _lose(self, slot: Slot, ending: str) -> None:
        """Its worker is gone. A run of which that never said a word waits for the next one."""
        with self._changed:
            job, slot.worker = slot.job, None
            if job is None:
                slot.clear()
                return
            end = self._end_of(job, slot, slot.verdict or ending)
            if end is None:
                start = replace(job.start, commands=(*job.start.commands, *slot.late))
                slot.clear()
                self._queue.put_first(job.key, job.owner, start)
                self._changed.notify_all()  # another slot's worker may be there for it
                return
        self._record(job.key, end)

    def _end_of(self, job: Waiting[Start], slot: Slot, ending: str) -> Event | None:
        """How a run ends whose worker is gone; None if it does not."""
        if slot.has_reported:
            return endings.broken_off(ending)
        if slot.is_stopping or self._closing:
            why = StopReason.STOPPED if slot.is_stopping else StopReason.INTERRUPTED
            return Finished(job.start.step or 0, why)
        tries = slot.count_try(job.key)
        return endings.never_begun(ending, tries) if tries >= MOST_TRIES else None

    def _clean_up(self, slot: Slot, error: Exception) -> None:
        """Be as if nothing had gone on in `slot`; a run that did has failed."""
        job, worker = slot.job, slot.worker
        if worker is not None:
            worker.discard()
        with self._changed:
            slot.worker = None
            if job is None:
                slot.clear()
        if job is not None:
            self._record(job.key, endings.mishap(error))

    def _rest(self) -> None:
        """Wait until what went wrong may have passed, or the engine closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            return not self._closing

    def _is_worn(self, worker: Worker, done: int) -> bool:
        """Whether a worker should make room for a fresh one before it grows."""
        too_large = worker.resident_bytes > self.limits.worker_mb << 20
        return too_large or done >= self.limits.worker_runs

    def _next_job(self, slot: Slot) -> Waiting[Start] | None:
        """Wait for the first run in the queue; None once the engine closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            if not self._closing:
                slot.job = self._queue.take()
                if slot.worker is not None:
                    slot.worker.expect()
            return slot.job

    def _follow(self, slot: Slot, worker: Worker, job: Waiting[Start]) -> bool:
        """Give a run to the worker and record it to its end; False if the worker has ended."""
        run, start = job.key, job.start
        bundle = None
        if start.step is not None:
            try:
                content = self.store.snapshot_path(run, start.step).read_bytes()
            except OSError as error:
                self._record(run, endings.not_there(error))
                return True
            bundle = np.frombuffer(content, np.uint8)
        with self._changed:  # whoever tells it something now is heard after that
            slot.give(start, bundle)
        while (event := worker.receive()) is not None:
            with self._changed:
                slot.note(cast(Event, event))
            if not self._record(run, cast(Event, event)):
                worker.kill()  # what cannot be recorded is not worth training
                return False
            if isinstance(event, Parked):
                self._park(slot, run)
            if isinstance(event, Finished | Failed | Parked):
                return True
        return False

    def _park(self, slot: Slot, run: str) -> None:
        """Let go of a run that is saved; what it was told too late, it hears when recalled."""
        with self._changed:
            late = slot.late
            slot.clear()
            self._parked.add(run)
            try:
                for command in late:
                    self.stop(run) if isinstance(command, Stop) else self.tell(run, command)
            except (StoreError, ConfigError) as error:
                self._record(run, endings.mishap(error))

    def _record(self, run: str, event: Event) -> bool:
        """Write down `event`; False if that cannot be done: then the run has failed for that.

        What even the store does not come to know is kept in `unrecorded`.
        """
        is_over, failed = isinstance(event, Finished | Failed), None
        try:
            self.store.append(run, event)
        except Exception as error:
            if not isinstance(error, StoreError):
                _log.exception("An event of the run %s was not recorded", run)
            failed = endings.not_recorded(error)
            try:
                self.store.append(run, failed)
            except Exception:  # mostly for the same reason
                self.unrecorded.setdefault(run, failed)
        if is_over or failed:
            self._let_go(run)
        with self._changed:
            self._recorded += 1
            self._changed.notify_all()
        return failed is None

    def _let_go(self, run: str) -> None:
        """The run is over: nobody here has it in hand any more."""
        self.store.release(run)
        with self._changed:
            if slot := self._slot_of(run):
                slot.clear()
            if run in self._queue:
                self._queue.remove(run)
            self._parked.discard(run)
            self._owners.pop(run, None)
            self._changed.notify_all()

    def _watch(self) -> None:
        """End workers that do not answer; let paused runs make room for those that wait."""
        while not self._closing:
            pause = WATCH_SECONDS
            with self._changed:
                for slot in self._slots:
                    try:
                        self._look_after(slot, time.monotonic())
                    except Exception:  # else nobody would watch any more
                        _log.exception("A look at a worker broke off")
                        pause = RETRY_SECONDS
                self._changed.wait_for(lambda: self._closing, pause)

    def _look_after(self, slot: Slot, now: float) -> None:
        if slot.is_silent(now, self.limits.silent_seconds):
            limit = f"{self.limits.silent_seconds:.0f}"
            slot.end_worker(f"it had said nothing for {limit} seconds, and was ended")
        elif slot.is_stuck(now):
            limit = f"{STOP_GRACE_SECONDS:.0f}"
            slot.end_worker(f"it did not stop within {limit} seconds, and was ended")
        elif self._queue and slot.is_idle(now, self.limits.pause_seconds):
            slot.ask_to_park()


def _check_unheard(count: int) -> None:
    if count >= MOST_UNHEARD:
        raise LimitReached(
            f"This run has {count:,} commands before it that it has not heard yet: wait until it "
            "answers, or stop it."
        )
