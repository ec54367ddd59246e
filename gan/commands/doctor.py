"""What this machine has of all that training needs, and what to do about what is missing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from gan.commands import kept_findings, machine_findings, terminal, training_findings
from gan.commands.arguments import Add
from gan.commands.findings import INSTALL, Finding, Level
from gan.runs.store import default_home

REQUIREMENTS: Final = Path(__file__).parents[2] / "requirements.txt"
SPEED_SECONDS: Final = 5.0


def declare(add: Add) -> None:
    """The argument of this command."""
    add(doctor).add_argument("--json", action="store_true")


def doctor(options: argparse.Namespace) -> int:
    """Look for all that training needs, and say what to do about what is missing."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if not options.json:
            line = f"{finding.level:<8} {finding.what:<18} {finding.found} {finding.advice}"
            print(line.rstrip(), flush=True)
    problems, notes = (
        sum(finding.level is level for finding in findings) for level in (Level.PROBLEM, Level.NOTE)
    )
    if options.json:
        listed = [asdict(finding) for finding in findings]
        print(json.dumps({"problems": problems, "notes": notes, "findings": listed}, indent=2))
    elif problems:
        print(f"Problems: {problems}. Digit Forge does not work like this.")
    else:
        print(f"No problems, notes: {notes}. Start: streamlit run app.py")
    return 1 if problems else 0


def examine() -> Iterator[Finding]:
    """Everything, the quick parts first."""
    yield machine_findings.python()
    yield from machine_findings.packages(REQUIREMENTS)
    yield machine_findings.cores()
    yield machine_findings.precision()
    yield from machine_findings.memory()
    yield from machine_findings.files()
    yield from kept_findings.store(default_home())
    yield from kept_findings.data()
    yield from _training()


def _training() -> Iterator[Finding]:
    """What takes TensorFlow, and some seconds."""
    try:
        terminal.start_tensorflow()
    except Exception as error:  # whatever a broken installation raises
        told = " ".join(str(error).split())[:200]
        yield Finding(Level.PROBLEM, "TensorFlow", f"It does not start ({told}).", INSTALL)
        return
    yield training_findings.device()
    yield from training_findings.assets()
    yield from training_findings.speed(SPEED_SECONDS)
