"""Stored jobs in a stream: what of them a page depends on, and what is pushed while one is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gan.runs import library
from gan.runs.jobs import JobState, JobStatus
from gan.runs.state import RunState
from gan.server.stream import Parts
from gan.view.components import live
from gan.view.state import context
from gan.words.progress import doing
from gan.words.text import legible


def about(state: RunState) -> list[JobState]:
    """The jobs about a run, the newest first. Raises `StoreError`."""
    return [] if library.is_lesson(state) else context().engine.stored.of(state.id)


def open_ones() -> list[JobState]:
    """All jobs that are not over. Raises `StoreError`."""
    return context().engine.stored.open()


def part_of(job: JobState) -> str:
    """The part that tells how far a job is, while it is open."""
    return f"job:{job.id}"


def version(jobs: Sequence[JobState]) -> tuple[Any, ...]:
    """What of jobs the script of a page depends on."""
    stored = context().engine.stored if jobs else None
    return tuple((job.id, job.status, stored and stored.is_stopping(job.id)) for job in jobs)


def parts(jobs: Sequence[JobState]) -> Parts:
    """How far each of those is that are open."""
    return {
        part_of(job): live.encode_standing(job.working.share if job.working else 0.0, standing(job))
        for job in jobs
        if job.status.is_live
    }


def standing(job: JobState) -> str:
    """Where an open job stands, in a sentence."""
    stored = context().engine.stored
    if stored.is_stopping(job.id):
        return "It is being cancelled."
    if job.status is JobStatus.WORKING and job.working:
        return f"{legible(doing(job.working))} ..."
    match stored.place(job.id):
        case None:
            return "It begins in a moment."
        case 0:
            return "It is the next one, and begins in a moment."
        case 1:
            return "One other job comes before it."
        case before:
            return f"{before} other jobs come before it."
