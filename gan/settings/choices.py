"""What a field of a config may be that takes one of a few names, each with a word on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ARCHITECTURES: Final[Mapping[str, str]] = {
    "lean-dcgan": "Small convolutional pair: ten digit classes within seconds on a CPU.",
    "fine-dcgan": "lean-dcgan with a third stage of G at full resolution and a D that also sees "
    "how much a batch differs: each step takes longer and teaches more.",
    "quality": "The same with twice the channels at full resolution and in D: finer strokes, "
    "longer steps.",
    "dcgan-tutorial": "The widely taught DCGAN (256, 128 and 64 channels): slow on a CPU.",
    "article-dense": "The article's section 3.4: dense layers only. As printed, it tends to "
    "collapse to one pattern.",
    "article-mnist": "The article's section 5.2: dense generator, one convolution as critic. "
    "As printed, it tends to collapse to one pattern.",
    "article-mended": "article-mnist with a generator of transposed convolutions in place of the "
    "dense one.",
    "vae": "A variational autoencoder, the other family of the article's 1.1: an encoder in D's "
    "place and no game. Steady, and a little blurred.",
}
LOSSES: Final[Mapping[str, str]] = {
    "non-saturating": "G maximises log D(G(z)): strong gradients while D is winning. The usual "
    "choice.",
    "minimax": "G minimises log(1 - D(G(z))), the original game: G's gradient fades when D is "
    "sure.",
    "least-squares": "D is asked for 1 on real and 0 on generated digits, and pays the squared "
    "error: digits far on the right side are pulled back too.",
    "hinge": "D stops learning from examples that it places beyond a margin of 1. Common in large "
    "GANs.",
    "wasserstein": "D, a critic, estimates how far the two crowds are apart. It has to have "
    "bounded slopes: with a gradient penalty, or spectral normalisation.",
    "elbo": "The variational autoencoder's: reconstruction error plus the divergence of its codes "
    "from the normal distribution.",
}
CROSS_ENTROPY_LOSSES: Final = ("non-saturating", "minimax")
"""Losses in which D tells a probability: label smoothing lowers the target of real digits."""
CONDITIONALS: Final[Mapping[str, str]] = {
    "no": "G chooses what it draws.",
    "hidden": "G takes noise alone, whose first numbers lean towards the classes: the largest "
    "names the digit. D is told which it should be.",
    "projected": "G is told which class to draw; D gets its class through a product with its "
    "features.",
    "concatenated": "G is told which class to draw; D gets its class as a second channel of the "
    "picture.",
}
NORMALIZATIONS: Final[Mapping[str, str]] = {
    "batch": "Batch normalisation of every hidden layer but the first.",
    "spectral": "Every layer's weights are divided by their largest singular value: no layer "
    "can stretch its input.",
    "none": "No normalisation.",
}
