"""Why a moment of a run is worth going back to, in a few words: one entry a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gan.words.codes import Coded, filled

_WORDS: Final[Mapping[str, str]] = {
    "all_ten_digits": "all ten digits",
    "all_chosen_digits": "all its digits",
    "best_quality": "best quality",
    "collapse": "collapse",
    "branched": "branched",
    "went_on": "went on",
}


def happened(moment: Coded, labels: Mapping[str, str]) -> str:
    """What happened at a moment. Changed settings are listed, each with its new value.

    `labels` are those that settings have where their names speak of networks that are not there.
    """
    if moment.code == "adjusted":
        settings = moment.values.items()
        return ", ".join(_setting(labels.get(name, name), value) for name, value in settings)
    return filled(_WORDS[moment.code], moment)


def _setting(name: str, value: object) -> str:
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{name.replace('_', ' ').lower()} {number}"
