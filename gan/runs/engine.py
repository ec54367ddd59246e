"""The engine: gives waiting runs to worker processes, records what they report, and ends them."""

from __future__ import annotations

import atexit
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from gan import data
from gan.config import TrainConfig
from gan.events import (
    Adjust,
    Command,
    Event,
    Failed,
    Finished,
    Job,
    Parked,
    Ready,
    Recalled,
    Stop,
    StopReason,
)
from gan.runs import process
from gan.runs.errands import ErrandLane
from gan.runs.errors import StoreError
from gan.runs.limits import LimitReached, Limits
from gan.runs.process import Worker
from gan.runs.queue import FairQueue, Start, Waiting
from gan.runs.slot import Slot
from gan.runs.store import RunStore

WORKER_COMMAND: Final = (sys.executable, "-m", "gan.runs.worker")
STOP_GRACE_SECONDS: Final = 15.0
CLOSE_GRACE_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 0.25


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
        self._slots = [Slot(index) for index in range(self.limits.slots)]
        self._closing = False
        store.recover()
        store.purge()
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

        Raises `gan.data.DataError` if its digits cannot be used, `LimitReached`, or `StoreError`.
        """
        config = self.limits.bounded(config)
        data.check(config)
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
        cannot have, and `LimitReached`.
        """
        if isinstance(command, Adjust):
            self.limits.bounded(self.store.state(run).config.adjusted(command.changes))
        with self._changed:
            if slot := self._slot_of(run):
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
                step = self.store.state(run).held_step
                self._record(run, Finished(step, StopReason.STOPPED))
            elif (slot := self._slot_of(run)) and slot.worker is not None:
                slot.tell(Stop())
                timer = threading.Timer(
                    STOP_GRACE_SECONDS, self._kill_if_stuck, (slot, run, slot.worker)
                )
                timer.daemon = True
                timer.start()

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
                self._queue.change(run, replace(start, commands=(*start.commands, command)))

    def _held_step(self, run: str) -> int:
        try:
            return self.store.state(run).held_step
        except StoreError:
            return 0

    def _serve(self, slot: Slot) -> None:
        """A recorder thread: one worker after the other, for as long as the engine lives."""
        retried = None
        while not self._closing:
            if slot.index and not self._wait_for_work():  # only the first is warm before that
                return
            log = self.store.home / (f"worker-{slot.index}.log" if slot.index else "worker.log")
            environment = self.limits.environment_of(slot.index)
            slot.worker = worker = Worker(self._command, log, environment)
            is_ready = isinstance(worker.receive(), Ready)
            job = self._next_job(slot)
            done = 0
            while job and is_ready and self._follow(slot, worker, job):
                done += 1
                is_worn = self._is_worn(worker, done)
                job = None if is_worn else self._next_job(slot)
            died_idle = is_ready and not slot.has_reported
            ending = worker.end()
            with self._changed:
                slot.worker = slot.run = None
                if job and died_idle and job.key != retried and not self._closing:
                    retried = job.key
                    self._queue.put_first(job.key, job.owner, job.start)  # the next one takes it
                    continue
            if job:
                self._record(job.key, _broken_off(slot.verdict or ending))

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
            slot.clear()
            self._changed.wait_for(lambda: self._queue or self._closing)
            if self._closing:
                return None
            job = self._queue.take()
            slot.run = job.key
            return job

    def _follow(self, slot: Slot, worker: Worker, job: Waiting[Start]) -> bool:
        """Give a run to the worker and record it to its end; False if the worker ended first."""
        run, start = job.key, job.start
        bundle = None
        if start.step is not None:
            try:
                content = self.store.snapshot_path(run, start.step).read_bytes()
            except OSError as error:
                self._record(run, _not_there(error))
                return True
            bundle = np.frombuffer(content, np.uint8)
        with self._changed:  # whoever tells it something now is heard after that
            worker.send(Job(start.config.to_json(), bundle, start.is_paused))
            for command in start.commands:
                worker.send(command)
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
            for command in late:
                self.stop(run) if isinstance(command, Stop) else self.tell(run, command)

    def _record(self, run: str, event: Event) -> bool:
        """Write down `event`; False if the store cannot, which is kept in `unrecorded`."""
        is_over = isinstance(event, Finished | Failed)
        try:
            self.store.append(run, event)
        except StoreError as error:
            self.unrecorded.setdefault(run, Failed(str(error), "Start again once that is mended."))
            is_over = True
            return False
        finally:
            if is_over:
                self.store.release(run)
                with self._changed:
                    self._parked.discard(run)
                    self._owners.pop(run, None)
                    self._changed.notify_all()
        return True

    def _kill_if_stuck(self, slot: Slot, run: str, worker: Worker) -> None:
        with self._changed:
            if slot.run == run and slot.worker is worker:
                worker.kill()

    def _watch(self) -> None:
        """End workers that say nothing; let paused runs make room for those that wait."""
        while not self._closing:
            with self._changed:
                now = time.monotonic()
                for slot in self._slots:
                    if slot.is_silent(now, self.limits.silent_seconds):
                        slot.end_silent(self.limits.silent_seconds)
                    elif self._queue and slot.is_idle(now, self.limits.pause_seconds):
                        slot.ask_to_park()
            time.sleep(WATCH_SECONDS)


def _not_there(error: OSError) -> Failed:
    return Failed(
        f"The snapshot to go on from cannot be read: {error.strerror}.",
        "The run's record is kept. Start it again with the same seed.",
    )


def _broken_off(ending: str) -> Failed:
    return Failed(
        f"The training process ended in the middle of its work: {ending}.",
        "Everything recorded until then is kept, with the last snapshot: go on from there.",
    )
