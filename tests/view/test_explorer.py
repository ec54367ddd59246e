"""Who moves the explorer: the hand, the address, or nobody."""

from __future__ import annotations

import json
import struct

from gan.view.explorer.explorer import Commit, Steering, pack, steer

A, B, C = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)


def first(asked: tuple[float, ...] | None) -> Steering:
    return steer(None, size=2, asked=asked, commit=None)


def test_the_first_run_goes_where_the_page_asks() -> None:
    assert (first(A).target, first(A).stands, first(A).revision) == (A, A, 0)
    assert first(None).target is None


def test_a_commit_moves_nothing_and_is_where_it_stands() -> None:
    after = steer(first(A), size=2, asked=A, commit=Commit(B, 0))
    assert (after.target, after.stands, after.revision) == (A, B, 0)


def test_an_echo_of_the_commit_moves_nothing() -> None:
    committed = steer(first(A), size=2, asked=A, commit=Commit(B, 0))
    echoed = steer(committed, size=2, asked=B, commit=Commit(B, 0))
    assert (echoed.revision, echoed.stands) == (0, B)


def test_another_address_is_followed() -> None:
    committed = steer(first(A), size=2, asked=A, commit=Commit(B, 0))
    echoed = steer(committed, size=2, asked=B, commit=Commit(B, 0))
    moved = steer(echoed, size=2, asked=C, commit=Commit(B, 0))
    assert (moved.target, moved.stands, moved.revision) == (C, C, 1)


def test_a_commit_that_was_overtaken_does_not_count() -> None:
    moved = steer(first(A), size=2, asked=C, commit=None)
    late = steer(moved, size=2, asked=C, commit=Commit(B, 0))
    assert (late.stands, late.revision) == (C, 1)


def test_a_network_of_another_size_starts_anew() -> None:
    assert steer(first(A), size=3, asked=None, commit=None).target is None


def test_options_travel_before_the_network_in_whole_words() -> None:
    packed = pack({"z": None}, b"network!")
    (length,) = struct.unpack_from("<I", packed)
    assert length % 4 == 0
    assert json.loads(packed[4 : 4 + length]) == {"z": None}
    assert packed[4 + length :] == b"network!"
