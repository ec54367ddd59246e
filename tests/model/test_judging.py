"""Judging thoroughly: the job, from a snapshot to a table."""

from __future__ import annotations

from queue import SimpleQueue

import numpy as np
import pytest
from support import TINY

from gan.data.datasets import Digits
from gan.messages.events import Snapshot
from gan.messages.jobs import AboutRun, Done, Working
from gan.model import bundle, judging, training
from gan.model.bundle import Bundle
from gan.model.quality import Judge
from gan.runs.judgement import MEASURES, Judgement

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def snapshot(few_digits: Digits) -> Snapshot:
    """The last snapshot of a tiny run."""
    events = training.train(TINY, few_digits, SimpleQueue())
    return [event for event in events if isinstance(event, Snapshot)][-1]


@pytest.fixture
def network(snapshot: Snapshot) -> Bundle:
    return bundle.loads(snapshot.bundle.tobytes(), "tiny")


def test_a_job_says_how_far_it_is_and_ends_with_a_judgement(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "TIMES", 2)
    said = list(judging.work(AboutRun(snapshot.bundle, {"samples": 100, "seed": 0})))
    *before, last = said
    assert all(isinstance(each, Working) for each in before)
    shares = [each.share for each in before if isinstance(each, Working)]
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[-1] < 1
    assert isinstance(last, Done)
    judged = Judgement.of(last.result)
    assert (judged.step, judged.samples, judged.times) == (TINY.max_steps, 100, 2)
    assert judged.real_digits == "builtin"
    assert judged.generated["frechet_distance"].value > judged.real["frechet_distance"].value


def test_each_time_is_a_check_as_any_other(
    network: Bundle, few_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same digits each time only the real ones differ, by the seed of their choice."""
    monkeypatch.setattr(judging, "TIMES", 3)
    drawn = few_digits.images[:100]
    monkeypatch.setattr(judging, "_drawn", lambda *_: iter([drawn]))
    judged = list(judging.judge(network, TINY, few_digits, 100, 0))[-1]
    assert isinstance(judged, Judgement)
    classes = tuple(range(10))
    checks = [
        Judge(few_digits, 100, classes, seed=seed).quality(drawn, network.step, 0.0)
        for seed in range(3)
    ]
    for name in MEASURES:
        values = [getattr(check, name) for check in checks]
        assert judged.generated[name].value == pytest.approx(np.mean(values), rel=1e-6)
        if name != "frechet_distance":
            spread = np.std(values, ddof=1)
            assert judged.generated[name].spread == pytest.approx(spread, abs=1e-9)
    assert judged.compared == checks[0].samples == 100
    assert judged.real["recall"].value == pytest.approx(
        np.mean([check.real_recall for check in checks])
    )
