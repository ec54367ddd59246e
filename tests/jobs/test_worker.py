"""The one worker: it does jobs of any kind, and never outlives whoever started it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import IO, cast

import numpy as np
import pytest
from support import ROOT, TINY

from gan.jobs import kinds
from gan.jobs.policy import FOR_PASSING, FOR_STORED, PASSING, STORED, TRAINING
from gan.messages.codec import encode, read
from gan.messages.events import Failed
from gan.messages.jobs import Job, Ready, Train, Working
from gan.messages.requests import FindDirections, FindNearest, Neighbours

DEADLINE_SECONDS = 60.0
SOME_MB = np.zeros(3 << 20, np.uint8)

Process = subprocess.Popen[bytes]


@pytest.fixture
def worker() -> Iterator[Process]:
    """A real worker that is warm for nothing, and so without TensorFlow."""
    process = subprocess.Popen(
        (sys.executable, "-m", "gan.jobs.worker"),
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def pipe(process: Process) -> IO[bytes]:
    return cast(IO[bytes], process.stdin)


@pytest.mark.parametrize(
    "job",
    [
        Job("train", Train(TINY.to_json(), SOME_MB)),
        Job("directions", FindDirections(SOME_MB)),
    ],
    ids=lambda job: job.kind,
)
def test_a_worker_ends_whose_server_is_killed_in_the_middle_of_a_message(
    worker: Process, job: Job
) -> None:
    content = encode(job)
    assert isinstance(read(cast(IO[bytes], worker.stdout)), Ready)
    pipe(worker).write(content[: len(content) // 2])
    pipe(worker).close()  # as the pipe of a process is that was killed
    assert worker.wait(DEADLINE_SECONDS) == 0, "no orphan stays"


def test_one_worker_does_jobs_of_different_kinds(worker: Process) -> None:
    said = cast(IO[bytes], worker.stdout)
    assert isinstance(read(said), Ready)
    picture = np.zeros((28, 28), np.uint8)
    for job in (
        Job("directions", FindDirections(np.frombuffer(b"no generator", np.uint8))),
        Job("nearest", FindNearest(TINY.to_json(), picture, 2)),
    ):
        pipe(worker).write(encode(job))
        pipe(worker).flush()
    assert isinstance(read(said), Working)
    failed = read(said)
    assert isinstance(failed, Failed)
    assert failed.code == kinds.KINDS["directions"].failures.network
    found = [read(said) for _ in range(4)][-1]
    assert isinstance(found, Neighbours)
    assert len(found.pictures) == 2


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_is_whole(kind: kinds.Kind) -> None:
    assert kind.lane in (TRAINING, STORED, PASSING)
    assert kind.title.endswith(".")
    for place in (kind.work, kind.warm_up, kind.prepare):
        if place and not place.startswith("gan.model."):  # that would load TensorFlow here
            assert callable(kinds.function(place))
    assert bool(kind.options and kind.in_a_line) == (kind.lane == STORED)


def test_who_is_watched_goes_before_who_is_not() -> None:
    assert FOR_PASSING.nice < FOR_STORED.nice
