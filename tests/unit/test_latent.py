"""The geometry of noise, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gan import latent


def test_draws_are_standard_normal_and_repeatable() -> None:
    z = latent.sample(2000, 16, seed=3)
    assert z.dtype == np.float32
    assert z.shape == (2000, 16)
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02
    np.testing.assert_array_equal(z, latent.sample(2000, 16, seed=3))
    assert not np.array_equal(z, latent.sample(2000, 16, seed=4))


def test_more_draws_begin_with_the_same_ones() -> None:
    np.testing.assert_array_equal(latent.sample(64, 8, 1)[:16], latent.sample(16, 8, 1))


def test_slerp_between_right_angles_passes_the_diagonal() -> None:
    start, end = np.float32([2, 0]), np.float32([0, 2])
    middle = latent.slerp(start, end, 0.5)
    np.testing.assert_allclose(middle, [2**0.5, 2**0.5], atol=1e-6)
    np.testing.assert_allclose(latent.slerp(start, end, 1 / 3), [3**0.5, 1.0], atol=1e-6)


def test_slerp_changes_length_evenly() -> None:
    path = [latent.slerp(np.float32([1, 0]), np.float32([0, 3]), f) for f in (0, 0.5, 1)]
    np.testing.assert_allclose([np.linalg.norm(p) for p in path], [1, 2, 3], atol=1e-6)


def test_lerp_cuts_through_the_inside() -> None:
    middle = latent.lerp(np.float32([2, 0]), np.float32([0, 2]), 0.5)
    np.testing.assert_allclose(middle, [1, 1], atol=1e-7)


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [([0, 0], [2, 0], [1, 0]), ([1, 0], [3, 0], [2, 0]), ([1, 0], [-1, 0], [0, 0])],
)
def test_slerp_where_no_great_circle_is_defined(
    start: list[float], end: list[float], middle: list[float]
) -> None:
    result = latent.slerp(np.float32(start), np.float32(end), 0.5)
    np.testing.assert_allclose(result, middle, atol=1e-6)


def test_z_survives_the_address() -> None:
    z = [0.0, -1.25, 3.0, 0.01]
    assert latent.to_text(z) == "0,-1.25,3,0.01"
    assert latent.from_text(latent.to_text(z), 4) == z


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2,3", "3 numbers; this network takes 4"),
        ("1,2,x,4", "not numbers"),
        ("1,2,nan,4", "outside"),
        ("1,2,9,4", "outside"),
        ("", "1 numbers"),
        ("1,2,inf,4", "outside"),
    ],
)
def test_a_damaged_address_is_explained(text: str, words: str) -> None:
    with pytest.raises(latent.LatentError, match=words):
        latent.from_text(text, 4)
