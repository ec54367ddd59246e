"""How pictures look in few numbers: upright, as outlines, and in their own main directions."""

from __future__ import annotations

import numpy as np
import pytest

from gan.data import outlines


def bar(slant: float, at: int = 13) -> np.ndarray:
    """A bar of 16 rows, three pixels wide, that leans by so many pixels a row."""
    picture = np.zeros((28, 28), np.float32)
    for row in range(6, 22):
        middle = at + slant * (row - 13.5)
        picture[row] = np.clip(2 - abs(np.arange(28) - middle), 0, 1)
    return picture


@pytest.mark.parametrize("slant", [-0.75, -0.25, 0.5])
def test_a_leaning_bar_is_set_upright_in_the_middle(slant: float) -> None:
    (straight,) = outlines.upright(bar(slant, at=16)[None])
    inside = straight[8:20]
    middles = inside @ np.arange(28) / inside.sum(axis=1)
    assert np.abs(middles - 13.5).max() < 0.1
    assert straight.sum() == pytest.approx(bar(slant).sum(), rel=1e-3), "no ink is lost"


def test_what_cannot_be_set_upright_stays_whole() -> None:
    blank = np.zeros((28, 28), np.float32)
    line = blank.copy()
    line[14, 5:15] = 1  # lies: no shear would make it stand
    nothing, moved = outlines.upright(np.stack([blank, line]))
    assert not nothing.any()
    assert moved.sum() == pytest.approx(10, rel=1e-5)
    assert moved[14, 9:19].sum() == pytest.approx(10, rel=1e-5), "in the middle"


def test_outlines_count_by_direction() -> None:
    """By hand: the left edge of a wide bar rises to the right, its right edge to the left."""
    picture = np.zeros((28, 28), np.float32)
    picture[:, 10:18] = 1
    right, left, down, up, *diagonals = outlines.outlines(picture[None]).reshape(8, 7, 7)
    assert not np.any([down, up, *diagonals])
    assert right[3].argmax() == 2, "columns 9 and 10 lie nearest to the third place"
    np.testing.assert_allclose(left, right[:, ::-1], atol=1e-6)
    # A row's gradient is 1 at columns 9 and 10; the third place is at 9.5 and four pixels wide.
    # Seven rows around each place count, with weights that add up to 4: sqrt(4 * 2 * (1 - 1 / 8)).
    assert right[3, 2] == pytest.approx(np.sqrt(7.0), rel=1e-5)


def test_a_diagonal_outline_is_a_sum_of_its_neighbours() -> None:
    ramp = np.add.outer(np.arange(28), 2 * np.arange(28)).astype(np.float32) / 84
    right, _, down, _, diagonal, *_ = outlines.outlines(ramp[None]).reshape(8, 7, 7)
    # Steep as (4, 2) / 84 is (2, 0) / 84 along the row and (2, 2) / 84 along the diagonal.
    assert not down[3, 1:6].any()
    assert right[3, 3] ** 2 == pytest.approx(16 * 2 / 84, rel=1e-4)
    assert diagonal[3, 3] ** 2 == pytest.approx(16 * np.sqrt(8) / 84, rel=1e-4)


def test_features_are_the_main_components() -> None:
    images = np.random.default_rng(0).integers(0, 256, (600, 28, 28)).astype(np.uint8)
    found = outlines.features(images)
    assert found.shape == (600, outlines.COMPONENTS)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-4)
    spread = found.std(axis=0)
    assert (np.diff(spread) <= 1e-6).all(), "the largest first"
    apart = np.cov(found, rowvar=False)
    assert np.abs(apart - np.diag(np.diag(apart))).max() < 1e-4 * apart[0, 0] * 10
