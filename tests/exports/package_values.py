"""Values that two tests of packages compare."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """An event, or anything else, so that two of them can be compared."""
    if not dataclasses.is_dataclass(value):
        return value
    values = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return type(value), {
        name: (each.dtype.str, each.shape, each.tobytes()) if isinstance(each, np.ndarray) else each
        for name, each in values.items()
    }
