"""What of a long run's record ships: all that lasted, and no more than there is room for."""

from __future__ import annotations

import numpy as np
import pytest
from support import TINY

from gan.messages.events import (
    Continued,
    Event,
    Finished,
    Preparing,
    Progress,
    Quality,
    Samples,
    Started,
)
from gan.messages.status import StopReason
from gan.runs import shipping

PREPARING, STARTED = Preparing("building_networks"), Started("CPU", 10, 10, 200)
END = Finished(30, StopReason.COMPLETED)


def report(step: int, loss: float = 1.0) -> Progress:
    """Of a run that takes a tenth of a second a step of 8 digits."""
    return Progress(step, 8 * step, step / 10, loss, loss / 2, 0.5, 0.5, 80.0)


def samples(step: int, count: int = 1) -> Samples:
    random = np.random.default_rng(step)
    return Samples(step, random.integers(0, 256, (count, 28, 28), np.uint8))


def quality(step: int) -> Quality:
    return Quality(step, step / 10, 250, 9.0, 3.0, (0.1,) * 10, 0.9)


def test_samples_grow_sparser_and_the_last_is_kept() -> None:
    events = [samples(step) for step in range(31)]
    kept = shipping.with_fewer_samples([PREPARING, *events, END])
    steps = [event.step for event in kept if isinstance(event, Samples)]
    assert steps == [0, 1, 3, 5, 7, 10, 13, 16, 20, 24, 29, 30]
    assert [type(kept[0]), type(kept[-1])] == [Preparing, Finished]


def test_what_was_rolled_back_does_not_last() -> None:
    first, second, third = samples(0), samples(20), samples(25)
    told: list[Event] = [
        PREPARING, STARTED, first, report(10), report(20), second, quality(20), third, report(26),
        Finished(26, StopReason.INTERRUPTED),
        Continued(20, 10), PREPARING, STARTED, report(20, 2.0),
        Finished(20, StopReason.STOPPED), Continued(20, 20), PREPARING, STARTED, report(30), END,
    ]  # fmt: skip
    assert shipping.lasting(told) == [
        PREPARING, STARTED, first, report(10), second, quality(20), report(20, 2.0), report(30),
        END,
    ]  # fmt: skip


def test_fewer_reports_are_the_same_curve() -> None:
    """Each is the mean over the steps since the one before; none is lost, the last included."""
    told = [report(step, loss=step**0.5) for step in range(2, 40_001, 2)]
    kept = [e for e in shipping.with_fewer_reports([*told, END]) if isinstance(e, Progress)]
    assert 1200 < len(kept) < 1700
    assert kept[:200] == told[:200]
    assert kept[-1].step == 40_000
    before = 0
    for each in kept:
        covered = [other.d_loss for other in told[before // 2 : each.step // 2]]
        assert each.d_loss == pytest.approx(np.mean(covered), rel=1e-9)
        assert each.step - before <= 2 + before / 256
        assert each.images_per_second == pytest.approx(80.0)
        before = each.step


def test_a_recording_fits_whatever_its_pictures_take() -> None:
    """Noise cannot be packed: of its samples fewer fit, from all of the run."""
    told: list[Event] = [STARTED, report(10)]
    for step in range(100, 50_000, 500):
        told += [samples(step, count=80), report(step), quality(step)]
    assert len(shipping.packed("{}", shipping.with_fewer_samples(told))) > shipping.MAX_BYTES
    config = TINY.to_json()
    kept = shipping.fitted(config, [*told, END])
    assert len(shipping.packed(config, kept)) <= shipping.MAX_BYTES
    steps = [event.step for event in kept if isinstance(event, Samples)]
    assert len(steps) > 12
    assert (steps[0], steps[-1]) == (100, 49_600)
    judged = [event for event in kept if isinstance(event, Quality)]
    assert len(judged) == len(range(100, 50_000, 500)), "judgements are few, and all kept"
