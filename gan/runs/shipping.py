"""What of a run's record ships with the project: all that lasted, thinned until it is small."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import mul
from typing import Any, Final

from gan.messages.codec import encode
from gan.messages.events import (
    Continued,
    Event,
    Failed,
    Finished,
    Preparing,
    Report,
    Samples,
    Started,
)
from gan.messages.jobs import Train

MAX_BYTES: Final = 1_000_000
"""Of a pretrained network's recording, as a file."""
REPORTS_A_STRETCH: Final = 256
"""Reports that are kept of the time in which a run's steps grow by the factor e."""
_RATIO: Final = 1.15
"""By which a run's steps grow from one of its samples to the next, unless there is less room."""
_WIDER: Final = 1.05
_WIDEST: Final = 4.0


def lasting(events: Iterable[Event]) -> list[Event]:
    """The events of a run as if it had never been interrupted: without what was rolled back."""
    kept: list[Event] = []
    goes_on = False
    for event in events:
        if isinstance(event, Continued):
            kept = [before for before in kept if _outlasts(before, event)]
            goes_on = True
        elif not (goes_on and isinstance(event, Preparing | Started)):
            kept.append(event)
    return kept


def fitted(config: str, events: Sequence[Event]) -> list[Event]:
    """As many samples and reports of a run of `config` as `MAX_BYTES` have room for."""
    shortened, ratio = with_fewer_reports(events), _RATIO
    kept = with_fewer_samples(shortened)
    while len(packed(config, kept)) > MAX_BYTES and ratio < _WIDEST:
        ratio *= _WIDER
        kept = with_fewer_samples(shortened, ratio)
    return kept


def with_fewer_samples(events: Sequence[Event], ratio: float = _RATIO) -> list[Event]:
    """All but the samples that follow too close on others to be worth shipping; never the last."""
    kept: list[Event] = []
    last = max(place for place, event in enumerate(events) if isinstance(event, Samples))
    due = 0.0
    for place, event in enumerate(events):
        if isinstance(event, Samples):
            if event.step < due and place != last:
                continue
            due = ratio * event.step + 1
        kept.append(event)
    return kept


def with_fewer_reports(events: Sequence[Event]) -> list[Event]:
    """The same curve of fewer points: each is the mean over the steps since the one before it."""
    kept: list[Event] = []
    together: list[Report] = []
    last = max(place for place, event in enumerate(events) if isinstance(event, Report))
    before: Report | None = None
    for place, event in enumerate(events):
        if not isinstance(event, Report):
            kept.append(event)
            continue
        together.append(event)
        first = before.step if before else 0
        if event.step - first >= first / REPORTS_A_STRETCH or place == last:
            before = _mean(together, before)
            kept.append(before)
            together = []
    return kept


def packed(config: str, events: Iterable[Event]) -> bytes:
    """A recording as a file: the same one for the same events."""
    recording = encode(Train(config)) + b"".join(encode(event) for event in events)
    return gzip.compress(recording, mtime=0)


def _outlasts(event: Event, continued: Continued) -> bool:
    """Whether what a run told is still true once it goes on from an earlier step."""
    if isinstance(event, Finished | Failed):
        return False
    last = continued.reported_step if isinstance(event, Report) else continued.step
    return getattr(event, "step", 0) <= last


def _mean(reports: Sequence[Report], before: Report | None) -> Report:
    """One report of all steps that `reports` cover, which follow on `before`."""
    last = reports[-1]
    if len(reports) == 1:
        return last
    ends = [before.step if before else 0, *(report.step for report in reports)]
    steps = [end - start for start, end in pairwise(ends)]

    def mean(name: str) -> float:
        values = (getattr(report, name) for report in reports)
        return float(sum(map(mul, values, steps)) / sum(steps))

    seconds = last.seconds - (before.seconds if before else 0.0)
    images = last.images_seen - (before.images_seen if before else 0)
    speed = images / seconds if seconds > 0 else last.images_per_second
    means: dict[str, Any] = {name: mean(name) for name in last.measures}
    return replace(last, images_per_second=speed, **means)
