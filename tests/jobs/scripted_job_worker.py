"""A worker that acts, for tests of stored jobs: the option `samples` says how it behaves.

``1`` is done at once, ``2`` works until it is stopped, ``3`` crashes.
"""

from __future__ import annotations

import os
import sys

from gan.messages.codec import read, write
from gan.messages.commands import Stop
from gan.messages.jobs import Cancelled, Done, Job, Ready, Working
from gan.messages.status import StopReason


def main() -> None:
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    write(outbox, Ready("none", os.getpid()))
    while (job := read(inbox)) is not None:
        if not isinstance(job, Job):
            continue  # a command that met its job's end
        write(outbox, Working("Acting", 0.5))
        match job.payload.options["samples"]:
            case 1:
                write(outbox, Done({"bytes": len(job.payload.bundle), "process": os.getpid()}))
            case 2:
                while (command := read(inbox)) is not None:
                    if isinstance(command, Stop):
                        write(outbox, Cancelled(command.reason is StopReason.INTERRUPTED))
                        break
            case 3:
                sys.exit("the last words")


main()
