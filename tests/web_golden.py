"""Makes the numbers that the browser's code has to agree with, by Python alone.

`python tests/web_golden.py` writes them anew to gan/web/tests/golden/numbers.json, which the Node
tests there read. `tests/unit/test_web_golden.py` says whether they are still what Python makes.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT: Final = Path(__file__).parents[1]
PATH: Final = ROOT / "gan" / "web" / "tests" / "golden" / "numbers.json"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import plain_layers  # noqa: E402

from gan import latent, network_file  # noqa: E402
from gan.latent import directions  # noqa: E402
from gan.network_file import Layer, inference  # noqa: E402
from gan.network_file.diffusion import Sampling  # noqa: E402
from gan.network_file.headers import ONE_HOT, SOFTMAX, conditioning  # noqa: E402

SEEDS: Final = (0, 1, 7, 2**31, 2**32 - 1, 1234567890)
_SPELLED_SEEDS: Final = (
    0, 1, 2**31, 2**32 - 1, *(2654435761 * k % 2**32 for k in range(1, 197))
)  # fmt: skip
TEXTS: Final = (
    "s0", "s1f3kz", "s1z141z3", "s1f3kz_3.-120", "s5_1.300_2.-300_16.7", "s5_1.0", "o", "o_3.-120",
    "o_1.-0", "v" + "Es" * 16, "v" + "AAJY" * 8, ",".join(["0.5"] * 16), "-3,3,1,0.004,0.005,2.994"
    + ",0" * 10, "s1_0.10", "s1_17.10", "s1_1.301", "s1_1.1e3", "s1_", "s", "szzzzzzz", "s1z141z4",
    "S1", "p", "", "v", "vA", "vAA", "v" + "__" * 16, "v" + "A=" * 16, "1,2", ",".join(["9"] * 16),
    ",".join(["NaN"] * 16), ",".join(["1e1"] * 16), "o_3.-120_", "o_3", "o 3.1", "<script>",
)  # fmt: skip
"""Latent vectors of 16 numbers as addresses may hold them, and what is none."""
FRACTIONS: Final = (0.0, 0.25, 0.5, 0.9, 1.0)


def made() -> dict[str, Any]:
    """All that is in the file."""
    return {
        "made_by": "tests/web_golden.py",
        "normals": [_normals(seed, size) for seed in SEEDS for size in (4, 16, 100)],
        "spelled": [_spelled(place) for place in range(len(_SPELLED_SEEDS))],
        "read": {text: _read(text) for text in TEXTS},
        "between": [_between(place) for place in range(6)],
        "planes": [_plane(place) for place in range(4)],
        "directions": _directions(),
        "generators": {name: _generator(*each) for name, each in _generators().items()},
        "judges": {name: _judge(*each) for name, each in _judges().items()},
    }


def _normals(seed: int, size: int) -> dict[str, Any]:
    return {"seed": seed, "size": size, "hundredths": _hundredths(latent.normals(seed, size))}


def _spelled(place: int) -> dict[str, Any]:
    """A draw of which some numbers were changed since, some of more than 16, with its two texts."""
    seed, size = _SPELLED_SEEDS[place], (16, 64, 100)[place % 3]
    z = latent.normals(seed, size)
    changed = np.random.default_rng(seed).permutation(size)[: place % 20].tolist()
    changes = [(at, (37 * at + place) % 601 - 300) for at in changed]
    for at, level in changes:
        z[at] = level / 100
    return {
        "seed": seed,
        "size": size,
        "changes": changes,
        "text": latent.spelled(z, seed),
        "without_seed": latent.spelled(z),
    }


def _read(text: str) -> dict[str, Any] | None:
    """What a text says, or None where it is refused."""
    try:
        z, seed = latent.from_text(text, 16)
    except latent.LatentError:
        return None
    return {"hundredths": _hundredths(z), "seed": seed}


def _between(place: int) -> dict[str, Any]:
    """Two vectors with what is between them; the last two pairs have no single great circle."""
    start, end = np.round(latent.sample(2, 8, seed=place).astype(np.float64), 5)
    if place == 4:
        end = -2 * start
    if place == 5:
        start = np.zeros(8)
    return {
        "start": _rounded(start),
        "end": _rounded(end),
        "fractions": FRACTIONS,
        "slerp": [_rounded(latent.slerp(start, end, at)) for at in FRACTIONS],
        "lerp": [_rounded(latent.lerp(start, end, at)) for at in FRACTIONS],
    }


def _plane(place: int) -> dict[str, Any]:
    """base + x u + y v, and the point of it that is nearest to z, by NumPy's least squares."""
    base, u, v, z = np.round(latent.sample(4, 6, seed=100 + place).astype(np.float64), 2)
    found = np.linalg.lstsq(np.stack([u, v], axis=1), z - base, rcond=None)[0]
    apart = z - base - found[0] * u - found[1] * v
    return {
        **{name: _rounded(each) for name, each in zip("buvz", (base, u, v, z), strict=True)},
        "place": _rounded(found),
        "distance": round(float(np.linalg.norm(apart)), 5),
    }


