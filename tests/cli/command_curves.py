"""Curves as the command line writes them."""

from __future__ import annotations

import csv
from pathlib import Path

from gan.__main__ import main

TRAIN = ["train", "--set", "batch_size=8", "--set", "latent_dim=10", "--steps", "100"]


def curve_of(run: str, tmp_path: Path, columns: int = 3) -> list[list[str]]:
    """The rows of a run's curve without times."""
    out = tmp_path / f"{run}.csv"
    assert main(["curve", run, "--out", str(out)]) == 0
    rows = list(csv.reader(out.read_text().splitlines()))
    time = rows[0].index("seconds")
    return [row[:time] + row[time + 1 :] for row in rows]
