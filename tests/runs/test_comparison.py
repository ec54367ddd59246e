"""The families side by side: which runs are compared, and what their figures say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from untrained import report

from gan.messages.events import Adjusted, Event, Finished, Quality
from gan.messages.status import StopReason
from gan.runs import comparison, comparison_words, recordings
from gan.runs.comparison import COMPARED, Setting
from gan.runs.comparison_words import Row
from gan.runs.state import RunState
from gan.settings.families import FAMILIES
from gan.settings.presets import preset

NAMES = ("quick", "vae", "ddpm")


def check(seconds: float, distance: float, reach: float | None = 1.0, **values: float) -> Quality:
    quality = Quality(
        int(10 * seconds), seconds, 1000, distance, 0.5, (0.1,) * 10, 0.9, real_precision=0.9,
        real_recall=0.8, **{"precision": 0.7, "recall": 0.6, **values},
    )  # fmt: skip
    if reach is None:
        return quality
    return replace(
        quality,
        frechet_low=distance - reach,
        frechet_high=distance + reach,
        floor_low=0.25,
        floor_high=0.75,
    )


def state(
    name: str,
    *checks: Quality,
    seconds: float = 60.0,
    created: float = 0.0,
    events: tuple[Event, ...] = (Finished(600, StopReason.COMPLETED),),
    **config: object,
) -> RunState:
    settings = replace(preset(name), **{"max_seconds": seconds, **config})
    blank = RunState(f"{name}-{created:g}", "any name", settings, created)
    found = checks or (check(seconds, 20.0),)
    reports = (replace(report(int(10 * seconds)), seconds=seconds), *found, *events)
    return blank.after(enumerate(reports, start=1))


def recording(name: str, *checks: Quality, seconds: float = 60.0) -> RunState:
    found = state(name, *checks, seconds=seconds)
    reports = (replace(report(q.step), seconds=q.seconds) for q in found.quality)
    found = replace(found, progress=tuple(reports))
    return replace(found, id=f"recorded-{name}", name=name, recording=True)


def three(created: float, **values: object) -> list[RunState]:
    return [state(name, created=created + place, **values) for place, name in enumerate(NAMES)]


def shown(found: comparison.Comparison) -> list[str]:
    return [one.state.id for one in found.contestants]


def test_every_family_has_presets_that_stand_for_it() -> None:
    assert COMPARED.keys() == FAMILIES.keys()
    for family, names in COMPARED.items():
        assert all(preset(name).family.name == family for name in names)


def test_the_newest_three_with_the_same_data_and_seconds_are_compared() -> None:
    runs = [
        *three(30.0, data="elsewhere"),
        state("unconditional", created=25.0),
        *three(20.0),
        *three(10.0, seconds=120.0),
    ]
    assert shown(comparison.comparison(runs)) == ["quick-30", "vae-31", "ddpm-32"]
    assert comparison.comparison(runs).setting == Setting(data="elsewhere")
    assert shown(comparison.comparison(runs[3:])) == ["unconditional-25", "vae-21", "ddpm-22"]
    assert comparison.comparison(runs[7:]).setting == Setting(seconds=120.0)


@pytest.mark.parametrize(
    "other",
    [
        state("ddpm", seconds=90.0),
        state("ddpm", seed=1, batch_size=32),
        state("ddpm", events=(Finished(600, StopReason.STOPPED),)),
        state("ddpm", events=()),
        state("ddpm", events=(Adjusted(5, {"sampler": "ddpm"}), Finished(9, StopReason.COMPLETED))),
        replace(state("ddpm"), is_imported=True),
        replace(state("ddpm"), parent="another"),
        replace(state("ddpm"), quality=()),
    ],
)
def test_what_was_not_trained_alike_stands_for_no_family(other: RunState) -> None:
    found = comparison.comparison([other, state("quick"), state("vae")])
    assert found.missing == ("diffusion",)
    assert shown(found) == ["quick-0", "vae-0"]


def test_recordings_of_the_same_seconds_stand_beside_each_other() -> None:
    """A longer one is not looked at before its end: its steps were still large there."""
    longer = recording("ddpm", check(20, 90.0), check(58, 40.0), check(120, 5.0), seconds=120.0)
    short = [recording("quick"), recording("vae")]
    found = comparison.comparison([], [*short, longer])
    assert (found.setting, found.missing) == (Setting(seconds=60.0), ("diffusion",))
    whole = [recording(name, seconds=120.0) for name in ("conditional", "vae")]
    found = comparison.comparison([], [recording("quick"), *whole, longer])
    assert found.setting == Setting(seconds=120.0)
    assert [one.preset for one in found.contestants] == ["conditional", "vae", "ddpm"]
    assert [one.quality.seconds for one in found.contestants] == [120, 120, 120]


def test_what_ships_compares_all_families_over_the_same_seconds() -> None:
    shipped = [recordings.state(name) for name in comparison.recordings_of(recordings.names())]
    found = comparison.comparison([], shipped)
    assert found.missing == ()
    assert {one.state.config.max_seconds for one in found.contestants} == {found.setting.seconds}
    assert all(one.quality.recall is not None for one in found.contestants)


def test_a_family_without_a_recording_is_filled_in_from_here() -> None:
    shipped = [recording("quick"), recording("vae")]
    assert comparison.comparison([], shipped).missing == ("diffusion",)
    found = comparison.comparison([state("ddpm"), state("quick")], shipped)
    assert shown(found) == ["recorded-quick", "recorded-vae", "ddpm-0"]
    assert comparison.comparison([]).missing == tuple(FAMILIES)


def test_each_measure_stands_beside_that_of_real_digits() -> None:
    found = comparison.comparison([state("quick", check(60, 3.0)), state("ddpm")])
    told = {row.name: row for row in comparison_words.rows(found, [688, None])}
    distance = told["Frechet distance"]
    assert (distance.cells, distance.real) == (
        ("3.0 (2.0 to 4.0)", "20.0 (19.0 to 21.0)"),
        "0.5 (0.2 to 0.8)",
    )
    assert told["Precision"].cells == ("70.0%", "70.0%")
    assert told["Recall"].real == "80.0%"
    assert told["Training"] == Row("Training", ("60 s, 600 steps",) * 2)
    steps = preset("ddpm").sampling_steps
    assert told["Network calls for one digit"].cells == ("1", f"{steps}")
    assert told["Network that draws"].cells == ("688 kB", "not kept")
    assert comparison_words.rows(comparison.comparison([]), []) == []


@pytest.mark.parametrize(
    ("best", "other", "words"),
    [
        (check(60, 3.0), check(60, 20.0), "and by more than the chance"),
        (check(60, 3.0, 9.0), check(60, 4.0), "these two cannot be told apart by it"),
        (check(60, 3.0, None), check(60, 4.0, None), "distance here is that of Diffusion model"),
        (check(60, 3.0), check(60, 4.0, None), "Their distances cannot be compared"),
    ],
)
def test_the_figures_say_who_is_nearest(best: Quality, other: Quality, words: str) -> None:
    found = comparison.comparison([state("quick", other), state("ddpm", best)])
    said = " ".join(comparison_words.findings(found))
    assert words in said
    assert "distance here is that of GAN" not in said


def test_precision_and_recall_may_have_different_winners() -> None:
    believed, complete = check(60, 9.0, precision=0.9), check(60, 8.0, recall=0.9)
    found = comparison.comparison([state("quick", complete), state("vae", believed)])
    said = " ".join(comparison_words.findings(found))
    assert "Precision is highest for Variational autoencoder (vae), recall for GAN (quick)." in said
    assert "With 1,000 digits judged, differences" in said
    both = check(60, 8.0, precision=0.9, recall=0.9)
    found = comparison.comparison([state("quick", both), state("vae", check(60, 8.0))])
    assert "Precision and recall are both highest for GAN (quick)." in comparison_words.findings(
        found
    )


def test_only_those_that_were_judged_by_it_say_what_chance_may_do() -> None:
    few = replace(check(60, 90.0), samples=250, precision=None, recall=None)
    runs = [state("quick"), state("vae", check(60, 8.0, recall=0.9)), state("ddpm", few)]
    said = " ".join(comparison_words.findings(comparison.comparison(runs)))
    assert "With 1,000 digits judged, differences" in said


def test_nobody_wins_what_several_have() -> None:
    one, other = check(60, 9.0, precision=1.0, recall=0.0), check(60, 8.0, precision=1.0)
    found = comparison.comparison([state("quick", one), state("vae", other)])
    said = " ".join(comparison_words.findings(found))
    assert "Recall is highest for Variational autoencoder (vae)." in said
    assert "Precision" not in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("quick", ["GAN (quick) was told which class each real digit is of while it learned."]),
        ("unconditional", ["GAN (unconditional) was told no classes: it sorted the real digits "
                           "into groups by itself before it began, and learned with those."]),
        ("plain", []),
    ],
)  # fmt: skip
def test_who_learned_with_classes_says_whose_they_were(name: str, words: list[str]) -> None:
    found = comparison.comparison([state(name), state("ddpm")])
    assert comparison_words.told_classes(found) == words


def test_data_are_called_as_people_call_them() -> None:
    assert comparison_words.data_words(Setting()) == "Built-in digits"
    some = Setting(data="/secret/place/mine.npz", classes="3,8", data_fraction=0.5)
    assert comparison_words.data_words(some) == "mine.npz, of class 3,8 only, 50% of them"
