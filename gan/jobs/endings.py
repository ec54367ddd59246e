"""Why a run failed that its own worker did not end: what happened, what was kept, what to do."""

from __future__ import annotations

from gan.messages.events import Failed
from gan.runs.errors import StoreError, reason

_KEPT = "Everything recorded until then is kept."


def not_there(error: OSError) -> Failed:
    """The snapshot that the run should have gone on from is lost."""
    return Failed(
        f"The snapshot to go on from cannot be read: {reason(error)}.",
        "The run's record is kept. Start it again with the same seed.",
    )


def broken_off(ending: str) -> Failed:
    """The worker ended before the run did."""
    return Failed(f"The training process ended in the middle of its work: {ending}.", _KEPT)


def never_begun(ending: str, tries: int) -> Failed:
    """No worker could be had, however often that was tried."""
    return Failed(
        f"No training process could begin with this run, {tries} times in a row: {ending}.",
        "What was saved before is kept. Start it again in a while; python -m gan doctor looks for "
        "what is wrong with this computer.",
    )


def lost(ending: str, tries: int, is_started: bool) -> Failed:
    """The worker of a run is gone: it was in the middle of it, or never came to it."""
    if not is_started:
        ending = f"it could not be started ({ending})"
    return never_begun(ending, tries) if tries else broken_off(ending)


def mishap(error: Exception) -> Failed:
    """The server itself broke off."""
    return Failed(f"This server could not go on with the run: {reason(error)}.", _KEPT)


def not_recorded(error: Exception) -> Failed:
    """What the run reported could not be written down."""
    if isinstance(error, StoreError):
        return Failed(str(error), "Start again once that is mended.")
    return Failed(
        f"What the run reported could not be recorded: {reason(error)}.",
        "Everything recorded before is kept.",
    )
