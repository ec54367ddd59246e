"""Ctrl-C and SIGTERM, obeyed within seconds whatever the main thread is at.

Python runs a signal's handler between two steps of the main thread, and TensorFlow keeps that
thread for up to ten seconds: it imports, compiles, judges. So each signal also wakes a thread of
its own, which answers at once. It ends the process if the main thread has not come to an end within
`GRACE_SECONDS`, or if a second signal asks again; whatever hinders it then, within `LAST_SECONDS`.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final, NoReturn

GRACE_SECONDS: Final = 2.0
LAST_SECONDS: Final = 0.5
"""For writing down what must not be lost, once the main thread is not waited for."""
_HEARD: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """A signal ends the command where it is. No `Exception`: nobody mends it and goes on."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        """As shells have it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command does about a signal."""

    words: str
    """Said at once."""
    obey: Callable[[int], None]
    """Called with the signal in the main thread, as soon as that takes another step."""
    break_off: Callable[[int], str]
    """Called in another thread where the main one is not to be waited for; what is said at the end.

    The process ends after it, so it writes down what must not be lost; or before it is done, once
    `LAST_SECONDS` are over or another signal comes.
    """
    too_late: str = ""
    """What is said then."""


def _interrupt(number: int) -> NoReturn:
    raise Interrupted(number)


_LEAVE: Final = Answer("Stopping. Once more ends it at once.", _interrupt, lambda number: "")


def leaving(break_off: Callable[[], str]) -> Answer:
    """End the command where it is, after `break_off` wrote down what must not be lost."""
    return Answer(_LEAVE.words, _interrupt, lambda number: break_off())


class Signals:
    """Hears the signals, from its making until it is closed.

    Made in the main thread, and one at a time.
    """

    def __init__(self) -> None:
        self._first, self._was_interrupted = 0, False
        self._answer = _LEAVE
        self._terminal = os.dup(2)  # standard error is caught while TensorFlow starts
        self._bell, self._ringing = socket.socketpair()
        self._ringing.setblocking(False)
        self._bell_before = signal.set_wakeup_fd(self._ringing.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._listen, name="signals", daemon=True)
        self._thread.start()  # a handler that is called raises, and then nothing follows here
        self._before = {number: signal.signal(number, self._handle) for number in _HEARD}

    @property
    def exit_code(self) -> int:
        """Of a command that the first signal ended, as shells have it; 0 if none came."""
        return 128 + self._first if self._first else 0

    @property
    def has_interrupted(self) -> bool:
        """Whether the first signal raised `Interrupted`, which may have come as another error."""
        return self._was_interrupted

    @contextmanager
    def answered(self, answer: Answer) -> Iterator[None]:
        """Let a command answer in its own way, for as long as it takes."""
        before, self._answer = self._answer, answer
        try:
            yield
        finally:
            self._answer = before

    def close(self) -> None:
        """Give the signals back to whom they belonged to."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._bell_before)
        self._ringing.close()
        self._thread.join()
        self._bell.close()
        os.close(self._terminal)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._first:
            self._first, self._was_interrupted = number, self._answer.obey is _interrupt
            self._answer.obey(number)

    def _listen(self) -> None:
        first = self._next(None)
        if not first:
            return
        self._say(self._answer.words)
        try:
            if not self._next(GRACE_SECONDS):
                return
        except TimeoutError:
            pass
        self._end(first)

    def _next(self, seconds: float | None) -> int:
        """The next signal; 0 once this is closed. Raises `TimeoutError` after so many seconds."""
        self._bell.settimeout(seconds)
        while (rung := self._bell.recv(1)) and rung[0] not in _HEARD:
            pass  # another signal, such as a timer's
        return rung[0] if rung else 0

    def _say(self, words: str) -> None:
        if words:
            before = "\n" if os.isatty(self._terminal) else ""  # the progress bar stands there
            os.write(self._terminal, f"{before}{words}\n".encode())

    def _end(self, number: int) -> NoReturn:
        answer = self._answer

        def break_off() -> None:
            try:
                self._say(answer.break_off(number))
            finally:
                os._exit(128 + number)

        try:
            threading.Thread(target=break_off, name="the end", daemon=True).start()
            self._next(LAST_SECONDS)
        except TimeoutError:
            pass
        finally:
            self._say(answer.too_late)
            os._exit(128 + number)


@contextmanager
def heard() -> Iterator[Signals]:
    """Hear the signals meanwhile."""
    signals = Signals()
    try:
        yield signals
    finally:
        signals.close()
