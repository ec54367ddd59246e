"""What the doctor finds of this machine: Python, its packages, cores, memory and open files."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gan.commands.findings import GB, INSTALL, Finding, Level
from gan.jobs import machine

LITTLE_MEMORY, TOO_LITTLE_MEMORY = 2.0 * GB, 1.0 * GB
"""A training process took 0.9 GB when it was tried, the web server takes 0.3."""
SERVER_FILES, FILES_A_PAGE = 150, 4
"""What a server had open by itself and for pages that were closed a while ago, and for each page,
when it was tried."""
CLASS_PAGES: Final = 120
"""Sixty browsers, each with a page that was loaded again a moment ago."""


def python() -> Finding:
    """One that all commands work with: others are refused before."""
    where = f"{platform.system()} {platform.machine()}"
    return Finding(Level.OK, "Python", f"{platform.python_version()}, {where}")


def packages(requirements: Path) -> Iterator[Finding]:
    """The packages that `requirements` lists: there, and of a version within its bounds."""
    from packaging.requirements import Requirement

    good = []
    for line in requirements.read_text().splitlines():
        if not (text := line.partition("#")[0].strip()):
            continue
        wanted = Requirement(text)
        try:
            version = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(Level.PROBLEM, wanted.name, "It is not installed.", INSTALL)
            continue
        if wanted.specifier.contains(version, prereleases=True):
            good.append(f"{wanted.name} {version}")
        else:
            found = f"{version} is not the {wanted.specifier} that this was tested with."
            yield Finding(Level.NOTE, wanted.name, found, INSTALL)
    yield Finding(Level.OK, "Packages", f"As requirements.txt asks: {', '.join(good)}")


def cores() -> Finding:
    """How many processor cores training and the pages share."""
    count = machine.cores()
    if count < 2:
        advice = "Training and the pages share it: in a class the pages may wait."
        return Finding(Level.NOTE, "Processor cores", f"{count:g}", advice)
    return Finding(Level.OK, "Processor cores", f"{count:g}")


def precision() -> Finding:
    """What mixed precision would do here."""
    return Finding(Level.OK, "Mixed precision", machine.MIXED_PRECISION[machine.has_bfloat16()])


def memory() -> Iterator[Finding]:
    """How much memory is free, on Linux; of a container, as much as it may use."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return  # another system than Linux
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    total, free = (1024 * kilobytes[name] for name in ("MemTotal", "MemAvailable"))
    limit, used = machine.of_container("memory.max"), machine.of_container("memory.current")
    if limit.isdigit() and used.isdigit():
        total, free = min(total, int(limit)), min(free, int(limit) - int(used))
    found = f"{free / GB:.1f} of {total / GB:.1f} GB are free."
    if free < LITTLE_MEMORY:
        level = Level.PROBLEM if free < TOO_LITTLE_MEMORY else Level.NOTE
        advice = "A server in training takes 1.2 GB: close other programs."
        yield Finding(level, "Memory", found, advice)
    else:
        yield Finding(Level.OK, "Memory", found)


def files() -> Iterator[Finding]:
    """How many files and connections a server may have open, and for how many pages that does."""
    count = machine.allow_more_files()  # as a server does when it starts
    if count is None:
        return  # Windows sets no such limit
    pages = max(0, count - SERVER_FILES) // FILES_A_PAGE
    found = f"{count:,} at a time, which are some {pages:,} open pages."
    if pages < CLASS_PAGES:
        advice = (
            f"A class of {CLASS_PAGES // 2} may need {CLASS_PAGES}: raise the limit before the "
            "server starts, for example with: ulimit -n 4096"
        )
        yield Finding(Level.NOTE, "Open files", found, advice)
    else:
        yield Finding(Level.OK, "Open files", found)
