"""What a family of methods makes of a field: its words, how large it may be, what it begins as.

Whoever chooses networks of another family than the preset's finds that family's usual values, and
of what means the same in all of them what was set by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from gan.settings import presets
from gan.settings.config import LIMITS, Limits, TrainConfig
from gan.settings.families import Family

_SHARED: Final = frozenset(
    {
        "batch_size",
        "learning_rate_schedule",
        "learning_rate_half_life",
        "adam_beta_1",
        "adam_beta_2",
        "ema_decay",
        "precision",
        "data_fraction",
        "seed",
    }
)
"""Fields that mean the same in every family."""


def label(name: str, family: Family) -> str:
    """What the form calls field `name`."""
    return family.labels.get(name, name.replace("_", " ").capitalize())


def limits(name: str, family: Family) -> Limits:
    """What field `name` means in this family, and what it may be."""
    known = LIMITS[name]
    choices = family.losses if name == "loss" else family.choices.get(name, known.choices)
    return replace(
        known,
        help=family.help.get(name, known.help),
        maximum=family.most.get(name, known.maximum),
        choices=choices,
    )


def preset_of(family: Family) -> str:
    """The preset that shows what is usual in this family: its first."""
    return next(name for name, one in presets.presets().items() if one.config.family is family)


def usual(preset: str, name: str, defaults: TrainConfig, family: Family) -> Any:
    """What field `name` begins as in the form of `preset`, whose values are `defaults`."""
    if name in _SHARED and name in _by_hand(preset):
        return _by_hand(preset)[name]
    if family is not defaults.family:
        defaults = presets.preset(preset_of(family))
    return getattr(defaults, name)


def remember(preset: str, name: str, key: str) -> None:
    """Somebody set field `name`, whose widget has that key."""
    if name in _SHARED:
        _by_hand(preset)[name] = st.session_state[key]


def _by_hand(preset: str) -> dict[str, Any]:
    """What was set by hand in the form of `preset` and means the same in every family."""
    values: dict[str, Any] = st.session_state.setdefault(f"{preset}:by hand", {})
    return values
