"""The package of a run that was never trained."""

from __future__ import annotations

import io
import zipfile

import pytest
import untrained

from gan.exports import package
from gan.runs.store import RunStore


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The package of the run."""
    folder = tmp_path_factory.mktemp("packed")
    store = RunStore(folder / "home")
    path = folder / "run.zip"
    run = untrained.record(store)
    for made in (5.0, 6.0):
        store.jobs.adopt("judge", run, untrained.JUDGED.result(), made)
    package.write(store, store.state(run), path)
    store.close()
    return path.read_bytes()


@pytest.fixture(scope="session")
def members(packed: bytes) -> dict[str, bytes]:
    """What is in the package, by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
