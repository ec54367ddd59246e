"""Weights as safetensors files: numbers and a JSON header, nothing that could be run."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import network_file
from gan.data.archives import reason
from gan.exports.errors import DamageError
from gan.network_file import Layer, NetworkFileError, headers
from gan.runs.errors import StoreError

MAX_HEADER_BYTES: Final = 1 << 20
MAX_TENSORS: Final = 1000
_LENGTH_BYTES: Final = 8
_ABOUT: Final = "generator"
"""The name under which the header of a generator's file keeps what is no number."""
_META: Final = "meta"

Arrays = Mapping[str, NDArray[Any]]


def dump(arrays: Arrays, about: Mapping[str, str] | None = None) -> bytes:
    """A file of `arrays`, with some words about them."""
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    # It makes [1] of [], if it is not told the shape.
    whole = {name: array.reshape(arrays[name].shape) for name, array in contiguous.items()}
    return bytes(save(whole, None if about is None else dict(about)))


def read(content: bytes, what: str) -> tuple[Arrays, Mapping[str, str]]:
    """What `dump` was given, all of it finite numbers. Raises `DamageError`, naming `what`."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    if length > min(MAX_HEADER_BYTES, len(content) - _LENGTH_BYTES):
        raise DamageError(f"{what} is damaged: its header is longer than it can be")
    try:
        header = json.loads(content[_LENGTH_BYTES : _LENGTH_BYTES + length])
        if len(header) > MAX_TENSORS:
            raise ValueError(f"it has more than {MAX_TENSORS} arrays")
        about = dict(header.get("__metadata__", {}))
        arrays = load(content)
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as e:
        raise DamageError(f"{what} is damaged: {reason(e)}") from None
    for name, array in arrays.items():
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise DamageError(f"{what} cannot be used: {name!r:.60} is not all finite numbers")
    return arrays, about


def dump_generator(generator: bytes) -> bytes:
    """A file of `gan.network_file` as a safetensors file."""
    about, layers = network_file.read(generator)
    arrays: dict[str, NDArray[Any]] = {}
    for place, layer in enumerate(layer for layer in layers if layer.has_weights):
        arrays[f"layer_{place}/kernel"] = layer.kernel
        arrays[f"layer_{place}/bias"] = layer.bias
    words = json.dumps({**about, "layers": [layer.header for layer in layers]})
    return dump(arrays, {_ABOUT: words})


def read_generator(content: bytes, what: str) -> bytes:
    """The file that `dump_generator` was given. Raises `DamageError`."""
    arrays, words = read(content, what)
    try:
        about, found = headers.todays(json.loads(words[_ABOUT]))
        layers, weighted = [], 0
        for header in found:
            if header["kind"] in headers.CONDITIONING:
                layers.append(Layer.without_weights(header))
                continue
            kernel, bias = (arrays[f"layer_{weighted}/{name}"] for name in ("kernel", "bias"))
            layers.append(Layer(header, kernel, bias))
            weighted += 1
        if len(arrays) != 2 * weighted:
            raise ValueError("it has arrays that belong to no layer")
        generator = network_file.dump(about, layers)
        for layer, again in zip(layers, network_file.read(generator)[1], strict=True):
            if (layer.kernel.shape, layer.bias.shape) != (again.kernel.shape, again.bias.shape):
                raise ValueError("an array has another shape than its layer")
        return generator
    except (
        NetworkFileError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as e:
        raise DamageError(f"{what} is damaged: {reason(e)}") from None


def of_snapshot(path: Path) -> tuple[Mapping[str, Any], Arrays]:
    """The clock and the weights in a snapshot of `gan.model.bundle`. Raises `StoreError`."""
    try:
        with np.load(path, allow_pickle=False) as file:
            meta = json.loads(file[_META].tobytes())
            return meta, {name: file[name] for name in file.files if name != _META}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StoreError(f"The snapshot {path.name} cannot be read: {error}.") from error
