"""What people see of a diffusion model: its loss by how much noise there was, and true words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import DENOISING, TINY

from gan.messages.events import DiffusionProgress, Report, Started, VaeProgress
from gan.view.figures.diffusion import (
    VIEW,
    DenoisingCurve,
    denoising_curve,
    draw_losses,
    losses_caption,
)
from gan.view.figures.timeline_curves import overlay

CONFIG = replace(TINY, **DENOISING)
REPORTS: list[Report] = [
    DiffusionProgress(8 * i, 512 * i, i / 10, 0.3 / i, 0.1 / i, 0.2 / i, 0.6 / i, 5000.0)
    for i in (1, 2)
]


def test_a_curve_has_the_loss_and_its_three_parts() -> None:
    other = VaeProgress(8, 512, 0.5, 120.5, 20.25, 1024.0)
    assert denoising_curve([*REPORTS, other]) == DenoisingCurve(
        step=(8, 16),
        images_seen=(512, 1024),
        loss=(0.3, 0.15),
        little_noise=(0.1, 0.05),
        middle_noise=(0.2, 0.1),
        much_noise=(0.6, 0.3),
    )


def test_the_lines_are_told_apart_by_more_than_their_colour() -> None:
    figure = draw_losses(denoising_curve(REPORTS))
    looks = {(trace["line"]["color"], trace["line"]["dash"]) for trace in figure["data"]}
    names = [trace["name"] for trace in figure["data"]]
    assert names == ["all noise", "much noise", "middle noise", "little noise"]
    assert len(looks) == 4
    ends = [note["text"].split("<br>")[1] for note in figure["layout"]["annotations"]]
    assert ends[0] == "0.150"
    patterns = {end.split("</b>")[0] for end in ends[1:]}
    assert len(patterns) == 3, "a piece of the line stands beside the number of each of one colour"


def test_what_began_far_above_does_not_flatten_the_rest() -> None:
    many = [replace(REPORTS[0], loss=50.0), *REPORTS]  # type: ignore[type-var]
    top = draw_losses(denoising_curve(many))["layout"]["yaxis"]["range"][1]
    assert top == pytest.approx(0.6), "twice what the highest line ends at"


def test_before_the_first_steps_there_is_an_empty_plot() -> None:
    assert not draw_losses(denoising_curve([])).get("data")


@pytest.mark.parametrize("prediction", ["v", "epsilon"])
def test_the_caption_says_that_the_loss_is_no_measure_of_quality(prediction: str) -> None:
    caption = losses_caption(replace(CONFIG, prediction=prediction))
    assert "it is no measure of quality" in caption
    assert "None of them can reach 0" in caption


def test_only_losses_of_what_was_asked_alike_share_a_plot() -> None:
    epsilon = replace(CONFIG, prediction="epsilon")
    assert "Loss" in overlay(CONFIG, replace(CONFIG, seed=5)).titles
    assert "Loss" not in overlay(CONFIG, epsilon).titles
    assert "asked for different things" in overlay(CONFIG, epsilon).words
    assert "different methods" in overlay(CONFIG, TINY).words


def test_the_network_is_named_with_how_often_it_is_asked() -> None:
    words = VIEW.networks(replace(CONFIG, sampling_steps=50), Started("CPU", 211_009, 0, 5000))
    assert words == (
        "Diffusion model on CPU: its network has 211,009 weights, and is asked 50 times for one "
        "digit."
    )
