"""Train, judge, draw from and take along runs: the app's work, without a browser."""

from __future__ import annotations

import argparse
import os
from typing import Final

from gan.commands import (
    comparing,
    doctor,
    judging,
    making,
    packing,
    pretraining,
    reading,
    stored_jobs,
    training,
)
from gan.commands.arguments import BAD_ARGUMENTS, EXIT_CODES, Command, Parser
from gan.commands.signals import Signals
from gan.commands.terminal import UsageError, complain
from gan.data import pictures
from gan.data.datasets import DataError
from gan.runs.errors import NoSuchRun, StoreError
from gan.settings.config import ConfigError

_SUBJECTS: Final = (
    training,
    reading,
    comparing,
    packing,
    judging,
    stored_jobs,
    doctor,
    making,
    pretraining,
)
"""In the order in which their commands are listed."""


def run(arguments: list[str] | None, signals: Signals) -> int:
    """Run one command; returns the exit code, as `EXIT_CODES` tells them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # clean lines; doctors can unset it
    pictures.ignore_warnings()
    options = _parser().parse_args(arguments)
    options.signals = signals
    try:
        return int(options.run_command(options) or 0)
    except (UsageError, ConfigError, DataError, NoSuchRun) as error:
        return complain(error, BAD_ARGUMENTS)
    except BrokenPipeError:
        raise  # nobody reads what is said
    except (StoreError, OSError) as error:
        return complain(error, 1)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m gan", description=__doc__, epilog=EXIT_CODES)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    def add(command: Command) -> argparse.ArgumentParser:
        text = command.__doc__ or ""
        name = command.__name__.rstrip("_").replace("_", "-")
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run_command=command)
        return added

    for subject in _SUBJECTS:
        subject.declare(add)
    return parser
