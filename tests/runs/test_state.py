"""What is known of a run that its digits ended, and how it goes on."""

from __future__ import annotations

from gan.messages.events import Continued, Finished, Progress, Saved
from gan.messages.status import RunStatus, StopReason
from gan.runs.state import RunState
from gan.settings.config import TrainConfig

REPORTS = [Progress(step, 8 * step, step / 10, 1.0, 1.0, 0.5, 0.5, 80.0) for step in (50, 100)]


def _ended(reason: StopReason) -> RunState:
    config = TrainConfig(max_seconds=60.0, target_distance=4.0)
    state = RunState("a", "a", config, created=0.0)
    events = [REPORTS[0], Saved(50, 50), REPORTS[1], Saved(100, 100), Finished(100, reason)]
    return state.after(enumerate(events, start=1))


def test_a_run_whose_digits_are_as_good_as_asked_has_finished() -> None:
    assert _ended(StopReason.REACHED).status is RunStatus.FINISHED
    assert _ended(StopReason.REACHED).is_as_good_as_asked
    assert not _ended(StopReason.COMPLETED).is_as_good_as_asked


def test_it_goes_on_to_be_better() -> None:
    """With the target it would end again at once; a branch from before has not reached it."""
    state = _ended(StopReason.REACHED)
    assert state.longer(100) == {"target_distance": None}
    assert state.longer(100, seconds=30.0) == {
        "max_steps": None,
        "max_seconds": 40.0,
        "target_distance": None,
    }
    assert state.longer(50) == {}
    assert _ended(StopReason.STOPPED).longer(100) == {}
    again = state.after([(6, Continued(100, 100))])
    assert (again.status, again.is_as_good_as_asked) == (RunStatus.QUEUED, False)
