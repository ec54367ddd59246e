"""Weights plus JSON, saved and loaded without pickle, and the export that the browser runs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from gan import network_file
from gan.data.datasets import DataError
from gan.model import denoising, networks
from gan.model.denoiser import Denoiser
from gan.model.layers import INVERSE_TEMPERATURE, SoftmaxClass
from gan.network_file import Layer, headers
from gan.settings.config import TrainConfig
from gan.settings.families import PIXELS

AVERAGED: Final = "averaged_generator"
"""Prefix of the weights that draw: the moving average of the generator."""
GROUPS: Final = "groups"
"""The name of the groups that a run found, of each of its pictures: they go on with it."""
GROUPED: Final = "grouped"
"""The name of the seal of these pictures (`gan.data.kept_groups.seal`)."""
_META: Final = "meta"
_CLOCK: Final = {"reported_step": int, "seconds": float, "images_seen": int}
"""What a bundle made only to draw from can do without."""


class BundleError(DataError):
    """A bundle that is damaged or does not fit the network that its config names."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A config, the step reached, and weights by name."""

    config: TrainConfig
    step: int
    weights: Mapping[str, NDArray[Any]]
    reported_step: int = 0
    """The last step of the last report; what was added up since then is among the weights."""
    seconds: float = 0.0
    """Training time so far."""
    images_seen: int = 0

    def generator(self, sampling_steps: int | None = None) -> keras.Model:
        """The averaged generator. Raises `BundleError` if the weights do not fit.

        A diffusion model draws in `sampling_steps`, without it in as many as its config says.
        """
        config = self.config
        if sampling_steps is not None:
            config = replace(config, sampling_steps=sampling_steps)
        model = networks.generator(config)
        self.restore(AVERAGED, model.variables)
        return model

    def restore(self, prefix: str, variables: Iterable[Any]) -> None:
        """Give `variables` the values that `named_weights` noted. Raises `BundleError`."""
        for name, variable in _names(prefix, variables):
            value = self.weights.get(name)
            if value is None or value.shape != tuple(variable.shape):
                raise BundleError(f"Weight {name} is missing or has the wrong shape.")
            variable.assign(value)

    def only_averaged(self) -> Bundle:
        """The part that draws, without the training state."""
        kept = {name: value for name, value in self.weights.items() if name.startswith(AVERAGED)}
        return replace(self, weights=kept)


def named_weights(prefix: str, variables: Iterable[Any]) -> dict[str, NDArray[Any]]:
    """The values of `variables` as arrays, by ``prefix/position``."""
    return {name: variable.numpy() for name, variable in _names(prefix, variables)}


def dump(bundle: Bundle, is_packed: bool = False) -> bytes:
    """A bundle as the bytes of an ``.npz`` file; packed, it takes a tenth less, and a while."""
    meta = {name: getattr(bundle, name) for name in ("step", *_CLOCK)}
    meta["config"] = bundle.config.to_json()
    file = io.BytesIO()
    array = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    save = np.savez_compressed if is_packed else np.savez
    save(file, **{_META: array}, **bundle.weights)
    return file.getvalue()


def load(path: Path) -> Bundle:
    """Read a bundle. Raises `BundleError` if it is missing, damaged or holds Python objects."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"The snapshot {path.name} cannot be read: {error.strerror}.") from error
    return loads(content, path.name)


def loads(content: bytes, name: str) -> Bundle:
    """Read what `dump` made; `name` is for the message of the `BundleError` if it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            meta = json.loads(file[_META].tobytes())
            weights = {key: file[key] for key in file.files if key != _META}
        clock = {name: kind(meta[name]) for name, kind in _CLOCK.items() if name in meta}
        return Bundle(TrainConfig.from_json(meta["config"]), int(meta["step"]), weights, **clock)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BundleError(f"The snapshot {name} is damaged: {error}") from error


class Generate(Protocol):
    """Noise float32 [N, latent_dim] to digits float32 [N, 28, 28, 1] in [-1, 1].

    `labels`, int [N] from 0 to 9, are for a conditional network; others take no notice of them.
    """

    def __call__(
        self, noise: NDArray[np.float32], labels: NDArray[np.integer] | None = None
    ) -> NDArray[np.float32]:
        """Draw."""


def compiled(generator: keras.Model, batch_size: int = 256) -> Generate:
    """The generator at inference, compiled once and run batch by batch."""
    latent_dim = _latent_dim(generator)
    signature = [tf.TensorSpec([None, latent_dim], tf.float32), tf.TensorSpec([None], tf.int32)]
    run = tf.function(_drawing(generator), input_signature=signature, autograph=False)

    def generate(
        noise: NDArray[np.float32], labels: NDArray[np.integer] | None = None
    ) -> NDArray[np.float32]:
        asked = np.zeros(len(noise), np.int32) if labels is None else labels.astype(np.int32)
        parts = (slice(i, i + batch_size) for i in range(0, len(noise), batch_size))
        return np.concatenate([run(noise[part], asked[part]).numpy() for part in parts])

    return generate


