"""Messages as the version before the redraw wrote them into stores, ZIPs and recordings."""

from __future__ import annotations

import json

import pytest
from golden import seen

CONTENT = (seen.FOLDER / "messages.bin").read_bytes()
MESSAGES = json.loads((seen.FOLDER / "messages.json").read_text())
STARTS = [0, *(message["end"] for message in MESSAGES[:-1])]
CALLED = {"Job": "Train"}
"""What the code calls a message now that is still stored under its name of then."""
STORED = [place for place, message in enumerate(MESSAGES) if message["is_stored"]]


@pytest.mark.parametrize("place", STORED, ids=lambda place: f"{place}-{MESSAGES[place]['kind']}")
def test_what_was_stored_is_read_as_it_was(place: int) -> None:
    before = MESSAGES[place]
    found = seen.message(CONTENT[STARTS[place] : before["end"]])
    kind = CALLED.get(before["kind"], before["kind"])
    assert found == {"kind": kind, "values": before["values"]}


def test_each_kind_that_was_stored_is_here() -> None:
    assert {MESSAGES[place]["kind"] for place in STORED} == {
        *("Job", "Imported", "Preparing", "Started", "Progress", "VaeProgress", "Samples"),
        *("Quality", "Saved", "Trace", "Continued", "Adjusted", "Paused", "Parked", "Recalled"),
        *("Resumed", "Stepped", "Paced", "Finished", "Failed"),
    }
