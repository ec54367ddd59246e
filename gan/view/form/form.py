"""The form that describes a new run: presets first, every field behind one disclosure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from gan.data import datasets
from gan.data.datasets import DataError
from gan.jobs import machine
from gan.runs import measures
from gan.settings import config, presets
from gan.settings.config import (
    LIMITS,
    ConfigError,
    Limits,
    TrainConfig,
)
from gan.settings.families import Family, family_of
from gan.view.form import data_form, family_fields
from gan.view.state import all_runs
from gan.view.words import duration_words
from gan.words.text import plain

PRESET_GROUPS: Final[Mapping[str, str]] = {
    "start here": "",
    "methods": "Other games, and networks that learn without one, each with settings that suit it.",
    "the article": "The networks of the article that this app follows.",
    "failures": ":material/warning: **Meant to fail.** Each shows one way in which training goes "
    "wrong, and how to tell.",
}
"""The groups of presets, and a word on each."""

_BUDGET: Final = {"max_seconds": "training time", "max_steps": "training steps"}
_USUAL_BUDGET: Final = {"max_seconds": 60.0, "max_steps": 2000}
_LEFT: Final[Mapping[str, tuple[str, ...]]] = {
    "Networks": (
        "architecture",
        "conditional",
        "groups",
        "latent_dim",
        "generator_hidden_units",
        "discriminator_hidden_units",
        "discriminator_normalization",
        "ema_decay",
    ),
    "Loss and options": (
        "loss",
        "gradient_penalty",
        "r1_penalty",
        "r1_interval",
        "mismatched_labels",
        "label_smoothing",
        "instance_noise",
        "augmentation",
        "divergence_weight",
        "prediction",
        "sampler",
        "sampling_steps",
    ),
}
_RIGHT: Final[Mapping[str, tuple[str, ...]]] = {
    "Optimisation": (
        "batch_size",
        "generator_learning_rate",
        "discriminator_learning_rate",
        "learning_rate_schedule",
        "learning_rate_half_life",
        "adam_beta_1",
        "adam_beta_2",
        "discriminator_steps",
        "precision",
    ),
    "Data": ("data", "classes", "data_fraction"),
    "Budget": (*_BUDGET, "target_distance", "seed"),
}
FIELD_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {**_LEFT, **_RIGHT}
"""All fields, under the headings that they are asked under."""


def config_form() -> tuple[str, TrainConfig | None]:
    """Ask what to train; the preset's name, and the config or None after saying what is wrong."""
    name = _preset()
    preset = presets.preset(name)
    values: dict[str, Any] = {}
    with st.expander("All settings", icon=":material/tune:"):
        for column, groups in zip(st.columns(2, gap="large"), (_LEFT, _RIGHT), strict=True):
            for heading, names in groups.items():
                with column:
                    st.subheader(heading, anchor=False)
                    values |= _group(name, preset, heading, names, values)
    if values["data"] is None:
        return name, None
    try:
        settings = preset.with_values(values)
        if datasets.is_known(settings.data):  # others are checked at Start
            datasets.check(settings)
        return name, settings
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return name, None
    except ConfigError as error:
        allowed = error.allowed
        for field in LIMITS:  # by the names that they have on this page
            allowed = allowed.replace(field, field.replace("_", " "))
        label = family_fields.label(error.field_name, family_of(values["architecture"]))
        words = f"{label} cannot be {error.value!r}: {allowed}."
        st.error(plain(words), icon=":material/error:")
        return name, None


def adjustments(key: str, settings: TrainConfig) -> dict[str, Any]:
    """Ask for the fields that a run under way may change, but its budget; those that differ."""
    values: dict[str, Any] = {"architecture": settings.architecture}
    for name in config.ADJUSTABLE:
        if name not in (*_BUDGET, "target_distance"):
            values[name] = _asked(key, name, settings, values)
    del values["architecture"]
    return {name: value for name, value in values.items() if value != getattr(settings, name)}


def _preset() -> str:
    known = presets.presets()
    asked = st.query_params.get("preset", "")
    if asked and asked not in known:
        st.warning(plain(f"There is no preset {asked!r}; there are {', '.join(known)}."))
    first = asked if asked in known else next(iter(known))
    groups = list(dict.fromkeys(preset.group for preset in known.values()))
    group = st.segmented_control(
        "Preset",
        groups,
        format_func=str.capitalize,
        default=known[first].group,
        required=True,
        key=f"presets:{asked}",
    )
    if words := PRESET_GROUPS.get(group):
        st.caption(words)
    names = [name for name in known if known[name].group == group]
    return st.radio(
        f"Preset, {group}",
        names,
        index=names.index(first) if first in names else 0,
        captions=[known[name].expect for name in names],
        key=f"presets:{asked}:{group}",
        label_visibility="collapsed",
    )


def _group(
    preset: str,
    defaults: TrainConfig,
    heading: str,
    names: tuple[str, ...],
    chosen: Mapping[str, Any],
) -> dict[str, Any]:
    """Ask for the fields of one group, given what was `chosen` in those before."""
    values: dict[str, Any] = {}
    if heading == "Data":
        values |= data_form.data_fields(preset, defaults)
    if heading == "Budget":
        values |= _budget(preset, defaults)
    for name in names:
        if name not in values:
            values[name] = _asked(preset, name, defaults, {**chosen, **values})
    return values


