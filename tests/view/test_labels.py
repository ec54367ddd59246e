"""Words beside a plot: where each stands, asserted as numbers; none is on a curve or on another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gan.view.figures import labels
from gan.view.figures.labels import Label, Mark, Words

SCORES = (-0.03, 1.03)
PLOT = 216
"""Pixels from the lowest to the highest value of an axis, with no words above it."""


def ends(*heights: float) -> list[Label]:
    """A name and a number at each of `heights`; 54 pixels high."""
    return [Label("<b>generated</b><br>0.52", height, "#000000", 19) for height in heights]


def level(height: float) -> Label:
    """One line; 26 pixels high."""
    return Label("cannot tell", height, "#000000", 16)


def test_labels_far_apart_stand_where_their_lines_end() -> None:
    assert labels.shifts([*ends(0.9, 0.1), level(0.5)], SCORES) == [0, 0, 0]


def test_at_the_first_steps_labels_make_room_for_each_other_in_the_order_of_their_lines() -> None:
    assert labels.shifts([*ends(0.52, 0.48), level(0.5)], SCORES) == [36, -36, 0]
    assert labels.shifts([*ends(0.5, 0.5), level(0.5)], SCORES) == [50, -5, -45]


def test_a_label_at_an_end_of_the_axis_stays_beside_the_plot() -> None:
    assert labels.shifts(ends(1.03), SCORES) == [-21]
    assert labels.shifts(ends(-0.03), SCORES) == [21]
    assert labels.shifts([*ends(1.03, 1.03), level(1.03)], SCORES) == [-21, -76, -116]


def test_lines_that_crossed_change_places_with_their_labels() -> None:
    assert labels.shifts(ends(0.55, 0.45), SCORES) == [17, -17]
    assert labels.shifts(ends(0.45, 0.55), SCORES) == [-17, 17]


def test_one_value_is_in_the_middle_of_its_axis() -> None:
    assert labels.shifts(ends(3.0), (3.0, 3.0)) == [0]
    assert labels.shifts([], (0.0, 1.0)) == []


def test_more_than_there_is_room_for_stands_out_at_both_ends_alike() -> None:
    crowd = ends(*(0.5,) * 5)
    assert labels.shifts(crowd, (0.0, 1.0)) == [109, 54, 0, -54, -109]


@pytest.mark.parametrize("rows", [0, 1, 3])
@pytest.mark.parametrize(
    "heights", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.1, 0.9, 0.89), (0.5, 0.51, 0.0)]
)
def test_no_label_covers_another(heights: tuple[float, ...], rows: int) -> None:
    beside = [*ends(*heights[:2]), level(heights[2])]
    plot = PLOT + labels.top(0) - labels.top(rows)
    placed = sorted(
        (plot * label.y + shift, label.room)
        for label, shift in zip(beside, labels.shifts(beside, (0.0, 1.0), rows), strict=True)
    )
    assert all(b - a >= (x + y) / 2 - 1 for (a, x), (b, y) in pairwise(placed))
    assert placed[0][0] - placed[0][1] / 2 >= -7
    assert placed[-1][0] + placed[-1][1] / 2 <= plot + 7


def test_what_happened_stands_above_the_plot_where_there_is_more_room() -> None:
    marks = [Mark(10, "went on"), Mark(90, "loss hinge")]
    assert labels.words_of(marks, 100) == [
        Words(10, "10: went on", 1, is_right_of_step=True),
        Words(90, "90: loss hinge", 0, is_right_of_step=False),
    ]
    assert labels.words_of([], 0) == []


def test_of_many_changes_the_latest_have_words_a_row_for_each() -> None:
    marks = [Mark(1, "went on"), Mark(5, "loss hinge, r1 penalty 0"), Mark(9, "branched")]
    said = [(words.step, words.text, words.row) for words in labels.words_of(marks, 9)]
    assert said == [(5, "5: loss hinge", 2), (5, "5: r1 penalty 0", 1), (9, "9: branched", 0)]
    assert [labels.top(rows) for rows in range(4)] == [24, 24, 44, 64]
