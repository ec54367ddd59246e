"""Figures: what they say, asserted as data; and that they can be drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gan.events import Progress, Quality
from gan.view import figures


def progress(count: int) -> list[Progress]:
    return [Progress(8 * i, 512 * i, i / 10, 1.0 * i, 2.0 * i, 0.75, 0.25, 5000.0)
            for i in range(1, count + 1)]  # fmt: skip


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


def test_a_short_curve_is_shown_as_it_is() -> None:
    info = figures.curve_info(progress(3))
    assert info.step == (8, 16, 24)
    assert info.images_seen == (512, 1024, 1536)
    assert info.d_loss == (1.0, 2.0, 3.0)
    assert info.g_loss == (2.0, 4.0, 6.0)
    assert (info.d_real, info.d_fake) == ((0.75,) * 3, (0.25,) * 3)


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    info = figures.curve_info(progress(5000), limit=100)
    assert 50 <= len(info.step) <= 101
    assert info.step[-1] == 40_000
    assert info.step == tuple(sorted(info.step))
    assert info.d_loss[0] < 100
    assert info.d_loss[-1] > 4900


def test_the_past_does_not_move_when_a_point_is_added() -> None:
    before, after = (figures.curve_info(progress(n), limit=100) for n in (4000, 4001))
    assert before.d_loss[:-1] == after.d_loss[: len(before.d_loss) - 1]


def test_quality_and_coverage_come_from_the_last_judgement() -> None:
    info = figures.quality_info(QUALITY)
    assert (info.step, info.frechet_distance, info.floor) == ((100, 200), (80.0, 40.0), 2.0)
    assert figures.coverage_info(QUALITY) == figures.CoverageInfo(QUALITY[-1].coverage, 1000, ())
    assert figures.coverage_info(FULL).real_shares == FULL[-1].real_coverage


def test_precision_and_recall_leave_out_what_was_not_measured() -> None:
    info = figures.precision_recall_info([QUALITY[0], FULL[1]])
    assert info == figures.PrecisionRecallInfo((200,), (0.5,), (0.25,), 0.875, 0.89)
    empty = figures.PrecisionRecallInfo((), (), (), None, None)
    assert figures.precision_recall_info([]) == figures.precision_recall_info(QUALITY) == empty


def test_precision_and_recall_are_drawn_beside_those_of_real_digits() -> None:
    figure = figures.draw_precision_recall(figures.precision_recall_info(FULL)).to_dict()
    precision, recall = figure["data"]
    assert (precision["y"], recall["y"]) == ([25.0, 50.0], [12.5, 25.0])
    assert precision["line"]["dash"] != recall["line"]["dash"]
    lines = [(shape["y0"], shape["line"]["dash"]) for shape in figure["layout"]["shapes"]]
    assert lines == [(87.5, precision["line"]["dash"]), (89.0, recall["line"]["dash"])]
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert [text for text in notes if "50 %" in text]
    assert [text for text in notes if "of real digits" in text]


def test_coverage_marks_the_shares_of_real_digits_with_a_sign_of_their_own() -> None:
    figure = figures.draw_coverage(figures.coverage_info(FULL)).to_dict()
    (bars,), marks = figure["data"], figure["layout"]["shapes"]
    assert bars["y"][0] == 50.0
    assert [mark["type"] for mark in marks] == ["line"] * 10
    assert (marks[0]["y0"], marks[0]["y1"]) == (14.0, 14.0)
    old = figures.draw_coverage(figures.coverage_info(QUALITY)).to_dict()
    assert [shape["y0"] for shape in old["layout"]["shapes"]] == [10]


@pytest.mark.parametrize("count", [0, 1, 700])
def test_curves_can_be_drawn_at_any_length(count: int) -> None:
    info = figures.curve_info(progress(count))
    for figure in (figures.draw_losses(info), figures.draw_scores(info)):
        assert figure.to_dict()["layout"]["xaxis"]["title"]["text"]
        assert figure.to_dict()["layout"]["yaxis"]["title"]["text"]


@pytest.mark.parametrize("quality", [[], QUALITY[:1], QUALITY, FULL[:1], FULL, QUALITY + FULL])
def test_quality_can_be_drawn_at_any_length(quality: list[Quality]) -> None:
    figures.draw_quality(figures.quality_info(quality)).to_dict()
    figures.draw_coverage(figures.coverage_info(quality)).to_dict()
    figures.draw_precision_recall(figures.precision_recall_info(quality)).to_dict()


def test_the_two_losses_differ_in_more_than_colour() -> None:
    lines = figures.draw_losses(figures.curve_info(progress(9))).to_dict()["data"]
    dashes = [line["line"].get("dash", "solid") for line in lines if line.get("mode") == "lines"]
    assert len(dashes) == len(set(dashes)) == 2
