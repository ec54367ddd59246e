"""The one inbox of a worker: jobs in, commands to the job that they were sent after."""

from __future__ import annotations

import threading
import traceback
from queue import SimpleQueue
from typing import IO

from gan.messages.codec import MessageError, read
from gan.messages.commands import Command, Stop
from gan.messages.jobs import Job, Prepare
from gan.messages.status import StopReason

Commands = SimpleQueue[Command]


class Inbox:
    """Reads in a thread of its own, so that a command is heard while a job goes on."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.jobs: SimpleQueue[tuple[Job, Commands] | Prepare | None] = SimpleQueue()
        """What is to be done, and what to prepare until something is.

        None comes last: nobody is there any more who could send a job."""
        self._commands: Commands = SimpleQueue()
        threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def close(self) -> None:
        """Interrupt the job that is going on, and take no other."""
        self._commands.put(Stop(StopReason.INTERRUPTED))
        self.jobs.put(None)

    def _listen(self, stream: IO[bytes]) -> None:
        try:
            while (message := read(stream)) is not None:
                if isinstance(message, Job):
                    self._commands = SimpleQueue()
                    self.jobs.put((message, self._commands))
                elif isinstance(message, Prepare):
                    self.jobs.put(message)
                elif isinstance(message, Command):
                    self._commands.put(message)
        except MessageError:  # whoever sent it was killed in the middle of it
            traceback.print_exc()
        finally:  # whatever it was: a worker that hears nothing any more must not stay
            self.close()
