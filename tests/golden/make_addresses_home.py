"""Made ``addresses_home.tar.xz``: the three runs to which the addresses of ``addresses.json`` lead.

It ran once, in 152379d, as ``PYTHONPATH=.:tests python tests/golden/make_addresses_home.py``. The
runs are trained as the command line trains, for as few steps as make digits that differ. Of their
files only what an address needs is kept: generators of the moments in `KEPT`, their weights rounded
so that they pack well, and the last pictures of each. Nothing here goes on from a snapshot.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from golden import seen

from gan import network_file
from gan.runs.snapshots import GENERATOR, path

STEPS = 400
TRAINED = {
    "hidden": ["--preset", "conditional", "--set", "conditional=hidden"],
    "projected": ["--preset", "conditional"],
    "autoencoder": ["--preset", "vae", "--set", "latent_dim=16"],
}
"""How each run is trained, by the name that it gets."""
SOON = ["--set", "ema_decay=0.98"]
"""The usual average would still hold much of the noise of the beginning."""
KEPT = {"hidden": (STEPS, 2 * STEPS), "projected": (STEPS,), "autoencoder": (STEPS,)}
"""The moments of each run that can be explored: the first has gone on once."""


def told(home: Path, *command: str) -> str:
    """The last line that a command prints: the id of the run that it trained."""
    said = subprocess.run(
        [sys.executable, "-m", "gan", *command, "--steps", str(STEPS)],
        env=os.environ | {"DIGIT_FORGE_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return said.stdout.split()[-1]


def trained(home: Path) -> None:
    runs = {name: told(home, "train", *options, *SOON) for name, options in TRAINED.items()}
    told(home, "resume", runs["hidden"])
    store = seen.RunStore(home)
    for name, run in runs.items():
        store.rename(run, name)
        slim(home / "runs" / run, KEPT[name])
    store.close()


def slim(folder: Path, steps: tuple[int, ...]) -> None:
    """Leave nothing of a run's folder but small generators of `steps`."""
    kept = {path(folder, GENERATOR, step): rounded(folder, step) for step in steps}
    for file in folder.iterdir():
        file.unlink()
    for file, content in kept.items():
        file.write_bytes(content)


def rounded(folder: Path, step: int) -> bytes:
    """A generator whose weights are all 1 or 1.5 times a power of two."""
    about, layers = network_file.read(path(folder, GENERATOR, step).read_bytes())
    for layer in layers:
        significand, exponent = np.frexp(layer.kernel)
        layer.kernel = np.ldexp(np.round(4 * significand) / 4, exponent).astype(np.float32)
    return network_file.dump(about, layers)


def settled(home: Path) -> None:
    """The store as one file without pictures that only a timeline shows, and with no locks."""
    with contextlib.closing(sqlite3.connect(home / "store.sqlite3")) as database:
        with database:
            database.execute(
                "DELETE FROM events WHERE kind = 'Samples' AND seq < (SELECT max(seq) FROM events "
                "AS later WHERE later.run = events.run AND later.kind = 'Samples')"
            )
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("VACUUM")
        database.execute("PRAGMA journal_mode = DELETE")
    for lock in home.rglob("*.lock"):
        lock.unlink()


def of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        trained(home := Path(folder, "home"))
        settled(home)
        with tarfile.open(seen.ADDRESSES_HOME, "w:xz", preset=9) as archive:
            archive.add(home, home.name, filter=of_nobody)


if __name__ == "__main__":
    main()
