"""A proxy that strips a path, as JupyterHub's does: the app below it knows nothing of that path."""

from __future__ import annotations

import asyncio
import re
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_HEAD = re.compile(rb"(?P<method>[A-Z]+) (?P<address>\S+) (?P<rest>.*)", re.DOTALL)
_ENDS = (OSError, asyncio.IncompleteReadError)


@dataclass
class Proxy:
    """Hands on what is asked for below `path`, and that alone."""

    port: int
    """Of the app."""
    path: str
    strays: list[str] = field(default_factory=list)
    """What was asked for outside of `path`."""
    url: str = ""

    async def serve(self, browser: StreamReader, answer: StreamWriter) -> None:
        """One connection: one request, or a socket for as long as it stays open."""
        try:
            head = _HEAD.fullmatch(await browser.readuntil(b"\r\n\r\n"))
            assert head is not None
            address = head["address"].decode()
            if not address.startswith(f"{self.path}/"):
                self.strays.append(address)
                answer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                return
            app, request = await asyncio.open_connection("127.0.0.1", self.port)
            lines = [line for line in head["rest"].split(b"\r\n") if line]
            if b"upgrade: websocket" not in head["rest"].lower():
                lines = [line for line in lines if not line.lower().startswith(b"connection:")]
                lines.append(b"Connection: close")  # the next one is to be looked at, too
            first = b"%b %b " % (head["method"], address.removeprefix(self.path).encode())
            request.write(first + b"\r\n".join(lines) + b"\r\n\r\n")
            both = [asyncio.create_task(_pass_on(browser, request)),
                    asyncio.create_task(_pass_on(app, answer))]  # fmt: skip
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in both:
                task.cancel()
            request.close()
        except _ENDS:
            pass  # who asked is gone
        finally:
            answer.close()


async def _pass_on(source: StreamReader, goal: StreamWriter) -> None:
    try:
        while data := await source.read(1 << 16):
            goal.write(data)
            await goal.drain()
    except _ENDS:
        pass


@contextmanager
def proxied(port: int, path: str) -> Iterator[Proxy]:
    """A proxy in front of the app at `port`, in a thread of its own."""
    proxy, loop = Proxy(port, path), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(10)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{path}"
    yield proxy
    asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def _end(server: asyncio.Server) -> None:
    """Hang up on all who are connected."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
