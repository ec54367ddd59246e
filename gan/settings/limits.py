"""What one field of a config may be, in words that people read, and the error that says so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ConfigError(ValueError):
    """A value that a run cannot have. Names the field, the value and what is allowed."""

    def __init__(self, field_name: str, value: object, allowed: str) -> None:
        super().__init__(f"{field_name} = {value!r} is not possible: {allowed}.")
        self.field_name = field_name
        self.value = value
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Limits:
    """What one field means and may be: the form, the command line and validation read it."""

    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    step: float = 1
    unit: str = ""
    choices: Mapping[str, str] | None = None

    @property
    def allowed(self) -> str:
        """The valid range as people read it, such as ``from 1 to 1024``."""
        if self.choices is not None:
            return "one of " + ", ".join(self.choices)
        unit = f" {self.unit}" if self.unit else ""
        low, high = (
            f"{end:,.0f}" if end >= 1e4 else f"{end:g}" for end in (self.minimum, self.maximum)
        )
        return f"from {low} to {high}{unit}"


def limited(default: Any, **limits: Any) -> Any:
    """A dataclass field with a default and the `Limits` that are given by name."""
    return field(default=default, metadata={"limits": Limits(**limits)})
