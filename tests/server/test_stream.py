"""What is pushed to all viewers: the whole first, then what changed, made once for all."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from starlette.websockets import WebSocket
from support import awaited

from gan.jobs.engine import Engine
from gan.server import stream
from gan.server.stream import SERVER, UNKNOWN_TOPIC, VIEWERS, Hub, LatestParts, Parts
from gan.view.streams import topics


def parts_of(message: bytes) -> dict[str, bytes]:
    """A message as the browser reads it."""
    line, body = message.split(b"\n", 1)
    found, start = {}, 0
    for name, length in json.loads(line):
        found[name], start = body[start : start + length], start + length
    assert start == len(body)
    return found


class Browser:
    """One viewer, whose socket stays open until it leaves."""

    def __init__(self, topic: str) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": "/", "headers": [], "subprotocols": [],
                 "query_string": f"topic={topic}".encode()}  # fmt: skip
        self.socket = WebSocket(scope, self._said.get, self.heard.put)

    async def news(self) -> dict[str, bytes]:
        while (message := await asyncio.wait_for(self.heard.get(), 10))["type"] == (
            "websocket.accept"
        ):
            pass
        assert message["type"] == "websocket.send", message
        parts = parts_of(message["bytes"])
        own = {name: parts[name] for name in parts if name not in (VIEWERS, SERVER)}
        return await self.news() if parts and not own else own

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})


def counted(make: Callable[[int], Parts]) -> tuple[Callable[[], Parts], list[int]]:
    """A maker that is told how often it was asked, and notes it."""
    asked: list[int] = []

    def maker() -> Parts:
        asked.append(len(asked))
        return make(asked[-1])

    return maker, asked


def test_a_board_tells_what_changed_since() -> None:
    latest = LatestParts()
    assert latest.put({"a": b"1", "b": b"2"})
    assert parts_of(latest.since(-1)) == {"a": b"1", "b": b"2"}
    assert not latest.put({"a": b"1", "b": b"2"})
    seen = latest.tick
    assert latest.put({"a": b"1", "b": b"3"})
    assert parts_of(latest.since(seen)) == {"b": b"3"}
    assert parts_of(latest.since(-1)) == {"a": b"1", "b": b"3"}
    assert latest.since(seen) is latest.since(seen), "encoded once for all"


def test_a_slow_viewer_skips_to_the_newest() -> None:
    latest = LatestParts()
    for turn in range(5):
        latest.put({"a": str(turn).encode()})
    assert parts_of(latest.since(1)) == {"a": b"4"}


def test_sixty_viewers_cost_one_making_and_a_latecomer_gets_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.01)
    make, asked = counted(lambda turn: {"still": b"s", "moving": str(turn // 20).encode()})

    async def scene() -> None:
        hub = Hub(lambda topic: make if topic == "t" else None)
        browsers = [Browser("t") for _ in range(60)]
        serving = [asyncio.create_task(hub.serve(each.socket)) for each in browsers]
        for each in browsers:
            assert set(await each.news()) == {"still", "moving"}
        for each in browsers:
            assert set(await each.news()) == {"moving"}
        late = Browser("t")
        serving.append(asyncio.create_task(hub.serve(late.socket)))
        assert set(await late.news()) == {"still", "moving"}
        feeding = hub._topics["t"]._feeding
        assert feeding is not None
        for each in [*browsers, late]:
            each.leave()
        await asyncio.wait_for(asyncio.gather(*serving), 10)
        assert not hub._topics
        await asyncio.wait([feeding], timeout=10)
        assert feeding.cancelled(), "nobody looks: nothing is made"

    awaited(scene())
    assert len(asked) < 60


def test_viewers_are_told_how_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that they ask for their pages one after the other."""
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.01)

    async def scene() -> None:
        hub, browsers = Hub(lambda _: lambda: {"a": b"1"}), [Browser("t") for _ in range(3)]
        serving = [asyncio.create_task(hub.serve(each.socket)) for each in browsers]
        told = b""
        while told != b"3":
            message = await asyncio.wait_for(browsers[0].heard.get(), 10)
            if message["type"] == "websocket.send":
                told = parts_of(message["bytes"]).get(VIEWERS, told)
        for each in browsers:
            each.leave()
        await asyncio.wait_for(asyncio.gather(*serving), 10)

    awaited(scene())


