"""What many ask for at once is read by one of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gan.runs.read_once import ReadOnce, read_once

CLASS = 60


def test_what_a_class_asks_for_at_once_is_read_once() -> None:
    read: list[str] = []
    asking: list[int] = []
    all_ask = threading.Event()

    @read_once()
    def unpacked(name: str) -> list[str]:
        read.append(name)
        assert all_ask.wait(30)
        return [name]

    def ask(place: int) -> list[str]:
        asking.append(place)
        if len(asking) == CLASS:
            all_ask.set()
        return unpacked("quick")

    with ThreadPoolExecutor(CLASS) as threads:
        answers = list(threads.map(ask, range(CLASS)))
    assert read == ["quick"]
    assert all(answer is answers[0] for answer in answers)


def test_only_what_was_asked_for_last_is_kept() -> None:
    read: list[int] = []
    answer = ReadOnce(lambda place: read.append(place) or place, most=2)  # type: ignore[func-returns-value]
    for place in (1, 2, 1, 3, 1, 2):
        assert answer(place) == place
    assert read == [1, 2, 3, 2], "2 had to go for 3, as 1 was asked for after it"
    answer.cache_clear()
    answer(1)
    assert read[-1] == 1


def test_an_error_is_not_kept() -> None:
    tried: list[str] = []

    @read_once()
    def damaged(name: str) -> str:
        tried.append(name)
        if len(tried) == 1:
            raise OSError("torn")
        return name

    with pytest.raises(OSError, match="torn"):
        damaged("a")
    assert damaged("a") == "a"
