"""GIFs of the page's frames, as a browser asks for them."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pytest
from answers import Answer, send
from numpy.typing import NDArray
from PIL import Image

from gan.server import animation
from gan.server.painting import RAMPS, palette

PATH = "/_live/animation"
PIXELS = 784


def post(
    body: bytes, query: str = "", headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Answer:
    return send(method, PATH, body, headers, query)


def noise(frames: int, columns: int = 1) -> NDArray[np.uint8]:
    """Frames of which no two are alike."""
    shape = (frames, columns, 28, 28)
    return np.random.default_rng(7).integers(0, 256, shape, np.uint8)


def opened(answer: Answer) -> Image.Image:
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "image/gif"
    return Image.open(io.BytesIO(answer.body))


def colours(image: Image.Image, frame: int) -> NDArray[np.uint8]:
    image.seek(frame)
    return np.asarray(image.convert("RGB"))


def test_every_frame_comes_back_enlarged() -> None:
    frames = noise(5)
    image = opened(post(frames.tobytes(), "scale=3&fps=10"))
    assert (image.format, image.size, image.n_frames) == ("GIF", (84, 84), 5)
    assert (image.info["loop"], image.info["duration"]) == (0, 100)
    for place, (digit,) in enumerate(frames):
        expected = palette("generated")[np.kron(digit, np.ones((3, 3), np.uint8))]
        np.testing.assert_array_equal(colours(image, place), expected)


def test_two_columns_stand_beside_each_other() -> None:
    frames = noise(3, columns=2)
    image = opened(post(frames.tobytes(), "columns=2&scale=1"))
    assert (image.size, image.n_frames) == ((58, 28), 3)
    assert image.info["duration"] == 50  # twenty frames a second, unless told
    last = colours(image, 2)
    np.testing.assert_array_equal(last[:, :28], palette("generated")[frames[2, 0]])
    np.testing.assert_array_equal(last[:, 30:], palette("generated")[frames[2, 1]])
    assert (last[:, 28:30] == RAMPS["generated"][0]).all()


def test_the_sizes_have_bounds() -> None:
    most = noise(animation.MAX_FRAMES).tobytes()
    assert opened(post(most, "scale=1")).n_frames == animation.MAX_FRAMES
    assert post(most + bytes(PIXELS)).told["error"] == "An animation has 600 frames at most."
    assert opened(post(bytes(PIXELS))).size == (112, 112)
    for name, largest in (("columns", 2), ("scale", 8), ("fps", 50)):
        for value in ("0", str(largest + 1), "-1", "1.5", "", "x", "1e1", "9" * 4301, "٣"):
            answer = post(bytes(PIXELS), f"{name}={value}")
            assert answer.status == 400
            assert answer.told["error"] == f"{name} must be a whole number from 1 to {largest}."


@pytest.mark.parametrize("size", [0, 1, PIXELS - 1, PIXELS + 1, 3 * PIXELS])
def test_half_frames_are_refused(size: int) -> None:
    answer = post(bytes(size), "columns=2")
    assert answer.status == 400
    assert answer.told["error"] == "The frames must be whole ones, of 1,568 bytes each."


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://evil"}],
)
def test_other_sites_get_nothing(headers: dict[str, str]) -> None:
    answer = post(bytes(PIXELS), headers=headers)
    assert answer.status == 403
    assert answer.told["error"] == "Only the pages of this app may ask for this."
    assert post(bytes(PIXELS), headers={"sec-fetch-site": "same-origin"}).status == 200
    assert post(bytes(PIXELS), headers={"origin": "http://forge:8501"}).status == 200


def test_an_address_to_post_to_is_no_page() -> None:
    assert post(b"", method="GET").status == 405
