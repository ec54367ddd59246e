"""Where ``python -m gan COMMAND`` begins: with what has to be there before the rest is imported."""

from __future__ import annotations

import os
import signal
import sys

from gan.commands import python_version

PIPE_CLOSED = 141
"""As shells have it of programs that SIGPIPE ends: whoever read the output, as ``head``, is gone.

Python does not let that signal end it, and a training that it ended would not save what it learned.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code, as ``python -m gan --help`` tells them."""
    if words := python_version.refusal():
        print(words, file=sys.stderr)
        return 1
    from gan.commands import signals

    try:
        with signals.heard() as hearing:
            try:
                from gan.commands import command_line

                return command_line.run(arguments, hearing)
            except Exception:
                if not hearing.has_interrupted:
                    raise
                return hearing.exit_code  # modules in C make an error of their own of it
            finally:
                print(end="", flush=True)  # of --help too: only here can a failure be told
    except signals.Interrupted as end:  # it may come as soon as the first handler is there
        return end.exit_code
    except BrokenPipeError:
        return PIPE_CLOSED
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # before it is heard, it ends this without a word
    code = main()
    if code > 128:  # a signal ended it, and what TensorFlow does at the end can take seconds
        os._exit(code)
    sys.exit(code)
