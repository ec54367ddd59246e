"""The quality of a run on screen: every measure beside that of real digits, in words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gan.config import TrainConfig
from gan.events import Quality
from gan.runs.measures import classes_seen, doubt, measures
from gan.runs.state import RunState
from gan.view import topics

OLD = Quality(10, 2.0, 1000, 50.0, 2.0, (0.1,) * 10, 0.9)
FULL = replace(
    OLD,
    coverage_spread=0.061,
    precision=0.62,
    recall=0.71,
    nearest_distance=51.04,
    real_coverage=(0.1,) * 10,
    real_coverage_spread=0.05,
    real_confidence=0.995,
    real_precision=0.875,
    real_recall=0.89,
    real_nearest_distance=43.5,
)


def _panel(state: RunState) -> AppTest:
    def script(state):  # the text of this function is run: no names from outside
        from gan.view import quality_panel

        quality_panel.show(state)

    app = AppTest.from_function(script, args=(state,)).run()
    assert not app.exception, app.exception
    return app


def _charts(app: AppTest) -> int:
    return [item.proto.component_name for item in app.get("bidi_component")].count("live_chart")


def _table(*quality: Quality) -> list[list[str | list[str]]]:
    """The rows that the browser is sent."""
    state = RunState("t", "t", TrainConfig(), 0.0, quality=quality)
    rows = json.loads(topics.judgement(state)["measures"])["rows"]
    assert isinstance(rows, list)
    return rows


def test_every_measure_stands_beside_that_of_real_digits() -> None:
    rows = {row.name: (row.generated, row.real) for row in measures(FULL)}
    assert rows == {
        "Frechet distance": ("50.00", "2.00"),
        "Precision": ("62.0%", "87.5%"),
        "Recall": ("71.0%", "89.0%"),
        "Coverage spread": ("6.1%", "5.0%"),
        "Confidence": ("90.0%", "99.5%"),
        "Nearest training picture, in grey levels": ("51.0", "43.5"),
    }
    for row in measures(FULL):
        assert row.meaning.endswith((".", "?"))
    assert _table(OLD, FULL) == [
        [[f"{row.name}: ", f"{row.better}. {row.meaning}"], row.generated, row.real]
        for row in measures(FULL)
    ]


def test_an_older_run_shows_what_it_measured() -> None:
    assert [row.name for row in measures(OLD)] == ["Frechet distance", "Confidence"]
    assert [row[1:] for row in _table(OLD)] == [["50.00", "2.00"], ["90.0%", "not measured"]]
    app = _panel(RunState("a", "a", TrainConfig(), 0.0, quality=(OLD,)))
    assert _charts(app) == 2


def test_the_panel_draws_everything() -> None:
    app = _panel(RunState("b", "b", TrainConfig(), 0.0, quality=(OLD, FULL)))
    assert _charts(app) == 3
    assert not app.info


def test_nothing_is_drawn_before_the_first_judgement() -> None:
    app = _panel(RunState("c", "c", TrainConfig(), 0.0))
    assert len(app.get("bidi_component")) == len(app.subheader) == 0


@pytest.mark.parametrize("data", ["fashion-mnist", "/home/me/pictures.zip"])
def test_a_classifier_of_digits_admits_what_it_does_not_know(data: str) -> None:
    app = _panel(RunState("d", "d", TrainConfig(data=data), 0.0, quality=(FULL,)))
    assert "has only ever seen handwritten digits" in app.info[0].value
    assert doubt("builtin") == doubt("mnist") == ""


def test_only_classes_that_real_digits_have_are_missed() -> None:
    assert classes_seen(OLD) == "10 of 10"
    two = replace(FULL, real_coverage=(0.5, 0.5, *(0.0,) * 8), coverage=(0.995, 0.005, *(0.0,) * 8))
    assert classes_seen(two) == "1 of 2"
