"""The page Train: what it offers, refuses and starts, and what it lets be prepared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from view.opened_pages import choose_data, open_page, start_button, texts

from gan.jobs.engine import Engine
from gan.settings.config import TrainConfig
from gan.settings.presets import preset
from gan.view import actions


@pytest.mark.parametrize(
    ("name", "heading", "lesson"),
    [
        ("quick", "Train a GAN", "Two networks play a game."),
        ("vae", "Train a variational autoencoder", "Two networks, and no game."),
        ("ddpm", "Train a diffusion model", "One network, and no game."),
    ],
)
def test_train_says_how_what_is_chosen_learns(
    app: AppTest, name: str, heading: str, lesson: str
) -> None:
    open_page(app, "train", preset=name)
    assert [title.value for title in app.title] == [heading]
    assert lesson in texts(app)


def test_train_speaks_of_the_networks_that_take_the_place_of_a_presets(app: AppTest) -> None:
    open_page(app, "train")
    next(w for w in app.selectbox if w.label == "Architecture").set_value("ddpm").run()
    assert [title.value for title in app.title] == ["Train a diffusion model"]


def test_train_offers_every_field_and_starts(app: AppTest, engine: Engine) -> None:
    open_page(app, "train")
    labels = {w.label for w in (*app.number_input, *app.selectbox)}
    assert {"Batch size", "Generator learning rate", "Architecture", "Loss", "Seed"} <= labels
    next(w for w in app.number_input if w.label == "Batch size").set_value(16)
    next(w for w in app.number_input if w.label == "Seed").set_value(0)
    app.run()
    next(b for b in app.button if b.label == "Start training").click().run()
    assert not app.exception
    (run,) = engine.store.ids()
    assert engine.store.state(run).config == replace(preset("quick"), seed=0, batch_size=16)
    assert app.query_params["run"] == run


def test_an_unknown_preset_in_the_address_is_explained(app: AppTest) -> None:
    open_page(app, "train", preset="nope")
    assert "no preset 'nope'; there are quick" in texts(app)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("Batch size", 0, "Batch size cannot be 0: from 2 to 1024 digits."),
        ("Generator learning rate", -0.1, "Generator learning rate cannot be -0.1"),
    ],
)
def test_bad_values_are_refused_in_the_form(
    app: AppTest, engine: Engine, field: str, value: float, words: str
) -> None:
    open_page(app, "train")
    next(w for w in app.number_input if w.label == field).set_value(value)
    app.run()
    assert words in texts(app)
    start = next(b for b in app.button if b.label == "Start training")
    assert start.disabled
    assert engine.store.ids() == []


def test_classes_and_a_share_are_chosen(app: AppTest, engine: Engine) -> None:
    open_page(app, "train")
    next(w for w in app.number_input if w.label == "Seed").set_value(0)
    classes = next(w for w in app.button_group if w.key.endswith(":classes"))
    assert classes.value == list(range(10))
    classes.set_value([8, 3]).run()
    fraction = next(w for w in app.number_input if w.label == "Data fraction")
    fraction.set_value(0.5).run()
    start_button(app).click().run()
    (run,) = engine.store.ids()
    config = engine.store.state(run).config
    assert (config.classes, config.data_fraction, config.data) == ("3,8", 0.5, "builtin")


def test_too_few_classes_are_refused_in_the_form(app: AppTest, engine: Engine) -> None:
    open_page(app, "train")
    classes = next(w for w in app.button_group if w.key.endswith(":classes"))
    classes.set_value([]).run()
    assert "Classes cannot be '': all, or classes from 0 to 9" in texts(app)
    assert start_button(app).disabled
    classes.set_value([3]).run()
    next(w for w in app.number_input if w.label == "Data fraction").set_value(0.01).run()
    assert "Only 5 images of builtin are left" in texts(app)
    assert start_button(app).disabled


def test_fashion_is_offered_with_its_names_and_a_doubt(app: AppTest) -> None:
    open_page(app, "train")
    assert "only ever seen handwritten digits" not in texts(app)
    choose_data(app, "fashion-mnist")
    assert "only ever seen handwritten digits" in texts(app)
    classes = next(w for w in app.button_group if w.key.endswith(":classes"))
    assert "7 sneaker" in classes.options[7]


@pytest.fixture
def shown(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainConfig, str]]:
    """What the engine is told that a browser looks at."""
    told: list[tuple[TrainConfig, str]] = []
    monkeypatch.setattr(engine, "show", lambda *word: told.append(word))
    return told


def test_train_lets_what_it_shows_be_prepared(
    app: AppTest, shown: list[tuple[TrainConfig, str]]
) -> None:
    open_page(app, "train", preset="vae")
    assert shown[-1] == (preset("vae"), "somebody")
    next(w for w in app.number_input if w.label == "Batch size").set_value(16).run()
    assert shown[-1] == (replace(preset("vae"), batch_size=16), "somebody")
    count = len(shown)
    next(w for w in app.number_input if w.label == "Batch size").set_value(0).run()
    assert len(shown) == count, "what cannot be started is not prepared"


def test_files_of_the_server_are_not_read_for_strangers(
    app: AppTest, shown: list[tuple[TrainConfig, str]], mnist_like: Path
) -> None:
    actions.show(replace(TrainConfig(), data=str(mnist_like)))
    assert shown == []
