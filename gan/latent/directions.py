"""Directions of the noise that nobody was taught: along which a generator's drawing varies most.

Both ways look at the first layer of a generator's file, in numpy alone. Neither says what a
direction means: that is for people to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan import latent, network_file
from gan.messages.requests import Directions, RequestError
from gan.network_file import Layer, inference
from gan.network_file.diffusion import Sampling

Array = NDArray[np.float32]

MOST: Final = 16
"""Directions that are given of either kind."""
SAMPLES: Final = 4096
"""Noise vectors whose features are looked at."""
_FEATURES: Final = 1 << 24  # numbers, 64 MB: of a wide layer, fewer samples are looked at
_ROUNDS: Final = 3
_NEGLIGIBLE: Final = 1e-6
"""Of the largest variance: what is below comes from rounding."""
_EXPLAINED: Final = 0.1
"""The least share of a component's variance that a direction of the noise has to explain."""
_BEYOND: Final = "The weights of this generator have grown beyond all measure."


def directions(generator: bytes) -> Directions:
    """The `of_features` and `of_weights` of a generator's file.

    Raises `gan.network_file.NetworkFileError` for bytes that are no such file, and
    `gan.messages.requests.RequestError` for a generator in which none can be looked for.
    """
    about, layers = network_file.read(generator)
    if Sampling.read(about):
        raise RequestError(
            "A diffusion model has no layer that takes its noise in one go, so there are no "
            "directions to be found in one."
        )
    latent_dim: int = about.get("latent_dim", 0)
    classes, first = _first(layers, latent_dim)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # which the results tell
            found = Directions(
                *of_features(latent_dim, classes, first), *of_weights(first.kernel[:latent_dim])
            )
    except np.linalg.LinAlgError:
        raise RequestError(_BEYOND) from None
    if not (np.isfinite(found.features).all() and np.isfinite(found.weights).all()):
        raise RequestError(_BEYOND)
    return found


def _first(layers: Sequence[Layer], latent_dim: int) -> tuple[Layer | None, Layer]:
    """The layer that puts classes behind the noise, if there is one, and the one that takes both.

    Raises `RequestError` if there is none of use.
    """
    classes = layers[0] if layers and not layers[0].has_weights else None
    others = layers[1:] if classes else layers
    takes = classes.header["outputs"] if classes else latent_dim
    if (
        type(latent_dim) is not int
        or latent_dim < 1
        or not others
        or others[0].header["kind"] != "dense"
        or len(others[0].kernel) != takes
        or (classes and classes.header["inputs"] != latent_dim)
    ):
        raise RequestError("The first layer of this generator does not take its noise.")
    first = others[0]
    if not (np.isfinite(first.kernel).all() and np.isfinite(first.bias).all()):
        raise RequestError(_BEYOND)
    return classes, first


def of_weights(kernel: Array) -> tuple[Array, Array]:
    """SeFa (Shen and Zhou 2021, eq. 6): the eigenvectors of A A^T for a kernel A [latent_dim, D].

    Unit vectors [K, latent_dim] with their shares [K] of the sum of all eigenvalues, falling.
    """
    wide = kernel.astype(np.float64)
    values, vectors = np.linalg.eigh(wide @ wide.T)
    values, vectors = values[::-1].clip(min=0), vectors.T[::-1]
    kept = np.flatnonzero(values > _NEGLIGIBLE * values[0])[:MOST]
    return _pointed(vectors[kept]), (values[kept] / values.sum()).astype(np.float32)


def of_features(latent_dim: int, classes: Layer | None, first: Layer) -> tuple[Array, Array]:
    """GANSpace (Haerkoenen et al. 2020, section 3.1): principal directions of the first layer.

    The principal components of what the layer says of normal noise, carried over to the noise by
    linear regression; one that no direction of the noise explains is left out. What sets one class
    that is asked for apart from another does not count. Unit vectors [K, latent_dim] with the
    shares [K] of the layer's variance that their components have, falling.
    """
    count = max(SAMPLES // 4, 4 * latent_dim, min(SAMPLES, _FEATURES // len(first.bias)))
    is_asked = classes is not None and classes.header["kind"] == "class_one_hot"
    asked = np.arange(count) % (classes.header["classes"] if classes and is_asked else 1)
    noise = _noise(count, latent_dim, asked)
    inputs = inference.conditioned(classes, noise, asked) if classes else noise
    features = _centred(_activations(first, inputs), asked)
    scores = _scores(features, 2 * MOST)
    variances = np.square(scores).mean(axis=0)
    known = variances > _NEGLIGIBLE * variances[0]
    scores, variances = scores[:, known], variances[known]
    slopes = scores.T @ noise / (count * variances[:, None])  # the scores are uncorrelated
    explained = np.square(slopes).sum(axis=1) * variances
    found = np.flatnonzero(explained > _EXPLAINED + latent_dim / count)[: min(MOST, latent_dim)]
    total = np.square(features).mean(axis=0).sum(dtype=np.float64)
    return _pointed(slopes[found]), (variances[found] / total).astype(np.float32)


def _noise(count: int, latent_dim: int, asked: NDArray[np.intp]) -> Array:
    """Normal noise of which mean and covariance are exactly those that it is drawn from.

    So the directions of a layer without bends are found exactly, whatever was drawn.
    """
    drawn = _centred(latent.sample(count, latent_dim, seed=0), asked).astype(np.float64)
    values, vectors = np.linalg.eigh(drawn.T @ drawn / count)
    whitened: Array = (drawn @ (vectors / np.sqrt(values)) @ vectors.T).astype(np.float32)
    return whitened


def _activations(layer: Layer, inputs: Array) -> Array:
    values = inputs @ layer.kernel
    values += layer.bias
    match layer.header["activation"]:
        case "relu":
            np.maximum(values, 0, out=values)
        case "leaky_relu":
            slope = np.float32(layer.header["negative_slope"])
            np.maximum(values, slope * values, out=values)
        case "tanh":
            np.tanh(values, out=values)
    return values


def _centred(values: Array, asked: NDArray[np.intp]) -> Array:
    """`values` [N, D], less their mean over each class: changed in place."""
    for one in np.unique(asked):
        values[asked == one] -= values[asked == one].mean(axis=0)
    return values


def _scores(features: Array, count: int) -> NDArray[np.float64]:
    """The first principal components [N, count or fewer] of centred features [N, D], falling.

    By random projections and three rounds of subspace iteration (Halko et al. 2011, algorithms 4.4
    and 5.1): the covariance of 12,544 features alone would take 600 MB.
    """
    count = min(count, *features.shape)
    random = np.random.default_rng(0).standard_normal((features.shape[1], count), np.float32)
    basis = np.linalg.qr(features @ random)[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(features @ (features.T @ basis))[0]
    small = (features.T @ basis).astype(np.float64)
    values, vectors = np.linalg.eigh(small.T @ small)
    scores = basis @ (vectors * np.sqrt(values.clip(min=0)))[:, ::-1]
    return np.asarray(scores, np.float64)


def _pointed(vectors: NDArray[np.floating]) -> Array:
    """Rows of length 1, whose largest number is positive."""
    if not len(vectors):
        return vectors.astype(np.float32)
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    signed = vectors * np.sign(largest) / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(signed, np.float32)
