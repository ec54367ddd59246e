"""How training goes: what the figures say, asserted as data; and that they can be drawn."""

from __future__ import annotations

import math
from dataclasses import astuple, replace
from typing import Any

import pytest
from drawn import is_beside_the_curves, valid

from gan.messages.events import Adjusted, Progress, VaeProgress
from gan.runs.state import RunState
from gan.settings.config import TrainConfig
from gan.settings.families import ADVERSARIAL
from gan.settings.losses import LOSSES
from gan.settings.presets import preset
from gan.view.figures import adversarial, curve_figures, variational
from gan.view.figures.figures import Figure
from gan.view.figures.labels import Mark

VAE = TrainConfig(architecture="vae", loss="elbo")


def game(loss: str, **changes: Any) -> TrainConfig:
    if LOSSES[loss].needs_bounded_slopes:
        changes = {"discriminator_normalization": "spectral"} | changes
    return TrainConfig(loss=loss, **changes)


def progress(count: int) -> list[Progress]:
    return [Progress(8 * i, 512 * i, i / 10, 1.0 * i, 2.0 * i, 0.75, 0.25, 5000.0)
            for i in range(1, count + 1)]  # fmt: skip


def vae_progress(count: int) -> list[VaeProgress]:
    return [VaeProgress(8 * i, 512 * i, i / 10, 400.0 / i, 20.0, 5000.0)
            for i in range(1, count + 1)]  # fmt: skip


def notes(figure: Figure) -> list[str]:
    return [note["text"] for note in valid(figure)["layout"]["annotations"]]


def test_a_short_curve_is_shown_as_it_is() -> None:
    curve = adversarial.game_curve(progress(3))
    assert curve == adversarial.GameCurve(
        step=(8, 16, 24),
        images_seen=(512, 1024, 1536),
        d_loss=(1.0, 2.0, 3.0),
        g_loss=(2.0, 4.0, 6.0),
        d_real=(0.75,) * 3,
        d_fake=(0.25,) * 3,
    )


def test_an_autoencoders_terms_add_up_to_what_it_minimises() -> None:
    curve = variational.vae_curve(vae_progress(2), divergence_weight=3.0)
    assert curve == variational.VaeCurve(
        step=(8, 16),
        images_seen=(512, 1024),
        reconstruction=(400.0, 200.0),
        divergence=(20.0, 20.0),
        total=(460.0, 260.0),
    )


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    curve = adversarial.game_curve(progress(5000), limit=100)
    assert 50 <= len(curve.step) <= 101
    assert {len(values) for values in astuple(curve)} == {len(curve.step)}
    assert curve.step[-1] == 40_000
    assert curve.step == tuple(sorted(curve.step))
    assert curve.d_loss[0] < 100
    assert curve.d_loss[-1] > 4900
    terms = variational.vae_curve(vae_progress(5000), 1.0, limit=100)
    assert (terms.step, terms.reconstruction[0]) == (curve.step, 400.0)
    assert {len(values) for values in astuple(terms)} == {len(terms.step)}


def test_the_past_does_not_move_when_a_point_is_added() -> None:
    before, after = (adversarial.game_curve(progress(n), limit=100) for n in (4000, 4001))
    assert before.d_loss[:-1] == after.d_loss[: len(before.d_loss) - 1]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("count", [0, 1, 700])
def test_every_game_can_be_drawn_at_any_length(loss: str, count: int) -> None:
    curve, config = adversarial.game_curve(progress(count)), game(loss)
    for figure in (
        adversarial.draw_losses(curve, LOSSES[loss].unit),
        adversarial.draw_scores(curve, adversarial.score_scale(config)),
    ):
        layout = valid(figure)["layout"]
        assert layout["xaxis"]["title"]["text"]
        assert layout["yaxis"]["title"]["text"]


@pytest.mark.parametrize("count", [0, 1, 700])
def test_an_autoencoder_can_be_drawn_at_any_length(count: int) -> None:
    figure = variational.draw_terms(variational.vae_curve(vae_progress(count), 1.0))
    assert "nats" in valid(figure)["layout"]["yaxis"]["title"]["text"]


def test_what_is_not_finite_is_a_gap_that_says_so() -> None:
    torn = [*vae_progress(3), replace(vae_progress(4)[-1], reconstruction=math.nan)]
    figure = variational.draw_terms(variational.vae_curve(torn, 1.0))
    total = valid(figure)["data"][0]["y"]
    assert total[:3] == [420.0, 220.0, 153.33]
    assert total[3] is None
    assert sum("not finite" in text for text in notes(figure)) == 2


@pytest.mark.parametrize(
    ("loss", "shown"), [(-0.694, "-0.69"), (1140188.6, "1,140,189"), (-3.2e12, "-3.2e+12")]
)
def test_a_loss_that_ran_away_is_still_written_in_its_margin(loss: float, shown: str) -> None:
    run = [replace(progress(1)[0], g_loss=loss)]
    (text,) = [
        note
        for note in notes(adversarial.draw_losses(adversarial.game_curve(run), "nats"))
        if "generator" in note
    ]
    assert text.endswith(f"<br>{shown}")


