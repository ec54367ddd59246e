"""A family of methods is one entry, and each part of it is there under the family's name."""

from __future__ import annotations

import pytest

from gan.messages.events import REPORTS
from gan.settings.config import FIELD_TYPES, LIMITS, TrainConfig
from gan.settings.families import FAMILIES, Family, family_of
from gan.settings.losses import LOSSES
from gan.settings.presets import presets
from gan.view.figures.families import VIEWS, view_of


def config_of(family: Family) -> TrainConfig:
    """A config of this family, with a preset's settings."""
    return next(one.config for one in presets().values() if one.config.family is family)


def test_every_family_has_its_report_and_its_view() -> None:
    assert set(FAMILIES) == set(REPORTS) == set(VIEWS)


def test_networks_belong_to_one_family() -> None:
    names = [name for family in FAMILIES.values() for name in family.architectures]
    assert len(names) == len(set(names))
    for family in FAMILIES.values():
        assert all(family_of(name) is family for name in family.architectures)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_family_asks_for_fields_that_there_are(family: Family) -> None:
    assert family.without_meaning <= FIELD_TYPES.keys()
    assert family.help.keys() <= FIELD_TYPES.keys() - family.without_meaning
    usual, config = TrainConfig(), config_of(family)
    for name in family.without_meaning:
        expected = family.fixed.get(name, getattr(usual, name))
        assert getattr(config, name) == expected, "it is not asked, and as usual"
    assert family.fixed.keys() <= family.without_meaning
    for name, choices in family.choices.items():
        assert choices.keys() <= (LIMITS[name].choices or {}).keys()


@pytest.mark.parametrize("loss", LOSSES)
def test_only_a_cross_entropy_has_targets_to_lower_and_pairs_to_add(loss: str) -> None:
    family = FAMILIES["adversarial"]
    assert family.asks_for("label_smoothing", loss) == LOSSES[loss].is_cross_entropy
    assert family.asks_for("mismatched_labels", loss) == LOSSES[loss].is_cross_entropy
    assert family.asks_for("gradient_penalty", loss)
    assert not family.asks_for("divergence_weight", loss)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_each_chart_of_a_family_has_a_caption(family: Family) -> None:
    config = config_of(family)
    charts = view_of(config).charts
    assert len({chart.name for chart in charts}) == len(charts) > 0
    assert all(chart.caption(config).startswith("**") for chart in charts)
