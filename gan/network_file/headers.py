"""What the header of a network's file says of its layers, in today's form and the one before.

What cannot be raises `ValueError`, or `KeyError` or `TypeError` where something is missing or of
another type; `gan.network_file` makes one error of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

Header = dict[str, Any]
"""A layer's ``kind``, with its shape and ``activation``."""

ACTIVATIONS: Final = ("linear", "relu", "leaky_relu", "tanh")
TIME: Final = "time"
FILM: Final = "film"
ONE_HOT: Final = "class_one_hot"
SOFTMAX: Final = "class_softmax"
CONDITIONING: Final = (ONE_HOT, SOFTMAX)
"""The kinds that put classes behind the noise. They have no weights."""
_ONLY_FIRST: Final = ("plane", TIME, *CONDITIONING)
_PIXELS: Final = 784
_MOST_TOLD: Final = 4096


def todays(about: dict[str, Any]) -> tuple[dict[str, Any], list[Header]]:
    """`about` without its layers, and their headers.

    Before there were conditioning layers, the header of a generator itself said how many
    ``classes`` it was asked for, or how many ``leaning_classes`` were hidden in the noise, with
    which ``sharpness``. They become the layer that does the same.
    """
    about = dict(about)
    headers = list(about.pop("layers"))
    if "sees" in about:  # a picture: what it says of classes is about its outputs
        return about, headers
    first: list[Header] = []
    if "classes" in about:
        first.append(conditioning(ONE_HOT, about["latent_dim"], about.pop("classes")))
    if "leaning_classes" in about:
        hidden = conditioning(SOFTMAX, about["latent_dim"], about.pop("leaning_classes"))
        first.append(hidden | {"inverse_temperature": about.pop("sharpness")})
    return about, first + headers


def conditioning(kind: str, latent_dim: int, classes: int) -> Header:
    """The header of a layer that puts numbers for `classes` behind `latent_dim` of noise."""
    inputs, added = _count(latent_dim), _count(classes)
    return {
        "kind": kind,
        "inputs": inputs,
        "outputs": inputs + added,
        "classes": added,
        "activation": "linear",
    }


def check(header: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
    """Raise `ValueError` for a layer that cannot stand behind those, or activates in no known way.

    Its shapes are checked by `shapes`.
    """
    place = len(before)
    if header["kind"] in _ONLY_FIRST and place > 0:
        raise ValueError(f"it has a {header['kind']} after its first layer")
    if header["activation"] not in ACTIVATIONS:
        raise ValueError(f"it has an unknown activation, {header['activation']!r}")
    if header["activation"] == "leaky_relu" and not _is_number(header["negative_slope"]):
        raise ValueError(f"it leaks by {header['negative_slope']!r}, which is no slope")
    if header["kind"] == FILM:
        told = before[0].get("told") if before else None
        if told != header["told"]:
            raise ValueError(
                f"it has a layer that is told {header['told']!r} numbers, not {told!r}"
            )
    if header["kind"] == "dense":
        is_told = bool(before) and before[0]["kind"] == TIME
        if isinstance(header["outputs"], list) != is_told:
            raise ValueError("it has a dense layer whose outputs have a shape of another network")
    if "adds" in header:
        _check_sum(header, before)


def shapes(header: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int]]:
    """Of a layer's kernel, and of its bias; of nothing, where it has neither."""
    match header["kind"]:
        case "dense":
            inputs, outputs = _count(header["inputs"]), _made(header["outputs"])
            return (inputs, outputs), (outputs,)
        case "plane":
            if (header["outputs"], header["activation"]) != (_PIXELS, "linear"):
                raise ValueError("it has a plane that is no picture")
            return (_count(header["inputs"]), _PIXELS), (_PIXELS,)
        case "conv":
            return _shapes_of_convolution(header)
        case "conv_transpose":
            size, outputs = _count(header["kernel"]), _count(header["outputs"][-1])
            return (size, size, outputs, _count(header["inputs"][-1])), (outputs,)
        case "time":
            return _shapes_of_time(header)
        case "film":
            if header["inputs"] != header["outputs"]:
                raise ValueError("it has a layer that changes its picture's size")
            *_, channels = map(_count, header["outputs"])
            return (_bounded(header["told"]), 2 * channels), (2 * channels,)
        case "class_one_hot" | "class_softmax":
            _check_conditioning(header)
            return (0,), (0,)
        case other:
            raise ValueError(f"it has a layer {other!r}")


def _check_sum(header: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
    """Raise `ValueError` unless the layer can add what an earlier one gave."""
    place = header["adds"]
    if type(place) is not int or not 0 <= place < len(before):
        raise ValueError(f"it adds the outputs of a layer {place!r}, which is not before it")
    if before[place]["outputs"] != header["outputs"]:
        raise ValueError("it adds outputs of another shape")
    if header["activation"] != "linear" or "pool" in header:
        raise ValueError("it adds to outputs that are not as they were summed")


def _shapes_of_time(header: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int]]:
    if (header["inputs"], header["outputs"]) != (_PIXELS, _PIXELS):
        raise ValueError("it is told the time of something that is no picture")
    classes = header["classes"]
    rows = 2 * _bounded(header["frequencies"]) + (_bounded(classes) if classes else 0)
    told = _bounded(header["told"])
    return (rows, told), (told,)


def _check_conditioning(header: Mapping[str, Any]) -> None:
    expected = conditioning(header["kind"], header["inputs"], header["classes"])
    if any(header[name] != value for name, value in expected.items()):
        raise ValueError("it has classes that do not fit its noise")
    if header["kind"] == SOFTMAX:
        if header["classes"] > header["inputs"]:
            raise ValueError("it hides more classes than it has numbers of noise")
        if not _is_number(header["inverse_temperature"]):
            raise ValueError("it does not say how sharply its classes part")


def _shapes_of_convolution(header: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int]]:
    size, stride = _count(header["kernel"]), _count(header["stride"])
    *sides, inputs = map(_count, header["inputs"])
    *found, outputs = map(_count, header["outputs"])
    if header["padding"] not in ("same", "valid"):
        raise ValueError(f"it pads in the way {header['padding']!r}")
    border = size - 1 if header["padding"] == "valid" else 0
    if len(sides) != 2 or found != [-(-(side - border) // stride) for side in sides]:
        raise ValueError("it has a convolution whose outputs do not fit its inputs")
    if "pool" in header and (header["pool"] != 2 or min(found) < 2):
        raise ValueError(f"it pools {found} by {header['pool']!r}")
    return (size, size, inputs, outputs), (outputs,)


def _count(value: Any) -> int:
    """`value`, if it is how many there are of something."""
    if type(value) is not int or value < 1:
        raise ValueError(f"{value!r} is no number of inputs, outputs or pixels")
    return value


def _made(outputs: Any) -> int:
    """How many numbers a dense layer makes: so many, or a picture of that shape."""
    if not isinstance(outputs, list):
        return _count(outputs)
    height, width, channels = map(_count, outputs)
    return height * width * channels


def _bounded(value: Any) -> int:
    """`value`, if it is how many there are of something of which there are never very many."""
    if _count(value) > _MOST_TOLD:
        raise ValueError(f"{value!r} is more than it can be told")
    return int(value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)
