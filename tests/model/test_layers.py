"""The quick layers and the optimiser against Keras's own; the spectral ones against NumPy."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan.model import layers, optimizers

pytestmark = pytest.mark.tensorflow


def normal(seed: int, *shape: int) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float32)


def twins(ours: keras.Layer, theirs: keras.Layer, shape: tuple[int, ...]) -> None:
    """Build both, with the same random weights."""
    for layer in (ours, theirs):
        layer.build((None, *shape))
    random = np.random.default_rng(7)
    values = [random.uniform(0.5, 1.5, weight.shape) for weight in theirs.get_weights()]
    for layer in (ours, theirs):
        layer.set_weights(values)


def forward_and_back(
    layer: keras.Layer, inputs: tf.Tensor, **call: bool
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Outputs, and the gradients of a mixture of them in the inputs and each weight."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, **call)
        mixture = tf.reduce_sum(outputs * normal(8, *outputs.shape))
    sources = [inputs, *(weight.value for weight in layer.trainable_weights)]
    return outputs, tape.gradient(mixture, sources)


def assert_same(found: list[tf.Tensor], wanted: list[tf.Tensor], tolerance: float = 1e-5) -> None:
    assert len(found) == len(wanted)
    for index, (a, b) in enumerate(zip(found, wanted, strict=True)):
        scale = float(tf.reduce_max(tf.abs(b)))
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * scale, err_msg=str(index))


@pytest.mark.parametrize("shape", [(7, 5, 3), (5,)], ids=["pictures", "features"])
def test_batch_normalization_is_keras_s(shape: tuple[int, ...]) -> None:
    ours, theirs = layers.BatchNormalization(), keras.layers.BatchNormalization()
    twins(ours, theirs, shape)
    for seed in range(3):
        inputs = 3 * normal(seed, 6, *shape) + 2
        found, wanted = (forward_and_back(each, inputs, training=True) for each in (ours, theirs))
        assert_same([found[0]], [wanted[0]])
        assert_same(found[1], wanted[1], 1e-4)
    assert len(ours.non_trainable_weights) == 2
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    moved = ours.moving_mean.numpy()
    assert_same([ours(inputs)], [theirs(inputs)])
    np.testing.assert_array_equal(ours.moving_mean.numpy(), moved)


def test_moving_statistics_by_hand() -> None:
    """Values 0, 2 and 4 have mean 2 and, as the crowd that they are, variance 8 / 3."""
    layer = layers.BatchNormalization()
    layer(tf.reshape([0.0, 2.0, 4.0], [3, 1, 1, 1]), training=True)
    np.testing.assert_allclose(layer.moving_mean.numpy(), [0.01 * 2], rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance.numpy(), [0.99 + 0.01 * 8 / 3], rtol=1e-6)


def test_the_spread_of_a_batch_against_numpy() -> None:
    inputs = normal(2, 4, 3, 5, 2)
    outputs = layers.MinibatchStandardDeviation()(inputs).numpy()
    np.testing.assert_array_equal(outputs[..., :2], inputs)
    np.testing.assert_allclose(outputs[..., 2], inputs.numpy().std(axis=0).mean(), rtol=1e-5)
    same = layers.MinibatchStandardDeviation()(tf.repeat(inputs[:1], 4, axis=0))
    np.testing.assert_allclose(same[..., 2], 0.0, atol=2e-4)  # and its slope there is finite


@pytest.mark.parametrize("betas", [(0.5, 0.999), (0.0, 0.9)], ids=str)
def test_adam_is_keras_s(betas: tuple[float, float]) -> None:
    shapes = [(4, 3), (5,), (1,)]
    found = []
    for kind in (optimizers.Adam, keras.optimizers.Adam):
        weights = [keras.Variable(normal(1, *shape)) for shape in shapes]
        optimizer = kind(0.01, beta_1=betas[0], beta_2=betas[1])
        optimizer.build(weights)
        for step in range(5):
            gradients = [normal(10 * step + i, *shape) for i, shape in enumerate(shapes)]
            gradients[2] *= float(step > 1)  # as a weight that is not used at first
            optimizer.apply(gradients, weights)
        assert optimizer.iterations.numpy() == 5
        found.append([*weights, *optimizer.variables[2:]])  # but for the count and the rate
    assert len(found[0]) == 9
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-7)


def test_adam_by_hand() -> None:
    """Gradients 1, then 3, at rate 0.1 with both memories one half."""
    weight = keras.Variable([2.0])
    optimizer = optimizers.Adam(0.1, beta_1=0.5, beta_2=0.5)
    optimizer.build([weight])
    optimizer.apply([tf.constant([1.0])], [weight])
    np.testing.assert_allclose(weight.numpy(), [1.9], rtol=1e-5)
    optimizer.apply([tf.constant([3.0])], [weight])
    # Means (0.25 + 1.5) / 0.75 of the gradients and (0.25 + 4.5) / 0.75 of their squares.
    expected = 1.9 - 0.1 * (1.75 / 0.75) / np.sqrt(4.75 / 0.75)
    np.testing.assert_allclose(weight.numpy(), [expected], rtol=1e-5)


def test_adam_takes_an_embedding_s_rows() -> None:
    """Row 1 is looked up twice, row 2 never: Keras's rule, which lets no weight rest."""
    found = []
    for kind in (optimizers.Adam, keras.optimizers.Adam):
        table = keras.Variable(normal(1, 3, 2))
        optimizer = kind(0.1, beta_1=0.5)
        optimizer.build([table])
        for rows in ([1, 0, 1], [2, 1, 1]):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.gather(table.value, rows) ** 2)
            gradient = tape.gradient(loss, table.value)
            assert isinstance(gradient, tf.IndexedSlices)
            if kind is not optimizers.Adam:
                gradient = tf.convert_to_tensor(gradient)
            optimizer.apply([gradient], [table])
        found.append(table.numpy())
    np.testing.assert_allclose(*found, rtol=1e-5)


