"""The record of a run that a command trains here: written down, shown, and ended by signals."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Final

from gan.commands import terminal
from gan.commands.signals import Answer, Signals
from gan.messages.commands import Command, Stop
from gan.messages.events import Event, Failed, Finished
from gan.messages.status import StopReason
from gan.runs.errors import StoreError
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.words.failures import failure

_REASONS: Final[Mapping[int, StopReason]] = {
    signal.SIGINT: StopReason.STOPPED,
    signal.SIGTERM: StopReason.INTERRUPTED,
}
_WRITING_SECONDS: Final = 0.3
"""How long the end of a record waits for what is being written down."""


class Recording:
    """The record of a run that is under way here, which another thread may have to end."""

    def __init__(self, store: RunStore, state: RunState, command: str, last_line: str = "") -> None:
        """Of the run in `state`, which goes on with `command` once it was stopped.

        Broken off, it ends standard output with `last_line`.
        """
        self.last: Event | None = None
        self._store, self._run = store, state.id
        self._command, self._last_line = command, last_line
        self._report = terminal.reporter(state)
        self._writing = threading.Lock()
        self._commands: SimpleQueue[Command] = SimpleQueue()

    @property
    def answer(self) -> Answer:
        """What it does about a signal."""
        return Answer(
            "Stopping: what was learned is being saved. Once more ends it at once.",
            lambda number: self._commands.put(Stop(_REASONS[number])),
            self.break_off,
            f"The end of the run {self._run} could not be written down in time; all that was "
            f"recorded before is kept. To go on from its last snapshot: {self._command}",
        )

    def follow(self, train: Callable[[SimpleQueue[Command]], Iterable[Event]]) -> None:
        """Write down all that `train` reports, and let go of the run."""
        try:
            for event in train(self._commands):
                self.note(event)
        finally:
            self.close()

    def exit_code(self, signals: Signals) -> int:
        """How the command ends, which says why if training did not come to its end."""
        state = self._store.state(self._run)
        match self.last:
            case Failed() as failed:
                return terminal.complain(f"{failure(failed)} {state.kept}", 1)
            case Finished(reason=StopReason.STOPPED | StopReason.INTERRUPTED):
                return terminal.complain(self._what_is_kept(state), signals.exit_code)
        return 0

    def note(self, event: Event) -> None:
        """Write down `event`, and show it."""
        with self._writing:
            self._store.append(self._run, event)
            self.last = event
        self._report(event)

    def close(self) -> None:
        """Let go of the run, as interrupted unless training has told another end."""
        with self._writing:
            self._end(StopReason.INTERRUPTED)

    def break_off(self, number: int) -> str:
        """End the record as it stands, which nothing is added to from now on."""
        self._writing.acquire(timeout=_WRITING_SECONDS)  # and never let go
        with suppress(OSError):  # nobody may read on; and the main thread may hold print
            os.write(sys.stdout.fileno(), self._last_line.encode())
        self._end(_REASONS[number])
        return self._what_is_kept(self._store.state(self._run))

    def _end(self, reason: StopReason) -> None:
        if not isinstance(self.last, Finished | Failed):
            self.last = Finished(self._store.state(self._run).step, reason)
            try:
                self._store.append(self._run, self.last)
            except StoreError:
                pass  # the error that is on its way tells; `recover` will mark the run
        self._store.release(self._run)

    def _what_is_kept(self, state: RunState) -> str:
        """For who stopped the run."""
        if state.saved_step is None:
            return state.kept
        return f"{state.kept} To go on from there: {self._command}"