def _latent_dim(generator: keras.Model) -> int:
    return PIXELS if isinstance(generator, Denoiser) else int(generator.inputs[0].shape[1])


def _drawing(generator: keras.Model) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """Noise [N, latent_dim] and classes [N] to digits."""
    if isinstance(generator, Denoiser):
        return denoising.drawing(generator)
    is_conditional = len(generator.inputs) == 2
    return lambda noise, labels: generator(
        [noise, labels] if is_conditional else noise, training=False
    )


def export_generator(generator: keras.Model) -> bytes:
    """The generator as a file of `gan.network_file`, which the browser runs.

    Normalisation is folded into the layer before it, and the embedding of a class into the first
    dense layer: in front of that a conditioning layer says which class is asked for, or how much of
    each is hidden in the noise.
    """
    if isinstance(generator, Denoiser):
        about = {"latent_dim": PIXELS, **generator.sampling.header()}
        return network_file.dump(about, generator.exported())
    latent_dim = _latent_dim(generator)
    stages = _stages(generator.layers)
    for layer in generator.layers:
        match layer:
            case layers.Embedding():
                _fold_embedding(layer, stages[0], latent_dim)
                header = headers.conditioning(headers.ONE_HOT, latent_dim, layer.input_dim)
                return _file(latent_dim, [Layer.without_weights(header), *stages])
            case SoftmaxClass():
                header = headers.conditioning(headers.SOFTMAX, latent_dim, layer.classes)
                header["inverse_temperature"] = INVERSE_TEMPERATURE
                return _file(latent_dim, [Layer.without_weights(header), *stages])
    return _file(latent_dim, stages)


def _file(latent_dim: int, stages: Sequence[Layer]) -> bytes:
    return network_file.dump({"latent_dim": latent_dim}, stages)


def _stages(all_layers: Sequence[layers.Layer]) -> list[Layer]:
    stages: list[Layer] = []
    for layer in all_layers:
        match layer:
            case layers.Dense():
                header = {"kind": "dense", "inputs": layer.kernel.shape[0], "outputs": layer.units}
                stages.append(_stage(layer, header, layer.units))
            case layers.Conv2DTranspose():
                header = {
                    "kind": "conv_transpose",
                    "inputs": list(layer.input.shape[1:]),
                    "outputs": list(layer.output.shape[1:]),
                    "kernel": layer.kernel_size[0],
                    "stride": layer.strides[0],
                }
                stages.append(_stage(layer, header, layer.filters))
            case layers.BatchNormalization():
                _fold(layer, stages[-1])
            case layers.ReLU():
                stages[-1].header["activation"] = "relu"
            case layers.LeakyReLU():
                stages[-1].header |= {
                    "activation": "leaky_relu",
                    "negative_slope": float(layer.negative_slope),
                }
            case (
                layers.Reshape()
                | layers.Dropout()
                | layers.InputLayer()
                | layers.Concatenate()
                | layers.Embedding()  # of classes, which the caller adds
                | SoftmaxClass()
            ):
                pass
            case _:
                raise BundleError(f"The browser cannot run a layer {type(layer).__name__}.")
    return stages


def _stage(layer: layers.Layer, header: dict[str, Any], outputs: int) -> Layer:
    header["activation"] = layer.activation.__name__
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(outputs, np.float32)
    return Layer(header, layer.kernel.numpy(), bias)


def _fold_embedding(embedding: layers.Embedding, stage: Layer, latent_dim: int) -> None:
    """The classes' own rows in the first kernel, in place of those for their embedding."""
    of_noise, of_class = np.split(stage.kernel, [latent_dim])
    stage.kernel = np.concatenate([of_noise, embedding.embeddings.numpy() @ of_class])
    stage.header["inputs"] = len(stage.kernel)


def _fold(norm: layers.BatchNormalization, stage: Layer) -> None:
    """Scale and shift of an inference-time batch normalisation, moved into the layer before."""
    scale = norm.gamma.numpy() / np.sqrt(norm.moving_variance.numpy() + norm.epsilon)
    # A dense layer that was reshaped to [h, w, channels] has its channels h * w times in a row.
    repeats = len(stage.bias) // len(scale)
    scale, mean, beta = (
        np.tile(values, repeats) for values in (scale, norm.moving_mean.numpy(), norm.beta.numpy())
    )
    # Dense kernels end in their outputs, transposed convolutions in (outputs, inputs).
    is_dense = stage.header["kind"] == "dense"
    stage.kernel = stage.kernel * (scale if is_dense else scale[:, None])
    stage.bias = (stage.bias - mean) * scale + beta


def _names(prefix: str, variables: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    # By position: Keras numbers its own names on from one model to the next.
    return ((f"{prefix}/{i:03}", variable) for i, variable in enumerate(variables))
