"""What the time machine shows of a run: its sheets by address, its curves, its notable steps."""

from __future__ import annotations

from gan.runs.notable import moments
from gan.runs.state import RunState
from gan.server import sheets
from gan.view.components.timeline import Timeline
from gan.view.figures import timeline_curves
from gan.view.state import context
from gan.words.notable import happened
from gan.words.text import legible


def timeline(state: RunState) -> Timeline:
    """The timeline of a run that has drawn something."""
    assert state.samples is not None
    first_of_step: dict[int, int] = {}  # a pause, or going on, shows the same digits again
    for place, step in context().sample_places(state):
        first_of_step.setdefault(step, place)
    labels = state.config.family.labels
    return Timeline(
        name=legible(state.name),
        is_live=state.status.is_live,
        folder=sheets.folder(state.id),
        sheets=[(place, step) for step, place in first_of_step.items()],
        digits=len(state.samples.images),
        columns=state.config.sample_columns,
        clock=timeline_curves.clock(state),
        curves=timeline_curves.curves(state),
        notable=[(moment.step, happened(moment, labels)) for moment in moments(state)],
        snapshots=[saved.step for saved in state.saved if saved.can_go_on],
    )
