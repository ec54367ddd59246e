"""How many digits a network draws in a second, as a worker measures it."""

from __future__ import annotations

import time

import numpy as np
import pytest
from untrained import GENERATOR

from gan.data.datasets import from_network
from gan.jobs import pace_work
from gan.messages.jobs import Working
from gan.messages.requests import MeasurePace, Paces
from gan.network_file import inference


def test_digits_are_drawn_against_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(np.arange(0.0, 100.0, 0.25))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(moments)))
    asked = MeasurePace(np.frombuffer(GENERATOR, np.uint8), np.array([1, 20], np.int32))
    *working, found = pace_work.measure(asked)
    assert isinstance(found, Paces)
    assert found.steps.tolist() == [1, 20]
    assert found.per_second.tolist() == [8 / 0.5] * 2, "by two looks at the clock"
    noise = np.random.default_rng(0).standard_normal((pace_work.DIGITS, 4))
    expected = from_network(inference.drawn(GENERATOR, noise))
    assert np.array_equal(found.pictures, np.stack([expected, expected]))
    shares = [each.share for each in working if isinstance(each, Working)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
