"""What the doctor finds of training, with TensorFlow: the device, what ships, and its speed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gan import network_file
from gan.commands.findings import Finding, Level
from gan.data import datasets
from gan.data.digits import DataError
from gan.runs import library
from gan.runs.snapshots import GENERATOR, SNAPSHOT
from gan.settings import presets

RUN_SECONDS: Final = 60
READABLE_IMAGES: Final = 16_000
"""Training images after which most digits of the preset quick could be read, when it was tried."""
_RESTORE: Final = "Restore the folder assets, for example with: git checkout -- assets"
_GPU_INSTALL: Final = 'On Linux, run: pip install "tensorflow[and-cuda]"'


def device() -> Finding:
    """What training runs on, and why not on a GPU that is there."""
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


def assets() -> Iterator[Finding]:
    """Whether the networks that ship can be loaded."""
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


def speed(seconds: float) -> Iterator[Finding]:
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
        images_per_second = images / (time.perf_counter() - start)
    except Exception as error:  # whatever a GPU or a broken installation raises
        told = " ".join(str(error).split())[:200]
        yield Finding(Level.PROBLEM, "Training", f"It fails ({type(error).__name__}: {told}).")
        return
    needed = READABLE_IMAGES / images_per_second
    found = (
        f"{images_per_second:,.0f} images/s with the preset quick: "
        f"{RUN_SECONDS * images_per_second:,.0f} in "
        f"{RUN_SECONDS} s, readable digits after some {max(1, round(needed))} s."
    )
    if needed > RUN_SECONDS:
        advice = f"Give runs more time: --seconds {round(2 * needed, -1):.0f}"
        yield Finding(Level.NOTE, "Speed", found, advice)
    else:
        yield Finding(Level.OK, "Speed", found)