def _asked(preset: str, name: str, defaults: TrainConfig, chosen: Mapping[str, Any]) -> Any:
    """The value of field `name`: its usual one, without a question, where it means nothing."""
    if name == "architecture":
        return _architecture(preset, defaults)
    family = family_of(chosen["architecture"])
    if name in family.fixed:
        return family.fixed[name]
    if name != "loss" and (
        not family.asks_for(name, chosen.get("loss", defaults.loss))
        or (name == "groups" and chosen["conditional"] != "found")
    ):
        return getattr(TrainConfig(), name)
    key = f"{preset}:{name}:{family.name}"
    value = _field(
        key,
        family_fields.label(name, family),
        family_fields.usual(preset, name, defaults, family),
        family_fields.limits(name, family),
        on_change=lambda: family_fields.remember(preset, name, key),
    )
    if name == "precision" and value == "mixed":
        st.caption(machine.MIXED_PRECISION[machine.has_bfloat16()])
    return value


def _architecture(preset: str, defaults: TrainConfig) -> str:
    """Ask for the networks; of another family than the preset's, say whose values they bring."""
    label = family_fields.label("architecture", defaults.family)
    chosen: str = _field(
        _architecture_key(preset), label, defaults.architecture, LIMITS["architecture"]
    )
    family = family_of(chosen)
    if family is not defaults.family:
        st.caption(
            "These networks learn by another method than those of the preset. What is usual there "
            f"is set as in the preset {family_fields.preset_of(family)}; what you set yourself and "
            "means the same there has stayed."
        )
    return chosen


def _architecture_key(preset: str) -> str:
    return f"{preset}:architecture"


def chosen_family(preset: str) -> Family:
    """The family of the networks that are chosen in the form of `preset`, once it was drawn."""
    return family_of(st.session_state[_architecture_key(preset)])


def _budget(preset: str, defaults: TrainConfig) -> dict[str, Any]:
    field = st.segmented_control(
        "Stop after",
        list(_BUDGET),
        format_func=_BUDGET.__getitem__,
        default="max_steps" if defaults.max_seconds is None else "max_seconds",
        required=True,
        key=f"{preset}:budget",
    )
    default = getattr(defaults, field) or _USUAL_BUDGET[field]
    unit = LIMITS[field].unit
    value = st.number_input(
        unit.capitalize(),
        value=default,
        key=f"{preset}:{field}",
        help=f"Allowed: {LIMITS[field].allowed}.",
    )
    budget = {name: value if name == field else None for name in _BUDGET}
    return {**budget, "target_distance": _target(preset, defaults)}


def _target(preset: str, defaults: TrainConfig) -> float | None:
    """How good the digits have to be for the run to end before its budget is used up."""
    limits = LIMITS["target_distance"]
    target: float | None = st.number_input(
        "Or until the digits are as good as (Frechet distance)",
        value=defaults.target_distance,
        min_value=limits.minimum,
        max_value=limits.maximum,
        step=limits.step,
        format="%.6g",
        placeholder="not asked",
        key=f"{preset}:target_distance",
        help=f"{limits.help} Allowed: {limits.allowed}, or nothing.",
    )
    st.caption(measures.TARGETS)
    return target


def _field(
    key: str,
    label: str,
    default: Any,
    limits: Limits,
    on_change: Callable[[], None] | None = None,
) -> Any:
    words = f"{limits.help} Allowed: {limits.allowed}."
    if limits.choices is not None:
        options = list(limits.choices)
        value = st.selectbox(
            label,
            options,
            index=options.index(default) if default in options else 0,
            key=key,
            help=limits.help,
            on_change=on_change,
            disabled=len(options) == 1,
        )
        st.caption(limits.choices[value])
        return value
    step, form = (int(limits.step), "%d") if isinstance(default, int) else (limits.step, "%.6g")
    value = st.number_input(
        label, value=default, step=step, format=form, key=key, help=words, on_change=on_change
    )
    st.caption(words)
    return value


def estimate(settings: TrainConfig) -> str:
    """How long the run will take, in words, from runs of the same networks on this machine."""
    if settings.max_seconds is not None:
        time = duration_words(settings.max_seconds)
        if settings.target_distance is None:
            return f"Takes about {time} of training."
        return f"Takes at most {time} of training."
    past = [state for state in all_runs() if state.step and _work(state.config) == _work(settings)]
    if not past or settings.max_steps is None:
        return "How long the first run of these networks takes shows once it is going."
    seconds = past[0].seconds / past[0].step * settings.max_steps
    return f"Takes about {duration_words(seconds)}, judging by the run {past[0].name}."


def _work(settings: TrainConfig) -> tuple[object, ...]:
    """What decides how long one step takes."""
    return (
        settings.architecture,
        settings.conditional,
        settings.batch_size,
        settings.discriminator_steps,
        settings.discriminator_normalization,
        settings.gradient_penalty > 0,
        settings.r1_penalty > 0 and settings.r1_interval,
        settings.mismatched_labels > 0,
        settings.augmentation > 0,
        settings.generator_hidden_units,
        settings.discriminator_hidden_units,
        settings.precision,
    )
