"""What the command line does on a terminal: progress, files that appear whole."""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from gan.messages.events import Event, Failed, Finished, Report
from gan.messages.jobs import Working
from gan.runs.state import RunState
from gan.words.progress import doing

LINE_SECONDS: Final = 120.0
"""Of training, after which a run tells where there is no bar how far it is."""


class UsageError(ValueError):
    """An argument that cannot be used."""


def reporter(state: RunState) -> Callable[[Event], None]:
    """Shows progress on standard error: a bar on a terminal, else a line for each tenth.

    Of a run that takes its time there is a line at the latest every `LINE_SECONDS`.
    """
    is_terminal, shown, told = sys.stderr.isatty(), -1, state.seconds

    def report(event: Event) -> None:
        nonlocal state, shown, told
        state = state.after([(0, event)])
        if isinstance(event, Report):
            text = (
                f"{state.fraction:4.0%}  step {event.step}  {event.seconds:.1f} s  "
                f"{event.images_per_second:.0f} images/s  {_losses(event)}{_left(state)}"
            )
            if is_terminal:
                width = max(10, min(30, shutil.get_terminal_size().columns - len(text) - 4))
                bar = ("=" * round(width * state.fraction)).ljust(width)
                print(f"\r[{bar}] {text}\033[K", end="", file=sys.stderr, flush=True)
            elif int(10 * state.fraction) > shown or event.seconds > told + LINE_SECONDS:
                shown, told = int(10 * state.fraction), event.seconds
                print(text, file=sys.stderr, flush=True)
        elif isinstance(event, Finished | Failed) and is_terminal:
            print(file=sys.stderr)

    return report


def _left(state: RunState) -> str:
    """How long a run still takes that goes by its steps, if it is minutes."""
    if state.config.max_steps is None or (state.seconds_left or 0.0) < 60.0:
        return ""
    assert state.seconds_left is not None
    hours, minutes = divmod(math.ceil(state.seconds_left / 60), 60)
    return f"  {hours} h {minutes} min left" if hours else f"  {minutes} min left"


def show_working(working: Working) -> None:
    """How far a job is, on a terminal: one line, which the next one takes the place of."""
    if sys.stderr.isatty():
        text = f"{working.share:4.0%}  {doing(working)}"
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


def end_working() -> None:
    """Let what is printed next begin a line of its own."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _losses(report: Report) -> str:
    """The losses of a report, by the names of its fields: ``D loss 0.69  G loss 0.71``."""
    return "  ".join(
        f"{_spoken(name)} {getattr(report, name):.4g}"
        for name, tag in report.measures.items()
        if tag.startswith("loss/")
    )


def _spoken(name: str) -> str:
    """A field's name as people say it: networks have capitals."""
    return " ".join(part.upper() if len(part) == 1 else part for part in name.split("_"))


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep what TensorFlow's C++ says while it starts off the terminal, unless it fails."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except Exception:  # not where somebody ends it
            said.seek(0)
            os.write(terminal, said.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)


def start_tensorflow() -> None:
    """Import TensorFlow and find its devices, without a word unless it fails."""
    with _quietly():
        from gan.model import training

        training.device()


@contextmanager
def whole_file(path: Path, mode: str) -> Iterator[IO[Any]]:
    """A file that appears whole under its name, or not at all."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open(mode) as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def writable(out: Path) -> Path:
    """`out`, if a file can be written there. Raises `UsageError`."""
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}. Nothing was written.")
    if out.is_dir():
        raise UsageError(f"--out {out}: that is a folder; name a file in it.")
    return out


def complain(error: object, code: int) -> int:
    """Say on standard error what is wrong; returns `code`, the exit code."""
    print(error, file=sys.stderr)
    return code
