"""The digit classifier that the browser runs, against Keras's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from plain_layers import judged, opened

from gan import network_file
from gan.data import datasets
from gan.data.datasets import DataError
from gan.model import classifier
from gan.network_file import digit_classifier

pytestmark = pytest.mark.tensorflow


def test_it_reads_as_keras_does() -> None:
    digits = datasets.load("builtin")
    pictures = datasets.to_network(digits.images[::250])
    _, wanted = classifier.load()(pictures, training=False)
    found = judged(digit_classifier.exported(), pictures)
    assert np.abs(found - wanted).max() < 1e-4
    assert (found.argmax(axis=1) == digits.labels[::250]).mean() > 0.9


def test_it_says_what_it_is() -> None:
    header, _ = opened(digit_classifier.exported())
    del header["layers"]
    assert header == {"sees": "picture", "classes": 0, "reads": "digits"}
    _, layers = network_file.read(digit_classifier.exported())
    assert len(layers[-1].bias) == 10
    assert digit_classifier.exported() is digit_classifier.exported()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with np.load(digit_classifier.PATH) as file:
        weights = dict(file)
    weights["w6"] = weights["w6"].T
    np.savez(tmp_path / "turned.npz", **weights)
    (tmp_path / "torn.npz").write_bytes(digit_classifier.PATH.read_bytes()[:9000])
    with pytest.raises(DataError, match=r"turned.npz holds the weights of another network"):
        digit_classifier.exported(tmp_path / "turned.npz")
    with pytest.raises(DataError, match=r"torn\.npz"):
        digit_classifier.exported(tmp_path / "torn.npz")
