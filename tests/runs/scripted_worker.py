"""A worker without TensorFlow, for the engine's tests: a job's preset name says how it behaves.

The behaviour travels in the config's `seed`; see `BEHAVIOURS`.
"""

from __future__ import annotations

import os
import signal
import sys

import numpy as np

from gan.config import TrainConfig
from gan.events import (
    Failed,
    Finished,
    Job,
    Preparing,
    Progress,
    Ready,
    Snapshot,
    Started,
    Stop,
    StopReason,
    read,
    write,
)

BEHAVIOURS = ("finish", "wait", "crash", "fail", "babble", "deaf")


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    write(outbox, Ready("none", os.getpid()))
    while isinstance(job := read(inbox), Job):
        behaviour = BEHAVIOURS[TrainConfig.from_json(job.config).seed]
        write(outbox, Preparing("Acting"))
        write(outbox, Started("none", 1, 1, 1))
        write(outbox, Progress(1, 64, 0.1, 1.0, 1.0, 0.5, 0.5, 640.0))
        write(outbox, Snapshot(1, np.zeros(3, np.uint8), np.ones(3, np.uint8)))
        match behaviour:
            case "finish":
                write(outbox, Finished(1, StopReason.COMPLETED))
            case "wait":
                command = read(inbox)
                reason = command.reason if isinstance(command, Stop) else StopReason.INTERRUPTED
                write(outbox, Finished(2, reason))
            case "crash":
                print("the last words", file=sys.stderr)
                sys.exit(3)
            case "fail":
                write(outbox, Failed("it broke", "mend it"))
            case "babble":
                outbox.write(b"this is no message\n")
                outbox.flush()
                read(inbox)
            case "deaf":
                while read(inbox):
                    pass
                signal.pause()


main()
