"""Where the files of a data set come from: an installed package, or a place to fetch them from."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from gan.data.digits import DataError, NotDownloaded


@dataclass(frozen=True, slots=True)
class Packaged:
    """A file inside an installed package."""

    package: str
    place: str
    """The file's path from the package's folder."""

    @property
    def whereabouts(self) -> str:
        """Where it lies, as people are told."""
        return f"the package {self.package}"

    @property
    def when_missing(self) -> str:
        """What to do where it is not: nothing that its error does not say."""
        return ""

    @property
    def when_damaged(self) -> str:
        """What to do where it cannot be used: nothing that its error does not say."""
        return ""

    def path(self, title: str) -> Path:
        """The file of the data set called `title`. Raises `DataError` without the package.

        The package is not imported: that could bring in scikit-learn and Matplotlib.
        """
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise DataError(
                f"{title}: the package {self.package}, which holds them, is not installed. Run: "
                "pip install -r requirements.txt"
            )
        return Path(spec.origin).parent / self.place


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a data set, in Keras's cache once it was fetched."""

    place: str
    """Its path in the cache."""
    url: str
    sha256: str = ""
    """What it hashes to, where that is known."""

    @property
    def path(self) -> Path:
        """Where it lies on this machine, or will lie."""
        return cache() / self.place


@dataclass(frozen=True, slots=True)
class Fetched:
    """Files that lie in Keras's cache once they were fetched, or where people say."""

    variable: str
    """The environment variable that names a copy on this machine, which comes first."""
    place: str
    """The path in Keras's cache of what the variable would name: a file, or a folder of some."""
    files: tuple[RemoteFile, ...]
    megabytes: int
    """How much there is to fetch."""
    without_network: str
    """What who has a copy can do, as a sentence."""

    @property
    def whereabouts(self) -> str:
        """Where it lies, as people are told."""
        return str(self._path)

    @property
    def when_missing(self) -> str:
        """What to do where it is not."""
        return f"The first run that asks for it fetches it; or set {self.variable}."

    @property
    def when_damaged(self) -> str:
        """What to do where it cannot be used."""
        return f"Or mend or unset {self.variable}."

    def path(self, title: str) -> Path:
        """The file or folder of the data set called `title`.

        Raises `NotDownloaded` if no copy is named and not all files have been fetched.
        """
        if not os.environ.get(self.variable) and not all(f.path.is_file() for f in self.files):
            raise NotDownloaded(f"{title} is not on this machine yet.")
        return self._path

    @property
    def _path(self) -> Path:
        named = os.environ.get(self.variable)
        return Path(named).expanduser() if named else cache() / self.place


def cache() -> Path:
    """Where Keras keeps data sets that were fetched."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"
