"""Every page: what it shows when there is nothing, something, or something wrong."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest
from support import look_until

from gan import latent
from gan.data import datasets, uploads
from gan.data.datasets import Digits
from gan.exports import unpacking
from gan.jobs.engine import Engine
from gan.messages.events import Event, Failed, Finished, Progress, Quality, Samples, VaeProgress
from gan.messages.status import RunStatus, StopReason
from gan.runs import library
from gan.runs.store import RunStore
from gan.server.context import Context
from gan.settings.config import TrainConfig
from gan.settings.presets import preset
from gan.view import actions
from gan.view.state import HOME_NETWORK, find_run, lessons
from gan.view.streams import topics

PAGES = ("home", "train", "explore", "runs")
FINISH, WAIT = TrainConfig(seed=0), TrainConfig(seed=1)
PROGRESS = Progress(10, 640, 2.0, 1.1, 0.9, 0.6, 0.4, 320.0)
QUALITY = Quality(10, 2.0, 1000, 50.0, 2.0, (0.1,) * 10, 0.9)


def open_page(app: AppTest, name: str, **query: str) -> AppTest:
    app.query_params.update(query)
    app.run()
    if name != "home":
        app.switch_page(f"pages/{name}.py")
        app.query_params.update(query)
        app.run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.title, *app.subheader, *app.info, *app.warning,
             *app.error]  # fmt: skip
    return "\n".join(part.value for part in parts)


def components(app: AppTest) -> list[str]:
    return [item.proto.component_name for item in app.get("bidi_component")]


def ended(engine: Engine, config: TrainConfig = FINISH) -> str:
    """The id of a run that is over."""
    run = engine.submit(config, "my run")
    look_until(lambda: not engine.store.state(run).status.is_live)
    return run


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_before_anything_was_trained(app: AppTest, name: str) -> None:
    open_page(app, name)
    assert not app.error
    assert len(app.title) == 1


def test_home_starts_a_run(app: AppTest, engine: Engine) -> None:
    open_page(app, "home")
    assert "digit_forge_hero" in components(app)
    app.button[0].click().run()
    (run,) = engine.store.ids()
    assert engine.store.state(run).config == preset("quick")


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


def choose_data(app: AppTest, option: str | None = None) -> Any:
    """The selector of data, after a choice."""
    if option is not None:
        next(w for w in app.selectbox if w.label == "Data").select(option).run()
    return next(w for w in app.selectbox if w.label == "Data")


def start_button(app: AppTest) -> Any:
    return next(b for b in app.button if b.label == "Start training")


def zip_of(digits: Digits, count: int = 40) -> bytes:
    """The first digits as PNG files in folders named after their classes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for index in range(count):
            png = io.BytesIO()
            Image.fromarray(digits.images[index]).save(png, "PNG")
            archive.writestr(f"{digits.labels[index]}/{index}.png", png.getvalue())
    return file.getvalue()


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


def test_each_uploader_tells_how_much_it_takes(app: AppTest) -> None:
    open_page(app, "train")
    choose_data(app, "Your own images")
    assert app.file_uploader[0].proto.max_upload_size_mb << 20 == uploads.MAX_FILE_BYTES
    open_page(app, "runs")
    (told,) = (each.proto.max_upload_size_mb for each in app.file_uploader)
    assert told == st.get_option("server.maxUploadSize"), "what the server itself takes"
    assert uploads.MAX_FILE_BYTES < told << 20 <= unpacking.MAX_FILE_BYTES


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


def test_an_unknown_preset_in_the_address_is_explained(app: AppTest) -> None:
    open_page(app, "train", preset="nope")
    assert "no preset 'nope'; there are quick" in texts(app)


