"""Figures as the app draws them: plain words, which Plotly's own classes check here."""

from __future__ import annotations

import json

import plotly.graph_objects as go

from gan.view.figures import Figure


def valid(figure: Figure) -> Figure:
    """`figure`, once Plotly knows each of its words and JSON each of its numbers."""
    go.Figure(figure)
    json.dumps(figure, allow_nan=False)
    return figure
