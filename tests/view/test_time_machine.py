"""The time machine: what is sent to the browser, and what is compared with what."""

from __future__ import annotations

import io
import json
import urllib.parse
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from answers import Answer, send
from PIL import Image
from streamlit.testing.v1 import AppTest
from support import TINY

from gan.jobs.engine import Engine
from gan.messages.events import Continued, Event, Finished, Progress, Quality, Samples
from gan.messages.status import RunStatus, StopReason
from gan.runs import library
from gan.runs.errors import NoSuchRun
from gan.runs.state import RunState
from gan.runs.store import RunStore
from gan.server import painting, sheets
from gan.settings.config import TrainConfig
from gan.settings.families import ADVERSARIAL
from gan.settings.presets import preset
from gan.view.components.timeline import MAX_SHEETS, Timeline, encode_timeline, thinned
from gan.view.figures import timeline_curves
from gan.view.figures.figures import Line, Plot
from gan.view.state import context
from gan.view.streams import timelines, topics

CURVE = Plot("Loss", (10, 50), (Line("D", (1.0, float("nan")), "#123456", "dash"),))
TIMELINE = Timeline(
    name="mine",
    is_live=True,
    folder="/here",
    sheets=[(0, 0), (3, 10), (9, 20)],
    digits=16,
    columns=8,
    clock=[(0, 0.0), (50, 2.5)],
    curves=[CURVE, Plot("Frechet distance", (), ())],
    notable=[(10, "best quality")],
    snapshots=[20],
)


def sent(timeline: Timeline) -> dict[str, Any]:
    about = json.loads(zlib.decompress(encode_timeline(timeline)))
    assert isinstance(about, dict)
    return about


def pictures(step: int) -> Samples:
    return Samples(step, np.full((16, 28, 28), step, np.uint8))


def progress(step: int) -> Progress:
    return Progress(step, 8 * step, step / 4, 1.1, 0.9, 0.6, 0.4, 320.0)


def recorded(store: RunStore, events: Sequence[Event]) -> str:
    run = store.create(TINY, "mine")
    for event in events:
        store.append(run, event)
    store.release(run)
    return run


def test_a_timeline_holds_words_and_numbers_and_the_addresses_of_its_pictures() -> None:
    about = sent(TIMELINE)
    (curve,) = about.pop("curves")  # one without points is left out
    assert about == {
        "name": "mine",
        "live": True,
        "steps": [0, 10, 20],
        "folder": "/here",
        "places": [0, 3, 9],
        "digits": 16,
        "columns": 8,
        "last": 50,
        "clock": {"steps": [0, 50], "seconds": [0.0, 2.5]},
        "notable": [{"step": 10, "text": "best quality"}],
        "snapshots": [20],
    }
    (line,) = curve["lines"]
    assert (line["name"], line["values"], line["dash"]) == ("D", [1.0, None], [8, 5])
    assert (curve["title"], curve["steps"]) == ("Loss", [10, 50])


def test_a_growing_timeline_is_thinned_and_keeps_what_the_browser_has() -> None:
    every = [(step, 10 * step) for step in range(5 * MAX_SHEETS)]
    before: list[tuple[int, int]] = []
    for count in range(1, len(every)):
        kept = thinned(every[:count])
        assert len(kept) <= MAX_SHEETS
        assert (kept[0], kept[-1]) == (every[0], every[count - 1])
        fewer = len(kept) < len(before)
        assert set(kept[:-1]) <= set(before) if fewer else set(before[:-1]) <= set(kept)
        before = kept
    gaps = np.diff([place for place, _ in before[:-1]])
    assert set(gaps) == {8}


