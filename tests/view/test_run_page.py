"""A run's page: what it shows of a run that learns or is over, and how time is held and goes on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jobs import scripted_runs
from streamlit.testing.v1 import AppTest
from support import look_until
from view.opened_pages import (
    FINISH,
    WAIT,
    components,
    ended,
    labels,
    open_page,
    press,
    texts,
    unfold,
)

from gan.jobs.engine import Engine
from gan.messages.events import Event, Failed, Finished, Progress, Quality, Samples, VaeProgress
from gan.messages.status import RunStatus, StopReason
from gan.runs import library
from gan.settings.presets import preset
from gan.view.state import HOME_NETWORK, find_run
from gan.view.streams import topics

PROGRESS = Progress(10, 640, 2.0, 1.1, 0.9, 0.6, 0.4, 320.0)
QUALITY = Quality(10, 2.0, 1000, 50.0, 2.0, (0.1,) * 10, 0.9)


def standing(run: str) -> str:
    """The sentence that the server pushes of a live run."""
    make = topics.maker_of(topics.run_topic(run))
    assert make is not None
    return str(json.loads(make()["standing"])["words"])


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
    run = ended(engine, scripted_runs.config("fail"))
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
