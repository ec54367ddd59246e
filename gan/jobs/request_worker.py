"""A worker process for errands: what the page Explore asks for in, answers out.

Started by the engine as ``python -m gan.jobs.request_worker``. It needs numpy alone, until somebody
asks for an encoder. It ends when its input closes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue
from typing import IO, Final, cast

from gan.data import pictures
from gan.data.datasets import DataError
from gan.data.neighbours import Neighbourhood
from gan.jobs.worker import private_stdout
from gan.latent.directions import directions
from gan.messages.codec import MessageError, read, write
from gan.messages.events import Stop
from gan.messages.requests import (
    Answer,
    Cancelled,
    Errand,
    ErrandError,
    FindDirections,
    FindNearest,
    FitEncoder,
    Refused,
    Result,
    Working,
)
from gan.network_file import NetworkFileError
from gan.settings.config import ConfigError, TrainConfig

NICE: Final = 5
"""After the pages, before the trainings, which have minutes."""


class _Inbox:
    """What is asked for, each with the sign that it is no longer wanted."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.errands: SimpleQueue[tuple[Errand, threading.Event] | None] = SimpleQueue()
        self._unwanted = threading.Event()
        threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream: IO[bytes]) -> None:
        try:
            while (message := read(stream)) is not None:
                if isinstance(message, Stop):
                    self._unwanted.set()
                else:
                    self._unwanted = threading.Event()
                    self.errands.put((cast(Errand, message), self._unwanted))
        except MessageError:
            traceback.print_exc()
        self._unwanted.set()
        self.errands.put(None)


class _Desk:
    """Does the errands, and keeps the pictures that the last one was about."""

    def __init__(self) -> None:
        self._about: TrainConfig | None = None
        self._neighbourhood: Neighbourhood | None = None

    def work(self, errand: Errand) -> Iterator[Working | Result]:
        """How far `errand` is, and last what comes of it."""
        match errand:
            case FindDirections():
                yield Working("Looking at the first layer", 0.0)
                yield directions(errand.generator.tobytes())
            case FindNearest():
                yield Working("Loading the training pictures", 0.0)
                yield from self._pictures(errand.config).nearest(errand)
            case FitEncoder():
                yield Working("Loading TensorFlow", 0.0)
                from gan.model import encoder

                yield from encoder.fit(errand.generator.tobytes())

    def _pictures(self, config: str) -> Neighbourhood:
        asked = TrainConfig.from_json(config)
        about = replace(  # all that pictures depend on
            TrainConfig(), data=asked.data, classes=asked.classes, data_fraction=asked.data_fraction
        )
        if self._neighbourhood is None or self._about != about or self._neighbourhood.note:
            self._neighbourhood = None  # one at a time: full MNIST takes 50 MB
            self._neighbourhood, self._about = Neighbourhood.of(asked), about
        return self._neighbourhood


def main() -> None:
    """Do errands until the input closes."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    pictures.ignore_warnings()
    outbox = private_stdout()
    inbox, desk = _Inbox(sys.stdin.buffer), _Desk()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        while (item := inbox.errands.get()) is not None:
            for answer in _answers(desk, *item):
                write(outbox, answer)
    except BrokenPipeError:
        os._exit(1)  # the server is gone: nobody is left to tell


def _answers(desk: _Desk, errand: Errand, unwanted: threading.Event) -> Iterator[Answer]:
    """What `desk` says of `errand`, to its end. Whatever goes wrong becomes a `Refused`."""
    try:
        for answer in desk.work(errand):
            if unwanted.is_set():
                yield Cancelled()
                return
            yield answer
    except (ErrandError, NetworkFileError) as error:
        yield Refused(str(error), "Choose another network, or another moment of this one.")
    except (ConfigError, DataError) as error:
        yield Refused(str(error), "Choose a run whose pictures are on this server.")
    except MemoryError as error:
        yield Refused(f"Out of memory: {error}", "Try again when fewer people use this server.")
    except BrokenPipeError:
        raise
    except Exception as error:
        traceback.print_exc()
        yield Refused(
            f"This stopped unexpectedly: {type(error).__name__}: {error}",
            "Nothing was changed. Ask again; if it happens again, report it.",
        )


if __name__ == "__main__":
    main()