def test_what_was_rolled_back_is_not_in_the_timeline(engine: Engine) -> None:
    run = recorded(
        engine.store,
        [pictures(0), progress(4), pictures(4), progress(8), pictures(8), Continued(4, 4),
         pictures(4), progress(6), pictures(6), Finished(6, StopReason.STOPPED)],
    )  # fmt: skip
    assert engine.store.sample_places(run) == [(1, 0), (3, 4), (7, 4), (9, 6)]
    state = engine.store.state(run)
    timeline = timelines.timeline(state)
    assert list(timeline.sheets) == [(1, 0), (3, 4), (9, 6)], "one for a step, the first"
    assert (timeline.is_live, timeline.columns, timeline.digits) == (False, 8, 16)
    assert timeline.clock == [(0, 0.0), (4, 1.0), (6, 1.5)]


def test_recordings_play_without_snapshots(engine: Engine) -> None:
    for name in library.pretrained_names():
        state = library.pretrained(name)
        titles = [curve.title for curve in timeline_curves.curves(state)]
        expected = ["Loss", "D's score", "Frechet distance", "Share of a class (%)"]
        if state.config.family is not ADVERSARIAL:
            expected.remove("D's score")
        assert titles == expected
        about = sent(timelines.timeline(state))
        assert about["snapshots"] == []
        assert 10 < len(about["steps"]) <= MAX_SHEETS
        assert about["last"] == state.step
        clock = about["clock"]
        assert (clock["steps"][0], clock["steps"][-1]) == (0, state.step)
        assert clock["seconds"] == sorted(clock["seconds"])
        assert len(clock["steps"]) <= 402
        assert len(encode_timeline(timelines.timeline(state))) < 16_000, "cheap to send again"


@pytest.mark.parametrize(
    ("here", "other", "titles", "words"),
    [
        ("quick", "quick", ("Loss", "D's score"), ""),
        ("vae", "vae", ("Loss",), ""),
        ("quick", "vae", (), "of different methods"),
        ("quick", "hinge", (), "the games differ (non-saturating, and hinge in B)"),
        ("wgan-gp", "wgan-gp", ("Loss",), "their level means nothing"),
    ],
)
def test_only_what_has_one_scale_is_overlaid(
    here: str, other: str, titles: tuple[str, ...], words: str
) -> None:
    over = timeline_curves.overlay(preset(here), preset(other))
    assert over.titles == (*titles, "Frechet distance", "Share of a class (%)")
    assert words in over.words
    assert bool(words) == bool(over.words)


def test_distances_of_an_earlier_version_are_not_overlaid() -> None:
    over = timeline_curves.overlay(preset("quick"), preset("quick"), one_distance=False)
    assert over.titles == ("Loss", "D's score", "Share of a class (%)")
    assert "judged by an earlier version" in over.words


def test_what_else_to_mind_is_said() -> None:
    plain = TrainConfig()
    minimax = timeline_curves.overlay(plain, replace(plain, loss="minimax"))
    assert minimax.titles[0] == "D's score", "both are probabilities"
    assert "Their losses are not overlaid" in minimax.words
    penalised = timeline_curves.overlay(plain, replace(plain, label_smoothing=0.1))
    assert penalised.titles[:2] == ("Loss", "D's score")
    assert "penalties or smoothing" in penalised.words
    assert "different data" in timeline_curves.overlay(plain, replace(plain, classes="3,8")).words


def test_a_run_that_learns_is_developed_every_few_seconds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded(engine.store, [pictures(0), progress(4)])
    stands = engine.store.state(run)
    monkeypatch.setattr(context(), "known", lambda _: stands)
    make = topics.maker_of(topics.timeline_topic(run))
    assert make is not None
    stands = replace(stands, status=RunStatus.RUNNING)
    first = make()
    engine.store.append(run, Quality(4, 1.0, 100, 9.0, 1.0, (0.1,) * 10, 0.9))
    stands = stands.after(engine.store.events(run, stands.seq))
    assert stands.quality
    assert make() == first, "not at every tick"
    stands = replace(stands, status=RunStatus.PAUSED)
    assert make() == first
    stands = replace(stands, status=RunStatus.FINISHED)
    assert make() != first, "a run that is over is shown as it is"


def address(run: str, place: int) -> str:
    return f"/{sheets.folder(run)}/{place}.png"


