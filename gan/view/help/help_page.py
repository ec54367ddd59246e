"""The page Help: what is read once, where it is needed.

Its words are in ``help.md`` beside this, a section a heading with an anchor for the address; limits
and data sets are those of the running code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import streamlit as st

from gan.data import registry
from gan.data.sources import Fetched
from gan.jobs.limits import Limits
from gan.view import state

_WORDS: Final = Path(__file__).with_name("help.md")
_HEADING: Final = re.compile(r"^## (?P<title>.+) #(?P<anchor>[a-z]+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    title: str
    anchor: str
    """What the address has behind its #."""
    text: str
    """Markdown, which may hold the tables ``{limits}`` and ``{data}``."""


def sections() -> list[Section]:
    """The page, top down."""
    _, *parts = _HEADING.split(_WORDS.read_text(encoding="utf-8"))
    return [Section(*part) for part in zip(parts[0::3], parts[1::3], parts[2::3], strict=True)]


def tables(limits: Limits) -> Mapping[str, str]:
    """The tables of the running code, as Markdown, by their names in the text."""
    return {"{limits}": _limit_table(limits), "{data}": _data_table()}


def show() -> None:
    """Draw the page."""
    st.title("Help", anchor=False)
    found = sections()
    st.markdown(" \u00b7 ".join(f"[{section.title}](#{section.anchor})" for section in found))
    drawn = tables(state.engine().limits)
    for section in found:
        st.header(section.title, anchor=section.anchor)
        text = section.text
        for name, table in drawn.items():
            text = text.replace(name, table)
        st.markdown(text)


def figure(value: float) -> str:
    """A limit as people read it, such as ``1,000,000`` or ``0.5``."""
    return f"{value:,.0f}" if value == round(value) else f"{value:g}"


def _limit_table(limits: Limits) -> str:
    rows = []
    for item in fields(limits):
        value = getattr(limits, item.name)
        rows.append((item.metadata["help"], figure(value), f"`{item.metadata['variable']}`"))
    return _table(("what", "here", "variable"), rows)


def _data_table() -> str:
    rows = []
    for data_set in registry.DATA_SETS.values():
        source = data_set.source
        variable = f"`{source.variable}`" if isinstance(source, Fetched) else "never fetched"
        rows.append((f"`{data_set.name}`", data_set.words, variable))
    return _table(("name", "what", "a copy of your own"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heading = list(head)
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
