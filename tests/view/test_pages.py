"""Every page: what it shows when there is nothing, something, or something wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gan import latent
from gan.config import TrainConfig
from gan.events import Progress, Quality, RunStatus, Samples
from gan.runs import library
from gan.runs.engine import Engine
from gan.view import ui

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


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ended(engine: Engine, config: TrainConfig = FINISH) -> str:
    """The id of a run that is over."""
    run = engine.submit(config, "my run")
    until(lambda: not engine.store.state(run).status.is_live)
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
    assert engine.store.state(run).config == TrainConfig()


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
    assert engine.store.state(run).config == replace(FINISH, batch_size=16)
    assert app.query_params["run"] == run


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


def test_a_bad_file_is_refused_in_the_form(app: AppTest, engine: Engine) -> None:
    open_page(app, "train")
    next(w for w in app.selectbox if w.label == "Data").select("A file on this computer").run()
    next(w for w in app.text_input if w.label == "File").set_value("/no/such.npz").run()
    next(b for b in app.button if b.label == "Start training").click().run()
    assert "Nothing was started. There is no file /no/such.npz." in texts(app)
    assert engine.store.ids() == []


def test_files_of_the_server_are_not_offered_to_a_class(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan.view import form

    monkeypatch.setattr(form.st, "get_option", lambda _: "0.0.0.0")
    open_page(app, "train")
    data = next(w for w in app.selectbox if w.label == "Data")
    assert len(data.options) == 2


def test_an_unknown_preset_in_the_address_is_explained(app: AppTest) -> None:
    open_page(app, "train", preset="nope")
    assert "no preset 'nope'; there are quick" in texts(app)


def test_a_live_run_is_drawn(app: AppTest, engine: Engine) -> None:
    run = engine.submit(WAIT, "my run")
    until(lambda: engine.store.state(run).saved_step is not None)
    images = library.pretrained("digits").samples.images
    for event in (PROGRESS, Samples(10, images), QUALITY):
        engine.store.append(run, event)
    open_page(app, "train", run=run)
    assert components(app).count("live_chart") == 4
    assert components(app).count("sample_grid") == 1
    stop = next(b for b in app.button if b.label == "Stop")
    stop.click().run()
    until(lambda: engine.store.state(run).status is RunStatus.STOPPED)
    open_page(app, "train", run=run)
    assert "25 times real against real; 10 of 10 digits appear" in texts(app)
    assert not [b for b in app.button if b.label == "Stop"]


def test_a_run_that_does_not_exist_is_explained(app: AppTest) -> None:
    for page in ("train", "explore"):
        open_page(app, page, run="0000-none")
        assert "There is no run 0000-none" in texts(app)


def test_a_failed_run_says_what_was_kept(app: AppTest, engine: Engine) -> None:
    run = ended(engine, replace(FINISH, seed=3))
    open_page(app, "train", run=run)
    assert "it broke mend it The snapshot of step 1 is kept." in texts(app)


def test_a_recording_is_labelled(app: AppTest) -> None:
    open_page(app, "train", run=ui.HOME_NETWORK)
    assert "Recorded when this network was trained, not now." in texts(app)


def test_explore_opens_a_run_and_a_z(app: AppTest, engine: Engine) -> None:
    run = ended(engine)
    size = library.pretrained("digits").config.latent_dim
    open_page(app, "explore", run="digits", z=latent.to_text([0.5] * size))
    assert "digit_forge_explorer" in components(app)
    assert not app.warning
    assert [label.split(" (")[0] for label in app.selectbox[0].options] == ["digits", "my run"]
    app.selectbox[0].select(run).run()
    assert app.query_params["run"] == run
    assert "z" not in app.query_params


@pytest.mark.parametrize("z", ["1,2,3", "x", ",".join(["9"] * 32)])
def test_a_damaged_z_is_explained(app: AppTest, z: str) -> None:
    open_page(app, "explore", run="digits", z=z)
    assert "A new one was drawn instead." in texts(app)
    assert "digit_forge_explorer" in components(app)


def test_runs_can_be_renamed_deleted_and_brought_back(app: AppTest, engine: Engine) -> None:
    run = ended(engine)
    open_page(app, "runs")
    assert "**my run**" in texts(app)
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
    assert app.button(key=f"delete:{run}").disabled


def test_a_damaged_run_does_not_hide_the_others(app: AppTest, engine: Engine) -> None:
    bad, _ = ended(engine), ended(engine)
    with engine.store._database:
        engine.store._database.execute("UPDATE events SET payload = x'7b7d' WHERE run = ?", (bad,))
    open_page(app, "runs")
    assert f"run {bad} is damaged" in texts(app)
    assert texts(app).count("**my run**") == 1
    open_page(app, "train", run=bad)
    assert "is damaged" in texts(app)


def test_a_store_that_another_server_holds_is_explained(
    engine: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan.runs.store import RunStore

    monkeypatch.setattr(ui, "_engine", lambda: Engine(RunStore(engine.store.home)))
    app.run()
    assert "Another Digit Forge server is using the runs" in texts(app)