HALVING = {"kernel_size": 4, "strides": 2, "padding": "same"}


@pytest.mark.parametrize(
    ("channels", "settings"),
    [(1, HALVING), (2, HALVING), (1, HALVING | {"kernel_size": 5})],
    ids=["quick", "two channels", "5x5"],
)
def test_convolution_is_keras_s(channels: int, settings: dict[str, object]) -> None:
    """Forward, back, and back once more, as a penalty on the slope needs it."""
    ours, theirs = layers.Conv2D(6, **settings), keras.layers.Conv2D(6, **settings)
    twins(ours, theirs, (28, 28, channels))
    inputs = normal(3, 4, 28, 28, channels) / 10
    found, wanted = (forward_and_back(each, inputs) for each in (ours, theirs))
    assert_same([found[0], *found[1]], [wanted[0], *wanted[1]])

    def penalty_gradients(layer: keras.Layer) -> list[tf.Tensor]:
        with tf.GradientTape() as outer:
            outer.watch(inputs)
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                bent = tf.reduce_sum(tf.tanh(layer(inputs)))  # or the slope would not depend on x
            slope = inner.gradient(bent, inputs)
            penalty = tf.reduce_sum(slope**2)
        return outer.gradient(penalty, [inputs, layer.kernel.value, layer.bias.value])

    assert_same(penalty_gradients(ours), penalty_gradients(theirs), 1e-4)


@pytest.mark.parametrize(
    ("filters", "settings"),
    [
        (1, HALVING),
        (1, HALVING | {"activation": "tanh", "use_bias": False}),
        (3, HALVING),
        (1, {"kernel_size": 3, "padding": "same"}),
    ],
    ids=["quick", "quick, bent, no bias", "three channels", "3x3"],
)
def test_transposed_convolution_is_keras_s(filters: int, settings: dict[str, object]) -> None:
    ours = layers.Conv2DTranspose(filters, **settings)
    theirs = keras.layers.Conv2DTranspose(filters, **settings)
    twins(ours, theirs, (5, 7, 6))
    inputs = normal(3, 4, 5, 7, 6) / 10
    found, wanted = (forward_and_back(each, inputs) for each in (ours, theirs))
    assert found[0].shape == wanted[0].shape
    assert_same([found[0], *found[1]], [wanted[0], *wanted[1]])


def matrix(kernel: object) -> np.ndarray:
    values = np.asarray(kernel, np.float64)
    return values.reshape(-1, values.shape[-1])


SPECTRAL = {
    "dense": (lambda: layers.SpectralDense(6), (9,)),
    "convolution": (lambda: layers.SpectralConv2D(6, **HALVING), (8, 8, 2)),
    "quick convolution": (lambda: layers.SpectralConv2D(6, **HALVING), (8, 8, 1)),
}


@pytest.fixture(params=SPECTRAL)
def spectral(request: pytest.FixtureRequest) -> tuple[keras.Layer, tf.Tensor]:
    """A layer with a kernel whose singular values are 4, 2, 1, ..., and inputs for it."""
    keras.utils.set_random_seed(3)
    make, shape = SPECTRAL[request.param]
    layer = make()
    layer.build((None, *shape))
    left, _, right = np.linalg.svd(matrix(layer.kernel), full_matrices=False)
    values = 4 / 2.0 ** np.arange(len(right))
    layer.kernel.assign(np.reshape(left * values @ right, layer.kernel.shape))
    layer.bias.assign(np.linspace(-1, 1, 6))
    return layer, normal(4, 3, *shape)