def _directions() -> dict[str, Any]:
    """Those of a generator, as the server sends them."""
    found = directions.directions(_generators()["dense"][0])
    return {"features": _rows(found.features), "weights": _rows(found.weights)}


def _generators() -> dict[str, tuple[bytes, np.ndarray, list[int] | None]]:
    """A generator of each kind: its file, the z that it draws from, and the classes asked for."""
    z = np.round(latent.sample(3, 4, seed=11).astype(np.float64), 2)
    wide = [_dense(4, 6, "relu", 1), _dense(6, 784, "tanh", 2)]
    return {
        "dense": (_file({"latent_dim": 4}, wide), z, None),
        "transposed": (_file({"latent_dim": 4}, _growing(4)), z, None),
        "asked": (_file({"latent_dim": 4}, [_classes(ONE_HOT), *_growing(7)]), z, [2, 0, 1]),
        "leaning": (
            _file({"latent_dim": 4}, [_classes(SOFTMAX), *_growing(7)]), z, None
        ),
        "diffusion": (_noise_taker("v", "ddim"), _pictures_of_noise(), [2, 0, 1]),
        "ancestral": (_noise_taker("epsilon", "ddpm"), _pictures_of_noise(), [2, 0, 1]),
        # As they were before there were layers for classes.
        "asked before": (_file({"latent_dim": 4, "classes": 3}, _growing(7)), z, [2, 0, 1]),
        "leaning before": (
            _file({"latent_dim": 4, "leaning_classes": 3, "sharpness": 2.5}, _growing(7)), z, None
        ),
    }  # fmt: skip


def _judges() -> dict[str, tuple[bytes, list[int] | None]]:
    """A network of each kind that sees pictures: its file, and the classes that it is told."""
    tight = {"kernel": 3, "stride": 1, "padding": "valid", "pool": 2}
    loose = {"kernel": 5, "stride": 2, "padding": "same"}
    seen = {"sees": "picture", "classes": 0}
    told = [_conv((28, 28, 2), (14, 14, 2), "leaky_relu", 9, **loose), _dense(392, 1, "linear", 10)]
    return {
        "discriminator": (
            _file(
                seen | {"score": "probability"},
                [_conv((28, 28, 1), (14, 14, 2), "leaky_relu", 5, **loose),
                 _dense(392, 1, "linear", 6)],
            ),
            None,
        ),
        "told": (
            _file(seen | {"classes": 3}, [_plane_layer(), *told]), [0, 2, 1]
        ),
        "projecting": (
            _file(
                seen | {"classes": 3},
                [_conv((28, 28, 1), (14, 14, 2), "leaky_relu", 12, **loose),
                 _dense(392, 3, "linear", 13)],
            ),
            None,
        ),
        "classifier": (
            _file(
                seen | {"reads": "digits"},
                [_conv((28, 28, 1), (26, 26, 2), "relu", 14, **tight),
                 _conv((13, 13, 2), (11, 11, 3), "relu", 15, **tight),
                 _dense(75, 10, "linear", 16)],
            ),
            None,
        ),
    }  # fmt: skip


def _plane_layer() -> Layer:
    """A picture for each of three classes; nothing is added to it."""
    header = {"kind": "plane", "inputs": 3, "outputs": 784, "activation": "linear"}
    layer = _layer(header, (3, 784), (784,), 8)
    layer.bias[:] = 0
    return layer


def _classes(kind: str) -> Layer:
    """Numbers for three classes behind four of noise."""
    more = {"inverse_temperature": 2.5} if kind == SOFTMAX else {}
    return Layer.without_weights(conditioning(kind, 4, 3) | more)


def _growing(inputs: int) -> list[Layer]:
    """Noise to a picture by transposed convolutions, with each activation on the way."""
    first = {"kind": "conv_transpose", "kernel": 5, "stride": 2, "inputs": [7, 7, 2]}
    last = {"kind": "conv_transpose", "kernel": 4, "stride": 2, "inputs": [14, 14, 3]}
    leaky = {"outputs": [14, 14, 3], "activation": "leaky_relu", "negative_slope": 0.2}
    return [
        _dense(inputs, 98, "relu", 3),
        _layer(first | leaky, (5, 5, 3, 2), (3,), 4),
        _layer(last | {"outputs": [28, 28, 1], "activation": "tanh"}, (4, 4, 1, 3), (1,), 5),
    ]


