"""What the explorer's browser is told of a network, and where it finds it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from answers import send
from untrained import CONFIG, EVENTS, GENERATOR, record

from gan.jobs.engine import Engine
from gan.messages.events import Snapshot
from gan.network_file import digit_classifier
from gan.runs import library
from gan.server import networks
from gan.view.components.explorer import about
from gan.view.state import find_run

JUDGE = np.frombuffer(b"a discriminator", np.uint8)


def judged(event: object) -> object:
    return replace(event, discriminator=JUDGE) if isinstance(event, Snapshot) else event


def told(run: str) -> dict[str, object]:
    state = find_run(run)
    assert state is not None
    return about(state)


def test_a_run_is_told_with_every_moment_that_it_kept(engine: Engine) -> None:
    run = record(engine.store, [judged(event) for event in EVENTS])
    found = told(run)
    steps = [event.step for event in EVENTS if isinstance(event, Snapshot)]
    assert (found["run"], found["steps"], found["judged"]) == (run, steps, steps)
    assert found["classes"] == (CONFIG.chosen_classes if CONFIG.is_conditional else ())
    assert found["isLive"] is False
    assert told(record(engine.store))["judged"] == [], "it was saved without its discriminator"


def test_a_network_is_where_it_is_said_to_be(engine: Engine) -> None:
    run = record(engine.store, [judged(event) for event in EVENTS])
    found = told(run)
    for step in found["steps"]:
        answer = send("GET", f"/{found['networks']}/{step}/generator.bin")
        assert (answer.status, answer.body) == (200, GENERATOR)
        assert "immutable" in answer.headers["cache-control"]
        assert send("GET", f"/{found['networks']}/{step}/discriminator.bin").body == JUDGE.tobytes()


@pytest.mark.parametrize("run", ["digits", "digits-vae", "recorded-quick"])
def test_a_network_that_ships_is_there_at_each_moment(engine: Engine, run: str) -> None:
    found = told(run)
    first = found["steps"][0]
    answer = send("GET", f"/{found['networks']}/{first}/generator.bin")
    assert answer.body == library.generator(engine.store, library.shipped(run), first)
    assert found["networks"] != networks.folder("digits-conditional")


def test_the_classifier_has_an_address(engine: Engine) -> None:
    assert send("GET", f"/{networks.classifier()}").body == digit_classifier.exported()


@pytest.mark.parametrize(
    "path",
    [
        "/_live/networks/stored/nobody/10/generator.bin",
        "/_live/networks/stored/digits/{last}/generator.bin",
        "/_live/networks/{digits}/digits/7/generator.bin",
        "/_live/networks/{digits}/digits/{last}/snapshot.npz",
        "/_live/networks/{digits}/digits/99999999999999999999/generator.bin",
        "/_live/networks/stored/x/" + 5000 * "9" + "/generator.bin",
        "/_live/sheets/0123456789ab/x/" + 5000 * "9" + ".png",
        "/_live/networks/{digits}/..%2f..%2fdigits/{last}/generator.bin",
        "/_live/networks/0123456789ab/classifier.bin",
    ],
)
def test_what_is_not_there_is_not_found(engine: Engine, path: str) -> None:
    edition = networks.folder("digits").split("/")[-2]
    last = library.pretrained("digits").step
    answer = send("GET", path.format(digits=edition, last=last))
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")


def test_a_game_without_a_discriminator_has_no_discriminator_words(engine: Engine) -> None:
    assert told("digits-vae")["discriminator"] == ""
    assert "the chance that it gives to real" in str(told("digits")["discriminator"])
    assert "no probability" in str(told("recorded-hinge")["discriminator"])
