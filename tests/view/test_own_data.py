"""Data of one's own: images that people upload, and files that the server's own browser names."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from view.opened_pages import (
    FINISH,
    choose_data,
    components,
    ended,
    open_page,
    press,
    start_button,
    texts,
)

from gan.data import datasets
from gan.data.datasets import Digits
from gan.jobs.engine import Engine
from gan.view import actions


def zip_of(digits: Digits, count: int = 40) -> bytes:
    """The first digits as PNG files in folders named after their classes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for index in range(count):
            png = io.BytesIO()
            Image.fromarray(digits.images[index]).save(png, "PNG")
            archive.writestr(f"{digits.labels[index]}/{index}.png", png.getvalue())
    return file.getvalue()


def test_own_images_are_previewed_then_kept_then_used(
    app: AppTest, engine: Engine, few_digits: Digits
) -> None:
    open_page(app, "train")
    choose_data(app, "Your own images")
    assert start_button(app).disabled
    app.file_uploader[0].upload("mine.zip", zip_of(few_digits)).run()
    assert "40 images. Of each class: 0: 4, 1: 4" in texts(app)
    assert components(app).count("sample_grid") == 1
    assert start_button(app).disabled
    assert not (engine.store.home / "uploads").exists(), "nothing is kept before it was seen"
    next(b for b in app.button if b.label == "Use these images").click().run()
    (path,) = (engine.store.home / "uploads").iterdir()
    next(w for w in app.number_input if w.label == "Seed").set_value(0).run()
    start_button(app).click().run()
    assert not app.exception
    (run,) = engine.store.ids()
    assert engine.store.state(run).config.data == str(path)
    np.testing.assert_array_equal(datasets.load(str(path)).images, few_digits.images[:40])


def test_own_images_without_classes_have_none_to_choose(app: AppTest, few_digits: Digits) -> None:
    content = io.BytesIO()
    np.savez(content, images=few_digits.images)
    open_page(app, "train")
    choose_data(app, "Your own images")
    app.file_uploader[0].upload("mine.npz", content.getvalue()).run()
    assert "200 images, without classes" in texts(app)
    assert not [w for w in app.button_group if w.key.endswith(":classes")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.zip", b"no archive", "Nothing was kept. a.zip is damaged or not"),
        ("a.npz", b"PK\x05\x06" + bytes(18), "Nothing was kept. a.npz has no array x_train"),
    ],
)
def test_own_images_that_cannot_be_used_are_refused(
    app: AppTest, engine: Engine, name: str, content: bytes, words: str
) -> None:
    open_page(app, "train")
    choose_data(app, "Your own images")
    before = sorted(engine.store.home.rglob("*"))
    app.file_uploader[0].upload(name, content).run()
    assert words in texts(app)
    assert start_button(app).disabled
    assert not [b for b in app.button if b.label == "Use these images"]
    assert sorted(engine.store.home.rglob("*")) == before


def test_a_bad_file_is_refused_in_the_form(
    app: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "may_name_files", lambda: True)
    open_page(app, "train")
    next(w for w in app.selectbox if w.label == "Data").select("A file on this computer").run()
    next(w for w in app.text_input if w.label == "File").set_value("/no/such.npz").run()
    next(b for b in app.button if b.label == "Start training").click().run()
    assert "Nothing was started. There is no file /no/such.npz." in texts(app)
    assert engine.store.ids() == []


def test_files_of_the_server_are_not_offered_elsewhere(app: AppTest) -> None:
    open_page(app, "train")  # by nobody who is known to sit at the server
    assert len(choose_data(app).options) == 4
    assert not any("on this computer" in option for option in choose_data(app).options)


def test_files_of_the_server_are_refused_from_elsewhere_however_they_were_named(
    app: AppTest, engine: Engine, mnist_like: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ended(engine, replace(FINISH, data=str(mnist_like)))
    open_page(app, "run", run=run)
    press(app, "Start again")
    assert "Files of the server can only be named by a browser" in texts(app)
    assert engine.store.ids() == [run]
    monkeypatch.setattr(actions, "may_name_files", lambda: True)
    press(app, "Start again")
    assert len(engine.store.ids()) == 2
