"""The queue: gives runs to a warm worker process, records what it reports, and ends it."""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

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
    MessageError,
    Ready,
    Stop,
    StopReason,
    read,
    write,
)
from gan.runs.errors import StoreError
from gan.runs.store import RunStore

ROOT: Final = Path(__file__).parents[2]
WORKER_COMMAND: Final = (sys.executable, "-m", "gan.runs.worker")
MAX_QUEUE: Final = 20
STOP_GRACE_SECONDS: Final = 15.0
CLOSE_GRACE_SECONDS: Final = 10.0


class QueueFull(RuntimeError):
    """Too many runs are waiting."""


class Worker:
    """One worker process and the two pipes to it."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=ROOT,
                start_new_session=True,  # a Ctrl-C in the server's terminal is not for it
            )
        self.inbox = cast(IO[bytes], self._process.stdin)
        self.outbox = cast(IO[bytes], self._process.stdout)

    @property
    def process_id(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    def send(self, message: Job | Command) -> None:
        """Tell the worker something; one that has died will be noticed where it is read from."""
        try:
            write(self.inbox, message)
        except (BrokenPipeError, ValueError):
            pass

    def receive(self) -> Event | Ready | None:
        """What the worker says next; None once it has ended or talks nonsense."""
        try:
            return cast(Event | Ready | None, read(self.outbox))
        except (MessageError, OSError):
            return None

    def hang_up(self) -> None:
        """Close its input: it saves a snapshot if a run is going on, and ends."""
        try:
            self.inbox.close()
        except BrokenPipeError:
            pass

    def end(self, grace: float = 1.0) -> str:
        """Wait `grace` seconds for the process to end, then kill it; says how it ended."""
        self.hang_up()
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self.outbox.close()
        if code < 0:
            return f"it was ended by signal {-code}"
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return f"exit code {code}" + (f", last words: {lines[-1]}" if lines else "")

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()


class Engine:
    """Runs one job at a time, in order. Thread-safe; one per store (`RunStore.claim`)."""

    def __init__(self, store: RunStore, command: Sequence[str] = WORKER_COMMAND) -> None:
        self.store = store
        self.unrecorded: dict[str, Failed] = {}
        """Runs whose end could not be written down, because the store itself failed."""
        self._claim = store.claim()
        self._command = command
        self._changed = threading.Condition()
        self._waiting: dict[str, _Start] = {}
        self._current: str | None = None
        self._worker: Worker | None = None
        self._closing = self._has_reported = False
        store.recover()
        store.purge()
        self._thread = threading.Thread(target=self._serve, name="recorder", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def submit(self, config: TrainConfig, name: str) -> str:
        """Queue a run; returns its id.

        Raises `gan.data.DataError` if its digits cannot be used, `QueueFull`, or `StoreError`.
        """
        data.check(config)
        with self._changed:
            self._check_room()
            run = self.store.create(config, name)
            self._wait(run, _Start(config))
        return run

    def go_on(self, run: str, changes: Mapping[str, Any]) -> None:
        """Queue `run`, which is over, to go on from its last snapshot: `RunStore.go_on`."""
        with self._changed:
            self._check_room()
            state = self.store.go_on(run, changes)
            self._wait(run, _Start(state.config, state.saved_step))

    def branch(self, run: str, step: int, changes: Mapping[str, Any], name: str) -> str:
        """Queue a branch of `run` from its snapshot of `step`; returns its id."""
        with self._changed:
            self._check_room()
            state = self.store.branch(run, step, changes, name)
            self._wait(state.id, _Start(state.config, state.saved_step))
        return state.id

    def tell(self, run: str, command: Command) -> None:
        """Send `command` to `run`; does nothing if it is not under way here.

        Raises `ConfigError` for an `Adjust` that the run's config cannot have.
        """
        if isinstance(command, Adjust):
            self.store.state(run).config.adjusted(command.changes)
        with self._changed:
            if run == self._current and self._worker is not None:
                self._worker.send(command)

    def _check_room(self) -> None:
        if len(self._waiting) >= MAX_QUEUE:
            raise QueueFull(f"{MAX_QUEUE} runs are waiting already: stop one, or try later.")

    def _wait(self, run: str, start: _Start) -> None:
        self._waiting[run] = start
        self._changed.notify_all()

    def stop(self, run: str) -> None:
        """End `run`, keeping what it learned; does nothing if it is over."""
        with self._changed:
            if run in self._waiting:
                self._record(run, Finished(self._waiting.pop(run).step or 0, StopReason.STOPPED))
            elif run == self._current and self._worker is not None:
                self._worker.send(Stop())
                worker = self._worker
                timer = threading.Timer(STOP_GRACE_SECONDS, self._kill_if_stuck, (run, worker))
                timer.daemon = True
                timer.start()

    def has(self, run: str) -> bool:
        """Whether `run` is in this engine's hands; else another process is its writer."""
        with self._changed:
            return run == self._current or run in self._waiting

    def place(self, run: str) -> int | None:
        """How many runs `run` has to wait for; None if it is not waiting."""
        with self._changed:
            if run not in self._waiting:
                return None
            return list(self._waiting).index(run) + (self._current is not None)

    @property
    def waiting(self) -> int:
        """How many runs wait."""
        with self._changed:
            return len(self._waiting)

    @property
    def worker_process_id(self) -> int | None:
        """The process id of the worker, while there is one."""
        worker = self._worker
        return worker.process_id if worker else None

    def close(self) -> None:
        """Let the run that is going on save a snapshot, then end the worker and let go."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            for run, start in self._waiting.items():
                self._record(run, Finished(start.step or 0, StopReason.INTERRUPTED))
            self._waiting.clear()
            if self._worker is not None:
                self._worker.hang_up() if self._current else self._worker.kill()
            self._changed.notify_all()
        self._thread.join(CLOSE_GRACE_SECONDS)
        if (worker := self._worker) is not None:
            worker.kill()
            self._thread.join()
        self._claim.release()
        atexit.unregister(self.close)

    def _serve(self) -> None:
        """The recorder thread: one worker after the other, for as long as the engine lives."""
        retried = None
        while not self._closing:
            self._worker = worker = Worker(self._command, self.store.home / "worker.log")
            is_ready = isinstance(worker.receive(), Ready)
            job = self._next_job()
            while job and is_ready and self._follow(worker, *job):
                job = self._next_job()
            died_idle = is_ready and not self._has_reported
            ending = worker.end()
            with self._changed:
                self._worker = self._current = None
                if job and died_idle and job[0] != retried and not self._closing:
                    retried = job[0]
                    self._waiting = dict([job]) | self._waiting  # the next worker takes it
                    continue
            if job:
                self._record(job[0], _broken_off(ending))

    def _next_job(self) -> tuple[str, _Start] | None:
        """Wait for the first run in the queue; None once the engine closes."""
        with self._changed:
            self._current, self._has_reported = None, False
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._closing:
                return None
            run = self._current = next(iter(self._waiting))
            return run, self._waiting.pop(run)

    def _follow(self, worker: Worker, run: str, start: _Start) -> bool:
        """Give `run` to the worker and record it to its end; False if the worker ended first."""
        bundle = None
        if start.step is not None:
            try:
                content = self.store.snapshot_path(run, start.step).read_bytes()
            except OSError as error:
                self._record(run, _not_there(error))
                return True
            bundle = np.frombuffer(content, np.uint8)
        worker.send(Job(start.config.to_json(), bundle))
        while (event := worker.receive()) is not None:
            self._has_reported = True
            if not self._record(run, cast(Event, event)):
                worker.kill()  # what cannot be recorded is not worth training
                return False
            if isinstance(event, Finished | Failed):
                return True
        return False

    def _record(self, run: str, event: Event) -> bool:
        """Write down `event`; False if the store cannot, which is kept in `unrecorded`."""
        try:
            self.store.append(run, event)
        except StoreError as error:
            self.unrecorded.setdefault(run, Failed(str(error), "Start again once that is mended."))
            return False
        finally:
            if isinstance(event, Finished | Failed):
                self.store.release(run)
        return True

    def _kill_if_stuck(self, run: str, worker: Worker) -> None:
        if self._current == run and self._worker is worker:
            worker.kill()


@dataclass(frozen=True, slots=True)
class _Start:
    """How a waiting run begins: from nothing, or from its snapshot of `step`."""

    config: TrainConfig
    step: int | None = None


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
