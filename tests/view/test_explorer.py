"""Who moves the explorer: the hand, the address, or nobody."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from gan.view.explorer.explorer import Commit, Place, Steering, pack, steer

A, B, C = Place((1.0, 0.0)), Place((0.0, 1.0)), Place((0.5, 0.5))
ANYWHERE = Place()


def first(asked: Place) -> Steering:
    return steer(None, size=2, asked=asked, commit=None)


def test_the_first_run_goes_where_the_page_asks() -> None:
    assert (first(A).target, first(A).stands, first(A).revision) == (A, A, 0)
    assert first(ANYWHERE).target == ANYWHERE


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
    assert steer(first(A), size=3, asked=ANYWHERE, commit=None).target == ANYWHERE


def test_an_address_without_a_place_moves_nothing() -> None:
    committed = steer(first(ANYWHERE), size=2, asked=ANYWHERE, commit=Commit(B, 0))
    echoed = steer(committed, size=2, asked=B, commit=Commit(B, 0))
    back = steer(echoed, size=2, asked=ANYWHERE, commit=Commit(B, 0))
    assert (back.target, back.stands, back.revision) == (ANYWHERE, ANYWHERE, 0)


def test_z_and_the_digit_go_together() -> None:
    three, seven = Place((1.0, 0.0), 3), Place((1.0, 0.0), 7)
    committed = steer(first(three), size=2, asked=three, commit=Commit(seven, 0))
    assert (committed.target, committed.stands, committed.revision) == (three, seven, 0)
    echoed = steer(committed, size=2, asked=seven, commit=Commit(seven, 0))
    assert (echoed.stands, echoed.revision) == (seven, 0)
    back = steer(echoed, size=2, asked=three, commit=Commit(seven, 0))
    assert (back.target, back.stands, back.revision) == (three, three, 1)


def test_a_digit_in_the_address_moves_without_a_z() -> None:
    three, seven = Place(None, 3), Place((1.0, 0.0), 7)
    committed = steer(first(three), size=2, asked=three, commit=Commit(seven, 0))
    echoed = steer(committed, size=2, asked=seven, commit=Commit(seven, 0))
    back = steer(echoed, size=2, asked=three, commit=Commit(seven, 0))
    assert (back.target, back.revision) == (three, 1)


def export_of(**header: object) -> bytes:
    """The head of an export: all that Python reads of it."""
    text = json.dumps({"latent_dim": 2} | header).encode()
    return b"DFGEN001" + struct.pack("<I", len(text)) + text


@pytest.mark.parametrize(
    ("header", "asked", "classes", "stands"),
    [
        ({"classes": 10}, 7, (), Place((1.0, 0.0), 7)),
        ({"classes": 10}, None, (), Place((1.0, 0.0), 0)),
        ({"classes": 10}, None, (3, 8), Place((1.0, 0.0), 3)),
        ({"classes": 10}, 7, (3, 8), Place((1.0, 0.0), 3)),
        ({"classes": 2}, 7, (), Place((1.0, 0.0), 0)),
        ({}, 7, (3, 8), Place((1.0, 0.0))),
        ({"classes": "10"}, 7, (), ANYWHERE),
    ],
)
def test_a_digit_that_cannot_be_chosen_is_the_first_that_can(
    header: dict[str, object], asked: int | None, classes: Sequence[int], stands: Place
) -> None:
    def page(export, asked, classes):  # a script of its own: it knows nothing of this module
        import streamlit as st

        from gan.view.explorer.explorer import explorer

        st.session_state["stands"] = explorer(
            export, z=[1.0, 0.0], digit=asked, classes=classes, key="e"
        )

    at = AppTest.from_function(page, args=(export_of(**header), asked, classes)).run()
    assert not at.exception
    assert at.session_state["stands"] == stands


def test_options_travel_before_the_network_in_whole_words() -> None:
    packed = pack({"z": None}, b"network!")
    (length,) = struct.unpack_from("<I", packed)
    assert length % 4 == 0
    assert json.loads(packed[4 : 4 + length]) == {"z": None}
    assert packed[4 + length :] == b"network!"
