"""Train, judge, draw from and take along runs: the app's work, without a browser."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, NoReturn

from gan import drawing
from gan.commands import doctor, judging, making, packing, reading, training
from gan.commands.signals import Signals
from gan.commands.terminal import UsageError, complain
from gan.data import pictures, registry
from gan.data.datasets import DataError
from gan.runs import library, measures
from gan.runs.errors import NoSuchRun, StoreError
from gan.settings import config, presets
from gan.settings.config import ConfigError

BAD_ARGUMENTS: Final = 2
EXIT_CODES: Final = (
    "Exit codes: 0 for work that was completed, 1 for a failure, 2 for bad arguments, 130 if "
    "Ctrl-C ended it, 143 if SIGTERM did, 141 if nobody reads its output any more. Either signal "
    "is obeyed within three seconds, and a second one at once. A training that is stopped saves "
    "what it has learned if there is time for it, and tells the step from which it can be resumed."
)


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
    parser = _Parser(prog="python -m gan", description=__doc__, epilog=EXIT_CODES)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def add(command: Callable[[argparse.Namespace], Any]) -> argparse.ArgumentParser:
        text = command.__doc__ or ""
        name = command.__name__.rstrip("_").replace("_", "-")
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run_command=command)
        return added

    adding = add(training.train)
    adding.epilog = EXIT_CODES
    adding.add_argument(
        "--preset", default="quick", metavar="NAME", help="one of " + ", ".join(presets.presets())
    )
    _add_settings(adding, "change one field", config.FIELD_TYPES, "training")
    adding.add_argument(
        "--data",
        metavar="|".join([*registry.DATA_SETS, "PATH"]),
        help="digits to learn from; PATH is an .npz, or a ZIP of PNG or JPEG pictures",
    )
    adding.add_argument("--seed", type=int, metavar="N", help="start of all randomness")

    adding = add(training.resume)
    adding.epilog = EXIT_CODES
    adding.add_argument("run", metavar="RUN", help="an id, or latest")
    adding.add_argument(
        "--from",
        dest="from_step",
        type=int,
        metavar="STEP",
        help="go on from the snapshot of this step, as a new run that is a branch of the old one",
    )
    _add_settings(adding, "change one field from there on", config.ADJUSTABLE, "more training")

    run_help = "an id, latest, or a pretrained network: " + ", ".join(library.pretrained_names())
    adding = add(reading.sample)
    adding.add_argument("run", metavar="RUN", help=run_help)
    which = adding.add_mutually_exclusive_group(required=True)
    which.add_argument("--count", type=int, metavar="N", help="as many random digits")
    which.add_argument(
        "--z",
        metavar="TEXT",
        help="the one digit of this noise, as the page Explore spells it in its address",
    )
    adding.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.npz|FILE.png",
        help="an .npz gets images (uint8 [N, 28, 28], ink = 255), z and, of a conditional run, "
        "labels; a .png one digit",
    )
    adding.add_argument(
        "--digit",
        type=int,
        metavar="D",
        help="draw only this one; without it a conditional run draws what it learned in turn",
    )
    adding.add_argument("--seed", type=int, metavar="N", help="of --count; without it 0")
    adding.add_argument("--scale", type=float, metavar="S", help="multiplies --z: 0 to 1")
    adding.add_argument("--step", type=int, metavar="STEP", help="a kept moment, for --z")
    adding.add_argument(
        "--zoom",
        type=int,
        metavar="N",
        help=f"how large a PNG shows each pixel: 1 to {drawing.MAX_ZOOM} (default {drawing.ZOOM})",
    )

    add(reading.runs).add_argument("--json", action="store_true")

    adding = add(reading.curve)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    adding.add_argument(
        "--judgements", action="store_true", help="how good the digits were, beside real ones"
    )

    adding = add(packing.export)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    adding.add_argument(
        "--tensorboard", action="store_true", help="put an event file for TensorBoard in, too"
    )

    add(packing.import_).add_argument("file", type=Path, metavar="FILE.zip")

    adding = add(judging.evaluate)
    adding.add_argument("run", metavar="RUN", help=run_help)
    adding.add_argument("--json", action="store_true")
    digits = [name for name in registry.DATA_SETS if registry.has_digits(name)]
    adding.add_argument(
        "--data", metavar="|".join([*digits, "PATH"]), help="real digits to compare with"
    )
    adding.add_argument("--seed", type=int, default=0, metavar="N")

    add(doctor.doctor).add_argument("--json", action="store_true")

    for make in (making.make_classifier, making.make_reference, making.make_judgements):
        add(make).add_argument("--data", default="mnist", metavar="mnist|PATH")
    adding = add(making.make_recordings)
    adding.add_argument("names", nargs="*", metavar="PRESET", help="all of them, if none is named")
    adding = add(making.make_pretrained)
    adding.add_argument(
        "name",
        metavar="NAME",
        choices=list(presets.PRETRAINED),
        help="one of " + ", ".join(presets.PRETRAINED),
    )
    adding.add_argument("--data", default="mnist", metavar="mnist|PATH")
    return parser


def _add_settings(
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


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.exit(complain(f"{self.prog}: {message} (see --help)", BAD_ARGUMENTS))
