"""A run as a TensorBoard event file: curves, scores, judgements, pictures and the config."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gan.exports import pictures
from gan.messages.events import Samples
from gan.runs.state import RunState

if TYPE_CHECKING:
    from tensorboardX.proto.summary_pb2 import Summary

    Point = tuple[int, float, Summary]
    """A step, the training time in seconds, and what is told of them."""

FILE_NAME: Final = "events.out.tfevents.0.digit-forge"
"""TensorBoard knows such a file by the first words of its name."""
_VERSION: Final = "brain.Event:2"
_GREY: Final = 1
_SCALE: Final = 2


def event_file(state: RunState, samples: Sequence[Samples]) -> bytes:
    """The bytes of the event file of a run, with at most `pictures.MAX_FRAMES` of `samples`.

    The wall time of a point is the run's creation plus its training time up to then.
    """
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.record_writer import RecordWriter

    points = [*_config(state), *_reports(state), *_judgements(state), *_pictures(state, samples)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        writer = RecordWriter(str(path))
        writer.write(Event(wall_time=state.created, file_version=_VERSION).SerializeToString())
        for step, seconds, summary in sorted(points, key=lambda point: point[0]):
            event = Event(wall_time=state.created + seconds, step=step, summary=summary)
            writer.write(event.SerializeToString())
        writer.close()
        return path.read_bytes()


def _config(state: RunState) -> Iterator[Point]:
    from tensorboardX.summary import text

    lines = json.dumps(asdict(state.config), indent=2).splitlines()
    yield 0, 0.0, text("config", "\n".join(f"    {line}" for line in lines))


def _reports(state: RunState) -> Iterator[Point]:
    for report in state.progress:
        for name, tag in report.measures.items():
            yield report.step, report.seconds, _scalar(tag, getattr(report, name))


def _judgements(state: RunState) -> Iterator[Point]:
    """Each measure beside what real digits score; the Frechet distance beside its floor."""
    for quality in state.quality:
        for name, value in asdict(quality).items():
            if isinstance(value, float) and name != "seconds":
                yield quality.step, quality.seconds, _scalar(f"quality/{name}", value)


def _pictures(state: RunState, samples: Sequence[Samples]) -> Iterator[Point]:
    from tensorboardX.proto.summary_pb2 import Summary

    for index in pictures.evenly(len(samples), pictures.MAX_FRAMES):
        shown = samples[index]
        sheet = pictures.sheet(shown.images, state.config.sample_columns, _SCALE)
        image = Summary.Image(
            height=sheet.shape[0],
            width=sheet.shape[1],
            colorspace=_GREY,
            encoded_image_string=pictures.png(sheet),
        )
        summary = Summary(value=[Summary.Value(tag="samples", image=image)])
        yield shown.step, state.seconds_at(shown.step), summary


def _scalar(tag: str, value: float) -> Summary:
    from tensorboardX.proto.summary_pb2 import Summary

    return Summary(value=[Summary.Value(tag=tag, simple_value=value)])
