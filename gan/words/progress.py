"""What a run or a job is doing, in words: one entry a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gan.words.codes import AS_TOLD, Coded, filled

_WORDS: Final[Mapping[str, str]] = {
    AS_TOLD: "{words}",
    "starting": "Starting",
    "loading": "Loading TensorFlow and the network",
    "loading_tensorflow": "Loading TensorFlow",
    "loading_digits": "Loading the digits",
    "loading_real_digits": "Loading the real digits",
    "loading_training_pictures": "Loading the training pictures",
    "finding_groups": "Finding groups in the pictures",
    "building_networks": "Building the networks",
    "reading_first_layer": "Looking at the first layer",
    "comparing_picture": "Comparing it with the training pictures",
    "comparing_neighbours": "Comparing these with one another",
    "fitting_encoder": "Learning which noise draws which picture",
    "drawing_digits": "Drawing digits",
    "drawing_to_judge": "Drawing digits, round {round} of {rounds}",
    "drawing_to_measure": "Drawing digits against the clock",
    "judging": "Judging the digits, round {round} of {rounds}",
}
CODES: Final = {words: code for code, words in _WORDS.items()}
"""The code of what earlier versions recorded in these words."""


def doing(report: Coded) -> str:
    """What is being done; of a code that only a newer version knows, that something is."""
    return filled(_WORDS.get(report.code, "Working"), report)
