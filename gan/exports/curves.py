"""A run's curves as tables: CSV, a row for each report and for each judgement."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import IO, Any

from gan.messages.events import REPORTS, Quality
from gan.runs.state import RunState
from gan.settings.config import CLASSES


def write_curve(file: IO[str], state: RunState) -> None:
    """The reports of a run: losses, scores or terms, by step."""
    kind = REPORTS[state.config.family.name]
    columns = [field.name for field in fields(kind)]
    columns.remove("images_per_second")  # the rows' own images and seconds say it
    _write(file, columns, ([getattr(row, name) for name in columns] for row in state.progress))


def write_quality(file: IO[str], state: RunState) -> None:
    """The judgements of a run; a measure that was not taken is an empty field."""
    columns = [column for field in fields(Quality) for column in _columns(field.name)]
    _write(file, columns, (list(_cells(row)) for row in state.quality))


def _write(file: IO[str], columns: list[str], rows: Iterable[list[Any]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def _columns(name: str) -> list[str]:
    is_of_classes = name in ("coverage", "real_coverage")
    return [f"{name}_{digit}" for digit in range(CLASSES)] if is_of_classes else [name]


def _cells(quality: Quality) -> Iterator[Any]:
    for field in fields(Quality):
        value = getattr(quality, field.name)
        if isinstance(value, tuple):
            yield from value or [None] * CLASSES
        else:
            yield value
