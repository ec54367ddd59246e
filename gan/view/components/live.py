"""What is drawn in place, again and again, without a flicker: charts, digits, words, a table.

Each sends one message of bytes a change: a line of JSON about the element, then what it draws. Most
draw a `Part` of what this server pushes to all viewers alike; then the message only names it, and
the page is not drawn again for it.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from gan.server import assets
from gan.server.painting import encode_images
from gan.view.figures.figures import Figure

_chart = st.components.v2.component(
    "live_chart", js=assets.loader("live/chart.js"), isolate_styles=False
)
_grid = st.components.v2.component(
    "sample_grid", js=assets.loader("live/grid.js"), isolate_styles=False
)
_words = st.components.v2.component(
    "live_words", js=assets.loader("live/words.js"), isolate_styles=False
)
_standing = st.components.v2.component(
    "live_standing", js=assets.loader("live/standing.js"), isolate_styles=False
)
_table = st.components.v2.component(
    "live_table", js=assets.loader("live/table.js"), isolate_styles=False
)
_preload = st.components.v2.component("preload_charts", js=assets.loader("live/preload.js"))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a topic that `gan.server.stream` pushes."""

    topic: str
    name: str

    def about(self, **more: object) -> dict[str, object]:
        """What a component has to know of it, and `more`."""
        return {"topic": self.topic, "part": self.name, **more}

    def key(self) -> str:
        """A name for the one component of a page that draws it."""
        return f"{self.topic}:{self.name}"


def preload_charts() -> None:
    """Let the browser fetch what charts need, before there is one to draw."""
    _preload(key="preload_charts", height=1)


def live_chart(
    figure: Figure | Part,
    *,
    key: str,
    test_id: str,
    label: str,
    caption: str,
    height: int = 300,
) -> None:
    """Draw `figure`, `height` pixels high and as wide as its container, over `caption`, in place.

    A reader's zoom outlasts every redraw under the same `key`: give each run its own. Colours of
    text and grid follow the theme. A `Part` carries what `encode_figure` gives. `label` is what a
    screen reader says in the chart's place.
    """
    about = {"key": key, "height": height, "testId": test_id, "label": label}
    if isinstance(figure, Part):
        message = _message(figure.about(**about))
    else:
        message = _message(about, encode_figure(figure))
    _chart(key=key, data=message, height=height)
    st.caption(caption)


def sample_grid(sheet: bytes | Part, *, key: str, test_id: str = "sample-grid") -> None:
    """Draw what `encode_sheet` gives, or a `Part` that carries it: light ink on dark tiles."""
    if isinstance(sheet, Part):
        message = _message(sheet.about(testId=test_id))
    else:
        message = _message({"testId": test_id}, sheet)
    _grid(key=key, data=message)


def live_words(part: Part, *, test_id: str = "") -> None:
    """Show the text that `part` carries, as a caption that changes while people look on."""
    _words(key=part.key(), data=_message(part.about(testId=test_id)))


def standing(part: Part) -> None:
    """Show the fraction and the words that `part` carries, in a bar and a sentence."""
    _standing(key=part.key(), data=_message(part.about()))


def live_table(part: Part, *, test_id: str) -> None:
    """Show the table that `part` carries, as `encode_table` gives it."""
    _table(key=part.key(), data=_message(part.about(testId=test_id)))


def encode_standing(fraction: float, words: str) -> bytes:
    """How much of a run's budget is used, 0 to 1, and a sentence, as `standing` shows them."""
    return json.dumps({"fraction": round(fraction, 4), "words": words}).encode()


def encode_table(head: Sequence[str], rows: Sequence[Sequence[str | tuple[str, str]]]) -> bytes:
    """A table as `live_table` shows it; of a pair of strings the first is set in bold."""
    return json.dumps({"head": head, "rows": rows}).encode()


def encode_sheet(
    images: NDArray[np.uint8] | bytes, *, step: int, label: str, count: int = 0, columns: int = 8
) -> bytes:
    """Images uint8 [N, 28, 28] (ink = 255), `columns` to a row, as `sample_grid` draws them.

    `images` may come from `encode_images`; then `count` says how many they are. `label` is what a
    screen reader says in the sheet's place.
    """
    if not isinstance(images, bytes):
        count, images = len(images), encode_images(images, columns)
    return _message({"step": step, "label": label, "count": count, "columns": columns}, images)


def encode_figure(figure: Figure) -> bytes:
    """A figure as `live_chart` sends it: deflated JSON, about 5 kB for 2 x 400 points."""
    return zlib.compress(json.dumps(figure, separators=(",", ":")).encode())


def _message(about: dict[str, object], body: bytes = b"") -> bytes:
    return json.dumps(about).encode() + b"\n" + body
