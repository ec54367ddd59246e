"""How good the digits are: what the figures say, asserted as data; and that they can be drawn."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from drawn import is_beside_the_curves, valid

from gan.messages.events import Quality
from gan.server.painting import COLOURS
from gan.view.figures import quality_figures as figures

QUALITY = [
    Quality(100, 1.0, 1000, 80.0, 2.0, (0.1,) * 10, 0.8),
    Quality(200, 2.0, 1000, 40.0, 2.0, (0.5, *(0.5 / 9,) * 9), 0.9),
]


FULL = [
    replace(
        quality,
        coverage_spread=0.4,
        precision=0.25 * (i + 1),
        recall=0.125 * (i + 1),
        nearest_distance=51.04,
        real_coverage=(0.14, *(0.86 / 9,) * 9),
        real_coverage_spread=0.05,
        real_confidence=0.995,
        real_precision=0.875,
        real_recall=0.89,
        real_nearest_distance=43.5,
    )
    for i, quality in enumerate(QUALITY)
]


SURE = [
    replace(
        FULL[1],
        step=step,
        frechet_distance=distance,
        frechet_low=distance - reach,
        frechet_high=distance + reach,
        floor=0.4,
        floor_low=0.1,
        floor_high=0.7,
    )
    for step, distance, reach in ((300, 24.0, 4.0), (400, 1.0, 1.5))
]
"""Judged so that the distance does not hang on the number of digits."""


def test_quality_and_coverage_come_from_the_last_judgement() -> None:
    info = figures.quality_info(QUALITY)
    assert info == figures.QualityInfo((100, 200), (80.0, 40.0), 2.0)
    assert figures.coverage_info(QUALITY) == figures.CoverageInfo(QUALITY[-1].coverage, 1000, ())
    assert figures.coverage_info(FULL).real_shares == FULL[-1].real_coverage


def test_precision_and_recall_leave_out_what_was_not_measured() -> None:
    info = figures.precision_recall_info([QUALITY[0], FULL[1]])
    assert info == figures.PrecisionRecallInfo((200,), (0.5,), (0.25,), 0.875, 0.89)
    empty = figures.PrecisionRecallInfo((), (), (), None, None)
    assert figures.precision_recall_info([]) == figures.precision_recall_info(QUALITY) == empty


def test_precision_and_recall_are_drawn_beside_those_of_real_digits() -> None:
    figure = valid(figures.draw_precision_recall(figures.precision_recall_info(FULL)))
    precision, recall = figure["data"]
    assert (precision["y"], recall["y"]) == ([25.0, 50.0], [12.5, 25.0])
    assert precision["line"]["dash"] != recall["line"]["dash"]
    lines = [(shape["y0"], shape["line"]["dash"]) for shape in figure["layout"]["shapes"]]
    assert lines == [(87.5, precision["line"]["dash"]), (89.0, recall["line"]["dash"])]
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert [text for text in notes if "50 %" in text]
    assert {"real, precision", "real, recall"} < set(notes)


def test_coverage_marks_the_shares_of_real_digits_with_a_sign_of_their_own() -> None:
    figure = valid(figures.draw_coverage(figures.coverage_info(FULL)))
    (bars, written), marks = figure["data"], figure["layout"]["shapes"]
    assert bars["y"][0] == 50.0
    assert written["y"][:2] == [50.0, 9.6], "a number stands above its bar and the sign on it"
    assert [mark["type"] for mark in marks] == ["line"] * 10
    assert (marks[0]["y0"], marks[0]["y1"]) == (14.0, 14.0)
    old = valid(figures.draw_coverage(figures.coverage_info(QUALITY)))
    assert [shape["y0"] for shape in old["layout"]["shapes"]] == [10]


@pytest.mark.parametrize("quality", [[], QUALITY[:1], QUALITY, FULL, QUALITY + FULL, SURE])
def test_quality_can_be_drawn_at_any_length(quality: list[Quality]) -> None:
    for figure in (
        figures.draw_quality(figures.quality_info(quality)),
        figures.draw_coverage(figures.coverage_info(quality)),
        figures.draw_precision_recall(figures.precision_recall_info(quality)),
    ):
        assert is_beside_the_curves(valid(figure))


def test_distances_are_drawn_in_their_intervals() -> None:
    """Those of an earlier version are on another scale, and left out beside newer ones."""
    info = figures.quality_info([*QUALITY, *SURE])
    expected = ((20.0, 28.0), (-0.5, 2.5))
    assert info == figures.QualityInfo((300, 400), (24.0, 1.0), 0.4, expected, (0.1, 0.7))
    figure = valid(figures.draw_quality(info))
    low, high, line = figure["data"]
    assert (low["y"], high["y"], line["y"]) == ([20.0, 0.1], [28.0, 2.5], [24.0, 1.0])
    assert high["fill"] == "tonexty"
    assert line["text"] == ["(20.0 to 28.0)", "(-0.5 to 2.5)"]
    across, band = figure["layout"]["shapes"]
    assert (across["y0"], band["y0"], band["y1"]) == (0.4, 0.1, 0.7)
    assert band["fillcolor"] == COLOURS["real"]


def test_a_distance_below_zero_lies_at_the_end_of_the_axis() -> None:
    """A logarithmic axis has no place for it: its number is in the hover text."""
    good = replace(SURE[1], frechet_distance=-0.25, frechet_low=-1.0, frechet_high=0.5)
    figure = valid(figures.draw_quality(figures.quality_info([good])))
    line, axis = figure["data"][-1], figure["layout"]["yaxis"]
    assert (line["y"], line["customdata"]) == ([0.1], [-0.25])
    assert axis["range"][0] == pytest.approx(-1.0, abs=1e-9)
    assert axis["ticktext"][axis["tickvals"].index(0.1)] == "0.1 or less"
    assert line["error_y"]["array"] == pytest.approx([0.4], abs=1e-9), "where a band has no width"
    assert any("-0.2" in note["text"] for note in figure["layout"]["annotations"])


@pytest.mark.parametrize("floor", [0.0, -1e-9, float("nan")])
def test_a_floor_of_nothing_can_be_drawn(floor: float) -> None:
    quality = [replace(QUALITY[0], floor=floor)]
    figure = valid(figures.draw_quality(figures.quality_info(quality)))
    assert figure["data"][0]["y"] == [80.0]
    assert all(math.isfinite(end) for end in figure["layout"]["yaxis"]["range"])


def test_the_floor_has_its_name_beside_the_plot_at_its_height_on_the_log_axis() -> None:
    figure = valid(figures.draw_quality(figures.quality_info(QUALITY)))
    names = [(note["text"], note["y"], note["yshift"]) for note in figure["layout"]["annotations"]]
    generated, floor = math.log10(40.0), math.log10(2.0)
    assert names == [("<b>generated</b><br>40.0", generated, 0), ("real digits", floor, 0)]
    assert is_beside_the_curves(figure)
