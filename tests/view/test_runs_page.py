"""The list of runs: they are renamed, and deleted and brought back once they are over."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from view.opened_pages import WAIT, ended, open_page, texts, unfold

from gan.jobs.engine import Engine


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
