"""The geometry of noise, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gan import latent
from gan.latent.hidden_classes import head_starts


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


def test_numbers_of_a_seed_are_normal_hundredths() -> None:
    z = np.concatenate([latent.normals(seed, 100) for seed in range(300)])
    np.testing.assert_array_equal(z, np.round(z, 2))
    assert np.abs(z).max() <= 3
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 0.995) < 0.02  # the ends are cut off
    assert np.mean(np.abs(z) < 1) == pytest.approx(0.683, abs=0.015)
    np.testing.assert_array_equal(latent.normals(7, 100)[:10], latent.normals(7, 10))
    # Pinned, so that an address means the same digit for ever.
    assert latent.normals(12345, 4).tolist() == [0.81, -0.65, 0.13, -0.67]


def moved(z: np.ndarray, changes: dict[int, float]) -> np.ndarray:
    z = z.copy()
    z[list(changes)] = list(changes.values())
    return z


@pytest.mark.parametrize(
    ("seed", "changes", "text"),
    [
        (None, {}, "o"),
        (None, {2: -1.2}, "o_3.-120"),
        (None, {0: 3, 63: -3}, "o_1.300_64.-300"),
        (0, {}, "s0"),
        (2**32 - 1, {}, "s1z141z3"),
        (int("1fcecv", 36), {9: 0.0, 1: 0.01}, "s1fcecv_2.1_10.0"),
    ],
)
def test_z_survives_the_address(seed: int | None, changes: dict[int, float], text: str) -> None:
    base = np.zeros(64) if seed is None else latent.normals(seed, 64)
    z = moved(base, changes)
    spelled = latent.spelled(z, seed)
    assert spelled == text
    found, found_seed = latent.from_text(spelled, 64)
    np.testing.assert_array_equal(found, z)
    assert found_seed == seed
    # What comes from a network is float32.
    assert latent.spelled(z.astype(np.float32), seed) == spelled


def test_a_vector_with_many_changes_is_spelled_whole() -> None:
    changes = {place: 0.01 * place - 2.5 for place in range(16)}
    z = moved(latent.normals(5, 64), changes)
    assert latent.spelled(z, 5).startswith("s5_1.-250_2.-249_")
    z[16] = -2.34
    spelled = latent.spelled(z, 5)
    assert (spelled[0], len(spelled)) == ("v", 1 + 2 * 64)
    found, seed = latent.from_text(spelled, 64)
    np.testing.assert_array_equal(found, z)
    assert seed is None


def test_a_whole_vector_is_two_signs_a_number() -> None:
    found, seed = latent.from_text("vAAEsJYEtEr", 5)
    assert (found.tolist(), seed) == ([-3.0, 0.0, 3.0, 0.01, -0.01], None)


def test_numbers_between_commas_are_read_as_once() -> None:
    found, seed = latent.from_text("0,-1.25,3,0.014", 4)
    assert (found.tolist(), seed) == ([0.0, -1.25, 3.0, 0.01], None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2,3", "3 numbers; this network takes 4"),
        ("1,2,x,4", "neither a seed"),
        ("1,2,nan,4", "neither a seed"),
        ("1,2,inf,4", "neither a seed"),
        ("1,2,1e1,4", "neither a seed"),
        ("1,2,9,4", "outside -3 to 3"),
        ("1,2,-3.01,4", "outside -3 to 3"),
        ("1,2,\u0663,4", "neither a seed"),  # a digit, but not one of ours
        ("1,2,3,4\n", "neither a seed"),
        (f"1,2,3,{'9' * 400}", "outside"),
        ("", "neither a seed"),
        ("s", "neither a seed"),
        ("sZ", "neither a seed"),
        ("s1z141z4", "neither a seed"),  # 33 bits
        ("szzzzzzzz", "neither a seed"),
        ("o_5.1", "number 5 changed; this network takes 4"),
        ("o_0.1", "number 0 changed"),
        ("o_1.301", "outside"),
        ("o_1.-999", "outside"),
        ("o_1", "damaged"),
        ("o_1.", "damaged"),
        ("o_1.1.1", "damaged"),
        ("o_1.1_", "damaged"),
        ("s1_00001.1", "damaged"),
        ("o_\u0661.1", "damaged"),
        ("v", "0 numbers; this network takes 4"),
        ("vAAAAAA", "3 numbers; this network takes 4"),
        ("vAAAAAAA", "damaged"),
        ("vAAAAAAA!", "damaged"),
        ("vAAAAAA__", "outside"),
        ("vAAAAAAJZ", "outside"),
        ("_", "neither a seed"),
        ("\0", "neither a seed"),
    ],
)
def test_a_damaged_address_is_explained(text: str, words: str) -> None:
    with pytest.raises(latent.LatentError, match=words) as raised:
        latent.from_text(text, 4)
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("shares", [(5, 3, 2, 0.1), (1, 1, 1), (3, 0, 1), (2,)])
def test_with_its_head_start_each_number_is_the_largest_in_its_share(
    shares: tuple[float, ...],
) -> None:
    z = latent.sample(100_000, len(shares), seed=2) + head_starts(np.array(shares))
    found = np.bincount(z.argmax(axis=1), minlength=len(shares)) / len(z)
    np.testing.assert_allclose(found, np.array(shares) / sum(shares), atol=0.005)
