"""What a run is: a frozen, validated description that survives a trip through JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from gan.settings import checks
from gan.settings.choices import CONDITIONALS, NORMALIZATIONS
from gan.settings.derived import ConfigFields
from gan.settings.families import ARCHITECTURES
from gan.settings.fields import (
    ADJUSTABLE,
    ALL_CLASSES,
    CLASSES,
    DEFAULT_DATA,
    FIELD_TYPES,
    LIMITS,
    OPTIONAL,
)
from gan.settings.limits import ConfigError, Limits

__all__ = [  # where all the others know them from
    "ADJUSTABLE",
    "ALL_CLASSES",
    "ARCHITECTURES",
    "CLASSES",
    "CONDITIONALS",
    "DEFAULT_DATA",
    "FIELD_TYPES",
    "LIMITS",
    "NORMALIZATIONS",
    "ConfigError",
    "Limits",
    "TrainConfig",
    "parse_field",
]


@dataclass(frozen=True, slots=True)
class TrainConfig(ConfigFields):
    """One training run. Raises `ConfigError` for a value out of its range.

    A run ends at `max_steps` or `max_seconds`, whichever comes first; at least one is set. It ends
    before that once its digits are as good as `target_distance`, if that is set. Judgements come by
    the clock, so the step at which it does is not the same on every machine.
    """

    def __post_init__(self) -> None:
        for name in LIMITS:
            checks.check_field(name, getattr(self, name))
        if not isinstance(self.data, str) or not self.data.strip():
            raise ConfigError(
                "data",
                self.data,
                f"the name of a data set, such as {DEFAULT_DATA}, or the path of a file",
            )
        _ = self.chosen_classes
        if self.max_steps is None and self.max_seconds is None:
            raise ConfigError("max_seconds", None, "a run needs max_steps or max_seconds")
        checks.check_together(self)

    def to_json(self) -> str:
        """The config as one line of JSON that `from_json` reads back unchanged."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> TrainConfig:
        """Read what `to_json` wrote. Raises `ConfigError` for an unknown field or bad value."""
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError("config", text[:40], f"not JSON ({error})") from None
        if not isinstance(values, dict):
            raise ConfigError("config", text[:40], "a JSON object of fields")
        return cls().with_values(values)

    def with_values(self, values: Mapping[str, Any]) -> TrainConfig:
        """A copy with some fields changed. Raises `ConfigError` for an unknown field."""
        for name in values:
            if name not in FIELD_TYPES:
                raise ConfigError(
                    name, values[name], "no such field; there are " + ", ".join(FIELD_TYPES)
                )
        return replace(self, **values)

    def adjusted(self, changes: Mapping[str, Any]) -> TrainConfig:
        """A copy with fields changed that a run under way may change. Raises `ConfigError`."""
        for name in changes:
            if name in FIELD_TYPES and name not in ADJUSTABLE:
                raise ConfigError(
                    name,
                    changes[name],
                    "a run keeps the value that it began with; what may change is "
                    + ", ".join(ADJUSTABLE),
                )
        return self.with_values(changes)


def parse_field(name: str, text: str) -> Any:
    """The value of field `name` written as `text`, as ``--set NAME=TEXT`` gives it.

    Raises `ConfigError` for an unknown field or a text that is not of the field's type.
    """
    if name not in FIELD_TYPES:
        raise ConfigError(name, text, "no such field; there are " + ", ".join(FIELD_TYPES))
    if name in OPTIONAL and text.lower() == "none":
        return None
    kind = FIELD_TYPES[name]
    try:
        return kind(text)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise ConfigError(name, text, f"{wanted} {LIMITS[name].allowed}") from None
