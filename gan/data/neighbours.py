"""The training pictures most like a picture: an exact search through all of them, pixel by pixel.

`gan.model.nearest` measures the same distance, and searches quicker and not quite exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.data import datasets, registry
from gan.data.datasets import DataError, Digits
from gan.messages.jobs import Working
from gan.messages.requests import FindNearest, Neighbours
from gan.settings.config import ALL_CLASSES, TrainConfig

TYPICAL_OF: Final = 200
"""Training pictures whose own neighbours say what a usual distance is."""
_ROWS: Final = 4000
_AT_ONCE: Final = 40  # distances from these to 60,000 others take 20 MB


class Neighbourhood:
    """The pictures that a run learned from, kept to be searched again and again."""

    def __init__(self, digits: Digits, note: str = "") -> None:
        self.note = note
        """Why these are not all from which the run learned; nothing if they are."""
        self._digits = digits
        self._squares = np.concatenate(
            [np.square(rows).sum(axis=1) for rows in self._blocks(np.float64)]
        )

    @classmethod
    def of(cls, config: TrainConfig) -> Neighbourhood:
        """The pictures that a run of `config` learns from, or the built-in digits.

        These take the place of pictures that are not on this machine; nothing is downloaded. Raises
        `DataError` if there are none of either.
        """
        try:
            return cls(datasets.load_for(config))
        except DataError:
            if config.data == registry.BUILTIN.name:
                raise
            return cls(_instead(config), _note(config))

    def nearest(self, wanted: FindNearest) -> Iterator[Working | Neighbours]:
        """The pictures most like the one that is `wanted`, exactly."""
        yield Working("comparing_picture", 0.0)
        distances = self._distances(wanted.picture[None])[0]
        count = min(wanted.count, len(distances))
        first = np.argpartition(distances, count - 1)[:count]
        order = first[np.lexsort((first, distances[first]))]
        yield Working("comparing_neighbours", 0.5)
        labels = self._digits.labels
        yield Neighbours(
            self._digits.images[order],
            None if labels is None else labels[order],
            distances[order].astype(np.float32),
            searched=len(distances),
            of_all=not self.note,
            note=self.note,
            typical=self.typical,
        )

    @cached_property
    def typical(self) -> float:
        """The distance of a training picture from the one most like it: the median of a sample.

        In float32, which takes half the time and is exact to a tenth of a grey level, mostly to far
        less.
        """
        count = len(self._digits)
        themselves = np.random.default_rng(0).permutation(count)[:TYPICAL_OF]
        nearest = []
        for some in np.array_split(themselves, max(1, len(themselves) // _AT_ONCE)):
            distances = self._distances(self._digits.images[some], np.float32)
            distances[np.arange(len(some)), some] = np.inf
            nearest.append(distances.min(axis=1))
        return float(np.median(np.concatenate(nearest)))

    def _distances(
        self, pictures: NDArray[np.uint8], kind: type[np.floating[Any]] = np.float64
    ) -> NDArray[np.floating[Any]]:
        """Root-mean-square pixel differences, 0 to 255, [N, all] of `pictures` [N, 28, 28].

        Sums of whole numbers below 2^53 lose nothing in float64.
        """
        flat = pictures.reshape(len(pictures), -1).astype(kind)
        products = np.concatenate([flat @ rows.T for rows in self._blocks(kind)], axis=1)
        own = np.square(flat, dtype=np.float64).sum(axis=1)[:, None]
        squares = own - 2 * products.astype(np.float64) + self._squares
        return np.asarray(np.sqrt(np.maximum(squares, 0) / flat.shape[1]))

    def _blocks(self, kind: type[np.floating[Any]]) -> Iterator[NDArray[np.floating[Any]]]:
        """All pictures, a part at a time, which takes 25 MB instead of 400."""
        images = self._digits.images
        for start in range(0, len(images), _ROWS):
            rows = images[start : start + _ROWS]
            yield rows.reshape(len(rows), -1).astype(kind)


def _instead(config: TrainConfig) -> Digits:
    """The built-in digits, of the classes that the run learned if they are among its pictures."""
    data_set = registry.DATA_SETS.get(config.data)
    is_part = data_set is not None and data_set.includes_builtin
    classes = config.classes if is_part else ALL_CLASSES
    return datasets.select(registry.BUILTIN.load("train"), replace(TrainConfig(), classes=classes))


def _note(config: TrainConfig) -> str:
    """Why the built-in digits were searched."""
    data_set = registry.DATA_SETS.get(config.data)
    name = Path(config.data).name if data_set is None else data_set.title
    if data_set is not None and data_set.includes_builtin:
        return (
            f"{name} cannot be read on this server: only built-in digits, which are a part of it, "
            "were searched."
        )
    return (
        f"The pictures of {name} cannot be read on this server: the built-in digits were "
        "searched instead, from which this run did not learn."
    )
