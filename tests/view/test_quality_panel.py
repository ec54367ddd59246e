"""The quality of a run on screen: every measure beside that of real digits, in words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gan.messages.events import Progress, Quality
from gan.messages.status import RunStatus
from gan.runs.measures import (
    classes_seen,
    comparable,
    doubt,
    judged_words,
    measures,
    quality_words,
    result_words,
    verdict,
)
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.streams import topics

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


def unbroken(number: str) -> str:
    """As it stands in a table, in which an interval is not parted."""
    return number.replace(" to ", "\u00a0to\u00a0")


def _panel(state: RunState) -> AppTest:
    def script(state):  # the text of this function is run: no names from outside
        from gan.view.run import quality_panel

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


SURE = replace(
    FULL,
    frechet_distance=1.26,
    frechet_low=0.72,
    frechet_high=1.8,
    floor=0.4,
    floor_low=-0.04,
    floor_high=0.84,
)


def test_every_measure_stands_beside_that_of_real_digits() -> None:
    rows = {row.name: (row.generated, row.real) for row in measures(SURE)}
    assert rows == {
        "Frechet distance": ("1.3 (0.7 to 1.8)", "0.4 (0.0 to 0.8)"),
        "Precision": ("62.0%", "87.5%"),
        "Recall": ("71.0%", "89.0%"),
        "Coverage spread": ("6.1%", "5.0%"),
        "Confidence": ("90.0%", "99.5%"),
        "Nearest training picture, in grey levels": ("51.0", "43.5"),
    }
    for row in measures(SURE):
        assert row.meaning.endswith((".", "?"))
    assert _table(OLD, SURE) == [
        [
            [f"{row.name}: ", f"{row.better}. {row.meaning}"],
            *map(unbroken, (row.generated, row.real)),
        ]
        for row in measures(SURE)
    ]


def test_a_measure_that_was_not_taken_last_says_how_old_it_is() -> None:
    few = replace(SURE, step=20, samples=250, precision=None, recall=None, nearest_distance=None)
    rows = {row.name: row for row in measures(SURE, few)}
    assert (rows["Frechet distance"].step, rows["Precision"].step) == (20, 10)
    dated = {row[0][0]: row for row in _table(SURE, few) if row[0][1].endswith("As of step 10.")}
    assert list(dated) == ["Precision: ", "Recall: ", "Nearest training picture, in grey levels: "]
    assert dated["Precision: "][1:] == ["62.0%", "87.5%"]


def test_a_judgement_says_how_old_it_is() -> None:
    last = Progress(120, 960, 6.0, 1.0, 1.0, 0.5, 0.5, 100.0)
    state = RunState("e", "e", TrainConfig(), 0.0, quality=(SURE,), progress=(last,))
    live = replace(state, status=RunStatus.RUNNING)
    assert judged_words(live).startswith("Step 10, 110 steps and 4 s of training ago: 1,000 ")
    assert judged_words(replace(live, status=RunStatus.FINISHED)).startswith("Step 10: 1,000 ")
    assert "MNIST's test digits" in judged_words(live)
    assert "MNIST's test" not in judged_words(replace(live, config=TrainConfig(data="/a.npz")))


def test_the_distance_in_words() -> None:
    state = RunState("f", "f", TrainConfig(), 0.0)
    assert quality_words(state) == "Not judged yet"
    assert quality_words(replace(state, quality=(OLD, SURE))) == (
        "Frechet distance 1.3 (0.7 to 1.8), real digits 0.4 (0.0 to 0.8)"
    )
    noise = replace(SURE, frechet_distance=401.2, frechet_low=387.5, frechet_high=414.0)
    assert "distance 401 (388 to 414), real" in quality_words(replace(state, quality=(noise,)))
    assert quality_words(replace(state, quality=(OLD,))) == (
        "Frechet distance 50.0, real digits 2.0 (by an earlier version: it depends on the number "
        "of digits, 1,000 here)"
    )
    assert verdict(OLD) == ""
    assert verdict(SURE).startswith("Of 1,000 generated digits one cannot say yet")
    assert verdict(replace(SURE, frechet_low=0.9)).endswith("are further off than real ones.")
    assert verdict(replace(SURE, frechet_high=0.8)).endswith("cannot be told from real ones.")
    asked = replace(state, quality=(SURE,), config=TrainConfig(target_distance=2.0))
    assert "as good as asked" not in result_words(asked)
    good = result_words(replace(asked, is_as_good_as_asked=True))
    assert good.endswith("The run ended there because that is as good as asked: 2 or less.")


def test_only_distances_of_one_kind_are_compared() -> None:
    assert comparable((OLD, FULL)) == (OLD, FULL)
    assert comparable((OLD, SURE, SURE)) == (SURE, SURE)
    assert comparable(()) == ()


def test_an_older_run_shows_what_it_measured() -> None:
    assert [row.name for row in measures(OLD)] == [
        "Frechet distance of 1,000 digits",
        "Confidence",
    ]
    assert _table(OLD)[1][1:] == ["90.0%", "not measured"]
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
