"""A worker process: commands in on standard input, events out on standard output.

Started by the engine as ``python -m gan.jobs.worker``. It ends when its input closes; a run that is
going on then saves a snapshot first.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from queue import SimpleQueue
from typing import IO, Any

from gan.data import datasets
from gan.messages.codec import MessageError, read, write
from gan.messages.events import Command, Event, Failed, Job, Preparing, Ready, Stop, StopReason
from gan.settings.config import BUILTIN_DATA, ConfigError, TrainConfig
from gan.settings.presets import preset, presets

Commands = SimpleQueue[Command]
Shelf = dict[str, Any]
"""Trainings that are built and compiled, by the JSON of their config."""


class _Inbox:
    """Sorts what comes in: jobs into a queue, commands to the job that they were sent after."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.jobs: SimpleQueue[tuple[Job, Commands] | None] = SimpleQueue()
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
                elif isinstance(message, Command):
                    self._commands.put(message)
        except MessageError:  # whoever sent it was killed in the middle of it
            traceback.print_exc()
        self.close()


def main() -> None:
    """Serve jobs until the input closes."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # worker.log is for errors
    outbox = private_stdout()
    inbox = _Inbox(sys.stdin.buffer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    signal.signal(signal.SIGTERM, lambda *_: inbox.close())
    if hasattr(os, "nice"):
        os.nice(10)  # the pages come first
    shelf: Shelf = {}
    try:
        write(outbox, Ready(_warm_up(), os.getpid()))
        _prepare_usual(shelf, inbox)
        while (item := inbox.jobs.get()) is not None:
            for event in _work(*item, shelf):
                write(outbox, event)
            _prepare_usual(shelf, inbox)
    except BrokenPipeError:
        os._exit(1)  # the server is gone: nobody is left to tell


def private_stdout() -> IO[bytes]:
    """The pipe to the engine; whatever libraries print goes to standard error instead."""
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return outbox


def _warm_up() -> str:
    """Import TensorFlow and load what every run needs; returns the device's name."""
    from gan.model import training

    device = training.device()  # before anything runs on it: memory growth is set here
    training.judge_for(TrainConfig(), datasets.load(BUILTIN_DATA))
    return str(device)


def _prepare_usual(shelf: Shelf, inbox: _Inbox) -> None:
    """Build and compile, while there is nothing else to do, what people most often start."""
    from gan.model import training

    usual = preset(next(iter(presets())))
    if inbox.jobs.empty() and usual.to_json() not in shelf:
        shelf[usual.to_json()] = training.prepared(usual, datasets.load_for(usual))


def _work(job: Job, commands: Commands, shelf: Shelf) -> Iterator[Event]:
    """Train as the job says. Whatever goes wrong becomes a `Failed`."""
    from gan.model import bundle, download, training

    try:
        config = TrainConfig.from_json(job.config)
        start = None if job.bundle is None else bundle.loads(job.bundle.tobytes(), "of this run")
        yield Preparing("Loading the digits")
        digits, learner = download.load_digits(config), shelf.pop(job.config, None)
        yield from training.train(config, digits, commands, start, learner, job.is_paused)
    except (ConfigError, datasets.DataError) as error:
        yield Failed(str(error), "Change the settings and start again.")
    except MemoryError as error:
        yield Failed(f"Out of memory: {error}", "Choose a smaller batch or a smaller network.")
    except BrokenPipeError:
        raise
    except Exception as error:
        traceback.print_exc()
        yield Failed(
            f"The training code stopped unexpectedly: {type(error).__name__}: {error}",
            "What was saved before is kept. Start again; if it happens again, report it.",
        )


if __name__ == "__main__":
    main()