def test_a_live_run_is_drawn(app: AppTest, engine: Engine) -> None:
    run = engine.submit(WAIT, "my run")
    look_until(lambda: engine.store.state(run).saved_step is not None)
    images = library.pretrained("digits").samples.images
    for event in (PROGRESS, Samples(10, images), QUALITY):
        engine.store.append(run, event)
    open_page(app, "run", run=run)
    assert components(app).count("live_chart") == 4
    assert components(app).count("sample_grid") == 1
    stop = next(b for b in app.button if b.label == "Stop")
    stop.click().run()
    look_until(lambda: engine.store.state(run).status is RunStatus.STOPPED)
    open_page(app, "run", run=run)
    assert "Frechet distance 50.0, real digits 2.0" in texts(app)
    assert "10 of 10 digits appear" in texts(app)
    assert not [b for b in app.button if b.label == "Stop"]


def standing(run: str) -> str:
    """The sentence that the server pushes of a live run."""
    make = topics.maker_of(topics.run_topic(run))
    assert make is not None
    return str(json.loads(make()["standing"])["words"])


def unfold(app: AppTest, key: str) -> None:
    """Open a popover: before that, what is in it is not drawn."""
    app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_time_is_held_and_goes_on(app: AppTest, engine: Engine) -> None:
    run = engine.submit(WAIT, "my run")
    look_until(lambda: engine.store.state(run).saved_step is not None)
    open_page(app, "run", run=run)
    assert "One step" not in labels(app)
    press(app, "Pause")
    look_until(lambda: engine.store.state(run).status is RunStatus.PAUSED)
    app.run()
    assert "Time stands still after step 1." in standing(run)
    other = engine.submit(FINISH, "other")
    app.run()
    assert "One run waits: untouched for 60 s, this one lets them go first." in standing(run)
    engine.stop(other)
    press(app, "D alone")
    look_until(lambda: len(engine.store.state(run).marks) == 2)
    press(app, "Resume")
    look_until(lambda: engine.store.state(run).status is RunStatus.RUNNING)
    app.run()
    next(w for w in app.selectbox if w.key == f"pace:{run}").select("2 steps a second").run()
    look_until(lambda: engine.store.state(run).steps_per_second == 2.0)
    press(app, "Stop")
    look_until(lambda: not engine.store.state(run).status.is_live)


