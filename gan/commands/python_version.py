"""Which Pythons this runs on: asked before anything is installed or imported that they may lack.

``python3 -m gan.commands.python_version`` says what is wrong, and fails then. So that old Pythons
can say it too, nothing newer than 3.6 is written here.
"""

import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
"""The newest that TensorFlow 2.21 is made for."""


def supported() -> str:
    """The Pythons that this runs on, as people say it."""
    return f"3.{OLDEST[1]} to 3.{NEWEST[1]}"


def refusal() -> str:
    """Why this Python cannot run Digit Forge, and what to do; empty if it can."""
    if OLDEST <= tuple(sys.version_info[:2]) <= NEWEST:
        return ""
    return (
        f"Digit Forge needs Python {supported()}, which TensorFlow is made for, and this is Python "
        f"{sys.version_info[0]}.{sys.version_info[1]}. Nothing was installed or changed. Install "
        f"one of those beside it and write, for example, python3.{NEWEST[1]} instead of python3."
    )


if __name__ == "__main__":
    sys.exit(refusal() or 0)
