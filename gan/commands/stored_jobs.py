"""The command about jobs beside trainings: which there are, what came of them, and their end."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any, Final

from gan.commands.arguments import Add
from gan.commands.terminal import UsageError
from gan.jobs import kinds
from gan.runs.jobs import JobState, JobStatus
from gan.runs.store import RunStore, default_home
from gan.words.failures import failure
from gan.words.progress import doing
from gan.words.text import legible

CANCEL_SECONDS: Final = 15.0
"""How long a job has to end when told to."""
_LOOK_SECONDS: Final = 0.1


def declare(add: Add) -> None:
    """The arguments of this command."""
    adding = add(jobs)
    adding.add_argument("--json", action="store_true")
    adding.add_argument(
        "--cancel", metavar="JOB", help="end a job that waits or goes on, wherever it does"
    )


def jobs(options: argparse.Namespace) -> None:
    """List what was done with runs beside training them, newest first, and what came of it."""
    store = RunStore(default_home())
    store.recover()
    if options.cancel:
        _cancel(store, options.cancel)
        return
    found = store.jobs.all()
    if options.json:
        print(json.dumps([_summary(job) for job in found], indent=2))
        return
    if not found:
        print("No jobs yet. Judge a run: python -m gan evaluate RUN")
    for job in found:
        kind = kinds.KINDS.get(job.kind)
        label = kind.label if kind else job.kind
        print(f"{job.id}  {label:<16}  {job.subject:<16}  {job.status:<11}  {_words(job)}".rstrip())


def _cancel(store: RunStore, job: str) -> None:
    if not store.jobs.state(job).status.is_live:
        raise UsageError(f"The job {job} is over: there is nothing to cancel.")
    store.jobs.ask_to_end(job)
    deadline = time.monotonic() + CANCEL_SECONDS
    while (state := store.jobs.state(job)).status.is_live and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    if state.status is JobStatus.CANCELLED:
        print(f"The job {job} was cancelled.")
    elif state.status.is_live:
        print(f"The job {job} was told to end, and is not over yet.")
    else:
        print(f"The job {job} had come to its end before it heard of it: {state.status}.")


def _words(job: JobState) -> str:
    """How far a job is, or what came of it, in a line."""
    if job.status.is_live:
        return f"{job.working.share:.0%} {legible(doing(job.working))}" if job.working else ""
    if job.failed:
        return legible(failure(job.failed).error)
    return legible(kinds.in_a_line(job.kind, job.result)) if job.status is JobStatus.DONE else ""


def _summary(job: JobState) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "subject": job.subject,
        "options": dict(job.options),
        "status": job.status,
        "created": job.created,
        "ended": job.ended or None,
        "share": job.working.share if job.working else 0.0,
        "result": dict(job.result) or None,
        "error": failure(job.failed).error if job.failed else None,
    }
