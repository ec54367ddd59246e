"""A script that draws with a generator: plain Keras, and nothing of this project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gan import generator_file
from gan.generator_file import Layer

_SCRIPT = '''\
"""Draws digits with a generator that was trained in Digit Forge.

    python draw.py

puts 64 digits into grid.png. It takes keras, tensorflow and numpy, and the file
generator.safetensors beside this script. To draw in a program of your own:

    from draw import generator
    digits = generator.predict({example})    # [N, 28, 28, 1], from -1 (paper) to 1 (ink)
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

HERE = Path(__file__).resolve().parent
LATENT_DIM = {latent_dim}  # numbers of noise that make a digit, from the normal distribution
{constants}

def read_weights(path):
    """The arrays of a safetensors file: a JSON header, then the numbers, one after the other."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    arrays = {{}}
    for name, about in json.loads(content[8:start]).items():
        if name != "__metadata__":
            first, end = (start + offset for offset in about["data_offsets"])
            arrays[name] = np.frombuffer(content[first:end], "<f4").reshape(about["shape"])
    return arrays


def build():
    """The generator, before it has learned anything.

    Batch normalisation is not here: once a network is trained, it is a scale and a shift, which
    have been multiplied into the weights of the layer before it.
    """
    noise = keras.Input((LATENT_DIM,), name="noise")
{layers}
    return keras.Model({inputs}, x, name="generator")


generator = build()
weights = read_weights(HERE / "generator.safetensors")
for name in ({names},):
    generator.get_layer(name).set_weights([weights[f"{{name}}/kernel"], weights[f"{{name}}/bias"]])


if __name__ == "__main__":
    z = np.random.default_rng().standard_normal((64, LATENT_DIM)).astype("float32")
{call}
    ink = np.clip(np.rint((digits + 1) * 127.5), 0, 255).astype("uint8")
    # Eight rows of eight: rows of digits, then of pixels, next to each other on one sheet.
    grid = ink.reshape(8, 8, 28, 28).transpose(0, 2, 1, 3).reshape(8 * 28, 8 * 28, 1)
    (HERE / "grid.png").write_bytes(tf.io.encode_png(grid).numpy())
    print("64 digits are in", HERE / "grid.png")
'''


def script(generator: bytes, classes: Sequence[int]) -> str:
    """The script for `generator`, a file of `gan.generator_file`.

    `classes` are those that a conditional network has learned. Nothing that people typed goes into
    the script, so that it does what it says whoever named the run.
    """
    about, stages = generator_file.read(generator)
    is_conditional = "classes" in about
    lines = [*_input(about), *_stack(stages)]
    example = "[z, classes]" if is_conditional else "z"
    call = [f"digits = generator.predict({example}, verbose=0)"]
    constants = []
    if is_conditional:
        constants = [f"CLASSES = {[int(each) for each in classes]}  # what it has learned to draw"]
        call.insert(0, "classes = np.resize(CLASSES, 64)  # in turn")
    return _SCRIPT.format(
        latent_dim=int(about["latent_dim"]),
        constants="".join(f"{line}\n" for line in constants),
        example=example,
        layers="\n".join(f"    {line}" for line in lines),
        inputs="[noise, digit]" if is_conditional else "noise",
        names=", ".join(_quoted(_name(place)) for place in range(len(stages))),
        call="\n".join(f"    {line}" for line in call),
    )


def _input(about: dict[str, Any]) -> Iterator[str]:
    """The lines up to what the first layer sees."""
    if "classes" in about:
        yield 'digit = keras.Input((), dtype="int32", name="digit")  # the class to draw'
        yield f"one_hot = keras.ops.one_hot(digit, {int(about['classes'])})"
        yield "x = layers.Concatenate()([noise, one_hot])"
    elif "leaning_classes" in about:
        count, sharpness = int(about["leaning_classes"]), float(about["sharpness"])
        yield f"# The first {count} numbers of noise lean towards a class each, the largest most."
        yield f"leaning = keras.ops.softmax({sharpness} * noise[:, :{count}])"
        yield "x = layers.Concatenate()([noise, leaning])"
    else:
        yield "x = noise"


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
