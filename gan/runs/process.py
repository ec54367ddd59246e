"""A worker process as its engine sees it: two pipes, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final, cast

from gan.runs import machine
from gan.runs.errors import HOME_VARIABLE, StoreError
from gan.wire import MessageError, Sent, read, write

ROOT: Final = Path(__file__).parents[2]
COMMAND_SECONDS: Final = 120.0


def command(home: Path, *arguments: str) -> str:
    """Run ``python -m gan`` on the store at `home`; its last line. Raises `StoreError`."""
    try:
        done = subprocess.run(
            (sys.executable, "-m", "gan", *arguments),
            cwd=ROOT,
            env=os.environ | {HOME_VARIABLE: str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise StoreError(
            f"It took longer than {COMMAND_SECONDS:.0f} s: nothing was kept."
        ) from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"It ended with exit code {done.returncode}."]
        raise StoreError(lines[-1])
    return done.stdout.strip().splitlines()[-1]


class Worker:
    """One worker process and the two pipes to it."""

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.heard = time.monotonic()
        """When it last said something, or was given work."""
        self._log = log
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=ROOT,
                env=os.environ | (environment or {}),
                start_new_session=True,  # a Ctrl-C in the server's terminal is not for it
            )
        self.inbox = cast(IO[bytes], self._process.stdin)
        self.outbox = cast(IO[bytes], self._process.stdout)

    @property
    def process_id(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    @property
    def resident_bytes(self) -> int:
        """The memory that it holds; 0 where the system does not tell."""
        return machine.resident_bytes(self._process.pid)

    def send(self, message: Sent) -> None:
        """Tell the worker something; one that has died will be noticed where it is read from."""
        self.heard = time.monotonic()
        try:
            write(self.inbox, message)
        except (BrokenPipeError, ValueError):
            pass

    def receive(self) -> Sent | None:
        """What the worker says next; None once it has ended or talks nonsense."""
        try:
            message = read(self.outbox)
        except (MessageError, OSError):
            return None
        self.heard = time.monotonic()
        return message

    def hang_up(self) -> None:
        """Close its input: it saves a snapshot if a run is going on, and ends."""
        try:
            self.inbox.close()
        except BrokenPipeError:
            pass

    def end(self, grace: float = 1.0) -> str:
        """Wait `grace` seconds for the process to end, then kill it; says how it ended."""
        self.hang_up()
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self.outbox.close()
        if code < 0:
            return f"it was ended by signal {-code}"
        last_words = self._last_words()
        return f"exit code {code}" + (f", last words: {last_words}" if last_words else "")

    def _last_words(self) -> str:
        """The last line of the log; nothing if that is gone."""
        try:
            lines = self._log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
