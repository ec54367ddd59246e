"""How commands declare their arguments, each in its own module."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from gan.commands.terminal import complain
from gan.runs import library, measures

BAD_ARGUMENTS: Final = 2
EXIT_CODES: Final = (
    "Exit codes: 0 for work that was completed, 1 for a failure, 2 for bad arguments, 130 if "
    "Ctrl-C ended it, 143 if SIGTERM did, 141 if nobody reads its output any more. Either signal "
    "is obeyed within three seconds, and a second one at once. A training that is stopped saves "
    "what it has learned if there is time for it, and tells the step from which it can be resumed."
)
Command = Callable[[argparse.Namespace], Any]
Add = Callable[[Command], argparse.ArgumentParser]
"""Adds a command, named and explained as its function is, and returns what takes its arguments."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """End the program with that sentence."""
        sys.exit(complain(f"{self.prog}: {message} (see --help)", BAD_ARGUMENTS))


def add_run(adding: argparse.ArgumentParser) -> None:
    """The argument of a command that reads one run."""
    names = ", ".join(library.pretrained_names())
    text = f"an id, latest, or a pretrained network: {names}"
    adding.add_argument("run", metavar="RUN", help=text)


def add_settings(
    adding: argparse.ArgumentParser, words: str, fields: Iterable[str], what: str
) -> None:
    """``--set``, for `fields`, and how much of `what` there shall be."""
    text = f"{words}: {', '.join(fields)}"
    adding.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=text)
    budget = adding.add_mutually_exclusive_group()
    budget.add_argument("--seconds", type=float, metavar="S", help=f"seconds of {what}")
    budget.add_argument("--steps", type=int, metavar="N", help=f"steps of {what}")
    adding.add_argument(
        "--until",
        type=float,
        metavar="DISTANCE",
        help="end as soon as the digits are this good: once the whole interval of their Frechet "
        f"distance is at or below it. {measures.TARGETS}".replace("%", "%%"),
    )
