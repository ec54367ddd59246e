"""Where this app's own routes are, and whole numbers in addresses.

Anybody may make up an address: no number in it has more digits than are needed.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.convertors import Convertor, register_url_convertor

LIVE: Final = "_live"
"""Below this are all routes of this app. The browser is told addresses like ``_live/stream``, which
are relative to where it loaded the app from: a proxy may serve it below a path of its own."""
NUMBER: Final = "number"
"""In a route, as ``{step:number}``: an address with any other text there is not found."""
_DIGITS: Final = "[0-9]{1,10}"


def whole_number(text: str) -> int | None:
    """The number that `text` spells in at most ten digits; None if it does not."""
    return int(text) if re.fullmatch(_DIGITS, text) else None


class _Number(Convertor[int]):
    """Starlette's own takes any number of digits, and Python refuses to read 5,000 of them."""

    regex = _DIGITS

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor(NUMBER, _Number())
