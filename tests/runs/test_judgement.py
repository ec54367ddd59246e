"""A thorough judgement: what several checks come to together, by hand-computed numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from untrained import JUDGED

from gan.messages.events import Quality
from gan.runs import judgement
from gan.runs.judgement import Judgement, Spread

CHECK = Quality(
    *(12, 0.0, 1000, 2.0, 0.5, (0.2, *(0.8 / 9,) * 9), 0.9),
    coverage_spread=0.1,
    precision=0.8,
    recall=0.7,
    nearest_distance=40.0,
    real_coverage=(0.1,) * 10,
    real_coverage_spread=0.02,
    real_confidence=0.99,
    real_precision=0.9,
    real_recall=0.9,
    real_nearest_distance=45.0,
    frechet_low=1.5,
    frechet_high=2.5,
    floor_low=0.25,
    floor_high=0.75,
)
OTHERS = [
    replace(CHECK, precision=0.7, frechet_distance=3.0, frechet_low=2.0, frechet_high=4.0),
    replace(CHECK, precision=0.6, frechet_distance=4.0, frechet_low=3.5, frechet_high=4.5),
]


@pytest.fixture
def judged() -> Judgement:
    return judgement.mean([CHECK, *OTHERS], 250, "builtin")


def test_the_mean_has_the_spread_of_the_times(judged: Judgement) -> None:
    assert (judged.step, judged.samples, judged.compared, judged.times) == (12, 1000, 250, 3)
    precision = judged.generated["precision"]
    assert precision.value == pytest.approx(0.7)
    assert precision.spread == pytest.approx(0.1), "the standard deviation of 0.6, 0.7 and 0.8"
    distance = judged.generated["frechet_distance"]
    assert distance.value == pytest.approx(3.0)
    assert distance.spread == pytest.approx((0.5 + 1.0 + 0.5) / 3), "half of an interval, the mean"
    assert judged.real["frechet_distance"] == Spread(0.5, 0.25)
    assert judged.real["recall"].value == pytest.approx(0.9)
    assert judged.real["recall"].spread == pytest.approx(0.0, abs=1e-12)
    assert judged.coverage == pytest.approx(CHECK.coverage)


def test_one_time_has_no_spread() -> None:
    assert judgement.mean([CHECK], 250, "x").generated["precision"] == Spread(0.8, 0.0)


def test_a_judgement_survives_the_record(judged: Judgement) -> None:
    assert Judgement.of(judged.result()) == judged
    assert Judgement.of(JUDGED.result()) == JUDGED


def test_each_measure_is_told_with_floor_spread_and_meaning(judged: Judgement) -> None:
    rows = {row.name: row for row in judgement.rows(judged)}
    assert len(rows) == len(judgement.MEASURES)
    assert rows["Frechet distance"].generated == "3.0 (2.3 to 3.7)"
    assert rows["Frechet distance"].real == "0.5 (0.2 to 0.8)"
    assert rows["Precision"].generated == "70.0% ± 10.0"
    assert rows["Precision"].real == "90.0% ± 0.0"
    assert rows["Nearest training picture, in grey levels"].generated == "40.0 ± 0.0"
    assert all(row.meaning and row.better for row in rows.values())


def test_words_say_how_the_numbers_came_about(judged: Judgement) -> None:
    said = judgement.about(judged)
    assert "The network of step 12 drew 1,000 digits in each of 3 rounds" in said
    assert "standard deviation" in said
    assert "95% interval" in said
    assert "250 generated digits were compared with 250 real ones" in said
    assert "were compared" not in judgement.about(replace(judged, compared=1000))
    line = judgement.in_a_line(judged.result())
    assert line.startswith("Step 12, 1,000 digits: Frechet distance 3.0 (2.3 to 3.7), real digits")
    assert line.endswith("The generated ones are further off than real ones.")


@pytest.mark.parametrize(
    "changes",
    [
        {"step": -1},
        {"times": 0},
        {
            "generated": {
                name: {"value": 1e308 if name == "frechet_distance" else 0.5, "spread": 0.0}
                for name in judgement.MEASURES
            }
        },
        {"real": {name: {"value": 0.5, "spread": -1.0} for name in judgement.MEASURES}},
        {"samples": 1.5},
        {"times": True},
        {"generated": {}},
        {"generated": {"precision": {"value": 0.5, "spread": 0.0}}},
        {"real": {name: {"value": 2, "spread": 0.0} for name in judgement.MEASURES}},
        {"real": {name: {"value": 2.5, "spread": 0.0} for name in judgement.MEASURES}},
        {"coverage": [0.1] * 9},
        {"coverage": None},
        {"real_digits": "\x1b[2J"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_judgement_is_refused(changes: dict[str, object]) -> None:
    result = {**JUDGED.result(), **changes}
    with pytest.raises(ValueError):  # noqa: PT011
        Judgement.of(result)
    assert judgement.in_a_line(result) == "This judgement cannot be read."
