"""A worker process: jobs and commands in on standard input, what becomes of them out.

Started by a lane as ``python -m gan.jobs.worker``, it does jobs of any kind. ``--warm KIND`` has it
ready for that kind before the first one comes, and ``--nice N`` lets others go before it. It ends
when its input closes; a run that is going on then saves a snapshot first.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import IO, Final

from gan.data import pictures
from gan.data.datasets import DataError
from gan.jobs.inbox import Commands, Inbox
from gan.jobs.kinds import KINDS, Failures, function
from gan.jobs.policy import STORED
from gan.messages.codec import Sent, write
from gan.messages.commands import Stop
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Job, Prepare, Ready, Working
from gan.messages.requests import RequestError
from gan.messages.status import StopReason
from gan.network_file import NetworkFileError
from gan.settings.config import ConfigError

_NO_MORE: Final = object()


def main() -> None:
    """Do jobs until the input closes."""
    options = _options()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # the log is for errors
    pictures.ignore_warnings()
    outbox = _private_stdout()
    inbox = Inbox(sys.stdin.buffer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    signal.signal(signal.SIGTERM, lambda *_: inbox.close())
    if hasattr(os, "nice"):
        os.nice(options.nice)
    warm = KINDS[options.warm] if options.warm else None
    prepare: Callable[[Prepare], Iterator[None]] = function(warm.prepare) if warm else _nothing
    try:
        device = function(warm.warm_up)() if warm else ""
        write(outbox, Ready(device, os.getpid()))
        serve(inbox, outbox, prepare)
    except BrokenPipeError:
        os._exit(1)  # the server is gone: nobody is left to tell


def serve(inbox: Inbox, outbox: IO[bytes], prepare: Callable[[Prepare], Iterator[None]]) -> None:
    """Do jobs, and between them what `prepare` does, a stage at a time, until the input closes."""
    stages = prepare(Prepare())
    while True:
        if inbox.jobs.empty() and next(stages, _NO_MORE) is not _NO_MORE:
            continue
        if (item := inbox.jobs.get()) is None:
            return
        if isinstance(item, Prepare):
            stages = prepare(item)
            continue
        for message in _work(*item):
            write(outbox, message)


def _nothing(wanted: Prepare) -> Iterator[None]:
    """What a worker prepares that is warm for nothing."""
    return iter(())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gan.jobs.worker", description=__doc__)
    parser.add_argument("--warm", choices=[kind.name for kind in KINDS.values() if kind.warm_up])
    parser.add_argument("--nice", type=int, default=0, metavar="N")
    return parser.parse_args()


def _private_stdout() -> IO[bytes]:
    """The pipe to the lane; whatever libraries print goes to standard error instead."""
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return outbox


def _work(job: Job, commands: Commands) -> Iterator[Sent]:
    """What is said of `job`, to its end. Whatever goes wrong becomes a `Failed`."""
    kind = KINDS[job.kind]
    try:
        if kind.lane == STORED:
            yield Working("loading", 0.0)  # mostly TensorFlow
        work = function(kind.work)
        if kind.hears_commands:
            yield from work(job.payload, commands)
        else:
            yield from _until_stopped(work(job.payload), commands)
    except BrokenPipeError:
        raise
    except Exception as error:
        yield _failed(error, kind.failures)


def _until_stopped(messages: Iterator[Sent], commands: Commands) -> Iterator[Sent]:
    for message in messages:
        while not commands.empty():
            if isinstance(command := commands.get(), Stop):
                yield Cancelled(command.reason is StopReason.INTERRUPTED)
                return
        yield message


def _failed(error: Exception, failures: Failures) -> Failed:
    """What happened, in a code of the kind's own."""
    if isinstance(error, RequestError | NetworkFileError):
        return Failed(failures.network, {"reason": str(error)})
    if isinstance(error, ConfigError | DataError):
        return Failed(failures.data, {"reason": str(error)})
    if isinstance(error, MemoryError):
        return Failed(failures.memory, {"reason": str(error)})
    traceback.print_exception(error)
    return Failed(failures.stopped, {"reason": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
