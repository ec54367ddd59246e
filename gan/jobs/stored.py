"""Stored jobs: what is done with a run beside training it, and kept with it.

They have a lane of their own, so that one goes on beside a training, in a process of its own. The
server's store is their record: whatever they report is there before anybody is told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

import numpy as np

from gan.jobs import machine
from gan.jobs.client import WorkerLoss
from gan.jobs.kinds import KINDS
from gan.jobs.lane import Lane
from gan.jobs.policy import FOR_STORED, Policy
from gan.jobs.process import Worker
from gan.jobs.queue import Start
from gan.messages.codec import Sent
from gan.messages.events import Failed
from gan.messages.jobs import AboutRun, Cancelled, Job, JobEvent, Working
from gan.runs import library
from gan.runs.errors import StoreError, reason
from gan.runs.jobs import JobState, JobStatus
from gan.runs.store import RunStore

_log: Final = logging.getLogger(__name__)


class StoredJobs:
    """Does the jobs that the record keeps, one at a time. Thread-safe; owned by an engine."""

    def __init__(
        self, store: RunStore, command: Sequence[str] = (), policy: Policy = FOR_STORED
    ) -> None:
        self.store = store
        log, command = store.home / "jobs.log", command or policy.command
        self.lane: Lane[JobState] = Lane(
            policy, self, lambda _: Worker(command, log, machine.beside_trainings())
        )
        self._changed = self.lane.changed
        self._owners: dict[str, str] = {}
        self._unrecorded: dict[str, Failed] = {}
        """Jobs whose end could not be written down, because the store itself failed."""

    def submit(
        self, kind: str, subject: str, options: Mapping[str, int] | None = None, owner: str = ""
    ) -> str:
        """Queue a job of `kind` about a run that kept a snapshot, or a network that ships.

        Returns its id: that of the one that is open already, if there is one of the same. Raises
        `LimitReached`, `NoSuchRun` for a run without a snapshot, and `StoreError`.
        """
        library.snapshot_path(self.store, library.find(self.store, subject))
        chosen = {**KINDS[kind].options, **(options or {})}
        with self._changed:
            for state in self.store.jobs.of(subject):
                if state.id in self._owners and (state.kind, state.options) == (kind, chosen):
                    return state.id
            mine = list(self._owners.values()).count(owner) if owner else 0
            waiting, most = len(self.lane.queue), self.lane.policy.waiting
            self.lane.check_room(mine, most, is_full=waiting >= most)
            job = self.store.jobs.create(kind, subject, chosen)
            self._owners[job] = owner
            self.lane.wait(job, owner, Start(self.store.jobs.state(job)))
        return job

    def cancel(self, job: str) -> None:
        """End a job that waits or goes on, here or elsewhere; does nothing if it is over."""
        with self._changed:
            if job in self.lane.queue:
                self.lane.queue.withdraw(job)
                self.record(job, Cancelled())
            elif job in self._owners:
                self.lane.stop(job)
            else:
                self.store.jobs.ask_to_end(job)

    def cancel_all(self, subject: str) -> None:
        """End all jobs about a run."""
        for state in self.store.jobs.of(subject):
            self.cancel(state.id)

    def has(self, job: str) -> bool:
        """Whether `job` is in this server's hands; else another process is its writer."""
        with self._changed:
            return job in self._owners

    def is_stopping(self, job: str) -> bool:
        """Whether `job` was told to end and is not over yet."""
        with self._changed:
            slot = self.lane.slot_of(job)
            is_told = slot is not None and slot.is_stopping
        return is_told or self.store.jobs.is_unwanted(job)

    def place(self, job: str) -> int | None:
        """How many jobs come to their end before `job` begins; None if it does not wait."""
        with self._changed:
            place = self.lane.place(job)
            return None if place is None else place + len(self.lane.at_work)

    def of(self, subject: str) -> list[JobState]:
        """The jobs about a run, the newest first, as they stand."""
        return [self._told(state) for state in self.store.jobs.of(subject)]

    def open(self) -> list[JobState]:
        """All jobs that are not over, the newest first."""
        states = map(self._told, self.store.jobs.open())
        return [state for state in states if state.status.is_live]

    def close(self) -> None:
        """End the worker; what waited or went on is interrupted."""
        self.lane.close()

    def job(self, key: str, start: Start[JobState]) -> Job | None:
        """What the worker is given: what the run has learned until now."""
        state = start.what
        try:
            path = library.snapshot_path(self.store, library.find(self.store, state.subject))
            bundle = np.frombuffer(path.read_bytes(), np.uint8)
        except (StoreError, OSError) as error:
            self.record(key, Failed("subject_unreadable", {"reason": reason(error).rstrip(".")}))
            return None
        return Job(state.kind, AboutRun(bundle, state.options))

    def record(self, key: str, event: Sent) -> bool:
        """Write down what a job reports; False if that cannot be done: then it failed for that."""
        failed = None
        try:
            self.store.jobs.append(key, cast(JobEvent, event))
        except Exception as error:
            _log.exception("An event of the job %s was not recorded", key)
            failed = Failed("job_unrecorded", {"reason": reason(error).rstrip(".")})
            self._unrecorded[key] = failed
            self.store.jobs.release(key)
        if failed or not isinstance(event, Working):
            with self._changed:
                self._owners.pop(key, None)
                self.lane.let_go(key)
        return failed is None

    def lost(self, start: Start[JobState], loss: WorkerLoss) -> JobEvent:
        """How a job ends whose worker is gone, or that had none yet."""
        if loss.is_stopping or loss.is_closing:
            return Cancelled(is_interrupted=not loss.is_stopping)
        if not loss.is_started:
            return Failed("job_never_started", {"reason": loss.words})
        return Failed("job_ended", {"reason": loss.words})

    def mishap(self, error: Exception) -> JobEvent:
        """How a job ends over which the lane itself broke off."""
        return Failed("job_mishap", {"reason": reason(error)})

    def look_after(self, now: float) -> None:
        """Cancel what another process asked to end."""
        for job in list(self._owners):
            if self.store.jobs.is_unwanted(job):
                self.cancel(job)

    def _told(self, state: JobState) -> JobState:
        failed = self._unrecorded.get(state.id)
        if failed is None or not state.status.is_live:
            return state
        return replace(state, status=JobStatus.FAILED, failed=failed)
