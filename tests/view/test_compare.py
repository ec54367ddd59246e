"""The page Compare: the families side by side, on what they learned and how they draw."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
from drawn import is_beside_the_curves, valid
from streamlit.testing.v1 import AppTest
from support import look_until
from untrained import GENERATOR, report, snapshot
from view.opened_pages import press

from gan.jobs.engine import Engine
from gan.jobs.passing import State
from gan.messages.events import Finished, Quality, Samples, Started
from gan.messages.status import StopReason
from gan.runs import comparison
from gan.runs.comparison import Setting
from gan.settings.config import TrainConfig
from gan.view.compare import trainings
from gan.view.figures import comparison_figures
from gan.view.state import context
from gan.view.streams import topics

NAMES = ("quick", "vae", "ddpm")
CHECKS = [
    Quality(step, step / 4, 1000, distance, 0.5, (0.1,) * 10, 0.9, precision=0.7, recall=0.6,
            real_precision=0.9, real_recall=0.8, frechet_low=distance - 1,
            frechet_high=distance + 1, floor_low=0.25, floor_high=0.75)
    for step, distance in ((4, 90.0), (8, 9.0))
]  # fmt: skip


@pytest.fixture
def no_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "recordings_of", lambda shipped: [])


def record(engine: Engine, config: TrainConfig) -> str:
    """A run that reported what is compared, and ended; its networks are one dense layer."""
    run = engine.store.create(config, "any name")
    digits = Samples(8, np.zeros((64, 28, 28), np.uint8))
    reports = [replace(report(step), seconds=step / 4) for step in (4, 8)]
    told = (Started("CPU", 1, 1, 5000), *reports, *CHECKS, digits, snapshot(8, 8))
    for event in (*told, Finished(8, StopReason.COMPLETED)):
        engine.store.append(run, event)
    engine.store.release(run)
    return run


@pytest.fixture
def three(engine: Engine, no_recordings: None) -> list[str]:
    """A run a family, of two seconds."""
    configs = trainings.configs(NAMES, Setting(seconds=2.0))
    return [record(engine, config) for config in configs.values()]


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page("pages/compare.py").run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error]
    return "\n".join(part.value for part in parts)


def row(app: AppTest, name: str) -> list[str]:
    """The cells of a row of the table."""
    lines = [line for part in app.markdown for line in part.value.splitlines()]
    line = next(line for line in lines if line.startswith(f"| **{name}** |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_what_ships_is_compared_before_anything_was_trained(app: AppTest) -> None:
    opened(app)
    assert not app.error
    assert "A recording, made on 2 CPU cores" in said(app)
    assert row(app, "Frechet distance")[1:3] != ["", ""]


@pytest.mark.usefixtures("no_recordings")
def test_without_recordings_each_family_says_so_and_can_be_trained(
    app: AppTest, engine: Engine
) -> None:
    opened(app)
    assert said(app).count("There is no such run to compare with") == 3
    press(app, "Train ddpm here")
    (run,) = engine.store.ids()
    assert engine.store.state(run).config == replace(
        trainings.preset("ddpm"), max_seconds=60.0, max_steps=None
    )


def test_runs_of_here_stand_side_by_side(app: AppTest, three: list[str]) -> None:
    opened(app)
    assert said(app).count("Trained here, ") == 3
    assert "(Built-in digits) and the same 2 s to learn" in said(app)
    cell = "9.0 (8.0\u00a0to\u00a010.0)"
    assert row(app, "Frechet distance")[1:5] == [cell, cell, cell, "0.5 (0.2\u00a0to\u00a00.8)"]
    assert row(app, "Training")[1:4] == ["2 s, 8 steps"] * 3
    assert row(app, "Network that draws")[1:4] == [f"{round(len(GENERATOR) / 1000)} kB"] * 3
    assert row(app, "Digits a second here")[1:4] == ["not measured yet"] * 3
    assert links(app).count("Open its run") == 3


def test_the_pace_is_measured_here_when_somebody_asks(
    app: AppTest, engine: Engine, three: list[str]
) -> None:
    opened(app)
    press(app, "Measure how fast they draw")
    assert "Cancel" in [button.label for button in app.button]
    for run in three:
        status = look_until(lambda run=run: context().paces.status(run), _is_done, 60.0)
        assert status is not None
    app.run()
    assert all(float(cell.replace(",", "")) > 0 for cell in row(app, "Digits a second here")[1:4])
    assert "Measured last on " in said(app)
    assert "1 step against 50" in said(app)
    assert "**20 steps:** the network is asked 20 times for a digit" in said(app)


def _is_done(status: object) -> bool:
    return getattr(status, "state", None) is State.DONE


def test_measuring_can_be_cancelled(app: AppTest, engine: Engine, three: list[str]) -> None:
    opened(app)
    press(app, "Measure how fast they draw")
    press(app, "Cancel")
    look_until(lambda: [context().paces.is_open(run) for run in three], lambda open: not any(open))
    app.run()
    assert "Measure how fast they draw" in [button.label for button in app.button]


def test_all_three_are_queued_with_the_same_time(app: AppTest, engine: Engine) -> None:
    in_front = engine.submit(TrainConfig(seed=1), "in front", "somebody else")
    look_until(lambda: engine.at_work, lambda at_work: at_work == [in_front])
    opened(app)
    times = next(each for each in app.get("button_group") if each.label == "Time for each")
    times.set_value(120).run()
    press(app, "Train all three here")
    states = [engine.store.state(run) for run in engine.waiting]
    assert [state.name for state in states] == list(NAMES)
    assert {state.config.max_seconds for state in states} == {120.0}
    assert {state.config.data for state in states} == {"builtin"}
    assert links(app).count("quick") == 1
    assert "They train for 6 min in all." in said(app)


def test_a_limit_leaves_out_what_does_not_fit(app: AppTest, engine: Engine) -> None:
    in_front = engine.submit(TrainConfig(seed=1), "in front", "somebody")
    look_until(lambda: engine.at_work, lambda at_work: at_work == [in_front])
    opened(app)
    press(app, "Train all three here")
    assert "Started: quick, vae. Not started: ddpm. 3 runs of this browser" in said(app)
    assert len(engine.waiting) == 2


def test_the_way_here_is_shown_where_families_are_offered(app: AppTest) -> None:
    app.run().switch_page("pages/runs.py").run()
    assert "Three families of methods side by side, on the same digits" in links(app)
    app.switch_page("pages/train.py")
    app.query_params["preset"] = "ddpm"
    app.run()
    assert "Compare the families" in links(app)
    app.query_params["preset"] = "hinge"
    app.run()
    assert "Compare the families" not in links(app)


def test_the_page_and_the_stream_show_the_same_version(engine: Engine, three: list[str]) -> None:
    make = topics.maker_of(topics.FAMILIES)
    assert make is not None
    parts = make()
    states, _ = context().known_runs()
    found = comparison.comparison(states)
    assert parts["version"] == topics.families_version(found, []).encode()
    figure = json.loads(zlib.decompress(parts["distance"]))
    assert [trace["name"] for trace in figure["data"]] == [
        "GAN", "Variational autoencoder", "Diffusion model",
    ]  # fmt: skip
    assert make()["distance"] is parts["distance"], "it is drawn once"


def test_the_chart_has_the_judgements_over_seconds(engine: Engine, three: list[str]) -> None:
    states, _ = context().known_runs()
    info = comparison_figures.comparison_info(comparison.comparison(states))
    first = comparison_figures.FamilyLine(
        "adversarial", "GAN", (1.0, 2.0), (90.0, 9.0), ((89.0, 91.0), (8.0, 10.0))
    )
    assert info.lines[0] == first
    assert info.floor == 0.5
    figure = valid(comparison_figures.draw_comparison(info))
    assert is_beside_the_curves(figure)
    assert len({trace["line"]["dash"] for trace in figure["data"]}) == 3
    nothing = comparison_figures.comparison_info(comparison.comparison([]))
    assert valid(comparison_figures.draw_comparison(nothing))["data"] == []