def test_a_stop_shows_from_the_click_on(
    app: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = engine.submit(WAIT, "my run")
    look_until(lambda: engine.store.state(run).saved_step is not None)
    open_page(app, "run", run=run)
    running = topics.run_version(find_run(run))
    is_stopping = engine.is_stopping
    monkeypatch.setattr(engine, "is_stopping", lambda _: True)  # a worker takes a while
    assert topics.run_version(find_run(run)) != running, "its viewers' pages are drawn again"
    app.run()
    (stop,) = (button for button in app.button if button.label == "Stopping")
    assert stop.disabled
    assert "stopping" in texts(app)
    assert standing(run).startswith("Stopping after step 1")
    monkeypatch.setattr(engine, "is_stopping", is_stopping)
    app.run()
    press(app, "Stop")
    look_until(lambda: not engine.store.state(run).status.is_live)


def test_a_setting_is_changed_under_way(app: AppTest, engine: Engine) -> None:
    run = engine.submit(WAIT, "my run")
    look_until(lambda: engine.store.state(run).saved_step is not None)
    open_page(app, "run", run=run)
    assert "Change from the next step on" not in labels(app), "what is closed is not drawn"
    unfold(app, f"settings:{run}")
    change = next(b for b in app.button if b.label == "Change from the next step on")
    assert change.disabled
    next(w for w in app.number_input if w.label == "Generator learning rate").set_value(0.25).run()
    press(app, "Change from the next step on")
    look_until(lambda: engine.store.state(run).config.generator_learning_rate == 0.25)
    next(w for w in app.number_input if w.label == "Discriminator steps").set_value(50).run()
    press(app, "Change from the next step on")
    assert "Nothing was changed. discriminator_steps = 50 is not possible: from 1 to 10" in texts(
        app
    )
    press(app, "Stop")
    look_until(lambda: not engine.store.state(run).status.is_live)


def test_a_run_goes_on_and_branches(app: AppTest, engine: Engine) -> None:
    run = ended(engine)
    seq = engine.store.state(run).seq
    open_page(app, "run", run=run)
    unfold(app, f"on:{run}")
    next(w for w in app.number_input if w.label == "Seconds more").set_value(30).run()
    press(app, "Go on")
    look_until(lambda: engine.store.state(run).seq > seq + 5)
    state = engine.store.state(run)
    assert state.config.max_seconds == pytest.approx(30.1)
    open_page(app, "run", run=run)
    unfold(app, f"back:{run}")
    rates = [w for w in app.number_input if w.label == "Generator learning rate"]
    rates[-1].set_value(0.5).run()
    press(app, "Branch from here")
    branch = app.query_params["run"]
    look_until(lambda: not engine.store.state(branch).status.is_live)
    assert engine.store.state(branch).parent == run
    assert engine.store.state(branch).config.generator_learning_rate == 0.5
    open_page(app, "run", run=branch)
    assert "A branch, from step 1, of" in texts(app)
    open_page(app, "run", run=run)
    assert "Branch:" in texts(app)


def test_a_live_autoencoder_is_drawn_without_scores(app: AppTest, engine: Engine) -> None:
    run = engine.submit(replace(WAIT, architecture="vae", loss="elbo"), "my run")
    look_until(lambda: engine.store.state(run).saved_step is not None)
    images = library.pretrained("digits").samples.images
    for event in (VaeProgress(10, 640, 2.0, 150.0, 20.0, 320.0), Samples(10, images), QUALITY):
        engine.store.append(run, event)
    open_page(app, "run", run=run)
    assert components(app).count("live_chart") == 3
    assert "the encoder 1." in texts(app)
    next(b for b in app.button if b.label == "Stop").click().run()
    look_until(lambda: engine.store.state(run).status is RunStatus.STOPPED)


def test_a_run_that_does_not_exist_is_explained(app: AppTest) -> None:
    for page in ("run", "explore"):
        open_page(app, page, run="0000-none")
        assert "There is no run 0000-none" in texts(app)


@pytest.mark.parametrize("label", ["Start again", "Train it here"])
def test_a_run_is_started_again_as_it_began(app: AppTest, engine: Engine, label: str) -> None:
    first = ended(engine) if label == "Start again" else library.recording_of("hinge")
    open_page(app, "run", run=first)
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    run = app.query_params["run"]
    assert run in engine.store.ids()
    assert run != first
    expected = FINISH if label == "Start again" else preset("hinge")
    assert engine.store.state(run).config == expected


def test_a_failed_run_says_what_was_kept(app: AppTest, engine: Engine) -> None:
    run = ended(engine, replace(FINISH, seed=3))
    open_page(app, "run", run=run)
    assert "it broke mend it The snapshot of step 1 is kept." in texts(app)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (
            Failed("as_told", {"error": "It broke.", "hint": "Mend it."}),
            "there is nothing to go on from.",
        ),
        (Finished(0, StopReason.INTERRUPTED), "The server went away before this run began."),
    ],
)
def test_a_run_that_ended_before_its_first_snapshot_claims_none(
    app: AppTest, engine: Engine, end: Event, words: str
) -> None:
    run = engine.store.create(FINISH, "early")
    engine.store.append(run, end)
    engine.store.release(run)
    open_page(app, "run", run=run)
    assert words in texts(app)
    assert " is kept" not in texts(app)
    assert "can go on" not in texts(app)


def test_a_recording_is_labelled(app: AppTest) -> None:
    open_page(app, "run", run=HOME_NETWORK)
    assert "A recording, made when this network was trained, not now." in texts(app)


