"""A script that draws with a diffusion model: plain Keras, and nothing of this project."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gan.network_file import Layer
from gan.network_file.diffusion import HIGHEST_FREQUENCY, OFFSET, SALT, Sampling

_SCRIPT: Final = Path(__file__).parents[2] / "assets" / "scripts" / "draw_diffusion.py.txt"
_SEEN: Final = {
    "v": "np.cos(here) * x - np.sin(here) * answer",
    "epsilon": "(x - np.sin(here) * answer) / np.cos(here)",
}
_FOLLOWING: Final = {
    "ddim": ["x = np.cos(there) * digit + np.sin(there) * noise"],
    "ddpm": [
        "added = np.sin(there) / np.sin(here) * np.sqrt(1 - (np.cos(here) / np.cos(there)) ** 2)",
        "kept = np.sqrt(np.sin(there) ** 2 - added**2)",
        "x = np.cos(there) * digit + kept * noise + added * fresh(z, step)",
    ],
}
_FRESH: Final = '''

def fresh(z, step):
    """The noise that a step adds: the first noise in another order, with some signs turned."""
    def mixed(bits):  # the finaliser of MurmurHash3
        bits = ((bits ^ (bits >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
        bits = ((bits ^ (bits >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
        return bits ^ (bits >> 16)

    start = mixed({salt} + step)
    words = [mixed((start + place * 0x9E3779B9) & 0xFFFFFFFF) for place in range(784)]
    order = np.argsort(np.array(words), kind="stable")
    signs = np.array([-1.0 if word % 2 else 1.0 for word in words])
    return (z.reshape(-1, 784)[:, order] * signs).reshape(z.shape)

'''


def script(sampling: Sampling, stages: Sequence[Layer], classes: Sequence[int]) -> str:
    """The script for a network of these layers that draws so.

    `classes` are those that a conditional network has learned.
    """
    is_conditional = bool(stages[0].header["classes"])
    asked = "[x, np.full(len(x), time)" + (", np.asarray(classes)]" if is_conditional else "]")
    following = [*_FOLLOWING[sampling.sampler]]
    main = ["digits = draw(z)"]
    constants = ""
    if is_conditional:
        constants = f"CLASSES = {[int(each) for each in classes]}  # what it has learned to draw\n"
        main = ["digits = draw(z, np.resize(CLASSES, 64))  # in turn"]
    return _SCRIPT.read_text(encoding="utf-8").format(
        steps=sampling.steps,
        offset=OFFSET,
        constants=constants,
        example="z, classes" if is_conditional else "z",
        arguments="z, classes" if is_conditional else "z",
        layers=_indented(_lines(stages), 4),
        inputs="[picture, time, digit]" if is_conditional else "[picture, time]",
        call=asked,
        seen=_SEEN[sampling.prediction],
        following=_indented(following, 8),
        fresh=_FRESH.format(salt=hex(SALT)) if sampling.sampler == "ddpm" else "",
        names=", ".join(_quoted(_name(place)) for place in range(len(stages))),
        main=_indented(main, 4),
    )


def _lines(stages: Sequence[Layer]) -> Iterator[str]:
    """A line for each layer, and for what follows it."""
    yield "x = picture"
    for place, stage in enumerate(stages):
        header, name = stage.header, _quoted(_name(place))
        match header["kind"]:
            case "time":
                yield from _telling(header, name)
            case "film":
                channels = int(header["outputs"][-1])
                yield f"x = modulated(x, layers.Dense({2 * channels}, name={name})(told))"
            case "dense":
                shape = tuple(map(int, header["outputs"]))
                yield f"x = layers.Dense({math.prod(shape)}, name={name})(layers.Flatten()(x))"
                yield f"x = layers.Reshape({shape})(x)"
            case kind:
                made = "Conv2DTranspose" if kind == "conv_transpose" else "Conv2D"
                filters, size = int(header["outputs"][-1]), int(header["kernel"])
                yield f"x = layers.{made}("
                yield f'    {filters}, {size}, strides={int(header["stride"])}, padding="same", '
                yield f"    name={name},"
                yield ")(x)"
        if header["activation"] == "leaky_relu" and header["kind"] != "time":
            yield f"x = layers.LeakyReLU(negative_slope={float(header['negative_slope'])})(x)"
        if "adds" in header:
            yield f"x = layers.Add()([x, after_{int(header['adds'])}])"
        if any(other.header.get("adds") == place for other in stages):
            yield f"after_{place} = x"


def _telling(header: dict[str, Any], name: str) -> Iterator[str]:
    """The lines that tell all layers the time, and the class."""
    count, most = int(header["frequencies"]), float(HIGHEST_FREQUENCY)
    yield f"turned = time[:, None] * {most} ** (np.arange({count}) / {max(count - 1, 1)})"
    yield "told = [keras.ops.cos(turned), keras.ops.sin(turned)]"
    if header["classes"]:
        yield 'digit = keras.Input((), dtype="int32", name="digit")  # the class to draw'
        yield f"told.append(keras.ops.one_hot(digit, {int(header['classes'])}))"
    yield f"told = layers.Dense({int(header['told'])}, name={name})(layers.Concatenate()(told))"
    if header["activation"] == "leaky_relu":
        slope = float(header["negative_slope"])
        yield f"told = layers.LeakyReLU(negative_slope={slope})(told)"


def _indented(lines: Sequence[str] | Iterator[str], spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in lines)


def _name(place: int) -> str:
    return f"layer_{place}"


def _quoted(text: str) -> str:
    return json.dumps(text)
