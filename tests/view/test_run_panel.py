"""A run on screen: what each kind of training says of itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support import DENOISING

from gan.messages.events import (
    DiffusionProgress,
    Grouped,
    Progress,
    Quality,
    Samples,
    Started,
    VaeProgress,
)
from gan.messages.status import RunStatus
from gan.runs.measures import quality_words
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.view.words import noise_words, pace, sampled

GAME = RunState(
    "game",
    "game",
    TrainConfig(),
    0.0,
    status=RunStatus.FINISHED,
    started=Started("CPU", 1234, 567, 5000),
    progress=(Progress(10, 320, 2.0, 1.1, 0.9, 0.6, 0.4, 160.0),),
    samples=Samples(10, np.zeros((64, 28, 28), np.uint8)),
)
VAE = replace(
    GAME,
    id="vae",
    config=TrainConfig(architecture="vae", loss="elbo"),
    progress=(VaeProgress(10, 320, 2.0, 150.0, 20.0, 160.0),),
)


def panel(state: RunState) -> AppTest:
    def script(state):  # the text of this function is run: no names from outside
        from gan.view.run import run_panel

        run_panel._heading(state)
        run_panel._result(state)
        run_panel._samples(state)
        run_panel._curves(state)

    app = AppTest.from_function(script, args=(state,), default_timeout=30).run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.subheader, *app.markdown, *app.caption))


def charts(app: AppTest) -> int:
    return [item.proto.component_name for item in app.get("bidi_component")].count("live_chart")


def test_a_game_has_two_charts_and_two_networks() -> None:
    app = panel(GAME)
    assert charts(app) == 2
    assert "lean-dcgan, non-saturating loss, on CPU: G has 1,234 weights, D 567." in words(app)
    assert "5,000 real digits, batches of 32, seed 1." in words(app)
    assert "Options" not in words(app)


def test_an_autoencoder_has_one_chart_an_encoder_and_no_discriminator() -> None:
    app = panel(VAE)
    assert charts(app) == 1
    said = words(app)
    assert "the decoder G has 1,234 weights, the encoder 567." in said
    assert "**10 steps** in 2 s: 320 digits seen, 160 a second." in said
    assert "**Reconstruction**" in said
    assert "**Divergence**" in said
    for word in (" D ", "D's", "iscriminator", "**Losses**"):
        assert word not in said


def test_what_is_not_as_usual_is_told() -> None:
    config = TrainConfig(
        loss="wasserstein",
        conditional="projected",
        discriminator_steps=5,
        discriminator_normalization="none",
        gradient_penalty=10.0,
        precision="mixed",
        classes="8,3",
        data_fraction=0.125,
    )
    state = replace(GAME, id="unusual", config=config)
    said = words(panel(state))
    assert "real digits of class 3, 8 only (12.5% of what there is)" in said
    assert (
        "Options: D told the classes (projected), 5 updates of D for each of G, "
        "no normalisation in D, gradient penalty 10, mixed precision." in said
    )
    assert "a column for each digit that G is asked for" in sampled(state)
    assert "gradient penalty, with a weight of 10" in said


def test_the_heading_of_a_diffusion_model_speaks_of_its_one_network() -> None:
    config = replace(
        GAME.config,
        **DENOISING,
        conditional="projected",
        generator_hidden_units=256,
        learning_rate_schedule="cosine",
    )
    reports = (DiffusionProgress(10, 320, 2.0, 0.3, 0.1, 0.2, 0.6, 160.0),)
    state = replace(GAME, id="denoiser", config=config, progress=reports)
    assert (
        "Options: network told the classes (projected), "
        "a dense layer of 256 units in the middle of the network, "
        "learning rate falls along a cosine." in words(panel(state))
    )
    assert " G " not in sampled(state)
    assert " G " not in sampled(replace(state, config=replace(config, conditional="no")))


def test_a_run_whose_time_is_up_says_that_its_last_digits_are_judged() -> None:
    state = replace(GAME, status=RunStatus.RUNNING, config=TrainConfig(max_seconds=4.0))
    assert "2 s left" in pace(state)
    over = pace(replace(state, config=TrainConfig(max_seconds=2.0)))
    assert "the last digits are drawn and judged" in over
    assert "left" not in over


GROUPED = replace(
    GAME,
    id="grouped",
    config=TrainConfig(conditional="found", groups=3),
    grouped=Grouped(np.zeros((6, 28, 28), np.uint8), (0.5, 0.3, 0.2), 0.975),
)


def groups_panel(state: RunState) -> AppTest:
    def script(state):  # the text of this function is run: no names from outside
        from gan.view.run import groups_panel

        groups_panel.show(state)

    app = AppTest.from_function(script, args=(state,), default_timeout=30).run()
    assert not app.exception, app.exception
    return app


def test_groups_that_were_found_are_shown_with_their_shares() -> None:
    app = groups_panel(GROUPED)
    said = words(app)
    assert "Groups that it found by itself" in said
    assert "sorted the real pictures into 3 groups by what they look like" in said
    assert "97.5% are of the kind that is commonest in their group" in said
    assert "used for this figure and for nothing else" in said
    assert [item.proto.component_name for item in app.get("bidi_component")] == ["sample_grid"] * 3
    assert [caption.value for caption in app.caption] == [
        "Group 1: 50.0% of the pictures",
        "Group 2: 30.0% of the pictures",
        "Group 3: 20.0% of the pictures",
    ]


def test_of_pictures_without_labels_nobody_says_how_pure_groups_are() -> None:
    assert GROUPED.grouped is not None
    said = words(groups_panel(replace(GROUPED, grouped=replace(GROUPED.grouped, purity=None))))
    assert "These pictures have no labels, so how pure the groups are is for you to see." in said
    assert "%" not in said.partition("Group 1")[0]


def test_a_run_without_groups_says_nothing_of_any() -> None:
    assert not words(groups_panel(GAME))


def test_what_d_was_told_in_place_of_labels_is_told() -> None:
    assert "Options: D told 3 groups that were found in the pictures." in words(panel(GROUPED))
    noise = noise_words(GROUPED.config)
    assert "the first 3 lean towards the groups of pictures that the run found" in noise
    assert "digits 0" not in noise


@pytest.mark.parametrize("floor", [0.0, float("nan")])
def test_nothing_is_divided_by_a_floor_of_zero(floor: float) -> None:
    quality = Quality(10, 2.0, 1000, 50.0, floor, (0.1,) * 10, 0.9)
    assert "times" not in quality_words(replace(GAME, quality=(quality,)))
    assert "50.0" in quality_words(replace(GAME, quality=(quality,)))