def test_explore_opens_a_run_and_a_z(app: AppTest, engine: Engine) -> None:
    run = ended(engine)
    size = library.pretrained("digits").config.latent_dim
    open_page(app, "explore", run="digits", z=latent.spelled(np.full(size, 0.5)))
    assert "digit_forge_explorer" in components(app)
    assert not app.warning
    shipped = library.pretrained_names()
    recorded = [lesson.name for lesson in lessons()]
    names = [label.split(" (")[0] for label in app.selectbox[0].options]
    assert names == [*shipped, "my run", *recorded]
    app.selectbox[0].select(run).run()
    assert app.query_params["run"] == run
    assert "z" not in app.query_params


def test_runs_can_be_renamed_deleted_and_brought_back(app: AppTest, engine: Engine) -> None:
    run = ended(engine)
    open_page(app, "runs")
    assert "**my run**" in texts(app)
    unfold(app, f"more:{run}")
    app.text_input(key=f"name:{run}").set_value("better name").run()
    app.button(key=f"rename:{run}").click().run()
    assert engine.store.state(run).name == "better name"
    app.button(key=f"delete:{run}").click().run()
    assert engine.store.ids() == []
    next(b for b in app.button if b.label == "Undo").click().run()
    assert engine.store.ids() == [run]
    assert "**better name**" in texts(app)


def test_a_live_run_is_not_deleted(app: AppTest, engine: Engine) -> None:
    run = engine.submit(WAIT, "r")
    open_page(app, "runs")
    unfold(app, f"more:{run}")
    assert app.button(key=f"delete:{run}").disabled


def test_a_list_from_before_deletes_nothing_that_goes_on_again(
    app: AppTest, engine: Engine
) -> None:
    run = ended(engine)
    open_page(app, "runs")
    unfold(app, f"more:{run}")
    assert not app.button(key=f"delete:{run}").disabled
    engine.submit(WAIT, "in its way")
    engine.go_on(run, {})
    app.button(key=f"delete:{run}").click().run()
    assert run in engine.store.ids()
    assert f"The run {run} is still under way, so it was not deleted: stop it" in texts(app)
    assert not [button for button in app.button if button.label == "Undo"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events SET payload = x'7b7d' WHERE run = ?",
        "UPDATE runs SET config = '{\"latent_dim\": 0}' WHERE id = ?",
    ],
)
def test_an_unreadable_run_does_not_hide_the_others(
    app: AppTest, engine: Engine, damage: str
) -> None:
    bad, good = ended(engine), ended(engine)
    with engine.store._database as database:
        database.execute("UPDATE runs SET parent = ? WHERE id = ?", (good, bad))
        database.execute(damage, (bad,))
    for name in PAGES:
        open_page(app, name)
        assert len(app.title) == 1, name
        assert not app.error, name
    assert bad in "".join(warning.value for warning in app.warning)
    assert texts(app).count("**my run**") == 1
    open_page(app, "run", run=good)
    assert not app.error
    open_page(app, "run", run=bad)
    assert "is kept as it is" in texts(app)


def test_an_unreadable_parent_leaves_its_branches_their_pages(app: AppTest, engine: Engine) -> None:
    bad = ended(engine)
    branch = engine.store.branch(bad, 1, {}, "a branch").id
    engine.store.release(branch)
    engine.store.recover()
    with engine.store._database as database:
        database.execute("UPDATE events SET payload = x'7b7d' WHERE run = ?", (bad,))
    open_page(app, "run", run=branch)
    assert bad in "".join(warning.value for warning in app.warning)
    assert "that was deleted" not in texts(app)
    assert "Start again" in labels(app)


def test_a_store_that_another_server_holds_is_explained(
    engine: Engine, app: AppTest, put_in_place: Callable[[Context], None]
) -> None:
    put_in_place(Context(lambda: Engine(RunStore(engine.store.home))))
    app.run()
    assert "Another Digit Forge server is using the runs" in texts(app)
