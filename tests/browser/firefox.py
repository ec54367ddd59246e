"""Firefox ESR, driven over its own WebDriver BiDi socket.

Playwright drives a Firefox of its own making only; what people have is Debian's.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr")
PATIENCE_SECONDS = 60.0
LARGEST = 16 << 20


class Firefox:
    """One window of Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._said = socket, 0
        self.complaints: list[str] = []
        """Errors that the pages wrote to the console."""
        self._command("session.new", capabilities={})
        self._command("session.subscribe", events=["log.entryAdded"])
        tree = self._command("browsingContext.getTree")
        self._window = tree["contexts"][0]["context"]

    def open(self, url: str) -> None:
        """Go to an address."""
        self._command("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def ask(self, expression: str) -> Any:
        """The value of a piece of JavaScript: text, a number, true or false, or None."""
        told = self._command(
            "script.evaluate",
            expression=f"JSON.stringify({expression}) ?? null",
            target={"context": self._window},
            awaitPromise=True,
        )
        assert told["type"] == "success", told
        value = told["result"].get("value")
        return None if value is None else json.loads(value)

    def until(self, expression: str) -> Any:
        """What a piece of JavaScript comes to, once that is true or something."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (value := self.ask(expression)):
            assert time.monotonic() < deadline, f"{expression} on {self.ask('location.href')}"
            time.sleep(0.1)
        return value

    def quit(self) -> None:
        """End the browser."""
        self._command("browser.close")

    def _command(self, method: str, **params: Any) -> dict[str, Any]:
        self._said += 1
        self._socket.send(json.dumps({"id": self._said, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(PATIENCE_SECONDS))
            if message.get("method") == "log.entryAdded":
                entry = message["params"]
                if entry["level"] == "error":
                    self.complaints.append(str(entry.get("text")))
            if message.get("id") == self._said:
                assert message["type"] == "success", message
                result = message["result"]
                assert isinstance(result, dict)
                return result


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A Firefox with a fresh profile in this folder."""
    assert FIREFOX is not None
    process = subprocess.Popen(
        [FIREFOX, "--headless", "--no-remote", "--profile", str(profile),
         "--remote-debugging-port", "0", "--width", "1280", "--height", "900"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                break
        else:
            raise AssertionError("Firefox ended before it listened")
        with connect(f"{found[1]}/session", max_size=LARGEST) as socket:
            window = Firefox(socket)
            yield window
            window.quit()
    finally:
        process.stderr.close()
        process.terminate()
        process.wait(30)
