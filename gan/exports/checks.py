"""Whether events from anybody could be a run's: the type of each field, and their order.

What is allowed comes from the types of `gan.messages.events`, so that a new kind of event is
checked too.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import numpy as np

from gan.data.digits import SIDE
from gan.exports.errors import DamageError
from gan.messages.events import (
    REPORTS,
    TRACED,
    Adjusted,
    Continued,
    Control,
    Event,
    Failed,
    Finished,
    Grouped,
    Quality,
    Report,
    Samples,
    Snapshot,
    Trace,
)
from gan.settings.config import CLASSES, LIMITS, TrainConfig
from gan.words.text import is_text

MAX_EVENTS: Final = 50_000
MOST: Final[Mapping[str, tuple[Any, int]]] = {
    "continuations": (Continued, 100),
    "changes of settings": (Adjusted, 200),
    "interventions": (Control, 5000),
    "judgements": (Quality, 5000),
    "reports": (Report, 20_000),
}
"""A run that has more of a kind takes too long to look at: its state is a fold over all of them."""
MAX_PICTURES: Final = 256
"""Digits in one event."""
MAX_NUMBER: Final = 10**12
"""Of what is counted: steps, images, parameters."""
MAX_SECONDS: Final = 1e9
MAX_TEXT: Final = 2000
MAX_ITEMS: Final = 1000
_KINDS: Final = tuple({*get_args(Event)} - {Snapshot})
_OVERFLOWING: Final = {name for report in REPORTS.values() for name in report.measures}
"""What a run reports on its way to a failure may be beyond all numbers."""
_SHARES: Final = {
    f"{prefix}{name}"
    for prefix in ("", "real_")
    for name in ("coverage", "coverage_spread", "confidence", "precision", "recall")
} | {"shares", "purity"}
_SHAPES: Final[Mapping[str, tuple[str | int, ...]]] = {
    "images": ("pictures", SIDE, SIDE),
    "noise": ("batch", "latent"),
    "real": ("traced", SIDE, SIDE),
    "fake": ("traced", SIDE, SIDE),
    "pixel_gradients": ("traced", SIDE, SIDE),
    "real_logits": ("batch",),
    "fake_logits": ("batch",),
    "fake_logits_after_d": ("batch",),
    "fake_logits_after_g": ("batch",),
    "weight_norms": ("layers",),
    "gradient_norms": ("layers",),
    "update_norms": ("layers",),
}
_MOST: Final = {
    "pictures": MAX_PICTURES,
    "traced": TRACED,
    "batch": LIMITS["batch_size"].maximum,
    "latent": LIMITS["latent_dim"].maximum,
    "layers": MAX_ITEMS,
}


def check_event(event: object) -> None:
    """Raise `DamageError` unless each field of `event` is one that a run could have recorded."""
    kind: type = type(event)
    if kind not in _KINDS:
        raise DamageError(f"it holds a message {kind.__name__}, which no run records")
    for name, hint in _hints(kind).items():
        value = getattr(event, name)
        if not _fits(value, hint, name, kind is Trace):
            raise DamageError(f"the {name} of a {kind.__name__} cannot be {_short(value)}")
    if isinstance(event, Grouped) and not _are_as_many_of_each(event):
        raise DamageError("the images of a Grouped are not as many of each group")
    sizes: dict[str | int, int] = {SIDE: SIDE}
    if isinstance(event, Trace):
        sizes["layers"] = len(event.layers)
    for name, shape in _SHAPES.items():
        array = getattr(event, name, None)
        if isinstance(array, np.ndarray):
            for wanted, size in zip(shape, array.shape, strict=True):
                if sizes.setdefault(wanted, size) != size:
                    raise DamageError(f"the {name} of a {kind.__name__} is {_short(array)}")


def _are_as_many_of_each(grouped: Grouped) -> bool:
    return bool(grouped.shares) and len(grouped.images) % len(grouped.shares) == 0


def check_counts(events: Sequence[Event]) -> None:
    """Raise `DamageError` if there are more of `events` than a run can have and be looked at."""
    if len(events) > MAX_EVENTS:
        raise DamageError(f"it holds more than {MAX_EVENTS:,} events")
    for what, (kind, most) in MOST.items():
        if sum(isinstance(event, kind) for event in events) > most:
            raise DamageError(f"it holds more than {most:,} {what}")


def check_order(events: Iterable[Event], config: TrainConfig) -> None:
    """Raise `DamageError` unless `events` could follow each other in a run that began so."""
    kind = REPORTS[config.family.name]
    reports: list[Report] = []
    at, pictures, is_over = 0, 0, False
    for event in events:
        step: int = getattr(event, "step", at)
        if is_over and not isinstance(event, Continued):
            raise DamageError("it goes on after its end")
        is_over = isinstance(event, Finished | Failed)
        if isinstance(event, Continued):
            if not event.reported_step <= step <= at:
                raise DamageError(f"it goes back to step {step}, where it has not been")
            reports = [report for report in reports if report.step <= event.reported_step]
            at = step
        elif not is_over and step < at:
            raise DamageError(f"step {step} comes after step {at}")
        elif isinstance(event, Report):
            _check_report(event, kind, reports[-1] if reports else None)
            reports.append(event)
        elif isinstance(event, Samples):
            pictures = pictures or len(event.images)
            if len(event.images) != pictures:
                raise DamageError("its samples are not always as many")
        at = max(at, step)


def _check_report(report: Report, kind: type[Report], before: Report | None) -> None:
    if not isinstance(report, kind):
        raise DamageError(f"a {type(report).__name__} does not go with its config")
    if before is not None and not (
        before.step < report.step
        and before.seconds <= report.seconds
        and before.images_seen <= report.images_seen
    ):
        raise DamageError(f"its reports run backwards at step {report.step}")


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _fits(value: object, hint: Any, name: str, is_trace: bool) -> bool:
    """Whether `value` is of the type `hint`, and within what a run can report as `name`."""
    origin, options = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, option, name, is_trace) for option in options)
    if hint is types.NoneType:
        return value is None
    if origin is tuple:
        return isinstance(value, tuple) and _fits_all(value, options[0], name)
    if origin is np.ndarray:
        (dtype,) = get_args(options[1])
        return isinstance(value, np.ndarray) and _fits_array(value, dtype, name)
    if origin is not None:
        return isinstance(value, dict) and _fits_mapping(value, options[1], name)
    if hint is int:
        return type(value) is int and 0 <= value <= MAX_NUMBER
    if hint is float:
        return type(value) is float and _fits_float(value, name, is_trace)
    if hint is str:
        return isinstance(value, str) and is_text(value, MAX_TEXT)
    if hint is bool:
        return type(value) is bool
    return issubclass(hint, Enum) and isinstance(value, hint)


def _fits_mapping(values: Mapping[object, object], hint: Any, name: str) -> bool:
    """Whether `values` have names, and each is of the type `hint`; any, if the config checks it."""
    if len(values) > len(fields(TrainConfig)):
        return False
    return hint is Any or all(
        isinstance(key, str) and key.isidentifier() and _fits(value, hint, name, False)
        for key, value in values.items()
    )


def _fits_float(value: float, name: str, is_trace: bool) -> bool:
    if name in _OVERFLOWING:
        return True
    if name in _SHARES:
        return 0 <= value <= 1.001  # rounded
    if "second" in name:  # also of a speed
        return 0 <= value <= MAX_SECONDS
    return is_trace or math.isfinite(value)


def _fits_all(values: tuple[object, ...], hint: Any, name: str) -> bool:
    if name in ("coverage", "real_coverage"):
        counts = (CLASSES, 0) if name == "real_coverage" else (CLASSES,)
        if len(values) not in counts:
            return False
    return len(values) <= MAX_ITEMS and all(_fits(value, hint, name, False) for value in values)


def _fits_array(array: Any, dtype: Any, name: str) -> bool:
    shape = _SHAPES.get(name, ())
    return (
        array.dtype == dtype
        and array.ndim == len(shape)
        and all(
            size == wanted if isinstance(wanted, int) else 1 <= size <= _MOST[wanted]
            for size, wanted in zip(array.shape, shape, strict=True)
        )
    )


def _short(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {list(value.shape)}"[:60]
    return f"{value!r:.40}"