def _noise_taker(prediction: str, sampler: str) -> bytes:
    """A small network of diffusion that is told the time and a class, in four steps."""
    time = {"kind": "time", "inputs": 784, "outputs": 784, "frequencies": 3, "classes": 3}
    film = {"kind": "film", "inputs": [14, 14, 4], "outputs": [14, 14, 4], "told": 6}
    leaky = {"activation": "leaky_relu", "negative_slope": 0.2}
    last = {"kind": "conv_transpose", "kernel": 4, "stride": 2, "inputs": [14, 14, 4]}
    last |= {"outputs": [28, 28, 1], "activation": "linear"}
    three = {"kernel": 3, "stride": 1, "padding": "same"}
    layers = [
        _layer(time | {"told": 6} | leaky, (9, 6), (6,), 20),
        _conv((28, 28, 1), (14, 14, 4), "linear", 21, kernel=4, stride=2, padding="same"),
        _layer(film | leaky, (6, 8), (8,), 22),
        _conv((14, 14, 4), (14, 14, 4), "leaky_relu", 23, **three),
        _conv((14, 14, 4), (14, 14, 4), "linear", 24, **three, adds=2),
        *_dense_block(4),
        _layer(last, (4, 4, 1, 4), (1,), 25),
    ]
    sampling = Sampling(prediction, sampler, steps=4)
    return _file({"latent_dim": 784, **sampling.header()}, layers)


def _dense_block(adds: int) -> list[Layer]:
    """What sees a whole picture of 14x14x4 at once, and is added to what stood at a place."""
    sides, within = [14, 14, 4], [1, 1, 3]
    leaky = {"activation": "leaky_relu", "negative_slope": 0.2}
    first = {"kind": "dense", "inputs": 784, "outputs": within, "activation": "linear"}
    film = {"kind": "film", "inputs": within, "outputs": within, "told": 6}
    last = {"kind": "dense", "inputs": 3, "outputs": sides, "activation": "linear", "adds": adds}
    back = _layer(last, (3, 784), (784,), 28)
    back.kernel /= 4  # else each bend of three numbers would be one of all pixels
    return [_layer(first, (784, 3), (3,), 26), _layer(film | leaky, (6, 6), (6,), 27), back]


def _pictures_of_noise() -> np.ndarray:
    return np.stack([latent.normals(seed, 784) for seed in (5, 6, 7)])


def _dense(inputs: int, outputs: int, activation: str, seed: int) -> Layer:
    header = {"kind": "dense", "inputs": inputs, "outputs": outputs, "activation": activation}
    return _layer(header, (inputs, outputs), (outputs,), seed)


def _conv(
    inputs: tuple[int, ...], outputs: tuple[int, ...], activation: str, seed: int, **more: Any
) -> Layer:
    header = {"kind": "conv", "inputs": list(inputs), "outputs": list(outputs)}
    header |= {"activation": activation, "negative_slope": 0.2} | more
    size = more["kernel"]
    return _layer(header, (size, size, inputs[-1], outputs[-1]), outputs[-1:], seed)


def _layer(
    header: dict[str, Any], kernel: tuple[int, ...], bias: tuple[int, ...], seed: int
) -> Layer:
    """A layer whose weights are sixty-fourths, so that they take little room."""
    numbers = np.random.default_rng(seed)
    scale = 64 * min(1.0, 2.0 / np.sqrt(np.prod(kernel[:-1])))
    return Layer(
        header,
        (np.rint(scale * numbers.normal(size=kernel)) / 64).astype(np.float32),
        (np.rint(8 * numbers.normal(size=bias)) / 64).astype(np.float32),
    )


def _file(about: dict[str, Any], layers: list[Layer]) -> bytes:
    return network_file.dump(about, layers)


def _generator(file: bytes, z: np.ndarray, labels: list[int] | None) -> dict[str, Any]:
    asked = None if labels is None else np.array(labels)
    pictures = inference.drawn(file, z, asked).reshape(len(z), 784)
    return {
        "file": base64.b64encode(file).decode(),
        "z": _rows(z),
        "labels": labels,
        "pictures": _rows(pictures),
    }


def _judge(file: bytes, labels: list[int] | None) -> dict[str, Any]:
    """What it makes of what the generator of its test drew."""
    z = _generators()["transposed"][1]
    pictures = inference.drawn(_generators()["transposed"][0], z)
    told = None if labels is None else np.array(labels)
    header, numbers = plain_layers.opened(file)
    outputs = plain_layers.run(header["layers"], numbers, pictures.astype(np.float64), told)
    return {
        "file": base64.b64encode(file).decode(), "labels": labels, "outputs": _rows(outputs)
    }  # fmt: skip


def _hundredths(z: np.ndarray) -> list[int]:
    return [round(100 * float(value)) for value in z]


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in values]


def _rows(values: np.ndarray) -> list[list[float]]:
    return [_rounded(row) for row in values]


if __name__ == "__main__":
    PATH.write_text(json.dumps(made(), separators=(",", ":")) + "\n", encoding="utf-8")
