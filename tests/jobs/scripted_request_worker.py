"""A worker that acts, for tests of passing jobs: what it is asked about says how it behaves.

A generator's bytes are its behaviour, up to a colon: ``wait`` works until it is stopped or the file
that is named after the colon is there.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from gan.messages.codec import read, write
from gan.messages.commands import Stop
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Ready, Working
from gan.messages.requests import Directions, Encoder, FindDirections, FitEncoder

TICK_SECONDS = 0.01


def main() -> None:
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    jobs: SimpleQueue = SimpleQueue()

    def listen() -> None:
        stopped = threading.Event()
        while (message := read(inbox)) is not None:
            if isinstance(message, Stop):
                stopped.set()
            else:
                stopped = threading.Event()
                jobs.put((message.payload, stopped))
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    write(outbox, Ready("none", os.getpid()))
    while item := jobs.get():
        request, stopped = item
        behaviour, _, name = request.generator.tobytes().decode(errors="replace").partition(":")
        if behaviour == "vanish":
            os._exit(4)
        write(outbox, Working("Acting", 0.5))
        match behaviour:
            case "crash":
                print("the last words", file=sys.stderr)
                sys.stderr.flush()
                os._exit(3)
            case "babble":
                outbox.write(b"this is no message\n")
                outbox.flush()
                time.sleep(60)
            case "deaf":
                time.sleep(60)
            case "refuse":
                write(outbox, Failed("it cannot be", "ask for something else"))
                continue
            case "wait":
                while not (stopped.is_set() or Path(name).exists()):
                    time.sleep(TICK_SECONDS)
        write(outbox, Cancelled() if stopped.is_set() else result(request))


def result(request: FindDirections | FitEncoder) -> Directions | Encoder:
    """Says which process it comes from."""
    if isinstance(request, FitEncoder):
        return Encoder(np.full(4, os.getpid() % 256, np.uint8))
    one = np.full((1, 1), os.getpid(), np.float32)
    return Directions(one, one[0], one, one[0])


main()
