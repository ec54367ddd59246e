"""A worker without TensorFlow, for the engine's tests: a job's preset name says how it behaves.

The behaviour travels in the config's `seed`; see `BEHAVIOURS`.
"""

from __future__ import annotations

import os
import signal
import sys

import numpy as np

from gan.messages.codec import read, write
from gan.messages.commands import Adjust, Command, Pace, Park, Pause, Resume, Step, Stop
from gan.messages.events import (
    Adjusted,
    Event,
    Failed,
    Finished,
    Paced,
    Parked,
    Paused,
    Preparing,
    Progress,
    Resumed,
    Snapshot,
    Started,
    Stepped,
)
from gan.messages.jobs import Job, Prepare, Ready
from gan.messages.status import StopReason
from gan.settings.config import TrainConfig

BEHAVIOURS = ("finish", "wait", "crash", "fail", "babble", "deaf", "vanish")


def answer(command: Command) -> Event:
    match command:
        case Pause():
            return Paused(1)
        case Resume():
            return Resumed(1)
        case Step():
            return Stepped(2, command.part)
        case Pace():
            return Paced(1, command.steps_per_second)
        case Adjust():
            return Adjusted(1, command.changes)
    raise AssertionError(command)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    write(outbox, Ready("none", os.getpid()))
    while (job := read(inbox)) is not None:
        if isinstance(job, Prepare):
            seeds = [TrainConfig.from_json(config).seed for config in job.configs]
            print("prepares", *seeds, file=sys.stderr, flush=True)
        if not isinstance(job, Job):
            continue  # a command that met its run's end
        behaviour = BEHAVIOURS[TrainConfig.from_json(job.payload.config).seed]
        if behaviour == "vanish":
            sys.exit("gone without a word")
        write(outbox, Preparing("as_told", {"words": "Acting"}))
        write(outbox, Started("none", 1, 1, 1))
        write(outbox, Progress(1, 64, 0.1, 1.0, 1.0, 0.5, 0.5, 640.0))
        write(outbox, Snapshot(1, np.zeros(3, np.uint8), np.ones(3, np.uint8), reported_step=1))
        match behaviour:
            case "finish":
                write(outbox, Finished(1, StopReason.COMPLETED))
            case "wait":
                end: Event = Finished(2, StopReason.INTERRUPTED)
                if job.payload.is_paused:
                    write(outbox, Paused(1))
                while (command := read(inbox)) is not None:
                    if isinstance(command, Stop | Park):
                        is_stop = isinstance(command, Stop)
                        end = Finished(2, command.reason) if is_stop else Parked(1)
                        break
                    write(outbox, answer(command))
                write(outbox, end)
            case "crash":
                print("the last words", file=sys.stderr)
                sys.exit(3)
            case "fail":
                write(outbox, Failed("as_told", {"error": "it broke", "hint": "mend it"}))
            case "babble":
                outbox.write(b"this is no message\n")
                outbox.flush()
                read(inbox)
            case "deaf":
                while read(inbox):
                    pass
                signal.pause()


if __name__ == "__main__":
    main()
