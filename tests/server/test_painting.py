"""One palette for digits: in the page, in the server's pictures, for every origin."""

from __future__ import annotations

import io
import json
import re
from typing import get_args

import numpy as np
import pytest
from PIL import Image
from support import ROOT

from gan.server.painting import RAMPS, Origin, encode_images, palette


def test_the_page_has_the_same_palette() -> None:
    script = (ROOT / "gan/web/kit/painter.js").read_text(encoding="utf-8")
    declared = re.search(r"const RAMPS = {(.*?)};", script, re.DOTALL)
    assert declared is not None
    found = re.findall(r"(\w+): (\[\[.*?\]\])", declared[1])
    assert {origin: json.loads(ramp) for origin, ramp in found} == {
        origin: [list(colour) for colour in ramp] for origin, ramp in RAMPS.items()
    }


def test_ink_is_coloured_evenly_from_paper_to_white() -> None:
    colours = palette("generated")
    assert colours[[0, 255]].tolist() == [[18, 14, 30], [250, 248, 255]]
    assert colours[64].tolist() == [71, 53, 122]  # 18 + 106 * 0.50196..., and so on


@pytest.mark.parametrize("origin", get_args(Origin))
def test_more_ink_is_always_lighter(origin: Origin) -> None:
    lightness = palette(origin) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(lightness) > -0.3).all(), "but for what rounding takes"
    assert lightness[-1] - lightness[0] > 200


@pytest.mark.parametrize("origin", get_args(Origin))
def test_a_sheet_is_painted_with_it(origin: Origin) -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0], images[1] = 255, 136  # all ink, and eight fifteenths of it
    with Image.open(io.BytesIO(encode_images(images, 2, origin=origin))) as file:
        sheet = np.asarray(file.convert("RGB"))
    assert sheet.shape == (56, 56, 3)
    colours = palette(origin)
    for (row, column), level in (((0, 0), 255), ((0, 28), 136), ((28, 0), 0), ((28, 28), 0)):
        np.testing.assert_array_equal(sheet[row, column], colours[level])
