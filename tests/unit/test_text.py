"""Names from anybody: which a run may have, and how all are shown."""

from __future__ import annotations

import re

import pytest
from hostile import NAMES

from gan.words.text import is_text, is_visible, legible, plain

ESCAPED = r"\\([!-/:-@\[-`{-~])"  # as CommonMark says
ORDINARY = (
    "quick 2",
    "digits-conditional",
    "first_run (wgan-gp), take 3: better!",
    "Übung 7 von Zoë",
    "第一次 训练",
    "عنوان",
    "👩\u200d🔬 and ✍️",
    "50% + 50% = 100%",
    "a. b. c",
)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_allowed_and_shown_as_it_is(name: str) -> None:
    assert is_text(name, 60)
    assert is_visible(name)
    assert legible(name) == plain(name) == name


@pytest.mark.parametrize(
    "name", ["\u200b", "\u200d\u200d", "\u3164", "\u2800 ", "\u0301", "  ", ""], ids=ascii
)
def test_a_name_that_nobody_sees_is_none(name: str) -> None:
    assert not is_visible(name)


@pytest.mark.parametrize(
    "name", ["a\u202eb", "a\u2066b", "a\u200bb", "\x1b[2J", "a\x00", "[x](y)", "[x]: y"], ids=ascii
)
def test_a_name_that_controls_what_is_around_it_or_is_a_link_is_no_text(name: str) -> None:
    assert not is_text(name, 60)


def test_what_cannot_be_seen_is_shown_as_a_sign() -> None:
    assert legible("\u200b") == "\ufffd"
    assert legible("a\u202eb\x07") == "a\ufffdb\ufffd"
    assert legible("two\nlines\x1c") == "two lines"
    assert legible("") == ""


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("![x](http://a.example/n.png)", "!\\[x\\](http:\u2060//a.example/n.png)"),
        ("www.a.example", "www\u2060.a.example"),
        ("you@a.example", "you@\u2060a.example"),
        ("$x$", "\\$x\\$"),
        ("# x", "\\# x"),
        ("- x", "\\- x"),
        ("12. x", "12\\. x"),
        ("> x", "\\> x"),
        ("_x_ y_z __a__", "\\_x\\_ y_z \\_\\_a\\_\\_"),
        ("**x** ~~y~~ `z`", "\\*\\*x\\*\\* \\~\\~y\\~\\~ \\`z\\`"),
        ("<b>&lt;", "\\<b\\>\\&lt;"),
        ("a | b \\", "a \\| b \\\\"),
        (":smile:", ":\u2060smile:\u2060"),
        (":red[x]", ":\u2060red\\[x\\]"),
        (":material/delete:", ":\u2060material/delete:\u2060"),
    ],
)
def test_what_markdown_would_read_is_taken_from_it(name: str, drawn: str) -> None:
    assert plain(name) == drawn


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_hostile_name_keeps_nothing_that_markdown_reads_and_all_that_people_read(
    name: str,
) -> None:
    drawn = plain(name)
    unescaped = re.sub(ESCAPED, r"\1", drawn)
    assert unescaped.replace("\u2060", "") == legible(name), "nothing is lost"
    bare = re.sub(ESCAPED, "x", drawn)  # what is left for Markdown to find
    assert not re.search(r"[`*~\[\]<>$&|\n]|:\w|@\w|www\.|^[-+#=]|^\d+[.)]", bare, re.IGNORECASE)
