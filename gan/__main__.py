"""Where ``python -m gan COMMAND`` begins: with what has to be there before the rest is imported."""

from __future__ import annotations

import os
import signal
import sys

from gan import python_version


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code, as ``python -m gan --help`` tells them."""
    if words := python_version.refusal():
        print(words, file=sys.stderr)
        return 1
    from gan.commands import signals

    with signals.heard() as hearing:
        try:
            from gan.commands import command_line

            return command_line.run(arguments, hearing)
        except signals.Interrupted:
            return hearing.exit_code


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # before it is heard, it ends this without a word
    code = main()
    if code > 128:  # a signal ended it, and what TensorFlow does at the end can take seconds
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)