def test_the_lines_of_a_chart_differ_in_more_than_colour() -> None:
    curve = adversarial.game_curve(progress(9))
    for figure, count in (
        (adversarial.draw_losses(curve, "nats"), 2),
        (adversarial.draw_scores(curve, adversarial.score_scale(TrainConfig())), 2),
        (variational.draw_terms(variational.vae_curve(vae_progress(9), 1.0)), 3),
    ):
        dashes = [line["line"]["dash"] for line in valid(figure)["data"]]
        assert len(dashes) == len(set(dashes)) == count


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("count", [1, 2, 700])
def test_no_words_stand_on_the_curves(loss: str, count: int) -> None:
    curve, marks = (
        adversarial.game_curve(progress(count)),
        [Mark(4, "went on"), Mark(8, "loss hinge")],
    )
    scale = adversarial.score_scale(game(loss))
    drawn = valid(adversarial.draw_scores(curve, scale, marks))
    assert is_beside_the_curves(drawn)
    assert len(notes(drawn)) == 2 + len(scale.levels) + len(marks)
    assert is_beside_the_curves(adversarial.draw_losses(curve, "nats", marks=marks))
    terms = variational.vae_curve(vae_progress(count), 1.0)
    assert is_beside_the_curves(valid(variational.draw_terms(terms, marks)))


def test_changes_are_marked_in_few_words() -> None:
    changed = Adjusted(8, {"discriminator_learning_rate": 0.001, "loss": "hinge", "max_steps": 9})
    state = RunState("id", "name", TrainConfig(), created=0.0).after([(1, changed)])
    assert curve_figures.marks_of(state) == [Mark(8, "D learning rate 0.001, loss hinge")]
    assert "8: loss hinge" in notes(
        adversarial.draw_losses(
            adversarial.game_curve(progress(2)), "nats", marks=curve_figures.marks_of(state)
        )
    )


@pytest.mark.parametrize("family", ["vae", "ddpm"])
def test_where_there_is_one_network_its_changes_name_none(family: str) -> None:
    changed = Adjusted(8, {"generator_learning_rate": 0.001})
    state = RunState("id", "name", preset(family), created=0.0).after([(1, changed)])
    assert curve_figures.marks_of(state) == [Mark(8, "learning rate 0.001")]


def test_the_early_height_of_an_autoencoders_loss_does_not_flatten_the_rest() -> None:
    figure = valid(variational.draw_terms(variational.vae_curve(vae_progress(100), 1.0)))
    assert figure["layout"]["yaxis"]["range"] == pytest.approx([0.0, 48.0])


def test_only_a_probability_is_called_one() -> None:
    curve = adversarial.game_curve(progress(9))
    for loss in LOSSES:
        config = game(loss)
        figure = valid(adversarial.draw_scores(curve, adversarial.score_scale(config)))["layout"]
        is_probability = loss in ("non-saturating", "minimax")
        assert ("chance" in figure["yaxis"]["title"]["text"]) == is_probability
        assert ("range" in figure["yaxis"]) == is_probability
        assert ("no probability" in adversarial.scores_caption(config)) != is_probability
        assert LOSSES[loss].unit == "nats" or not is_probability


@pytest.mark.parametrize(
    ("loss", "levels"),
    [
        ("non-saturating", {"cannot tell": 0.5}),
        ("minimax", {"cannot tell": 0.5}),
        ("least-squares", {"target for real": 1.0, "target for generated": 0.0}),
        ("hinge", {"margin for real": 1.0, "margin for generated": -1.0}),
        ("wasserstein", {}),
    ],
)
def test_scores_stand_beside_what_the_game_asks_for(loss: str, levels: dict[str, float]) -> None:
    scale = adversarial.score_scale(game(loss))
    assert {level.text: level.y for level in scale.levels} == levels


def test_smoothed_labels_move_what_guessing_is() -> None:
    config = game("minimax", label_smoothing=0.2)
    assert [level.y for level in adversarial.score_scale(config).levels] == [0.4]
    assert "both at 0.4, it can only guess" in adversarial.scores_caption(config)
    assert "asks D for 0.8 on real digits" in adversarial.scores_caption(config)
    # The entropy of 0.2: -0.2 ln 0.2 - 0.8 ln 0.8 = 0.3219 + 0.1785.
    assert "keeps D's at 0.50 or above" in adversarial.losses_caption(config)


def test_a_penalty_in_ds_loss_is_told() -> None:
    assert "penalty" not in adversarial.losses_caption(game("hinge"))
    config = game("wasserstein", gradient_penalty=10.0)
    assert "includes the gradient penalty, with a weight of 10" in adversarial.losses_caption(
        config
    )
    config = game("minimax", r1_penalty=0.5, discriminator_normalization="none")
    assert "includes the R1 penalty, with a weight of 0.5" in adversarial.losses_caption(config)


def test_a_loss_whose_level_means_nothing_is_not_drawn() -> None:
    curve = adversarial.game_curve(progress(9))
    (line,) = valid(adversarial.draw_losses(curve, "", both=False))["data"]
    assert line["name"] == "discriminator"
    assert [name for name in LOSSES if not LOSSES[name].g_loss_has_scale] == ["wasserstein"]
    assert "G's is not drawn" in adversarial.losses_caption(game("wasserstein"))


def test_every_loss_has_its_words() -> None:
    assert set(LOSSES) == set(ADVERSARIAL.losses)
    captions = {adversarial.losses_caption(game(loss)) for loss in LOSSES}
    assert len(captions) == len(LOSSES)


def test_an_autoencoder_has_no_discriminator_in_its_words() -> None:
    words = variational.terms_caption(VAE)
    assert "D's" not in words
    assert "D " not in words
    assert "both networks bring down their sum" in words
    weighted = variational.terms_caption(replace(VAE, divergence_weight=4.0))
    assert "reconstruction plus 4 times divergence" in weighted
