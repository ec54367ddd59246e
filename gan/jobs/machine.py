"""What this machine has to train on, told without TensorFlow."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MOST_FILES: Final = (65_536, 10_240)
"""Open files to ask for, where the system sets no limit itself; Macs refuse the first."""
MOST_THREADS: Final = 4
"""Of a worker that is not to slow trainings down."""
MIXED_PRECISION: Final[Mapping[bool | None, str]] = {
    True: "There are units for bfloat16 here: mixed precision may make steps quicker.",
    False: "There are no units for bfloat16 here: mixed precision makes steps slower.",
    None: "Whether there are units for bfloat16 here is not known: compare how many digits a "
    "second a run of each precision sees.",
}
"""What `has_bfloat16` means to people."""
_BFLOAT16_FLAGS: Final = frozenset({"amx_bf16", "avx512_bf16"})
_BFLOAT16_CAPABILITY: Final = 8.0
"""Of NVIDIA's GPUs, the first that multiply it."""
_PROCESSORS: Final = Path("/proc/cpuinfo")
_GPUS: Final = Path("/proc/driver/nvidia/gpus")
_CONTAINER: Final = Path("/sys/fs/cgroup")


def cores() -> float:
    """Processor cores that this process may use; a container's share may be a fraction."""
    usable = getattr(os, "sched_getaffinity", None)
    count = float(len(usable(0)) if usable else os.cpu_count() or 1)
    quota, _, period = of_container("cpu.max").partition(" ")
    if quota.isdigit() and period:
        count = min(count, int(quota) / int(period))
    return count


def allow_more_files() -> int | None:
    """Let this process hold as many files and connections open as the system lets it; how many.

    None where the system does not tell. Processes that are started later may hold as many.
    """
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for most in MOST_FILES:
        wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
        if soft != resource.RLIM_INFINITY and wanted > soft:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return wanted
    return MOST_FILES[0] if soft == resource.RLIM_INFINITY else soft


def gpus() -> list[str]:
    """Names by which CUDA knows the NVIDIA GPUs that may be used here; Linux only."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return [name for name in named.split(",") if name.strip() not in ("", "-1")]
    try:
        return [str(place) for place, _ in enumerate(_GPUS.iterdir())]
    except OSError:
        return []


@cache
def has_bfloat16() -> bool | None:
    """Whether all that trainings compute on has units for bfloat16; None if that is not known."""
    return _gpus_have_bfloat16() if gpus() else _processor_has_bfloat16()


def _gpus_have_bfloat16() -> bool | None:
    command = ["nvidia-smi", "--query-gpu=compute_cap", "--format=csv,noheader"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        capabilities = [float(line) for line in run.stdout.splitlines()]
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return min(capabilities, default=0.0) >= _BFLOAT16_CAPABILITY


def _processor_has_bfloat16() -> bool | None:
    """By the flags that Linux tells of x86."""
    try:
        lines = _PROCESSORS.read_text().splitlines()
    except OSError:
        return None  # another system than Linux
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return not _BFLOAT16_FLAGS.isdisjoint(flags) if flags else None


def beside_trainings() -> dict[str, str]:
    """The variables that give a worker a part of the processor and no GPU: that is for trainings.

    One thread for numpy: beside a training, several of them wait for one another longer than one
    works.
    """
    threads = str(max(1, min(MOST_THREADS, int(cores()))))
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
    }


def of_container(name: str) -> str:
    """What a container's limits say of `name`, or nothing."""
    try:
        return (_CONTAINER / name).read_text().strip()
    except OSError:
        return ""


def resident_bytes(process_id: int) -> int:
    """The memory that a process holds; 0 where the system does not tell (other than Linux)."""
    try:
        pages = Path(f"/proc/{process_id}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
