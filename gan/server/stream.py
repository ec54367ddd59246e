"""What all viewers see alike, made once a tick and pushed to each browser.

A topic, a run say, has named parts: bytes that a component in the browser draws. While somebody
looks, they are made anew every tick in a thread. Each viewer gets all of them first and then what
changed. Who reads slowly gets the newest of each part and skips the rest.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

TICK_SECONDS: Final = 0.4
"""How often the parts are made: two pictures a second reach each viewer, also on a busy machine."""
BEAT_SECONDS: Final = 4.0
"""How often a viewer of a topic that stands still is told that the server is there."""
SEND_SECONDS: Final = 10.0
"""A viewer that takes longer for a message is let go: else a socket that broke off in the middle of
its handshake, of which nothing is ever heard, would keep the server from ending."""
VIEWERS: Final = "viewers"
"""The part that tells how many look on, so that not all ask for their page at the same moment."""
PROCESS: Final = secrets.token_hex(8)
"""A name for this server's process."""
SERVER: Final = "server"
"""The part that tells it: a page of another one, which is gone, has to be loaded again."""
UNKNOWN_TOPIC: Final = 4404
"""The code with which a socket closes that asks for what there is not."""

Parts = Mapping[str, bytes]
Maker = Callable[[], Parts]
"""Makes the parts of a topic. Runs in a thread."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Part:
    content: bytes
    tick: int
    """When it changed last."""


class LatestParts:
    """What a topic shows, and at which tick each part of it changed last."""

    def __init__(self) -> None:
        self.tick = 0
        self._parts: dict[str, _Part] = {}
        self._shared = ((-1, -1), b"")

    def put(self, parts: Parts) -> bool:
        """Take what was made; whether anything changed. A part that is left out stays."""
        changed = {
            name: content
            for name, content in parts.items()
            if name not in self._parts or self._parts[name].content != content
        }
        if changed:
            self.tick += 1
            for name, content in changed.items():
                self._parts[name] = _Part(content, self.tick)
        return bool(changed)

    def since(self, tick: int) -> bytes:
        """One message with the parts that changed after `tick`; made once for all who ask."""
        if self._shared[0] != (tick, self.tick):
            news = {name: part.content for name, part in self._parts.items() if part.tick > tick}
            self._shared = ((tick, self.tick), encode(news))
        return self._shared[1]


def encode(parts: Parts) -> bytes:
    """A message: a line of JSON with each part's name and length, then their bytes."""
    head = json.dumps([[name, len(content)] for name, content in parts.items()])
    return b"".join([head.encode(), b"\n", *parts.values()])


class _Topic:
    """A topic whose parts are made for as long as somebody looks at it."""

    def __init__(self, name: str, make: Maker) -> None:
        self.latest = LatestParts()
        self.viewers = 0
        self._name, self._make = name, make
        self._news = asyncio.Condition()
        self._feeding: asyncio.Task[None] | None = None
        self._trouble = ""

    def join(self) -> None:
        """One more looks: from now on its parts are made."""
        self.viewers += 1
        self._feeding = self._feeding or asyncio.create_task(self._feed())

    def leave(self) -> None:
        """One fewer looks; after the last one nothing is made any more."""
        self.viewers -= 1
        if not self.viewers and self._feeding:
            self._feeding.cancel()
            self._feeding = None

    async def watch(self, socket: WebSocket) -> None:
        """Send to one viewer what there is and what changes, until it is gone."""
        seen = -1
        while True:
            await self._change_after(seen)
            news, seen = self.latest.since(seen), self.latest.tick
            async with asyncio.timeout(SEND_SECONDS):
                await socket.send_bytes(news)

    async def _change_after(self, tick: int) -> None:
        """Wait for something new, but not for longer than a viewer should hear nothing."""
        async with self._news:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._news.wait_for(lambda: self.latest.tick > max(tick, 0))
            except TimeoutError:
                pass

    async def _feed(self) -> None:
        while True:
            parts = await asyncio.to_thread(self._made)
            news = {VIEWERS: str(self.viewers).encode(), SERVER: PROCESS.encode()}
            if self.latest.put({**parts, **news}):
                async with self._news:
                    self._news.notify_all()
            await asyncio.sleep(TICK_SECONDS)

    def _made(self) -> Parts:
        """What the maker makes; nothing if it fails, which is logged once: it is tried again."""
        try:
            parts = self._make()
        except Exception as error:
            if repr(error) != self._trouble:
                _LOG.exception("The parts of %s could not be made.", self._name)
            self._trouble = repr(error)
            return {}
        self._trouble = ""
        return parts


class Hub:
    """The topics that somebody looks at. Lives in the server's event loop."""

    def __init__(self, maker_of: Callable[[str], Maker | None]) -> None:
        self._maker_of = maker_of
        self._topics: dict[str, _Topic] = {}

    async def serve(self, socket: WebSocket) -> None:
        """One viewer of the topic that its address names."""
        await socket.accept()
        name = socket.query_params.get("topic", "")
        topic = self._topics.get(name)
        if topic is None:
            make = await asyncio.to_thread(self._maker_of, name)
            if make is None:
                await socket.close(UNKNOWN_TOPIC)
                return
            topic = self._topics.setdefault(name, _Topic(name, make))  # another came meanwhile
        topic.join()  # with nothing awaited since it was looked up: it cannot have gone
        try:
            await _either(topic.watch(socket), _hang_up(socket))
        finally:
            topic.leave()
            if not topic.viewers:
                self._topics.pop(name, None)


async def _either(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Wait for the first of them, and end the others."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hang_up(socket: WebSocket) -> None:
    """Wait until the viewer is gone. It has nothing to say: who talks is ended."""
    message = await socket.receive()
    if message["type"] == "websocket.receive" and socket.client_state is WebSocketState.CONNECTED:
        await socket.close()


def routes(maker_of: Callable[[str], Maker | None]) -> list[BaseRoute]:
    """The route by which components are fed with the topics that `maker_of` knows."""
    return [WebSocketRoute("/stream", partial(_serve, Hub(maker_of)))]


async def _serve(hub: Hub, socket: WebSocket) -> None:
    try:
        await hub.serve(socket)
    except WebSocketDisconnect:
        pass
