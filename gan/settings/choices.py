"""What a field of a config may be that takes one of a few names, each with a word on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CONDITIONALS: Final[Mapping[str, str]] = {
    "no": "G chooses what it draws.",
    "hidden": "G takes noise alone, whose first numbers lean towards the classes: the largest "
    "names the digit. D is told which it should be.",
    "found": "As hidden, but without labels: the classes are groups of pictures that look alike, "
    "which are found before the first step.",
    "projected": "G is told which class to draw; D gets its class through a product with its "
    "features.",
    "concatenated": "G is told which class to draw; D gets its class as a second channel of the "
    "picture.",
}
PREDICTIONS: Final[Mapping[str, str]] = {
    "v": "A blend of the two, by which both can be found: mostly the noise where little is in it, "
    "mostly the picture where much is.",
    "epsilon": "The noise in the picture, as the first models of this kind were asked.",
}
SAMPLERS: Final[Mapping[str, str]] = {
    "ddim": "Nothing is left to chance: the same noise always ends in the same digit.",
    "ddpm": "Fresh noise is added after each step, as much as training would have there. It is the "
    "first noise in another order, so that the same noise still gives the same picture. DDPM is "
    "the name both of the model and of this way to sample, which was its first.",
}
NORMALIZATIONS: Final[Mapping[str, str]] = {
    "batch": "Batch normalisation of every hidden layer but the first.",
    "spectral": "Every layer's weights are divided by their largest singular value: no layer "
    "can stretch its input.",
    "none": "No normalisation.",
}
LEARNING_RATE_SCHEDULES: Final[Mapping[str, str]] = {
    "constant": "No change.",
    "cosine": "A fall to 0 along half a cosine over the steps or the time that the run has: "
    "towards the end steps get smaller, which learns finer strokes.",
}
PRECISIONS: Final[Mapping[str, str]] = {
    "float32": "All numbers have 32 bits.",
    "mixed": "Convolutions multiply in bfloat16, which has 16 bits; weights, losses and all that "
    "is shown or exported keep 32. It may make steps quicker where there are units for it "
    "(processors with AVX-512 BF16 or AMX, GPUs), and makes them slower elsewhere.",
}
