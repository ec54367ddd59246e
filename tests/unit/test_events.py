"""Messages: the same bytes in the pipe, the store and the recordings."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import get_args

import numpy as np
import pytest

from gan.messages import commands, events, jobs, requests
from gan.messages.codec import MessageError, Sent, encode, read
from gan.messages.commands import Adjust, Pace, Park, Pause, Resume, Step, Stop
from gan.messages.events import (
    Adjusted,
    Continued,
    DiffusionProgress,
    Failed,
    Finished,
    Grouped,
    Imported,
    Paced,
    Parked,
    Paused,
    Preparing,
    Progress,
    Quality,
    Recalled,
    Resumed,
    Samples,
    Saved,
    Snapshot,
    Started,
    Stepped,
    Trace,
    VaeProgress,
)
from gan.messages.jobs import AboutRun, Cancelled, Done, Prepare, Ready, Train, Working
from gan.messages.requests import (
    Directions,
    Encoder,
    FindDirections,
    FindNearest,
    FitEncoder,
    MeasurePace,
    Neighbours,
    Paces,
)
from gan.messages.status import Part, StopReason

EXAMPLES: list[Sent] = [
    Imported(),
    Preparing("loading"),
    Grouped(np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28), (0.75, 0.25), 0.9),
    Grouped(np.zeros((4, 28, 28), np.uint8), (0.5, 0.5)),
    Started("CPU", 10, 20, 5000),
    Progress(8, 512, 0.5, 1.25, 0.75, 0.5, 0.25, 1024.0),
    VaeProgress(8, 512, 0.5, 120.5, 20.25, 1024.0),
    DiffusionProgress(8, 512, 0.5, 0.25, 0.125, 0.25, 0.375, 1024.0),
    Samples(8, np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28)),
    Quality(8, 0.5, 1000, 12.5, 1.25, (0.1,) * 10, 0.75),
    Quality(
        *(8, 0.5, 1000, 12.5, 1.25, (0.2, *(0.8 / 9,) * 9), 0.75),
        coverage_spread=0.125,
        precision=0.5,
        recall=0.25,
        nearest_distance=50.5,
        real_coverage=(0.1,) * 10,
        real_coverage_spread=0.0625,
        real_confidence=0.99,
        real_precision=0.875,
        real_recall=0.89,
        real_nearest_distance=45.5,
        frechet_low=-0.5,
        frechet_high=3.5,
        floor_low=0.25,
        floor_high=1.0,
    ),
    Snapshot(8, np.arange(5, dtype=np.uint8), np.arange(3, dtype=np.uint8)),
    Snapshot(*(8, *np.arange(8, dtype=np.uint8).reshape(2, 4)), 5, np.arange(2, dtype=np.uint8)),
    Saved(8),
    Saved(9, 8, (2, 5)),
    Continued(9, 8),
    Adjusted(9, {"loss": "hinge", "max_steps": None}),
    Paused(9),
    Parked(9),
    Recalled(9),
    Resumed(9),
    Stepped(10, Part.GENERATOR),
    Paced(10, 2.5),
    Trace(
        *(10, Part.BOTH, 1.25, 0.75),
        noise=np.ones((2, 3), np.float32),
        real=np.zeros((2, 28, 28), np.uint8),
        fake=np.ones((2, 28, 28), np.uint8),
        pixel_gradients=np.full((2, 28, 28), 0.5, np.float32),
        real_logits=np.array([1, 2], np.float32),
        fake_logits=np.array([3, 4], np.float32),
        fake_logits_after_d=np.array([5, 6], np.float32),
        fake_logits_after_g=np.array([7, 8], np.float32),
        layers=("a/b", "c/d"),
        weight_norms=np.array([1, 2], np.float32),
        gradient_norms=np.array([3, 4], np.float32),
        update_norms=np.array([5, 6], np.float32),
    ),
    Finished(8, StopReason.INTERRUPTED),
    Failed("not_finite", {"step": 30}),
    Stop(StopReason.STOPPED),
    Pause(),
    Resume(),
    Park(),
    Step(Part.DISCRIMINATOR),
    Pace(None),
    Adjust({"generator_learning_rate": 0.5}),
    Train("{}", is_paused=True),
    Train("{}", np.arange(5, dtype=np.uint8)),
    AboutRun(np.arange(5, dtype=np.uint8), {"samples": 100}),
    Prepare(("{}", '{"seed": 2}')),
    Ready("CPU", 7),
    FindDirections(np.arange(5, dtype=np.uint8)),
    FindNearest("{}", np.zeros((28, 28), np.uint8), 8),
    FitEncoder(np.arange(5, dtype=np.uint8)),
    MeasurePace(np.arange(5, dtype=np.uint8), np.array([1, 20], np.int32)),
    Working("judging", 0.25, {"round": 1, "rounds": 3}),
    Directions(*(np.full(shape, 0.5, np.float32) for shape in ((3, 4), 3, (2, 4), 2))),
    Neighbours(
        np.zeros((2, 28, 28), np.uint8),
        np.arange(2, dtype=np.uint8),
        np.full(2, 12.5, np.float32),
        *(5000, False, "not here", 40.0),
    ),
    Neighbours(np.zeros((0, 28, 28), np.uint8), None, np.zeros(0, np.float32), 0, True, "", 0.0),
    Encoder(np.arange(5, dtype=np.uint8)),
    Paces(
        np.array([1, 20], np.int32),
        np.array([8, 0.5], np.float32),
        np.zeros((2, 8, 28, 28), np.uint8),
        at=5.0,
    ),
    Done({"rows": [1, 2.5, "three"]}),
    Cancelled(),
]


def _values(message: Sent) -> dict[str, object]:
    return {
        item.name: value.tolist() if isinstance(value, np.ndarray) else value
        for item in dataclasses.fields(message)
        for value in [getattr(message, item.name)]
    }


def test_every_kind_of_message_has_an_example() -> None:
    assert {type(example) for example in EXAMPLES} == {
        *get_args(events.Event),
        *get_args(commands.Command),
        Prepare,
        Ready,
        *get_args(jobs.Payload),
        *get_args(jobs.JobEvent),
        *get_args(requests.Result),
    }


def test_messages_survive_the_pipe_in_order() -> None:
    stream = io.BytesIO(b"".join(encode(example) for example in EXAMPLES))
    for example in EXAMPLES:
        copy = read(stream)
        assert type(copy) is type(example)
        assert _values(copy) == _values(example)
    assert read(stream) is None


def test_a_judgement_of_an_older_run_is_still_read() -> None:
    """As stored before there were precision, recall and the others."""
    values = {
        "step": 8,
        "seconds": 0.5,
        "samples": 1000,
        "frechet_distance": 12.5,
        "floor": 1.25,
        "coverage": [0.1] * 10,
        "confidence": 0.75,
    }
    header = {"kind": "Quality", "values": values, "arrays": []}
    old = read(io.BytesIO(json.dumps(header).encode() + b"\n"))
    assert old == Quality(8, 0.5, 1000, 12.5, 1.25, (0.1,) * 10, 0.75)
    assert old.precision is old.real_nearest_distance is None
    assert old.real_coverage == ()
    assert not old.is_extrapolated


TORN = next(example for example in EXAMPLES if isinstance(example, Samples))


@pytest.mark.parametrize("cut", [1, 30, -1])
def test_a_torn_message_is_noticed(cut: int) -> None:
    with pytest.raises(MessageError):
        read(io.BytesIO(encode(TORN)[:cut]))


def test_arrays_of_objects_are_never_read() -> None:
    header = {"kind": "Samples", "values": {"step": 1}, "arrays": [["images", "|O", [1]]]}
    with pytest.raises(MessageError, match="objects"):
        read(io.BytesIO(json.dumps(header).encode() + b"\n" + bytes(8)))


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"kind": "Nothing", "values": {}, "arrays": []},
        {"kind": "Saved", "values": {"depth": 1}, "arrays": []},
        [],
    ],
)
def test_nonsense_is_not_a_message(header: object) -> None:
    with pytest.raises(MessageError):
        read(io.BytesIO(json.dumps(header).encode() + b"\n"))
