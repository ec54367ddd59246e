"""A crowd of viewers without browsers: what a browser says to this app's server, and hears of it.

Speaks Streamlit's own protocol for one page, follows the timers that a page sets, opens the streams
that its components name, and asks for a page anew when a stream's version asks for it. It draws
nothing, so that sixty fit beside the server on one machine.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import urllib.parse
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LARGEST = 64 << 20
CHARTS, SHEETS = "loss-chart", "sample-grid"
SHARE_SECONDS = 0.025
"""As in `pulse.js`."""


@dataclass
class Seen:
    """What one viewer was shown."""

    opened: float | None = None
    """Seconds from the first word to the end of the page's script."""
    pictures: list[tuple[float, int]] = field(default_factory=list)
    """When a new curve came, and the step at its end."""
    sheets: int = 0
    """New pictures of digits."""
    redrawn: int = 0
    """How often the page's script was asked for again."""


@dataclass
class _Pulse:
    """The component through which a page asks to be drawn again."""

    component: str
    fragment: str
    version: str
    asked: str = ""


class Viewer:
    """One browser on one page."""

    def __init__(self, url: str, page: str, query: str = "") -> None:
        self._socket_url = url.replace("http", "ws", 1)
        self._page, self._query = page, query
        self.seen = Seen()
        self._script_hash = ""
        self._last: dict[str, bytes] = {}
        self._pulses: dict[str, _Pulse] = {}
        self._versions: dict[str, str] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self._viewers = 1
        self._timers: list[asyncio.Task[None]] = []

    async def stay(self, until: float) -> None:
        """Open the page, and look at it until then, by `time.monotonic`."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.1, until - began)):
                async with connect(
                    f"{self._socket_url}/_stcore/stream",
                    subprotocols=["streamlit"],  # type: ignore[list-item]
                    max_size=LARGEST,
                    origin=self._socket_url.replace("ws", "http", 1),  # type: ignore[arg-type]
                    open_timeout=None,
                ) as socket:
                    self._socket = socket
                    await self._ask()
                    async for message in socket:
                        assert isinstance(message, bytes)
                        await self._hear(message, began)
        except (TimeoutError, ConnectionClosed):
            pass
        finally:
            for task in [*self._streams.values(), *self._timers]:
                task.cancel()

    async def visit(self, patience: float) -> float | None:
        """Open the page and leave; seconds that it took, or None beyond `patience`."""
        task = asyncio.create_task(self.stay(time.monotonic() + patience))
        while not task.done() and self.seen.opened is None:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return self.seen.opened

    async def _ask(self, fragment: str = "", trigger: tuple[str, str] | None = None) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.widget_states.SetInParent()
        if self._script_hash:
            asked.page_script_hash = self._script_hash
        else:
            asked.page_name = self._page
        if fragment:
            asked.fragment_id = fragment
        if trigger:
            state = asked.widget_states.widgets.add()
            state.id = f"$$STREAMLIT_INTERNAL_KEY_{trigger[0]}__events"
            state.json_trigger_value = json.dumps([{"event": "news", "value": trigger[1]}])
        asked.context_info.timezone = "UTC"
        asked.context_info.url = self._socket_url
        await self._socket.send(message.SerializeToString())

    async def _hear(self, content: bytes, began: float) -> None:
        message = ForwardMsg()
        message.ParseFromString(content)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._script_hash = message.new_session.page_script_hash
        elif kind == "script_finished" and self.seen.opened is None:
            self.seen.opened = time.monotonic() - began
        elif kind == "auto_rerun":
            rerun = message.auto_rerun
            timer = self._follow_timer(rerun.interval, rerun.fragment_id)
            self._timers.append(asyncio.create_task(timer))
        elif kind == "stop_auto_rerun":
            for timer_task in self._timers:
                timer_task.cancel()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "bidi_component":
                self._mount(element.bidi_component, message.delta.fragment_id)

    async def _follow_timer(self, interval: float, fragment: str) -> None:
        while True:
            await asyncio.sleep(interval)
            self.seen.redrawn += 1
            await self._ask(fragment)

    def _mount(self, component: Any, fragment: str) -> None:
        """Take note of a component, as its own code would."""
        if component.WhichOneof("data") != "bytes" or b"\n" not in component.bytes:
            return
        line, body = component.bytes.split(b"\n", 1)
        about = json.loads(line)
        if body:
            self._draw(about.get("testId", ""), body)
        if "version" in about:
            topic = about["source"]
            self._pulses[topic] = _Pulse(component.id, fragment, about["version"])
            self._open(topic)
            self._check(topic)
        elif "topic" in about:
            self._open(about["topic"])

    def _draw(self, name: str, body: bytes) -> None:
        if self._last.get(name) == body:
            return
        self._last[name] = body
        if name == CHARTS:
            self.seen.pictures.append((time.monotonic(), last_step(body)))
        elif name == SHEETS:
            self.seen.sheets += 1

    def _open(self, topic: str) -> None:
        if topic not in self._streams:
            self._streams[topic] = asyncio.create_task(self._stream(topic))

    async def _stream(self, topic: str) -> None:
        address = f"{self._socket_url}/_live/stream?topic={urllib.parse.quote(topic, safe='')}"
        async with connect(address, max_size=LARGEST, open_timeout=None) as socket:
            async for message in socket:
                assert isinstance(message, bytes)
                line, body = message.split(b"\n", 1)
                start = 0
                for name, length in json.loads(line):
                    part, start = body[start : start + length], start + length
                    if name == "losses":
                        self._draw(CHARTS, part)
                    elif name == "samples":
                        self._draw(SHEETS, part)
                    elif name == "viewers":
                        self._viewers = int(part)
                    elif name == "version":
                        self._versions[topic] = part.decode()
                        self._check(topic)

    def _check(self, topic: str) -> None:
        """Ask for the page anew where it shows another version than the stream carries."""
        pulse, version = self._pulses.get(topic), self._versions.get(topic)
        if pulse and version and version not in (pulse.version, pulse.asked):
            pulse.asked = version
            self.seen.redrawn += 1
            self._timers.append(asyncio.create_task(self._ask_in_turn(pulse, version)))

    async def _ask_in_turn(self, pulse: _Pulse, version: str) -> None:
        await asyncio.sleep(random.random() * SHARE_SECONDS * self._viewers)
        await self._ask(pulse.fragment, (pulse.component, version))

    _socket: ClientConnection


@lru_cache(maxsize=256)
def last_step(figure: bytes) -> int:
    """The step at the end of a figure's first curve: all viewers are sent the same bytes."""
    traces = json.loads(zlib.decompress(figure))["data"]
    return int(traces[0]["x"][-1]) if traces else -1