def test_another_run_is_chosen_on_the_page(app: AppTest, engine: Engine) -> None:
    one, other = (recorded(engine.store, [pictures(0), progress(4)]) for _ in range(2))
    app.query_params["run"] = one
    app.run().switch_page("pages/run.py")
    app.query_params["run"] = one
    app.run().toggle[0].set_value(True).run()
    assert not app.exception
    (beside,) = (box for box in app.selectbox if box.label == "Beside it")
    assert beside.value is None
    names = "\n".join(beside.options)
    assert other in names
    assert one not in names, "not beside itself"
    assert f"digits ({library.pretrained('digits').config.architecture}, pretrained)" in names
    assert "hinge (lean-dcgan, a preset, recorded)" in names
    captions = "\n".join(caption.value for caption in app.caption)
    assert "A is this run" not in captions
    for chosen, words in ((other, "thin, light lines"), ("digits-vae", "not overlaid")):
        beside.set_value(chosen).run()
        assert not app.exception
        assert words in "\n".join(caption.value for caption in app.caption)
    machines = [
        item for item in app.get("bidi_component") if item.proto.component_name == "time_machine"
    ]
    assert len(machines) == 1
    context().forget(other)
    with engine.store._database as database:
        database.execute("UPDATE events SET payload = x'7b7d' WHERE run = ?", (other,))
    beside.set_value(other).run()
    assert not app.error
    assert other in "".join(warning.value for warning in app.warning)
    machines = [
        item for item in app.get("bidi_component") if item.proto.component_name == "time_machine"
    ]
    assert len(machines) == 1, "of the run that can be read"


def get(path: str) -> Answer:
    """What the app's own routes answer to a browser."""
    return send("GET", urllib.parse.unquote(path))


def test_a_sheet_is_served_once_and_for_good(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, encoded = painting.encode_images, []

    def counted(images: Any, columns: int) -> bytes:
        encoded.append(columns)
        return encode(images, columns)

    monkeypatch.setattr(painting, "encode_images", counted)
    sheets._encoded.cache_clear()
    run = recorded(engine.store, [pictures(0), progress(4), pictures(4)])
    for _ in range(60):
        answer = get(address(run, 3))
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.body)).size == (8 * 28, 2 * 28)
    assert encoded == [8]
    recording = get(address("digits-conditional", 0))
    assert Image.open(io.BytesIO(recording.body)).size == (10 * 28, 8 * 28)


def test_any_other_address_is_refused(engine: Engine) -> None:
    run = recorded(engine.store, [pictures(0), progress(4), pictures(4)])
    good = address(run, 1)
    assert get(good).status == 200
    wrong = [
        address(run, 2),  # an event of another kind
        address(run, 4),
        address(run, 2**80),
        address(run, 0).replace("/0.png", f"/{5000 * '9'}.png"),
        address(run, -1),
        address("nobody", 1),
        address("digits", 1000),
        good.replace("1.png", "1.jpg"),
        good.replace("1.png", "one.png"),
        good.replace(run, "..%2F..%2Fassets"),
        "/_live/sheets/0123456789ab/" + "/".join(good.split("/")[-2:]),
        address("digits", 0).replace("/digits/", "/digits-vae/"),
    ]
    for bad in wrong:
        answer = get(bad)
        assert answer.status == 404, bad
        assert "immutable" not in answer.headers.get("cache-control", "")
    engine.store.delete(run)
    assert get(good).status == 404, "a run that was deleted shows nothing"


def test_samples_are_found_one_by_one(engine: Engine) -> None:
    run = recorded(engine.store, [pictures(0), progress(4), pictures(4)])
    state: RunState = engine.store.state(run)
    for place, step in context().sample_places(state):
        config, samples = context().samples_at(run, place)
        assert (config, samples.step) == (TINY, step)
        assert (samples.images == step).all()
    with pytest.raises(NoSuchRun):
        context().samples_at("digits", 99)
