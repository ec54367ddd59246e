"""Figures as the app draws them: plain words, which Plotly's own classes check here."""

from __future__ import annotations

import json

import plotly.graph_objects as go

from gan.view.figures.figures import Figure


def valid(figure: Figure) -> Figure:
    """`figure`, once Plotly knows each of its words and JSON each of its numbers."""
    go.Figure(figure)
    json.dumps(figure, allow_nan=False)
    return figure


def is_beside_the_curves(figure: Figure) -> bool:
    """Whether all words stand right of the plot or above it; or in it, where there is no curve."""
    return not figure["data"] or all(
        (note["xref"], note["x"], note["xanchor"]) == ("paper", 1, "left")
        if "xref" in note
        else (note["yref"], note["y"], note["yanchor"]) == ("paper", 1, "bottom")
        for note in figure["layout"]["annotations"]
    )
