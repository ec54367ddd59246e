"""A script that draws with a generator: plain Keras, and nothing of this project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gan import network_file
from gan.exports import diffusion_script
from gan.network_file import Layer
from gan.network_file.diffusion import Sampling

_SCRIPT: Final = Path(__file__).parents[2] / "assets" / "scripts" / "draw.py.txt"


def script(generator: bytes, classes: Sequence[int]) -> str:
    """The script for `generator`, a file of `gan.network_file`.

    `classes` are those that a conditional network has learned. Nothing that people typed goes into
    the script, so that it does what it says whoever named the run.
    """
    about, stages = network_file.read(generator)
    if sampling := Sampling.read(about):
        return diffusion_script.script(sampling, stages, classes)
    is_conditional = any(stage.header["kind"] == "class_one_hot" for stage in stages)
    weighted = [stage for stage in stages if stage.has_weights]
    lines = ["x = noise", *_conditions(stages), *_stack(weighted)]
    example = "[z, classes]" if is_conditional else "z"
    call = [f"digits = generator.predict({example}, verbose=0)"]
    constants = []
    if is_conditional:
        constants = [f"CLASSES = {[int(each) for each in classes]}  # what it has learned to draw"]
        call.insert(0, "classes = np.resize(CLASSES, 64)  # in turn")
    return _SCRIPT.read_text(encoding="utf-8").format(
        latent_dim=int(about["latent_dim"]),
        constants="".join(f"{line}\n" for line in constants),
        example=example,
        layers="\n".join(f"    {line}" for line in lines),
        inputs="[noise, digit]" if is_conditional else "noise",
        names=", ".join(_quoted(_name(place)) for place in range(len(weighted))),
        call="\n".join(f"    {line}" for line in call),
    )


def _conditions(stages: Sequence[Layer]) -> Iterator[str]:
    """The lines that put classes behind the noise."""
    for stage in stages:
        header = stage.header
        match header["kind"]:
            case "class_one_hot":
                yield 'digit = keras.Input((), dtype="int32", name="digit")  # the class to draw'
                yield f"one_hot = keras.ops.one_hot(digit, {int(header['classes'])})"
                yield "x = layers.Concatenate()([x, one_hot])"
            case "class_softmax":
                count, scale = int(header["classes"]), float(header["inverse_temperature"])
                yield f"# The first {count} numbers of noise hide the class: the largest names it."
                yield f"shares = keras.ops.softmax({scale} * noise[:, :{count}])"
                yield "x = layers.Concatenate()([x, shares])"


def _stack(stages: Sequence[Layer]) -> Iterator[str]:
    """A line for each layer, and for each change of shape between two."""
    is_picture = False
    for place, stage in enumerate(stages):
        header = stage.header
        is_leaky = header["activation"] == "leaky_relu"
        activation = "" if is_leaky else f"activation={_quoted(header['activation'])}, "
        named = f"{activation}name={_quoted(_name(place))}"
        if header["kind"] == "dense":
            yield f"x = layers.Dense({int(header['outputs'])}, {named})(x)"
        else:
            height, width, channels = map(int, header["inputs"])
            if not is_picture:
                yield f"x = layers.Reshape(({height}, {width}, {channels}))(x)"
            is_picture = True
            filters, size = int(header["outputs"][-1]), int(header["kernel"])
            yield "x = layers.Conv2DTranspose("
            yield f'    {filters}, {size}, strides={int(header["stride"])}, padding="same", {named}'
            yield ")(x)"
        if is_leaky:
            slope = float(header["negative_slope"])
            yield f"x = layers.LeakyReLU(negative_slope={slope})(x)"
    if not is_picture:
        yield "x = layers.Reshape((28, 28, 1))(x)"


def _name(place: int) -> str:
    return f"layer_{place}"


def _quoted(text: str) -> str:
    return json.dumps(text)