def test_no_direction_is_stretched(spectral: tuple[keras.Layer, tf.Tensor]) -> None:
    layer, inputs = spectral
    assert len(layer.trainable_weights) == 2
    before = np.linalg.svd(matrix(layer.kernel))[1][0]
    assert before == pytest.approx(4.0, rel=1e-5)
    for _ in range(20):  # each doubles the lead of the first singular vector twice
        layer(inputs, training=True)
    for training in (False, True):
        largest = np.linalg.svd(matrix(layer.normalized_kernel(training)))[1][0]
        assert largest == pytest.approx(1.0, abs=1e-4)
    assert np.linalg.svd(matrix(layer.kernel))[1][0] == before


def test_one_power_iteration_by_hand(spectral: tuple[keras.Layer, tf.Tensor]) -> None:
    layer, inputs = spectral
    kernel, right = matrix(layer.kernel), layer.singular_vector.numpy().astype(np.float64)
    left = kernel @ right / np.linalg.norm(kernel @ right)
    layer(inputs, training=False)
    np.testing.assert_array_equal(layer.singular_vector.numpy(), right.astype(np.float32))
    estimate = left @ kernel @ right / np.linalg.norm(right)
    np.testing.assert_allclose(
        matrix(layer.normalized_kernel(training=False)), kernel / estimate, rtol=1e-4, atol=1e-6
    )
    found = matrix(layer.normalized_kernel(training=True))
    right = kernel.T @ left / np.linalg.norm(kernel.T @ left)
    np.testing.assert_allclose(layer.singular_vector.numpy(), right, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found, kernel / (left @ kernel @ right), rtol=1e-4, atol=1e-6)


def test_spectral_layers_are_plain_ones_with_another_kernel(
    spectral: tuple[keras.Layer, tf.Tensor],
) -> None:
    layer, inputs = spectral
    is_dense = isinstance(layer, keras.layers.Dense)
    plain = keras.layers.Dense(6) if is_dense else keras.layers.Conv2D(6, **HALVING)
    plain.build((None, *inputs.shape[1:]))
    plain.set_weights([layer.normalized_kernel(training=False), layer.bias])
    assert_same([layer(inputs, training=False)], [plain(inputs)])
    layer.activation = plain.activation = keras.activations.tanh
    assert_same([layer(inputs, training=False)], [plain(inputs)])


def test_the_gradient_passes_through_the_division(
    spectral: tuple[keras.Layer, tf.Tensor],
) -> None:
    """d <A, W / s> / dW = A / s - (<A, W> / s^2) u v^T with s = u^T W v: Miyato et al. 2018."""
    layer, _ = spectral
    kernel, right = matrix(layer.kernel), layer.singular_vector.numpy().astype(np.float64)
    mixture = normal(5, *layer.kernel.shape)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(mixture * layer.normalized_kernel(training=True))
    found = matrix(tape.gradient(total, layer.kernel.value))
    left = kernel @ right / np.linalg.norm(kernel @ right)
    right = kernel.T @ left / np.linalg.norm(kernel.T @ left)
    sigma, mixed = left @ kernel @ right, matrix(mixture)
    expected = mixed / sigma - np.sum(mixed * kernel) / sigma**2 * np.outer(left, right)
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


ROUNDED = {
    "from one channel": (layers.Conv2D(6, 4, strides=2, padding="same"), (8, 8, 1)),
    "halving": (layers.Conv2D(6, 4, strides=2, padding="same"), (8, 8, 5)),
    "spectral": (layers.SpectralConv2D(6, 4, strides=2, padding="same"), (8, 8, 5)),
    "enlarging": (layers.Conv2DTranspose(6, 4, strides=2, padding="same"), (4, 4, 5)),
    "to one channel": (layers.Conv2DTranspose(1, 4, strides=2, padding="same"), (4, 4, 5)),
    "to one channel, as large": (layers.Conv2DTranspose(1, 3, padding="same"), (8, 8, 5)),
}


@pytest.mark.parametrize("kind", ROUNDED)
def test_mixed_precision_rounds_to_bfloat16_and_no_more(kind: str) -> None:
    """Eight bits of each factor are left: errors of a few thousandths that do not add up."""
    mixed, shape = ROUNDED[kind]
    exact = type(mixed).from_config(mixed.get_config())
    twins(mixed, exact, shape)
    layers.mix(keras.Sequential([keras.Input(shape), mixed]))
    inputs = normal(3, 16, *shape)
    (outputs, gradients), (wanted, slopes) = (
        forward_and_back(layer, inputs) for layer in (mixed, exact)
    )
    for found, right in zip((outputs, *gradients), (wanted, *slopes), strict=True):
        assert found.dtype == tf.float32
        error = float(tf.norm(found - right) / tf.norm(right))
        assert error < 0.01
    assert float(tf.norm(outputs - wanted)) > 0
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
