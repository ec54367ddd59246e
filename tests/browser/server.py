"""A server of one's own, started as README says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from support import ROOT


@dataclass
class App:
    """A server of one's own, on a home of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    root: Path = ROOT
    """The checkout that it serves."""
    base_path: str = ""
    """Below which it serves all."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.base_path}".rstrip("/")

    @property
    def log(self) -> Path:
        return self.home.parent / f"server-{self.port}.log"

    def wait(self, seconds: float = 30.0) -> None:
        """Wait for its end; one that does not come says in its log where each thread stands."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(10)
            raise AssertionError(f"The server did not end:\n{self.log.read_text()}") from None


def start_app(home: Path, root: Path = ROOT, port: int = 0, base_path: str = "") -> App:
    """Start the server of a checkout and wait until it answers; without a `port`, on a free one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.baseUrlPath", base_path]
    home.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=root,
            env=os.environ | {"DIGIT_FORGE_HOME": str(home), "PYTHONFAULTHANDLER": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    app = App(home, port, process, root, base_path)
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=1)
            return app
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
