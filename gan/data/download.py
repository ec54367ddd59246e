"""The data sets that have to be fetched, on demand, into the place where Keras keeps them too."""

from __future__ import annotations

import hashlib
import http.client
import secrets
import urllib.request
from collections.abc import Callable
from typing import Final

from gan.data import registry
from gan.data.datasets import load, load_for
from gan.data.digits import DataError, Digits, NotDownloaded
from gan.data.registry import DataSet
from gan.data.sources import Fetched, RemoteFile
from gan.settings.config import TrainConfig

TIMEOUT_SECONDS: Final = 20.0
"""How long a server may be silent."""


def load_digits(config: TrainConfig, read: Callable[[str], Digits] = load) -> Digits:
    """`datasets.load_for`, fetching the data set first if this machine does not have it."""
    try:
        return load_for(config, read)
    except NotDownloaded:
        _fetch(registry.DATA_SETS[config.data])
        return load_for(config, read)


def _fetch(data_set: DataSet) -> None:
    """Download what this machine lacks of `data_set`. Raises `DataError` without a network."""
    source = data_set.source
    assert isinstance(source, Fetched), "others are never NotDownloaded"
    try:
        for file in source.files:
            if not file.path.is_file():
                _fetch_file(file)
    except (OSError, http.client.HTTPException) as error:
        raise DataError(
            f"{data_set.title} could not be downloaded ({error}). The built-in "
            f"{registry.BUILTIN.count:,} digits work without a network. {source.without_network}"
        ) from error


def _fetch_file(file: RemoteFile) -> None:
    """Download `file`: it is there whole or not at all."""
    with urllib.request.urlopen(file.url, timeout=TIMEOUT_SECONDS) as answer:
        content = answer.read()  # raises if the server hangs up too early
    if file.sha256 and hashlib.sha256(content).hexdigest() != file.sha256:
        raise OSError(f"{file.url} is not the file that was expected")
    file.path.parent.mkdir(parents=True, exist_ok=True)
    partial = file.path.with_suffix(f".{secrets.token_hex(4)}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(file.path)
    finally:
        partial.unlink(missing_ok=True)
