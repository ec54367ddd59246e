"""The ONNX model, run by another library, against Keras."""

from __future__ import annotations

from typing import Any

import lively
import numpy as np
import onnx
import onnxruntime
import pytest
from lively import EVERY, configured
from untrained import GENERATOR, WEIGHTS

from gan import latent, network_file
from gan.exports import onnx_model
from gan.model import bundle
from gan.network_file import Layer, NetworkFileError
from gan.settings.config import CLASSES

pytestmark = pytest.mark.tensorflow


def session(model: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def drawn(model: bytes, **inputs: np.ndarray) -> Any:
    (digits,) = session(model).run(["digits"], inputs)
    return digits


@pytest.mark.parametrize(("name", "conditional"), EVERY)
def test_the_model_draws_what_keras_draws(name: str, conditional: str) -> None:
    network = lively.lively(configured(name, conditional))
    model = onnx_model.convert(bundle.export_generator(network))
    z, digit = latent.sample(CLASSES, 20, seed=1), np.arange(CLASSES, dtype=np.int64)
    inputs = {"noise": z, "digit": digit} if conditional == "projected" else {"noise": z}
    digits = drawn(model, **inputs)
    expected = lively.drawn(network, z, digit)
    assert (digits.shape, digits.dtype) == ((CLASSES, 28, 28, 1), np.float32)
    np.testing.assert_allclose(digits, expected, rtol=0, atol=1e-4)
    assert expected.std() > 0.05, "there is something to see"


def test_the_model_says_what_it_takes() -> None:
    network = lively.lively(configured("lean-dcgan", "projected"))
    model = session(onnx_model.convert(bundle.export_generator(network)))
    sides = (*model.get_inputs(), *model.get_outputs())
    told = [(each.name, each.type, each.shape) for each in sides]
    assert told == [
        ("noise", "tensor(float)", ["N", 20]),
        ("digit", "tensor(int64)", ["N"]),
        ("digits", "tensor(float)", ["N", 28, 28, 1]),
    ]


def test_the_model_passes_the_checks_of_onnx() -> None:
    content = onnx_model.convert(
        bundle.export_generator(lively.lively(configured("quality", "hidden")))
    )
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    assert (model.opset_import[0].version, model.producer_name) == (17, "Digit Forge")


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("linear", lambda x: x),
        ("relu", lambda x: np.maximum(x, 0)),
        ("leaky_relu", lambda x: np.where(x > 0, x, 0.3 * x)),
        ("tanh", np.tanh),
    ],
)
def test_each_activation_is_known(activation: str, function: Any) -> None:
    about, (layer,) = network_file.read(GENERATOR)
    layer.header |= {"activation": activation, "negative_slope": 0.3}
    z = latent.sample(3, 4, seed=1)
    sums = z @ WEIGHTS["averaged_generator/000"] + WEIGHTS["averaged_generator/001"]
    digits = drawn(onnx_model.convert(network_file.dump(about, [layer])), noise=z)
    np.testing.assert_allclose(digits.reshape(3, 784), function(sums), rtol=0, atol=1e-5)


def test_an_unknown_activation_is_refused() -> None:
    about, (layer,) = network_file.read(GENERATOR)
    strange = Layer({**layer.header, "activation": "swish"}, layer.kernel, layer.bias)
    with pytest.raises(NetworkFileError, match="swish"):
        onnx_model.convert(network_file.dump(about, [strange]))


@pytest.mark.parametrize(
    ("size", "stride"), [(3, 1), (4, 1), (5, 1), (1, 2), (3, 2), (4, 2), (5, 2), (5, 3), (2, 5)]
)
def test_every_kernel_lies_where_keras_puts_it(size: int, stride: int) -> None:
    import keras

    keras.utils.set_random_seed(3)
    network = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4 * 4 * 2),
            keras.layers.Reshape((4, 4, 2)),
            keras.layers.Conv2DTranspose(1, size, strides=stride, padding="same"),
        ]
    )
    model = onnx.load_from_string(onnx_model.convert(bundle.export_generator(network)))
    model.graph.output[0].type.tensor_type.shape.Clear()
    z = latent.sample(2, 3, seed=1)
    digits = drawn(model.SerializeToString(), noise=z)
    np.testing.assert_allclose(digits, network(z).numpy(), rtol=0, atol=1e-5)
