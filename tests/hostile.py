"""Names that somebody gave a run so that a page or a terminal takes them for more than a name."""

from __future__ import annotations

from unittest import mock

from support import TINY

from gan.runs.store import RunStore

STRANGER = "http://stranger.example"
NAMES = (
    f"![x]({STRANGER}/n.png)",
    f"[Click me]({STRANGER}/)",
    "[x](data:text/html,<script>window.pwned=1</script>)",
    f"{STRANGER}/bare",
    "www.stranger.example/bare",
    "WWW.stranger.example/bare",
    "teacher@stranger.example",
    f"<{STRANGER}/auto>",
    f"[x]: {STRANGER}/ref [x] ![x]",
    "$\\rule{9999em}{9999em}$",
    "$$\\rule{9999em}{9999em}$$",
    "# A heading",
    "1. A list",
    "> A quote",
    "---",
    "`" * 59,
    "**bold** __bold__ _italic_ ~~gone~~",
    "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>",
    ":red-background[:material/delete: DELETED by the teacher]",
    ":smile: :streamlit: :material/delete: &lt;b&gt; | :help[x]",
    "\u200b",
    "left\u202etfel",
    "\x00\x1b[2J\x1b]0;owned\x07",
    "two\nlines\t\\",
)
"""What the store would refuse today, among others: an older version, or a stranger, stored it."""


def record(store: RunStore, name: str) -> str:
    """The id of a new run with a name that the store would refuse."""
    with mock.patch("gan.runs.store._checked", str):
        return store.create(TINY, name)
