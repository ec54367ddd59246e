"""The script, run by itself: no project beside it, and only Keras, TensorFlow and NumPy."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import keras
import lively
import numpy as np
import pytest
import tensorflow as tf
from lively import EVERY, configured

from gan import latent
from gan.exports import script, tensors
from gan.model import bundle

pytestmark = pytest.mark.tensorflow

LIBRARIES = {"json", "pathlib", "keras", "numpy", "tensorflow"}


def written(
    folder: Path, network: keras.Model, classes: tuple[int, ...] = tuple(range(10))
) -> Path:
    """The script and its weights, as a package has them side by side."""
    generator = bundle.export_generator(network)
    folder.mkdir(exist_ok=True)
    (folder / "generator.safetensors").write_bytes(tensors.dump_generator(generator))
    (folder / "draw.py").write_text(script.script(generator, classes))
    return folder / "draw.py"


@pytest.mark.parametrize(("name", "conditional"), EVERY)
def test_the_script_draws_what_the_network_draws(
    name: str, conditional: str, tmp_path: Path
) -> None:
    network = lively.lively(configured(name, conditional))
    generator = runpy.run_path(str(written(tmp_path, network)))["generator"]
    z, digit = latent.sample(10, 20, seed=1), np.arange(10, dtype=np.int32)
    inputs = [z, digit] if conditional == "projected" else z
    expected = lively.drawn(network, z, digit)
    np.testing.assert_allclose(generator(inputs).numpy(), expected, rtol=0, atol=1e-4)


def test_the_script_can_be_run_far_from_the_project(tmp_path: Path) -> None:
    path = written(
        tmp_path / "package", lively.lively(configured("lean-dcgan", "projected")), (3, 8)
    )
    code = (
        "import importlib.util, runpy, sys\n"
        "assert importlib.util.find_spec('gan') is None\n"
        "before = set(sys.modules)\n"
        "told = runpy.run_path(sys.argv[1], run_name='__main__')\n"
        "print(sorted(set(told['classes'].tolist())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, path], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"64 digits are in {path.with_name('grid.png')}", "[3, 8]"]
    grid = tf.io.decode_png(path.with_name("grid.png").read_bytes()).numpy()
    assert (grid.shape, grid.dtype) == ((224, 224, 1), np.uint8)
    assert grid.std() > 5


def test_the_grid_shows_digits_in_rows(tmp_path: Path) -> None:
    path = written(tmp_path, lively.lively(configured("lean-dcgan")))
    drawn = runpy.run_path(str(path), run_name="__main__")
    grid = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    np.testing.assert_array_equal(grid[28:56, 56:84], drawn["ink"][10])


@pytest.mark.parametrize("conditional", ["no", "projected", "hidden"])
def test_the_script_is_short_and_plain(conditional: str) -> None:
    text = script.script(
        bundle.export_generator(lively.lively(configured("dcgan-tutorial", conditional))), [3, 8]
    )
    lines = text.splitlines()
    imported = {
        line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))
    }
    assert imported == LIBRARIES
    assert len(lines) < 80
    assert max(map(len, lines)) <= 100
    assert "\n\n\n\n" not in text
    assert not [line for line in lines if line != line.rstrip()]
    compile(text, "draw.py", "exec")
