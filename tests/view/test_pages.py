"""Every page: what it shows when there is nothing, something, or something wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from view.opened_pages import choose_data, components, ended, open_page, texts

from gan import latent
from gan.data import uploads
from gan.exports import unpacking
from gan.jobs.engine import Engine
from gan.runs import library
from gan.runs.store import RunStore
from gan.server.context import Context
from gan.settings.presets import preset
from gan.view.state import lessons

PAGES = ("home", "train", "explore", "runs")


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


def test_each_uploader_tells_how_much_it_takes(app: AppTest) -> None:
    open_page(app, "train")
    choose_data(app, "Your own images")
    assert app.file_uploader[0].proto.max_upload_size_mb << 20 == uploads.MAX_FILE_BYTES
    open_page(app, "runs")
    (told,) = (each.proto.max_upload_size_mb for each in app.file_uploader)
    assert told == st.get_option("server.maxUploadSize"), "what the server itself takes"
    assert uploads.MAX_FILE_BYTES < told << 20 <= unpacking.MAX_FILE_BYTES


def test_a_run_that_does_not_exist_is_explained(app: AppTest) -> None:
    for page in ("run", "explore"):
        open_page(app, page, run="0000-none")
        assert "There is no run 0000-none" in texts(app)


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


def test_a_store_that_another_server_holds_is_explained(
    engine: Engine, app: AppTest, put_in_place: Callable[[Context], None]
) -> None:
    put_in_place(Context(lambda: Engine(RunStore(engine.store.home))))
    app.run()
    assert "Another Digit Forge server is using the runs" in texts(app)
