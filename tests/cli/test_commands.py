"""The command line: what it writes, and how it refuses."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import hostile
import numpy as np
import pytest
from cli.command_curves import TRAIN, curve_of
from PIL import Image

from gan.__main__ import main
from gan.data.datasets import Digits
from gan.runs.store import RunStore

pytestmark = pytest.mark.usefixtures("home")


def test_names_in_the_list_of_runs_do_nothing_to_the_terminal(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = RunStore(home)
    for name in hostile.NAMES:
        hostile.record(store, name)
    store.close()
    assert main(["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(hostile.NAMES)
    assert all(line.isprintable() for line in lines)


@pytest.mark.tensorflow
def test_the_whole_walk(run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["id"], listed["status"], listed["step"]) == (run, "finished", 100)
    assert listed["images_seen"] == 800
    assert listed["config"]["seed"] == 3
    assert listed["images_per_second"] == pytest.approx(800 / listed["seconds"])
    assert listed["quality"]["floor"] > 0

    out = tmp_path / "drawn.npz"
    for name in (run, "latest"):
        assert main(["sample", name, "--count", "5", "--out", str(out), "--seed", "1"]) == 0
        with np.load(out) as drawn:
            assert drawn["images"].shape == (5, 28, 28)
            assert drawn["images"].dtype == np.uint8
            assert drawn["z"].shape == (5, 10)
            images = drawn["images"]
    assert main(["sample", run, "--count", "5", "--out", str(out), "--seed", "1"]) == 0
    with np.load(out) as again:
        np.testing.assert_array_equal(again["images"], images)

    table = tmp_path / "curve.csv"
    assert main(["curve", run, "--out", str(table)]) == 0
    rows = list(csv.DictReader(table.open()))
    assert list(rows[0]) == [
        "step",
        "images_seen",
        "seconds",
        "d_loss",
        "g_loss",
        "d_real",
        "d_fake",
    ]
    assert [row["step"] for row in rows] == ["24", "48", "72", "96", "100"]
    assert main(["curve", run, "--judgements", "--out", str(table)]) == 0
    last = list(csv.DictReader(table.open()))[-1]
    for name in ("frechet_distance", "frechet_low", "frechet_high", "floor"):
        assert float(last[name]) == listed["quality"][name], "the same everywhere"

    capsys.readouterr()
    assert main(["evaluate", run, "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["samples"] == 5000
    assert judged["frechet_low"] < judged["frechet_distance"] < judged["frechet_high"]
    assert judged["floor_low"] < judged["floor"] < judged["floor_high"]
    assert len(judged["coverage"]) == len(judged["real_coverage"]) == 10
    for name in ("coverage_spread", "confidence", "precision", "recall"):
        assert 0 <= judged[name] <= 1
        assert 0 <= judged[f"real_{name}"] <= 1
    assert judged["nearest_distance"] > 0
    assert judged["real_nearest_distance"] >= 0
    assert main(["jobs", "--json"]) == 0
    (job,) = json.loads(capsys.readouterr().out)
    assert (job["kind"], job["subject"], job["status"]) == ("judge", run, "done")
    assert job["result"]["generated"]["precision"]["value"] == judged["precision"]
    assert job["result"]["generated"]["precision"]["spread"] == judged["spread"]["precision"]
    assert main(["evaluate", run]) == 0
    said = capsys.readouterr().out
    for name, real in (("precision", "real_precision"), ("recall", "real_recall")):
        (line,) = [line for line in said.splitlines() if line.strip().lower().startswith(name)]
        assert f"{judged[name]:.1%}" in line
        assert f"{judged[real]:.1%}" in line
    for words in ("Coverage spread", "Confidence", "Nearest training picture", "95% interval"):
        assert words in said


@pytest.mark.tensorflow
def test_an_autoencoders_curve_has_its_own_columns(
    mnist_like: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*TRAIN, "--preset", "vae", "--data", str(mnist_like)]) == 0
    said = capsys.readouterr()
    assert "reconstruction" in said.err
    assert re.search(r"^Frechet distance .*, real digits .*\.$", said.err, re.MULTILINE)
    assert "loss:" not in said.err
    assert main(["runs", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["step"], listed["images_seen"]) == (100, 800)
    table = tmp_path / "curve.csv"
    assert main(["curve", "latest", "--out", str(table)]) == 0
    rows = list(csv.DictReader(table.open()))
    assert list(rows[0]) == ["step", "images_seen", "seconds", "reconstruction", "divergence"]
    assert rows[-1]["step"] == "100"
    assert all(float(row["reconstruction"]) > 0 < float(row["divergence"]) for row in rows)


@pytest.mark.tensorflow
def test_the_same_seed_gives_the_same_curve(
    mnist_like: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curves = []
    for name in ("a.csv", "b.csv"):
        assert main([*TRAIN, "--data", str(mnist_like)]) == 0
        assert main(["curve", "latest", "--out", str(tmp_path / name)]) == 0
        rows = csv.reader((tmp_path / name).open())
        curves.append([row[:2] + row[3:] for row in rows])  # all but the seconds
    assert curves[0] == curves[1]


@pytest.mark.tensorflow
def test_a_zip_of_pictures_and_two_classes_of_it(
    few_digits: Digits, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for index, (image, label) in enumerate(
            zip(few_digits.images, few_digits.labels, strict=True)
        ):
            with archive.open(f"{label}/{index}.png", "w") as file:
                Image.fromarray(image).save(file, "PNG")
    chosen = ["--set", "classes=3,8", "--set", "data_fraction=0.5"]
    assert main([*TRAIN[:-1], "2", "--data", str(path), *chosen]) == 0
    state = RunStore(home).state(capsys.readouterr().out.splitlines()[-1])
    assert (state.config.data, state.config.classes) == (str(path), "3,8")
    assert state.started is not None
    assert state.started.training_images == 20


@pytest.mark.tensorflow
def test_pretrained_networks_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "digits.npz"
    assert main(["sample", "digits", "--count", "3", "--out", str(out)]) == 0
    with np.load(out) as drawn:
        assert drawn["images"].max() > 200
    assert main(["curve", "digits", "--out", str(tmp_path / "curve.csv")]) == 0


@pytest.mark.tensorflow
def test_a_conditional_run_draws_the_digit_that_it_is_asked_for(
    mnist_like: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conditional = ["--set", "conditional=projected", "--set", "classes=3,8"]
    assert main([*TRAIN, "--data", str(mnist_like), *conditional]) == 0
    run = capsys.readouterr().out.splitlines()[-1]
    out = tmp_path / "drawn.npz"
    draw = ["sample", run, "--count", "5", "--out", str(out)]
    assert main(draw) == 0
    with np.load(out) as drawn:
        in_turn = {name: drawn[name] for name in drawn.files}
    assert in_turn["labels"].tolist() == [3, 8, 3, 8, 3]
    assert main([*draw, "--digit", "8"]) == 0
    with np.load(out) as drawn:
        assert drawn["labels"].tolist() == [8] * 5
        same = [
            np.array_equal(*pair) for pair in zip(drawn["images"], in_turn["images"], strict=True)
        ]
        assert same == [False, True, False, True, False]

    assert main(["sample", "digits", "--count", "2", "--out", str(out)]) == 0
    with np.load(out) as drawn:
        assert drawn.files == ["images", "z"]
    out.unlink()
    for name, digit, words in (
        (run, "7", "has learned only 3, 8"),
        (run, "10", "from 0 to 9"),
        (run, "-1", "from 0 to 9"),
        ("digits", "7", "is not conditional"),
    ):
        capsys.readouterr()
        arguments = ["sample", name, "--count", "1", "--out", str(out), "--digit", digit]
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert f"--digit {digit}: " in said.err
        assert words in said.err
        assert len(said.err.strip().splitlines()) == 1
        assert said.out == ""
        assert not out.exists()


@pytest.mark.tensorflow
def test_a_damaged_snapshot_is_refused(
    run: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = RunStore(home)
    path = store.snapshot_path(run, store.state(run).saved_step)
    path.write_bytes(path.read_bytes()[:5000])
    out = tmp_path / "drawn.npz"
    assert main(["sample", run, "--count", "5", "--out", str(out)]) == 2
    assert f"{path.name} is damaged" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.tensorflow
def test_a_resumed_run_is_the_run_that_never_stopped(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def train(*arguments: str) -> str:
        assert main([*arguments]) == 0
        return capsys.readouterr().out.strip().splitlines()[-1]

    steady = [*TRAIN[:-2], "--set", "learning_rate_schedule=constant", "--steps"]
    whole, first = (train(*steady, steps) for steps in ("90", "40"))
    assert train("resume", first, "--steps", "50") == first
    assert curve_of(first, tmp_path) == curve_of(whole, tmp_path)
    branch = train("resume", first, "--from", "40", "--set", "generator_learning_rate=0.5",
                   "--steps", "50")  # fmt: skip
    assert branch != first
    changed = curve_of(branch, tmp_path)
    assert changed != curve_of(whole, tmp_path)
    assert changed[:2] == curve_of(whole, tmp_path)[:2]
    store = RunStore(home)
    assert store.state(branch).parent == first
    assert store.state(first).config.max_steps == 90
    assert main(["resume", first, "--from", "41"]) == 1
    assert "no snapshot of step 41. There are: " in capsys.readouterr().err
    assert main(["resume", first, "--set", "latent_dim=3"]) == 2
    assert "keeps the value that it began with" in capsys.readouterr().err
    assert main(["resume", "digits"]) == 2
    assert "without what it takes to go on" in capsys.readouterr().err
    assert len(store.ids()) == 3
