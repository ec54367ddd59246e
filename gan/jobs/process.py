"""A worker process as its lane sees it: two pipes, and how it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Final, cast

from gan.jobs import machine
from gan.messages.codec import MessageError, Sent, encode, read
from gan.runs.errors import HOME_VARIABLE, StoreError, reason

_LOG: Final = logging.getLogger(__name__)
ROOT: Final = Path(__file__).parents[2]
COMMAND_SECONDS: Final = 120.0
START_SECONDS: Final = 300.0
"""How long a worker may take until it is ready: TensorFlow's start on a machine that is busy."""


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
    except OSError as error:
        raise StoreError(
            f"This server could not start a process for this ({reason(error)}). Nothing was "
            "changed: try again in a minute."
        ) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"It ended with exit code {done.returncode}."]
        raise StoreError(lines[-1])
    return done.stdout.strip().splitlines()[-1]


class Worker:
    """One worker process and the two pipes to it.

    Nobody waits for it to read: what it is sent goes through a thread of its own, which alone
    touches the pipe. A worker that is stopped, or swapped out, keeps nothing waiting but itself.
    """

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.heard = time.monotonic()
        """When it last said something, or was given what it has to answer."""
        self.is_ready = False
        """Whether it has ever said something."""
        self._log = log
        self._unsent: SimpleQueue[bytes | None] = SimpleQueue()
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
        self._inbox = cast(IO[bytes], self._process.stdin)
        self._outbox = cast(IO[bytes], self._process.stdout)
        try:
            threading.Thread(target=self._write, name="to a worker", daemon=True).start()
        except RuntimeError:  # no thread is to be had: then no worker is
            self._process.kill()
            self._process.communicate()
            raise

    @property
    def process_id(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    @property
    def resident_bytes(self) -> int:
        """The memory that it holds; 0 where the system does not tell."""
        return machine.resident_bytes(self._process.pid)

    @property
    def unsent(self) -> int:
        """How many messages it has not begun to read."""
        return self._unsent.qsize()

    def send(self, message: Sent) -> None:
        """Tell the worker something; one that has died will be noticed where it is read from."""
        self._unsent.put(encode(message))

    def give(self, message: Sent) -> None:
        """Send what it has to answer."""
        self.expect()
        self.send(message)

    def expect(self) -> None:
        """From here on its silence counts."""
        self.heard = time.monotonic()

    def receive(self) -> Sent | None:
        """What the worker says next; None once it has ended or talks nonsense."""
        try:
            message = read(self._outbox)
        except (MessageError, OSError):
            return None
        self.heard, self.is_ready = time.monotonic(), True
        return message

    def is_silent(self, now: float, limit: float, start: float = 0.0) -> bool:
        """Whether it has said nothing for `limit` seconds; until it is ready, `start` at least."""
        return now - self.heard > (limit if self.is_ready else max(limit, start))

    def hang_up(self) -> None:
        """Close its input: it saves a snapshot if a run is going on, and ends."""
        self._unsent.put(None)

    def end(self, grace: float = 1.0) -> str:
        """Wait `grace` seconds for the process to end, then kill it; says how it ended."""
        self.hang_up()
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._outbox.close()
        if code < 0:
            return f"it was ended by signal {-code}"
        last_words = self._last_words()
        return f"exit code {code}" + (f", last words: {last_words}" if last_words else "")

    def _write(self) -> None:
        """The thread that alone writes to the worker, until it is hung up on or has died."""
        try:
            with self._inbox:
                while (content := self._unsent.get()) is not None:
                    self._inbox.write(content)
                    self._inbox.flush()
        except OSError:
            pass  # it has died, which is noticed where it is read from

    def _last_words(self) -> str:
        """The last line of the log; nothing if that is gone."""
        try:
            lines = self._log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def discard(self) -> None:
        """End the process after a mishap; if even that fails, it is logged."""
        try:
            self.kill()
            self.end()
        except Exception:
            _LOG.exception("A worker could not be ended")

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
