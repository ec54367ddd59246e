"""The data sets that Keras can fetch, on demand."""

from __future__ import annotations

import socket
from typing import Final

import keras

from gan.data.datasets import DataError, Digits, NotDownloaded, load_for
from gan.settings.config import FASHION_DATA, TrainConfig

TIMEOUT_SECONDS: Final = 20.0


def load_digits(config: TrainConfig) -> Digits:
    """`datasets.load_for`, fetching the data set first if this machine does not have it."""
    try:
        return load_for(config)
    except NotDownloaded:
        _fetch(config.data)
        return load_for(config)


def _fetch(name: str) -> None:
    """Download MNIST (11 MB) or Fashion-MNIST (30 MB) into Keras's cache.

    Raises `DataError` if there is no network.
    """
    if name == FASHION_DATA:
        fetched, called = keras.datasets.fashion_mnist, "Fashion-MNIST"
        instead = "set DIGIT_FORGE_FASHION to a folder with its four .gz files"
    else:
        fetched, called = keras.datasets.mnist, "Full MNIST"
        instead = "set DIGIT_FORGE_MNIST to an mnist.npz that you have"
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_SECONDS)  # Keras sets none and would wait for ever
    try:
        fetched.load_data()
    except Exception as error:  # Keras wraps network errors in a plain Exception
        raise DataError(
            f"{called} could not be downloaded ({error}). The built-in 5,000 digits work "
            f"without a network; or {instead}."
        ) from error
    finally:
        socket.setdefaulttimeout(before)
