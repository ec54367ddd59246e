"""Sentences for codes: what runs and jobs report is a code and its values, words are made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

Values = Mapping[str, str | int | float]
"""What goes into a sentence, by its name there."""
AS_TOLD = "as_told"
"""The code of what was recorded in words, before there were codes."""


class Coded(Protocol):
    """A report that carries a code."""

    @property
    def code(self) -> str:
        """What happened, for programs."""

    @property
    def values(self) -> Values:
        """What its sentence speaks of."""


def filled(sentence: str, coded: Coded) -> str:
    """`sentence` with its values; as it is where one is missing, as in a damaged record."""
    try:
        return sentence.format_map(coded.values)
    except (KeyError, ValueError, TypeError):
        return sentence
