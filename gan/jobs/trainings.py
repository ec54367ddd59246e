"""Trainings: runs wait, learn, are paused, parked and recalled; what they report is recorded."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

import numpy as np

from gan.data import datasets
from gan.jobs import endings
from gan.jobs.client import WorkerLoss
from gan.jobs.lane import Lane
from gan.jobs.limits import LimitReached, Limits
from gan.jobs.process import Worker
from gan.jobs.queue import Start
from gan.jobs.shown import Shown
from gan.messages.codec import Sent
from gan.messages.commands import Adjust, Command, Stop
from gan.messages.events import Event, Failed, Finished, Parked, Recalled
from gan.messages.jobs import Job, Train
from gan.messages.status import StopReason
from gan.runs.errors import HOME_VARIABLE, StoreError
from gan.runs.store import RunStore
from gan.settings.config import ConfigError, TrainConfig

MOST_UNHEARD: Final = 1000
"""Commands that a run's worker may have before it, unread."""
_log: Final = logging.getLogger(__name__)


class Trainings:
    """Has as many runs learn at a time as there are slots. Thread-safe."""

    def __init__(self, store: RunStore, command: Sequence[str], limits: Limits) -> None:
        self.store = store
        self.unrecorded: dict[str, Failed] = {}
        """Runs whose end could not be written down, because the store itself failed."""
        self._limits = limits
        self._owners: dict[str, str] = {}
        self._begun: Counter[str] = Counter()
        """Runs that owners have asked for and that are not recorded yet."""
        self._parked: set[str] = set()
        self._shown, self._recorded = Shown(), 0
        command = command or limits.policy.command

        def hire(slot: int) -> Worker:
            log = store.home / (f"worker-{slot}.log" if slot else "worker.log")
            home = {HOME_VARIABLE: str(store.home)}
            return Worker(command, log, home | limits.environment_of(slot))

        self.lane: Lane[TrainConfig] = Lane(limits.policy, self, hire)
        self._changed = self.lane.changed

    @property
    def limits(self) -> Limits:
        """What this server allows."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._limits, self.lane.policy = limits, limits.policy

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

    def show(self, config: TrainConfig, owner: str) -> None:
        """The browser `owner` looks at `config`, and may start it: let a worker get ready."""
        with self._changed:
            self._shown.show(config, owner)
        self.lane.warm()

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
        """Queue a branch of `run` from its snapshot of `step`; returns its id.

        Nobody waits meanwhile: where files cannot be shared, many of them are copied.
        """
        self._check_space()
        with self._room_kept(owner):
            state = self.store.branch(run, step, self._bounded(run, changes), name)
            with self._changed:
                self._wait(state.id, owner, Start(state.config, state.saved_step))
        return state.id

    def tell(self, run: str, command: Command) -> None:
        """Send `command` to `run`; does nothing if it is not under way here.

        A parked run is queued for it. Raises `ConfigError` for an `Adjust` that the run's config
        cannot have, and `LimitReached`, also for what the run does not come to hear.
        """
        if isinstance(command, Adjust):
            self.limits.bounded(self.store.state(run).config.adjusted(command.changes))
        with self._changed:
            if slot := self.lane.slot_of(run):
                _check_unheard(slot.unheard)
                slot.tell(command)
            elif run in self._parked:
                self._recall(run, command)
            elif run in self.lane.queue:
                self._tell_later(run, command)

    def stop(self, run: str) -> None:
        """End `run`, keeping what it learned; does nothing if it is over."""
        with self._changed:
            if run in self.lane.queue:
                start = self.lane.queue.withdraw(run).start
                self.record(run, Finished(start.step or 0, StopReason.STOPPED))
            elif run in self._parked:
                self.record(run, Finished(self._held_step(run), StopReason.STOPPED))
            else:
                self.lane.stop(run)

    def is_stopping(self, run: str) -> bool:
        """Whether `run` was told to stop and is not over yet."""
        with self._changed:
            slot = self.lane.slot_of(run)
            return slot is not None and slot.is_stopping

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
        return self.lane.at_work

    @property
    def waiting(self) -> list[str]:
        """The runs that wait, in the order in which they will start."""
        return self.lane.waiting

    def place(self, run: str) -> int | None:
        """How many runs start before `run`, as things are; None if it does not wait."""
        return self.lane.place(run)

    @property
    def worker_process_ids(self) -> list[int]:
        """The process ids of the workers that there are."""
        return self.lane.worker_process_ids

    def news(self, seen: int, timeout: float) -> int:
        """How many events were recorded here in all.

        Returns as soon as that is not `seen`, and after `timeout` seconds at the latest.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._recorded != seen or self.lane.is_closing, timeout)
            return self._recorded

    def job(self, key: str, start: Start[TrainConfig]) -> Job | None:
        """What a worker is given: the run's config, and the snapshot from which it goes on."""
        bundle = None
        if start.step is not None:
            try:
                content = self.store.snapshot_path(key, start.step).read_bytes()
            except OSError as error:
                self.record(key, endings.not_there(error))
                return None
            bundle = np.frombuffer(content, np.uint8)
        return Job("train", Train(start.what.to_json(), bundle, start.is_paused))

    def record(self, key: str, event: Sent) -> bool:
        """Write down an event of a run; False if that cannot be done: then it failed for that.

        What even the store does not come to know is kept in `unrecorded`.
        """
        run, is_over, failed = key, isinstance(event, Finished | Failed), None
        try:
            self.store.append(run, cast(Event, event))
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
        elif isinstance(event, Parked):
            self._park(run)
        with self._changed:
            self._recorded += 1
            self._changed.notify_all()
        return failed is None

    def _let_go(self, run: str) -> None:
        """The run is over: nobody here has it in hand any more."""
        self.store.release(run)
        with self._changed:
            self._parked.discard(run)
            self._owners.pop(run, None)
            self.lane.let_go(run)

    def lost(self, start: Start[TrainConfig], loss: WorkerLoss) -> Event:
        """How a run ends whose worker is gone, or that had none yet."""
        if not loss.has_reported and (loss.is_stopping or loss.is_closing):
            why = StopReason.STOPPED if loss.is_stopping else StopReason.INTERRUPTED
            return Finished(start.step or 0, why)
        return endings.lost(loss.words, loss.tries, loss.is_started)

    def mishap(self, error: Exception) -> Event:
        """How a run ends over which the lane itself broke off."""
        return endings.mishap(error)

    def look_after(self, now: float) -> None:
        """Tell the worker that is next what people may start."""
        self._shown.tell(self.lane.first_free, now)

    def _check_space(self) -> None:
        """Looks at every run's files: not to be done while others wait for this engine."""
        self.limits.check_space(sum(self.store.sizes().values()))

    def _check_room(self, owner: str) -> None:
        mine = len(self.owned_by(owner)) + self._begun[owner] if owner else 0
        waiting = len(self.lane.queue) + sum(self._begun.values())
        self.lane.check_room(mine, self.limits.queue_length, waiting >= self.limits.queue_length)

    @contextmanager
    def _room_kept(self, owner: str) -> Iterator[None]:
        """Count a run in that is not recorded yet, so that others do not take its place."""
        with self._changed:
            self._check_room(owner)
            self._begun[owner] += 1
        try:
            yield
        finally:
            with self._changed:
                self._begun[owner] -= 1

    def _bounded(self, run: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """`changes`, with an end that this server allows."""
        return self.limits.bounded_changes(self.store.state(run).config, changes)

    def _wait(self, run: str, owner: str, start: Start[TrainConfig]) -> None:
        self.unrecorded.pop(run, None)
        self._owners[run] = owner
        if self.lane.is_closing:
            self.record(run, self.lost(start, WorkerLoss(is_closing=True)))
        else:
            self.lane.wait(run, owner, start)

    def _park(self, run: str) -> None:
        """Let go of a run that is saved; what it was told too late, it hears when recalled."""
        with self._changed:
            slot = self.lane.slot_of(run)
            late = slot.late if slot else []
            self.lane.let_go(run)
            self._parked.add(run)
            try:
                for command in late:
                    self.stop(run) if isinstance(command, Stop) else self.tell(run, command)
            except (StoreError, ConfigError) as error:
                self.record(run, endings.mishap(error))

    def _recall(self, run: str, command: Command) -> None:
        """Let a parked run wait for a worker, before those that had none yet."""
        state = self.store.state(run)
        if not self.record(run, Recalled(state.held_step)):
            return
        self._parked.discard(run)
        self.lane.wait_first(
            run, self._owners[run], Start(state.config, state.saved_step, is_paused=True)
        )
        self._tell_later(run, command)

    def _tell_later(self, run: str, command: Command) -> None:
        """Keep a command for a run that goes on from a pause once it has a worker."""
        for waiting in self.lane.queue.order():
            start = waiting.start
            if waiting.key == run and start.is_paused:
                _check_unheard(len(start.commands))
                self.lane.queue.change(run, replace(start, commands=(*start.commands, command)))

    def _held_step(self, run: str) -> int:
        try:
            return self.store.state(run).held_step
        except StoreError:
            return 0


def _check_unheard(count: int) -> None:
    if count >= MOST_UNHEARD:
        raise LimitReached(
            f"This run has {count:,} commands before it that it has not heard yet: wait until it "
            "answers, or stop it."
        )