def test_a_viewer_of_what_stands_still_hears_that_the_server_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.01)

    async def scene() -> None:
        hub, browser = Hub(lambda _: lambda: {"a": b"1"}), Browser("t")
        serving = asyncio.create_task(hub.serve(browser.socket))
        while not await browser.news():
            pass
        assert await browser.news() == {}
        browser.leave()
        await asyncio.wait_for(serving, 10)

    awaited(scene())


def test_a_board_that_cannot_be_made_once_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.01)

    def once(turn: int) -> Parts:
        if turn < 3:
            raise OSError("the disk is away")
        return {"a": b"back"}

    make, _ = counted(once)

    async def scene() -> None:
        hub, browser = Hub(lambda _: make), Browser("t")
        serving = asyncio.create_task(hub.serve(browser.socket))
        assert await browser.news() == {"a": b"back"}
        browser.leave()
        await asyncio.wait_for(serving, 10)

    awaited(scene())


def test_who_comes_as_the_last_one_leaves_is_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.001)

    async def scene() -> None:
        make, _ = counted(lambda turn: {"moving": str(turn).encode()})
        hub, before = Hub(lambda _: make), Browser("t")
        serving = [asyncio.create_task(hub.serve(before.socket))]
        for wait in (0, 0, 0, 1, 2, 3, 5, 8) * 3:
            await before.news()
            before.leave()
            for _ in range(wait):
                await asyncio.sleep(0)
            before = Browser("t")
            serving.append(asyncio.create_task(hub.serve(before.socket)))
            for _ in range(2):
                await before.news()
        before.leave()
        await asyncio.wait_for(asyncio.gather(*serving), 10)
        assert not hub._topics

    awaited(scene())


def test_news_in_the_moment_of_a_beat_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(stream, "TICK_SECONDS", 60.0)

    async def scene() -> None:
        hub, browser = Hub(lambda _: lambda: {"a": b"1"}), Browser("t")
        serving = asyncio.create_task(hub.serve(browser.socket))
        assert await browser.news() == {"a": b"1"}
        hub._topics["t"].latest.put({"a": b"2"})  # and nobody was woken for it
        while not (news := await browser.news()):
            pass
        assert news == {"a": b"2"}
        browser.leave()
        await asyncio.wait_for(serving, 10)

    awaited(scene())


def test_a_viewer_who_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SEND_SECONDS", 0.02)

    async def scene() -> None:
        hub, browser = Hub(lambda _: lambda: {"a": b"1"}), Browser("t")
        take = browser.heard.put

        async def stuck(message: Any) -> None:
            await (asyncio.sleep(60) if message["type"] == "websocket.send" else take(message))

        browser.socket._send = stuck
        await asyncio.wait_for(hub.serve(browser.socket), 10)
        assert not hub._topics

    awaited(scene())


def test_looking_a_topic_up_does_not_hold_up_the_others() -> None:
    """The record may be slow, or held by another program."""
    held, asked = threading.Event(), threading.Event()

    def maker_of(topic: str) -> Callable[[], Parts] | None:
        if topic == "slow":
            asked.set()
            held.wait(10)
        return lambda: {"a": topic.encode()}

    async def scene() -> None:
        hub, slow, quick = Hub(maker_of), Browser("slow"), Browser("quick")
        serving = [asyncio.create_task(hub.serve(slow.socket))]
        await asyncio.to_thread(asked.wait, 10)
        serving.append(asyncio.create_task(hub.serve(quick.socket)))
        assert await quick.news() == {"a": b"quick"}
        held.set()
        assert await slow.news() == {"a": b"slow"}
        for each in (slow, quick):
            each.leave()
        await asyncio.wait_for(asyncio.gather(*serving), 10)

    awaited(scene())


@pytest.mark.parametrize("topic", ["", "run/", "run/nobody", "run/../x", "nothing/here", "runs/x"])
def test_a_topic_that_there_is_not_is_refused(engine: Engine, topic: str) -> None:
    async def scene() -> None:
        browser = Browser(topic)
        await asyncio.wait_for(Hub(topics.maker_of).serve(browser.socket), 10)
        assert [(await browser.heard.get())["type"] for _ in range(2)] == [
            "websocket.accept", "websocket.close"]  # fmt: skip

    assert UNKNOWN_TOPIC == 4404
    awaited(scene())
