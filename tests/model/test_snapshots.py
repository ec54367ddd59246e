"""What a snapshot holds, which network takes it back, and when one is due."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from model.controlled_runs import CONFIG, assert_same_weights, run, snapshots
from support import DENOISING

from gan.data.datasets import Digits
from gan.model import bundle
from gan.model.schedules import SnapshotSchedule

pytestmark = pytest.mark.tensorflow


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate_half_life": 20},
        {"architecture": "article-dense", "discriminator_normalization": "none"},  # dropout
        {"architecture": "vae", "loss": "elbo"},
        {**DENOISING, "adam_beta_2": 0.99, "generator_hidden_units": 8},
    ],
)
def test_all_that_a_run_needs_is_in_its_snapshot(
    values: dict[str, Any], few_digits: Digits
) -> None:
    config = replace(CONFIG, **values)
    before = snapshots(run(replace(config, max_steps=40), few_digits))[-1]
    after, whole = (snapshots(run(config, few_digits, start=at))[-1] for at in (before, None))
    assert_same_weights(after, whole)


def test_a_snapshot_of_another_network_is_refused(few_digits: Digits) -> None:
    saved = snapshots(run(replace(CONFIG, max_steps=1), few_digits))[-1]
    with pytest.raises(bundle.BundleError, match="is missing or has the wrong shape"):
        run(replace(CONFIG, latent_dim=9), few_digits, start=saved)
    torn = replace(saved, weights={k: v for k, v in saved.weights.items() if k != "totals/000"})
    with pytest.raises(bundle.BundleError, match="totals/000"):
        run(CONFIG, few_digits, start=torn)


def test_snapshots_are_dense_at_first_and_cheap_later() -> None:
    schedule, taken, seconds = SnapshotSchedule(0.0), [], 0.0
    while seconds < 3600:
        if schedule.is_due(seconds):
            taken.append(seconds)
            schedule.taken(seconds, seconds + 0.04)
        seconds += 0.1
    gaps = [later - earlier for earlier, later in itertools.pairwise(taken)]
    assert len([time for time in taken if time < 5]) >= 5
    assert 20 < len(taken) < 60
    assert min(gaps) > 0.49
    assert all(gap < 0.16 * time + 2.5 for gap, time in zip(gaps, taken, strict=False))
    costly = SnapshotSchedule(0.0)
    costly.taken(1.0, 3.0)
    assert not costly.is_due(50.0)
    assert costly.is_due(61.0)


def test_no_more_than_the_longest_gap_is_ever_lost() -> None:
    schedule = SnapshotSchedule(0.0, longest_gap=100.0)
    schedule.taken(500.0, 500.1)  # the next one would come when the run is 15% older
    assert not schedule.is_due(570.0)
    assert schedule.is_due(575.2)
    schedule.taken(5000.0, 5000.1)
    assert not schedule.is_due(5100.0)
    assert schedule.is_due(5100.2)
