"""Why a run or a job failed, in words: what happened, what was kept and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gan.words.codes import AS_TOLD, Coded, filled


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure, as people are told of it."""

    error: str
    """What happened."""
    hint: str = ""
    """What was kept, and what to do."""

    def __str__(self) -> str:
        return f"{self.error} {self.hint}".strip()


_KEPT: Final = "Everything recorded until then is kept."
_MENDED: Final = "Start again once that is mended."
_UNCHANGED: Final = "Nothing was changed. Ask again; if it happens again, report it."
_NETWORK: Final = "Choose another network, or another snapshot of this one."
_PICTURES: Final = "Choose a run whose pictures are on this server."
_AGAIN: Final = "Nothing else was lost. Start it again: a new process begins with it."
FAILURES: Final[Mapping[str, Failure]] = {
    AS_TOLD: Failure("{error}", "{hint}"),
    # Of a training.
    "settings_refused": Failure("{reason}", "Change the settings and start again."),
    "training_memory": Failure(
        "Out of memory: {reason}", "Choose a smaller batch or a smaller network."
    ),
    "training_stopped": Failure(
        "The training code stopped unexpectedly: {reason}",
        "What was saved before is kept. Start again; if it happens again, report it.",
    ),
    "not_finite": Failure(
        "At step {step} a loss or weight stopped being a finite number: the updates had grown "
        "until the numbers overflowed.",
        "Lower the learning rates (ten times is a good first try), or keep D and G equal.",
    ),
    "snapshot_unreadable": Failure(
        "The snapshot to go on from cannot be read: {reason}.",
        "The run's record is kept. Start it again with the same seed.",
    ),
    "training_ended": Failure(
        "The training process ended in the middle of its work: {reason}.", _KEPT
    ),
    "training_never_began": Failure(
        "No training process could begin with this run, {tries} times in a row: {reason}.",
        "What was saved before is kept. Start it again in a while; python -m gan doctor looks for "
        "what is wrong with this computer.",
    ),
    "training_never_started": Failure(
        "No training process could begin with this run, {tries} times in a row: it could not be "
        "started ({reason}).",
        "What was saved before is kept. Start it again in a while; python -m gan doctor looks for "
        "what is wrong with this computer.",
    ),
    "run_mishap": Failure("This server could not go on with the run: {reason}.", _KEPT),
    "store_refused": Failure("{reason}", _MENDED),
    "run_unrecorded": Failure(
        "What the run reported could not be recorded: {reason}.",
        "Everything recorded before is kept.",
    ),
    # Of what Explore asks for, and of any other job.
    "network_refused": Failure("{reason}", _NETWORK),
    "pictures_refused": Failure("{reason}", _PICTURES),
    "job_memory": Failure(
        "Out of memory: {reason}", "Try again when fewer people use this server."
    ),
    "job_stopped": Failure("This stopped unexpectedly: {reason}", _UNCHANGED),
    "request_never_started": Failure(
        "This server cannot start a process for this: {reason}.", "Ask again in a minute."
    ),
    "request_ended": Failure(
        "The process that was at work on this ended in the middle of it: {reason}.",
        "Nothing else was lost. Ask again: a new process starts.",
    ),
    "request_mishap": Failure(
        "This server could not go on with this: {reason}.", "Nothing was lost. Ask again."
    ),
    "job_never_started": Failure("This server cannot start a process for this: {reason}.", _AGAIN),
    "job_ended": Failure(
        "The process that was at work on this ended in the middle of it: {reason}.", _AGAIN
    ),
    "job_mishap": Failure("This server could not go on with this: {reason}.", _AGAIN),
    "subject_unreadable": Failure(
        "What the run has learned cannot be read: {reason}.",
        "Nothing was changed. Choose another run.",
    ),
    "judging_broke_off": Failure("The judging broke off: {reason}.", "Start it again."),
    "job_unrecorded": Failure(
        "What the job reported could not be recorded: {reason}.",
        "Start it again once that is mended.",
    ),
    "job_unreadable": Failure(
        "What was recorded of this job cannot be read ({reason}).", "Start it again."
    ),
}
"""By code: what happened and what to do, each a whole sentence with its values in braces."""
_UNKNOWN: Final = Failure(
    "It failed for a reason that only a newer version of this app can tell.", _KEPT
)


def failure(failed: Coded) -> Failure:
    """What people are told of a failure."""
    words = FAILURES.get(failed.code, _UNKNOWN)
    return Failure(filled(words.error, failed), filled(words.hint, failed))
