"""Full MNIST through Keras, on demand."""

from __future__ import annotations

import socket
from typing import Final

import keras

from gan.data import DataError, Digits, NotDownloaded, load

TIMEOUT_SECONDS: Final = 20.0


def load_digits(name: str) -> Digits:
    """`gan.data.load`, fetching full MNIST first if this machine does not have it."""
    try:
        return load(name)
    except NotDownloaded:
        fetch_mnist()
        return load(name)


def fetch_mnist() -> None:
    """Download MNIST (11 MB) into Keras's cache, where `gan.data` finds it.

    Raises `DataError` if there is no network.
    """
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_SECONDS)  # Keras sets none and would wait for ever
    try:
        keras.datasets.mnist.load_data()
    except Exception as error:  # Keras wraps network errors in a plain Exception
        raise DataError(
            f"Full MNIST could not be downloaded ({error}). The built-in 5,000 digits work "
            "without a network; or set DIGIT_FORGE_MNIST to an mnist.npz that you have."
        ) from error
    finally:
        socket.setdefaulttimeout(before)
