"""One digit by the spelling of its noise: on the command line, in Python, and as Keras draws it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from plain_layers import drawn as plainly_drawn
from support import ROOT, TINY, noise_size

from gan import drawing, latent
from gan.__main__ import main
from gan.drawing import CannotDraw, picture
from gan.network_file import Layer, NetworkFileError, dump, inference
from gan.runs import library
from gan.runs.errors import NoSuchRun, StoreError
from gan.settings.config import ARCHITECTURES, TrainConfig
from gan.settings.families import DIFFUSION, family_of

SIZE = noise_size("digits")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIGIT_FORGE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def shipped_generator(name: str) -> bytes:
    state = library.shipped(name)
    path = library.PRETRAINED / state.id / "generator.bin"
    return path.read_bytes()


def config_of(architecture: str, **values: Any) -> TrainConfig:
    loss = "elbo" if architecture == "vae" else TINY.loss
    latent_dim = 100 if architecture.startswith(("article", "dcgan")) else 32
    return replace(TINY, architecture=architecture, latent_dim=latent_dim, loss=loss, **values)


IN_ONE_GO = [name for name in ARCHITECTURES if family_of(name) is not DIFFUSION]
NETWORKS = {name: config_of(name) for name in IN_ONE_GO} | {
    "asked for a class": config_of("lean-dcgan", conditional="projected"),
    "leans to classes": config_of("fine-dcgan", conditional="hidden"),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", NETWORKS)
def test_numpy_draws_what_keras_draws(name: str) -> None:
    from lively import lively

    from gan.model import bundle

    config = NETWORKS[name]
    z = latent.sample(12, config.latent_dim, seed=2)
    labels = latent.even_classes(12, range(10))
    expected = bundle.compiled(lively(config))(z, labels)
    drawn = inference.drawn(bundle.export_generator(lively(config)), z, labels)
    assert np.abs(drawn - expected).max() < 1e-4
    assert np.ptp(expected) > 0.01, "there is something to agree on"


@pytest.mark.parametrize(
    ("name", "label"), [("digits", None), ("digits-conditional", 7), ("digits-vae", None)]
)
def test_a_picture_is_the_one_of_the_layers(name: str, label: int | None) -> None:
    network = shipped_generator(name)
    size = inference.latent_dim(network)
    z = 0.5 * latent.normals(77, size)[None]
    labels = None if label is None else np.array([label])
    expected = np.rint(127.5 * (plainly_drawn(network, z, labels)[0, :, :, 0] + 1))
    made = picture(name, latent.spelled(latent.normals(77, size), 77), digit=label, scale=0.5)
    assert (made.mode, made.size) == ("L", (560, 560))
    small = np.asarray(made)[::20, ::20]
    np.testing.assert_array_equal(np.asarray(made), small.repeat(20, 0).repeat(20, 1))
    assert np.abs(small - expected).max() <= 1
    assert small.max() > 100


def test_a_moment_of_a_recording_and_its_first_class() -> None:
    first, *_, last = (saved.step for saved in library.shipped("recorded-quick").saved)
    early, late = (np.asarray(picture("recorded-quick", "s1", step=step)) for step in (first, last))
    assert not np.array_equal(early, late)
    np.testing.assert_array_equal(late, np.asarray(picture("recorded-quick", "s1")))
    zero, none = (picture("digits-conditional", "s1", digit=digit) for digit in (0, None))
    np.testing.assert_array_equal(np.asarray(zero), np.asarray(none))


@pytest.mark.parametrize(
    ("name", "arguments", "error", "words"),
    [
        ("nobody", {}, NoSuchRun, "nobody"),
        ("digits", {"digit": 3}, CannotDraw, "is not conditional"),
        ("digits-conditional", {"digit": 10}, CannotDraw, "has learned only 0, 1"),
        ("digits", {"scale": 1.5}, CannotDraw, "by 0 to 1, not by 1.5"),
        ("digits", {"scale": float("nan")}, CannotDraw, "by 0 to 1"),
        ("digits", {"zoom": 41}, CannotDraw, "1 to 40 times, not 41"),
        ("recorded-quick", {"step": 7}, CannotDraw, "no network of step 7. The steps"),
        ("digits", {"z": f"o_{SIZE + 1}.1"}, latent.LatentError, f"this network takes {SIZE}"),
    ],
)
def test_what_cannot_be_drawn_is_explained(
    name: str, arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        picture(name, **({"z": "o"} | arguments))


def dense(inputs: int = 2, outputs: int = 784, **header: Any) -> Layer:
    described = {"kind": "dense", "inputs": inputs, "outputs": outputs, "activation": "tanh"}
    return Layer(described | header, np.zeros((inputs, outputs), "f4"), np.zeros(outputs, "f4"))


DAMAGED = {
    "no network": b"nothing",
    "too few pixels": dump({"latent_dim": 2}, [dense(outputs=783)]),
    "too few numbers": dump({"latent_dim": 2}, [dense(inputs=3)]),
    "an activation": dump({"latent_dim": 2}, [dense(activation="exec")]),
    "not its noise": dump({"latent_dim": "two"}, [dense()]),
    "a reader": dump({"reads": "digits"}, [dense()]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_network_is_explained(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NetworkFileError):
        inference.drawn(DAMAGED[name], np.zeros((1, inference.latent_dim(DAMAGED[name]))))
    monkeypatch.setattr(library, "generator", lambda *_: DAMAGED[name])
    with pytest.raises(StoreError, match="A file of digits cannot be used"):
        drawing.drawn("digits", "o")


def test_the_command_draws_the_same_without_tensorflow(tmp_path: Path) -> None:
    out = tmp_path / "digit.png"
    code = (
        "import sys; from gan.__main__ import main; "
        f"code = main(['sample', 'digits', '--z', 's1f3kz', '--out', {str(out)!r}]); "
        "assert not {'tensorflow', 'keras'} & set(sys.modules); sys.exit(code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == f"The digit of digits is in {out}.\n"
    with Image.open(out) as written:
        assert (written.format, written.size) == ("PNG", (560, 560))
        np.testing.assert_array_equal(np.asarray(written), np.asarray(picture("digits", "s1f3kz")))


def test_the_command_writes_arrays_too(tmp_path: Path) -> None:
    out = tmp_path / "digit.npz"
    command = ["sample", "digits-conditional", "--z", "s5_1.100", "--digit", "4", "--scale", "0.5"]
    assert main([*command, "--out", str(out)]) == 0
    with np.load(out) as written:
        assert written["images"].shape == (1, 28, 28)
        assert written["z"].shape == (1, noise_size("digits-conditional"))
        assert written["z"][0, 0] == 0.5
        assert written["labels"].tolist() == [4]
    first = out.with_name("first.npz")
    assert main(["sample", "digits-conditional", "--z", "o", "--out", str(first)]) == 0
    with np.load(first) as written:
        assert written["labels"].tolist() == [0], "the first that it has learned"
    assert main([*command, "--zoom", "1", "--out", str(out.with_suffix(".png"))]) == 0
    with Image.open(out.with_suffix(".png")) as small, np.load(out) as written:
        np.testing.assert_array_equal(np.asarray(small), written["images"][0])


@pytest.mark.tensorflow
def test_a_random_digit_can_be_a_png(tmp_path: Path) -> None:
    drawn = []
    for name in ("one.npz", "one.png"):
        out = tmp_path / name
        assert main(["sample", "digits", "--count", "1", "--seed", "3", "--out", str(out)]) == 0
        drawn.append(out)
    with np.load(drawn[0]) as arrays, Image.open(drawn[1]) as written:
        np.testing.assert_array_equal(np.asarray(written)[::20, ::20], arrays["images"][0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--z", "o", "--count", "2"], "not allowed with"),
        ([], "one of the arguments --count --z is required"),
        (["--count", "2"], "a PNG holds one digit"),
        (["--count", "1", "--scale", "0.5"], "--scale goes with --z"),
        (["--count", "1", "--step", "5"], "--step goes with --z"),
        (["--z", "rubbish"], "neither a seed with changes nor a row of numbers. Nothing was"),
        (["--z", "o", "--scale", "2"], "scaled by 0 to 1, not by 2"),
        (["--z", "o", "--digit", "3"], "is not conditional"),
        (["--z", "o", "--zoom", "0"], "--zoom 0: A pixel can be enlarged 1 to 40 times"),
        (["--z", "o", "--step", "3"], "no network of step 3"),
        (["--z", "o", "--seed", "3"], "--seed goes with --count"),
        (["--z", "o", "--zoom", "3", "--out", "digit.npz"], "--zoom goes with a PNG"),
    ],
)
def test_bad_wishes_write_nothing(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "digit.png"
    try:
        code = main(["sample", "digits", "--out", str(out), *arguments])
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    said = capsys.readouterr()
    assert code == 2
    assert words in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not out.exists()
