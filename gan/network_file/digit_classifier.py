"""The digit classifier that measures quality, as the browser runs it.

`gan.model.classifier` builds and trains it; nothing here needs TensorFlow.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from gan import network_file
from gan.data.array_files import read_npz
from gan.data.digits import DataError
from gan.network_file import Layer

PATH: Final = Path(__file__).parents[2] / "assets" / "classifier.npz"
_CONVOLUTION: Final = {
    "kind": "conv", "kernel": 3, "stride": 1, "padding": "valid", "activation": "relu", "pool": 2
}  # fmt: skip
_LAYERS: Final[tuple[dict[str, Any], ...]] = (
    _CONVOLUTION | {"inputs": [28, 28, 1], "outputs": [26, 26, 16]},
    _CONVOLUTION | {"inputs": [13, 13, 16], "outputs": [11, 11, 32]},
    {"kind": "dense", "inputs": 800, "outputs": 64, "activation": "relu"},
    {"kind": "dense", "inputs": 64, "outputs": 10, "activation": "linear"},
)


@cache
def exported(path: Path = PATH) -> bytes:
    """A file of `gan.network_file`: a picture [28, 28, 1] in [-1, 1] to ten logits, one a digit.

    Their softmax is the probability of each digit. Raises `DataError` if the weights at
    `path` are missing, damaged or those of another network.
    """
    names = tuple(f"w{place}" for place in range(2 * len(_LAYERS)))
    arrays = read_npz(path, names)
    layers = [
        Layer(dict(header), arrays[kernel], arrays[bias])
        for header, kernel, bias in zip(_LAYERS, names[::2], names[1::2], strict=True)
    ]
    for layer in layers:
        if (layer.kernel.shape, layer.bias.shape) != layer.shapes:
            raise DataError(f"{path.name} holds the weights of another network.")
    return network_file.dump({"sees": "picture", "classes": 0, "reads": "digits"}, layers)
