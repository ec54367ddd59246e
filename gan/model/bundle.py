"""Weights plus JSON, saved and loaded without pickle, and the export that the browser runs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from gan.config import TrainConfig
from gan.data import DataError
from gan.model import networks

AVERAGED: Final = "averaged_generator"
"""Prefix of the weights that draw: the moving average of the generator."""
EXPORT_MAGIC: Final = b"DFGEN001"
_META: Final = "meta"


class BundleError(DataError):
    """A bundle that is damaged or does not fit the network that its config names."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A config, the step reached, and weights by name."""

    config: TrainConfig
    step: int
    weights: Mapping[str, NDArray[Any]]

    def generator(self) -> keras.Model:
        """The averaged generator. Raises `BundleError` if the weights do not fit."""
        model = networks.REGISTRY[self.config.architecture].generator(self.config.latent_dim)
        for name, variable in _names(AVERAGED, model.variables):
            value = self.weights.get(name)
            if value is None or value.shape != tuple(variable.shape):
                raise BundleError(f"Weight {name} is missing or has the wrong shape.")
            variable.assign(value)
        return model

    def only_averaged(self) -> Bundle:
        """The part that draws, without the training state."""
        kept = {name: value for name, value in self.weights.items() if name.startswith(AVERAGED)}
        return Bundle(self.config, self.step, kept)


def named_weights(prefix: str, variables: Iterable[Any]) -> dict[str, NDArray[Any]]:
    """The values of `variables` as arrays, by ``prefix/position``."""
    return {name: variable.numpy() for name, variable in _names(prefix, variables)}


def dump(config: TrainConfig, step: int, weights: Mapping[str, NDArray[Any]]) -> bytes:
    """A bundle as the bytes of an ``.npz`` file."""
    meta = json.dumps({"config": config.to_json(), "step": step}).encode()
    file = io.BytesIO()
    np.savez(file, **{_META: np.frombuffer(meta, np.uint8)}, **weights)
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
        return Bundle(TrainConfig.from_json(meta["config"]), int(meta["step"]), weights)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BundleError(f"The snapshot {name} is damaged: {error}") from error


Generate = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Noise float32 [N, latent_dim] to digits float32 [N, 28, 28, 1] in [-1, 1]."""


def compiled(generator: keras.Model, batch_size: int = 256) -> Generate:
    """The generator at inference, compiled once and run batch by batch."""
    signature = [tf.TensorSpec([None, generator.input_shape[1]], tf.float32)]
    run = tf.function(
        lambda noise: generator(noise, training=False), input_signature=signature, autograph=False
    )

    def generate(noise: NDArray[np.float32]) -> NDArray[np.float32]:
        starts = range(0, len(noise), batch_size)
        return np.concatenate([run(noise[i : i + batch_size]).numpy() for i in starts])

    return generate


def export_generator(generator: keras.Model) -> bytes:
    """The generator for the browser: only dense, transposed convolution and activations.

    Normalisation is folded into the layer before it. Layout: the magic, the header's length as
    uint32, the header as JSON padded to four bytes, then float32 kernels and biases in layer
    order, all little-endian. `gan/view/explorer/generator.js` reads it.
    """
    stages = _stages(generator.layers)
    header = json.dumps(
        {"latent_dim": int(generator.input_shape[1]), "layers": [stage.header for stage in stages]}
    ).encode()
    header += b" " * (-(len(EXPORT_MAGIC) + 4 + len(header)) % 4)
    arrays = [array for stage in stages for array in (stage.kernel, stage.bias)]
    return b"".join(
        [
            EXPORT_MAGIC,
            np.uint32(len(header)).astype("<u4").tobytes(),
            header,
            *(array.astype("<f4").tobytes() for array in arrays),
        ]
    )


@dataclass(slots=True, eq=False)
class _Stage:
    """A layer with weights, and what follows it up to the next one."""

    header: dict[str, Any]
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]


def _stages(all_layers: Sequence[layers.Layer]) -> list[_Stage]:
    stages: list[_Stage] = []
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
            case layers.Reshape() | layers.Dropout() | layers.InputLayer():
                pass
            case _:
                raise BundleError(f"The browser cannot run a layer {type(layer).__name__}.")
    return stages


def _stage(layer: layers.Layer, header: dict[str, Any], outputs: int) -> _Stage:
    header["activation"] = layer.activation.__name__
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(outputs, np.float32)
    return _Stage(header, layer.kernel.numpy(), bias)


def _fold(norm: layers.BatchNormalization, stage: _Stage) -> None:
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
