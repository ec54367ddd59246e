"""One script draws at a time: who goes first, and what happens to one that hangs."""

from __future__ import annotations

import threading

import pytest
from support import look_until

from gan.view.turns import Rank, Turns

DEADLINE = 10.0


def until_waiting(turns: Turns, count: int) -> None:
    look_until(lambda: len(turns._waiting) >= count)


def test_only_one_draws_at_a_time() -> None:
    turns = Turns()
    waiting: list[int] = []

    def draw() -> None:
        with turns.drawing():
            waiting.append(len(turns._waiting))

    threads = [threading.Thread(target=draw) for _ in range(20)]
    with turns.drawing():
        for thread in threads:
            thread.start()
        until_waiting(turns, 20)
        assert waiting == []
    for thread in threads:
        thread.join(DEADLINE)
    assert waiting == [*reversed(range(20))], "whoever draws sees all that come later still wait"


def test_people_go_before_news_and_each_in_the_order_of_their_coming() -> None:
    turns, order = Turns(), []

    def draw(name: str, rank: Rank) -> None:
        with turns.drawing(rank):
            order.append(name)

    waiting = [
        ("news 1", Rank.NEWS),
        ("news 2", Rank.NEWS),
        ("a click", Rank.PERSON),
        ("a visit", Rank.PERSON),
    ]
    threads = []
    with turns.drawing():
        for count, each in enumerate(waiting, start=1):
            thread = threading.Thread(target=draw, args=each)
            thread.start()
            threads.append(thread)
            until_waiting(turns, count)
    for thread in threads:
        thread.join(DEADLINE)
    assert order == ["a click", "a visit", "news 1", "news 2"]


def test_news_does_not_wait_for_ever_behind_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan.view.turns.HEAD_START_SECONDS", 0.0)
    turns, order = Turns(), []

    def draw(name: str, rank: Rank) -> None:
        with turns.drawing(rank):
            order.append(name)

    threads = []
    with turns.drawing():
        for count, each in enumerate([("news", Rank.NEWS), ("later", Rank.PERSON)], start=1):
            threads.append(threading.Thread(target=draw, args=each))
            threads[-1].start()
            until_waiting(turns, count)
    for thread in threads:
        thread.join(DEADLINE)
    assert order == ["news", "later"]


def test_a_turn_holds_within_itself_and_is_given_back_after_an_error() -> None:
    turns = Turns()
    try:
        with turns.drawing(), turns.drawing():
            raise KeyError
    except KeyError:
        pass
    done = threading.Event()

    def draw() -> None:
        with turns.drawing():
            done.set()

    threading.Thread(target=draw).start()
    assert done.wait(DEADLINE)


def test_others_draw_while_one_waits_for_something_else() -> None:
    turns, drawn = Turns(), threading.Event()

    def draw() -> None:
        with turns.drawing():
            drawn.set()

    with turns.drawing():
        threading.Thread(target=draw).start()
        until_waiting(turns, 1)
        assert not drawn.is_set()
        with turns.aside(), turns.aside():
            assert drawn.wait(DEADLINE)


def test_one_that_hangs_does_not_hold_up_the_others_for_good() -> None:
    turns, drawn, hanging = Turns(patience=0.05), threading.Event(), threading.Event()

    def hang() -> None:
        with turns.drawing():
            hanging.wait(DEADLINE)

    def draw() -> None:
        with turns.drawing():
            drawn.set()

    stuck = threading.Thread(target=hang)
    stuck.start()
    look_until(lambda: turns._holder)
    threading.Thread(target=draw).start()
    assert drawn.wait(DEADLINE)
    hanging.set()
    stuck.join(DEADLINE)
    with turns.drawing():
        assert turns._holder is not None, "its late end took nobody else's turn"
