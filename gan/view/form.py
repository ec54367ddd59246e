"""The form that describes a new run: presets first, every field behind one disclosure."""

from __future__ import annotations

import ipaddress
from typing import Any

import streamlit as st

from gan import config
from gan.config import LIMITS, ConfigError, Limits, TrainConfig
from gan.view import ui

_BUDGETS = {"max_seconds": "training time", "max_steps": "training steps"}
_DATA = {
    config.BUILTIN_DATA: "5,000 built-in digits: no network needed",
    config.MNIST_DATA: "Full MNIST, 60,000 digits: downloaded once, 11 MB",
}
_OTHER_FILE = "A file on this computer"


def config_form() -> tuple[str, TrainConfig | None]:
    """Ask what to train; the preset's name, and the config or None after saying what is wrong."""
    name = _preset()
    preset = config.presets()[name].config
    with st.expander("All settings", icon=":material/tune:"):
        left, right = st.columns(2, gap="large")
        values: dict[str, Any] = {}
        with left:
            values["data"] = _data(name)
            values |= _budget(name, preset)
        for index, (field, limits) in enumerate(LIMITS.items()):
            if field not in _BUDGETS:
                with right if index % 2 else left:
                    values[field] = _field(name, field, getattr(preset, field), limits)
    try:
        return name, preset.with_values(values)
    except ConfigError as error:
        label = _label(error.field_name)
        st.error(f"{label} cannot be {error.value!r}: {error.allowed}.", icon=":material/error:")
        return name, None


def _preset() -> str:
    known = config.presets()
    asked = st.query_params.get("preset", "")
    if asked and asked not in known:
        st.warning(f"There is no preset {asked!r}; there are {', '.join(known)}.")
    names = list(known)
    return st.radio(
        "Preset",
        names,
        index=names.index(asked) if asked in known else 0,
        captions=[preset.expect for preset in known.values()],
    )


def _data(preset: str) -> str:
    options = [*_DATA, *([_OTHER_FILE] if _is_local() else [])]
    choice = st.selectbox(
        "Data",
        options,
        format_func=lambda name: _DATA.get(name, name),
        key=f"{preset}:data",
        help="The real digits that D compares with. All of them are handwritten.",
    )
    if choice != _OTHER_FILE:
        return choice
    return st.text_input(
        "File",
        placeholder="mnist.npz",
        key=f"{preset}:file",
        help="An .npz file in Keras's layout: x_train uint8 [N, 28, 28] and y_train.",
    )


def _budget(preset: str, defaults: TrainConfig) -> dict[str, Any]:
    field = st.segmented_control(
        "Stop after",
        list(_BUDGETS),
        format_func=_BUDGETS.__getitem__,
        default="max_seconds",
        required=True,
        key=f"{preset}:budget",
    )
    default = getattr(defaults, field) or 2000
    unit = LIMITS[field].unit
    value = st.number_input(
        unit.capitalize(),
        value=default,
        key=f"{preset}:{field}",
        help=f"Allowed: {LIMITS[field].allowed}.",
    )
    return {name: value if name == field else None for name in _BUDGETS}


def _field(preset: str, field: str, default: Any, limits: Limits) -> Any:
    key, words = f"{preset}:{field}", f"{limits.help} Allowed: {limits.allowed}."
    if limits.choices is not None:
        options = list(limits.choices)
        value = st.selectbox(
            _label(field), options, index=options.index(default), key=key, help=limits.help
        )
        st.caption(limits.choices[value])
        return value
    step, form = (1, "%d") if isinstance(default, int) else (limits.step, "%.6g")
    value = st.number_input(
        _label(field), value=default, step=step, format=form, key=key, help=words
    )
    st.caption(words)
    return value


def estimate(settings: TrainConfig) -> str:
    """How long the run will take, in words, from runs of the same networks on this machine."""
    if settings.max_seconds is not None:
        return f"Takes about {ui.duration_words(settings.max_seconds)} of training."
    past = [
        state
        for state in ui.runs()
        if state.config.architecture == settings.architecture
        and state.step
        and state.config.batch_size == settings.batch_size
    ]
    if not past or settings.max_steps is None:
        return "How long the first run of these networks takes shows once it is going."
    seconds = past[0].seconds / past[0].step * settings.max_steps
    return f"Takes about {ui.duration_words(seconds)}, judging by the run {past[0].name}."


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _is_local() -> bool:
    """Whether only this computer can open the app: then its files may be named."""
    address = st.get_option("server.address") or ""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
