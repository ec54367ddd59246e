"""The room that runs take, and the offer to make some."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest
from view.opened_pages import ended, open_page, texts

from gan.jobs.engine import Engine
from gan.messages.status import RunStatus
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.runs import storage


def test_the_oldest_that_are_over_are_offered_and_no_more_than_it_takes() -> None:
    def state(name: str, created: float, status: RunStatus = RunStatus.FINISHED) -> RunState:
        return RunState(name, name, TrainConfig(), created, status=status)

    states = [state("new", 4), state("old", 1), state("live", 0, RunStatus.PAUSED), state("mid", 2)]
    sizes = {"new": 5, "old": 3, "live": 100, "mid": 4}
    for wanted, names in {0: "", 1: "old", 3: "old", 4: "old mid", 99: "old mid new"}.items():
        found = storage.oldest(states, sizes, wanted)
        assert " ".join(each.id for each in found) == names


def test_old_runs_are_offered_deleted_and_brought_back(app: AppTest, engine: Engine) -> None:
    first, second = ended(engine), ended(engine)
    open_page(app, "runs")
    assert "2 runs take 0 of the 4,096 MB that this server keeps." in texts(app)
    assert not [button for button in app.button if "oldest" in button.label]
    engine.limits = replace(engine.limits, stored_mb=0)
    open_page(app, "runs")
    (offer,) = [button for button in app.button if "oldest" in button.label]
    offer.click().run()
    assert engine.store.ids() != [second, first]
    assert "That can be undone for an hour." in texts(app)
    next(button for button in app.button if button.label == "Undo").click().run()
    assert sorted(engine.store.ids()) == sorted([first, second])
