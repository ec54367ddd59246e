"""Why a run failed that its own worker did not end, as codes of `gan.words.failures`."""

from __future__ import annotations

from gan.messages.events import Failed
from gan.runs.errors import StoreError, reason


def not_there(error: OSError) -> Failed:
    """The snapshot that the run should have gone on from is lost."""
    return Failed("snapshot_unreadable", {"reason": reason(error)})


def lost(ending: str, tries: int, is_started: bool) -> Failed:
    """The worker of a run is gone: it was in the middle of it, or never came to it."""
    if not tries:
        return Failed("training_ended", {"reason": ending})
    code = "training_never_began" if is_started else "training_never_started"
    return Failed(code, {"reason": ending, "tries": tries})


def mishap(error: Exception) -> Failed:
    """The server itself broke off."""
    return Failed("run_mishap", {"reason": reason(error)})


def not_recorded(error: Exception) -> Failed:
    """What the run reported could not be written down."""
    if isinstance(error, StoreError):
        return Failed("store_refused", {"reason": str(error)})
    return Failed("run_unrecorded", {"reason": reason(error)})
