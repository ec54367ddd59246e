"""What a run may be, and what is refused with which words."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest

from gan.config import (
    FIELD_TYPES,
    LIMITS,
    ConfigError,
    TrainConfig,
    parse_field,
)
from gan.presets import preset, presets


def test_json_round_trip_keeps_every_field() -> None:
    config = TrainConfig(
        architecture="article-mnist",
        loss="minimax",
        latent_dim=7,
        batch_size=9,
        generator_learning_rate=0.25,
        discriminator_learning_rate=0.5,
        adam_beta_1=0.25,
        adam_beta_2=0.5,
        discriminator_steps=3,
        ema_decay=0.75,
        data="mnist",
        seed=11,
        max_steps=13,
        max_seconds=17.0,
    )
    assert TrainConfig.from_json(config.to_json()) == config
    default = TrainConfig()
    changed = [
        f.name for f in fields(config) if getattr(config, f.name) != getattr(default, f.name)
    ]
    assert changed == list(FIELD_TYPES), "the example should differ from the default everywhere"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("batch_size", 0, "from 2 to 1024 digits"),
        ("batch_size", 2.5, "a whole number"),
        ("batch_size", True, "a whole number"),
        ("generator_learning_rate", -1e-3, "from 1e-06 to 1"),
        ("generator_learning_rate", math.nan, "from 1e-06 to 1"),
        ("discriminator_learning_rate", "fast", "a number"),
        ("adam_beta_1", 1.0, "from 0 to 0.999"),
        ("architecture", "resnet", "one of lean-dcgan"),
        ("loss", "mse", "one of non-saturating"),
        ("seed", -1, "from 0"),
        ("max_steps", 0, "from 1"),
        ("data", " ", "builtin, mnist or the path"),
    ],
)
def test_a_bad_value_is_refused_by_name(field: str, value: object, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        replace(TrainConfig(), **{field: value})
    assert caught.value.field_name == field
    assert repr(value) in str(caught.value)


def test_a_run_needs_a_budget() -> None:
    with pytest.raises(ConfigError, match="max_steps or max_seconds"):
        TrainConfig(max_steps=None, max_seconds=None)


def test_an_unknown_field_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"depth.*no such field; there are architecture"):
        TrainConfig().with_values({"depth": 3})
    with pytest.raises(ConfigError, match="no such field"):
        parse_field("depth", "3")


@pytest.mark.parametrize("text", ["[]", "{", '{"batch_size": "many"}', '{"depth": 1}', "null"])
def test_json_that_is_not_a_config_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        TrainConfig.from_json(text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("batch_size", "32", 32),
        ("generator_learning_rate", "2e-4", 2e-4),
        ("loss", "minimax", "minimax"),
        ("max_seconds", "none", None),
    ],
)
def test_fields_are_read_from_text(name: str, text: str, value: object) -> None:
    assert parse_field(name, text) == value


def test_text_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(ConfigError, match="a whole number from 2"):
        parse_field("batch_size", "many")


def test_every_field_explains_itself() -> None:
    assert set(LIMITS) == set(FIELD_TYPES) - {"data"}
    assert all(limits.help.endswith(".") for limits in LIMITS.values())


def test_presets_are_found_by_name() -> None:
    assert next(iter(presets())) == "quick"
    assert preset("article-mnist").batch_size == 16  # as the article prints it
    with pytest.raises(ConfigError, match="one of quick"):
        preset("nope")
