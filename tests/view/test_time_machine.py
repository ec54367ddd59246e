"""A run as a film: what is sent to the browser."""

from __future__ import annotations

import io
import json

import numpy as np
from PIL import Image

from gan.events import Samples
from gan.runs import library
from gan.runs.moments import Moment
from gan.view import time_machine
from gan.view.figures import Line
from gan.view.live.film import MAX_SHEETS, Curve, encode_film


def unpack(message: bytes) -> tuple[dict, list[Image.Image]]:
    header, _, body = message.partition(b"\n")
    about = json.loads(header)
    stream = io.BytesIO(body)
    sheets = [Image.open(io.BytesIO(stream.read(size))) for size in about["sizes"]]
    assert stream.read() == b""
    return about, sheets


def a_film(count: int) -> list[Samples]:
    images = np.zeros((16, 28, 28), np.uint8)
    return [Samples(10 * place, images + place % 200) for place in range(count)]


def test_a_film_holds_every_sheet_and_curve() -> None:
    curve = Curve("Loss", (10, 50), (Line("D", (1.0, float("nan")), "#123456", "dash"),))
    about, sheets = unpack(encode_film(a_film(3), [curve], [Moment(10, "best")], [20], columns=8))
    assert about["steps"] == [0, 10, 20]
    assert (about["last"], about["count"], about["snapshots"]) == (50, 16, [20])
    assert about["moments"] == [{"step": 10, "text": "best"}]
    (line,) = about["curves"][0]["lines"]
    assert (line["steps"], line["values"], line["dash"]) == ([10, 50], [1.0, None], [8, 5])
    assert [sheet.size for sheet in sheets] == [(8 * 28, 2 * 28)] * 3


def test_a_long_film_is_thinned_evenly() -> None:
    about, sheets = unpack(encode_film(a_film(1000), [], [], [], columns=8))
    assert len(sheets) == len(about["steps"]) == MAX_SHEETS
    assert (about["steps"][0], about["steps"][-1]) == (0, 9990)
    gaps = np.diff(about["steps"])
    assert gaps.max() - gaps.min() <= 10


def test_recordings_play_without_snapshots() -> None:
    for name in library.pretrained_names():
        state = library.pretrained(name)
        titles = [curve.title for curve in time_machine._curves(state)]
        expected = ["Loss", "D's score", "Frechet distance", "Share of a class (%)"]
        if not state.config.is_adversarial:
            expected.remove("D's score")
        assert titles == expected
        about, sheets = unpack(time_machine._film.__wrapped__(name, state.seq, state))
        assert about["snapshots"] == []
        assert 10 < len(sheets) <= MAX_SHEETS
        assert about["last"] == state.step
