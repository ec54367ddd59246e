"""The numbers that the browser's tests compare with are those that Python makes."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
import web_golden

STORED: dict[str, Any] = json.loads(web_golden.PATH.read_text(encoding="utf-8"))
MADE: dict[str, Any] = json.loads(json.dumps(web_golden.made()))
EXACT = ("made_by", "normals", "spelled", "read")


def assert_alike(stored: Any, made: Any) -> None:
    """Equal, but for the last digit of a number that was rounded."""
    if isinstance(made, dict):
        assert stored.keys() == made.keys()
        for name, value in made.items():
            assert_alike(stored[name], value)
    elif isinstance(made, list) and made and isinstance(made[0], list | float):
        np.testing.assert_allclose(np.array(stored), np.array(made), rtol=0, atol=2e-5)
    elif isinstance(made, float):
        assert stored == pytest.approx(made, abs=2e-5)
    else:
        assert stored == made


@pytest.mark.parametrize("name", EXACT)
def test_what_is_exact_is_the_same(name: str) -> None:
    assert STORED[name] == MADE[name], "make them anew: python tests/web_golden.py"


@pytest.mark.parametrize("name", sorted(set(MADE) - set(EXACT)))
def test_what_is_computed_is_nearly_the_same(name: str) -> None:
    each = zip(STORED[name], MADE[name], strict=True) if isinstance(MADE[name], list) else ()
    for stored, made in each:
        assert_alike(stored, made)
    if isinstance(MADE[name], dict):
        assert_alike(STORED[name], MADE[name])


def test_there_is_a_network_of_each_kind_of_layer() -> None:
    files = [*STORED["generators"].values(), *STORED["judges"].values()]
    headers = [web_golden.network_file.read(base64.b64decode(each["file"]))[1] for each in files]
    kinds = {layer.header["kind"] for layers in headers for layer in layers}
    assert kinds == {
        "dense",
        "conv_transpose",
        "conv",
        "plane",
        "class_one_hot",
        "class_softmax",
        "time",
        "film",
    }
