"""Words that came from somebody: what a run may be called, and how any of them is shown.

A name, an id or an address may hold what a page, a terminal or a reader takes for something else:
Markdown and the signs that Streamlit adds to it, control characters, letters that nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LINK: Final = re.compile(r"\](?=[(:])")
"""What makes Markdown take a word for a link or a picture, which a browser would fetch."""
_JOINER: Final = re.compile(r"(?<=\S)[\u200c\u200d](?=\S)")
"""Between visible characters: scripts and emoji of several parts need it."""
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that look like nothing."""
_UNSEEN: Final = "\ufffd"
_MARKUP: Final = re.compile(r"[\\`*~\[\]<>$&|]|(?<![^\W_])_|_(?![^\W_])|^[-+#=]")
"""What Markdown reads as more than itself: anywhere, but within a word, or first in a line."""
_ITEM: Final = re.compile(r"^(\d+)([.)])")
"""A number that would begin a list."""
_FOUND_LATER: Final = re.compile(r":(?!\s)|@|www(?=\.)", re.IGNORECASE)
"""Bare addresses, ``:emoji:`` and ``:material/icon:`` are looked for in the text that is left once
Markdown was read, where no backslash helps."""
_WORD_JOINER: Final = "\u2060"


def is_text(text: str, most: int) -> bool:
    """Whether `text` is short and plain: no control characters, and no link for a page to show."""
    return (
        len(text) <= most
        and _JOINER.sub("", text.replace("\n", " ")).isprintable()
        and not LINK.search(text)
    )


def is_visible(text: str) -> bool:
    """Whether there is anything to see in `text`."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in text)


def legible(text: str) -> str:
    """`text` on one line, with a sign in place of each character that is none to be seen."""
    line = " ".join(text.split())
    joiners = {match.start() for match in _JOINER.finditer(line)}
    shown = "".join(
        c if c.isprintable() or place in joiners else _UNSEEN for place, c in enumerate(line)
    )
    return shown if is_visible(shown) or not text else _UNSEEN


def plain(text: str) -> str:
    """`text` for Streamlit to draw as Markdown, so that its readers see it as it is."""
    escaped = _ITEM.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", legible(text)))
    return _FOUND_LATER.sub(rf"\g<0>{_WORD_JOINER}", escaped)
