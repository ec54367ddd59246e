"""One training step, drawn: what D said of each digit before, between and after the updates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan.messages.events import Trace
from gan.server.painting import COLOURS
from gan.view.figures import figures
from gan.view.figures.figures import Figure, Part


def draw_logits(trace: Trace) -> Figure:
    """D's logits for every digit of the batch, a column for each moment, and their means."""
    columns = [
        ("real,<br>before", trace.real_logits, "real", "circle"),
        ("generated,<br>before", trace.fake_logits, "generated", "diamond"),
        ("generated,<br>after D", trace.fake_logits_after_d, "discriminator", "square"),
        ("generated,<br>after G", trace.fake_logits_after_g, "generator", "triangle-up"),
    ]
    x: Part = {
        "tickvals": list(range(len(columns))),
        "ticktext": [column[0] for column in columns],
        "range": (-0.6, len(columns) - 0.4),
        "showgrid": False,
    }
    y: Part = {"title": {"text": "D's logit"}}
    traces: list[Part] = []
    for place, (name, logits, origin, symbol) in enumerate(columns):
        plain = name.replace("<br>", " ")
        traces += [
            {
                "type": "scatter",
                "mode": "markers",
                "x": (place + _spread(len(logits))).round(3).tolist(),
                "y": figures.numbers(logits.tolist()),
                "name": plain,
                "marker": {"color": COLOURS[origin], "size": 8, "symbol": symbol, "opacity": 0.55},
                "hovertemplate": "%{y:.2f}",
            },
            {
                "type": "scatter",
                "mode": "lines+text",
                "x": [place - 0.3, place + 0.3],
                "y": figures.numbers([float(logits.mean())] * 2),
                "text": ["", f" {logits.mean():.2f}"],
                "textposition": "middle right",
                "textfont": {"color": COLOURS[origin]},
                "line": {"color": COLOURS[origin], "width": 4},
                "name": f"{plain}, mean",
                "hovertemplate": "%{y:.2f}",
            },
        ]
    drawn = figures.figure(x, y, traces)
    drawn["layout"]["hovermode"] = "closest"
    return drawn


def _spread(count: int) -> NDArray[np.floating[Any]]:
    """Places beside each other for `count` dots, in a fixed and uneven order."""
    return ((np.arange(count) * 0.618) % 1 - 0.5) * 0.4
