"""What a run may be, and what is refused with which words."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest

from gan.settings.config import FIELD_TYPES, LIMITS, ConfigError, TrainConfig, parse_field
from gan.settings.families import VARIATIONAL
from gan.settings.presets import preset, presets

CHANGED = TrainConfig(
    architecture="article-mnist",
    loss="minimax",
    conditional="concatenated",
    groups=6,
    latent_dim=7,
    batch_size=9,
    generator_learning_rate=0.25,
    discriminator_learning_rate=0.5,
    learning_rate_schedule="cosine",
    learning_rate_half_life=3000,
    adam_beta_1=0.25,
    adam_beta_2=0.5,
    discriminator_steps=3,
    discriminator_normalization="spectral",
    generator_hidden_units=64,
    discriminator_hidden_units=128,
    gradient_penalty=10.0,
    mismatched_labels=0.25,
    label_smoothing=0.125,
    instance_noise=0.375,
    augmentation=0.25,
    divergence_weight=4.0,
    prediction="epsilon",
    sampler="ddpm",
    sampling_steps=50,
    ema_decay=0.75,
    precision="mixed",
    data="mnist",
    classes="3,8",
    data_fraction=0.5,
    seed=11,
    max_steps=13,
    max_seconds=17.0,
    target_distance=2.5,
)
EXAMPLES = (CHANGED, replace(CHANGED, gradient_penalty=0.0, r1_penalty=2.0, r1_interval=8))
"""Every field differs from its default in one of them: no config has both penalties."""


@pytest.mark.parametrize("config", EXAMPLES)
def test_json_round_trip_keeps_every_field(config: TrainConfig) -> None:
    assert TrainConfig.from_json(config.to_json()) == config


def test_the_examples_differ_from_the_default_everywhere() -> None:
    default = TrainConfig()
    changed = [
        name
        for name in FIELD_TYPES
        if any(getattr(config, name) != getattr(default, name) for config in EXAMPLES)
    ]
    assert changed == list(FIELD_TYPES) == [field.name for field in fields(TrainConfig)]


def test_json_from_before_a_field_existed_gets_its_default() -> None:
    assert TrainConfig.from_json('{"seed": 5}') == TrainConfig(seed=5)


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
        ("sampling_steps", 0, "from 1 to 1000 steps"),
        ("sampling_steps", 1001, "from 1 to 1000 steps"),
        ("sampler", "heun", "one of ddim, ddpm"),
        ("prediction", "x0", "one of v, epsilon"),
        ("max_steps", 0, "from 1"),
        ("data", " ", "the name of a data set, such as builtin, or the path"),
        ("conditional", "yes", "one of no, hidden, found, projected, concatenated"),
        ("discriminator_normalization", "layer", "one of batch, spectral, none"),
        ("gradient_penalty", -1.0, "from 0 to 1000"),
        ("label_smoothing", 0.6, "from 0 to 0.5"),
        ("instance_noise", math.inf, "from 0 to 2"),
        ("divergence_weight", -0.1, "from 0 to 100"),
        ("data_fraction", 0.0, "from 0.001 to 1"),
        ("discriminator_steps", 11, "from 1 to 10"),
        ("groups", 1, "from 2 to 64"),
        ("groups", 65, "from 2 to 64"),
    ],
)
def test_a_bad_value_is_refused_by_name(field: str, value: object, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        replace(TrainConfig(), **{field: value})
    assert caught.value.field_name == field
    assert repr(value) in str(caught.value)


VAE = {"architecture": "vae", "loss": "elbo"}
DDPM = {"architecture": "ddpm", "loss": "denoising", "latent_dim": 784}
GP = {"gradient_penalty": 10.0, "discriminator_normalization": "none"}
TOGETHER: dict[str, tuple[dict[str, object], str, str]] = {
    "elbo without vae": ({"loss": "elbo"}, "loss", "the architecture lean-dcgan, one of non-sat"),
    "vae without elbo": ({"architecture": "vae"}, "loss", "with the architecture vae, one of elbo"),
    "vae, gradient penalty": (VAE | {"gradient_penalty": 1.0}, "gradient_penalty", "no discrim"),
    "vae, R1": (VAE | {"r1_penalty": 1.0}, "r1_penalty", "no discriminator to apply it to: 0"),
    "vae, smoothing": (VAE | {"label_smoothing": 0.1}, "label_smoothing", "no discriminator"),
    "vae, noise": (VAE | {"instance_noise": 0.1}, "instance_noise", "no discriminator"),
    "vae, class": (VAE | {"conditional": "projected"}, "conditional", "takes no class: no"),
    "vae, D steps": (VAE | {"discriminator_steps": 2}, "discriminator_steps", "discriminator: 1"),
    "vae, much noise": (VAE | {"latent_dim": 513}, "latent_dim", "up to 512 numbers of noise"),
    "much noise": ({"latent_dim": 784}, "latent_dim", "up to 512 numbers of noise"),
    "ddpm, little noise": (DDPM | {"latent_dim": 32}, "latent_dim", "the architecture ddpm, 784"),
    "ddpm, smoothing": (DDPM | {"label_smoothing": 0.1}, "label_smoothing", "no discriminator"),
    "ddpm, D steps": (DDPM | {"discriminator_steps": 2}, "discriminator_steps", "discriminator: 1"),
    "ddpm, hidden": (DDPM | {"conditional": "hidden"}, "conditional", "one of no, projected"),
    "ddpm, elbo": (DDPM | {"loss": "elbo"}, "loss", "the architecture ddpm, one of denoising"),
    "hidden, little noise": (
        {"conditional": "hidden", "latent_dim": 9},
        "latent_dim",
        "one number of noise for each class",
    ),
    "found, little noise": (
        {"conditional": "found", "groups": 20, "latent_dim": 19},
        "latent_dim",
        "each group that is found takes one number of noise: 20 or more",
    ),
    "found, gradient penalty": (
        GP | {"conditional": "found"},
        "gradient_penalty",
        "which a hidden class does not pair",
    ),
    "vae, groups": (VAE | {"conditional": "found"}, "conditional", "takes no class: no"),
    "hidden, gradient penalty": (
        GP | {"conditional": "hidden"},
        "gradient_penalty",
        "does not pair: 0, or conditional projected or concatenated",
    ),
    "both penalties": (GP | {"r1_penalty": 1.0}, "r1_penalty", "slope 0 where.* one of them"),
    "gradient penalty, batch": (
        {"gradient_penalty": 1.0},
        "gradient_penalty",
        "batch norm.* mixes",
    ),
    "R1, batch": ({"r1_penalty": 1.0}, "r1_penalty", "none or spectral"),
    "loose critic": (
        {"loss": "wasserstein", "discriminator_normalization": "none"},
        "loss",
        r"needs a gradient_penalty \(10 is usual\) or .* spectral",
    ),
    "R1 is no leash": (
        {"loss": "wasserstein", "discriminator_normalization": "none", "r1_penalty": 1.0},
        "loss",
        "runs away",
    ),
    "smoothing, hinge": (
        {"loss": "hinge", "label_smoothing": 0.1},
        "label_smoothing",
        "cross-entropy: 0, or loss non-saturating or minimax",
    ),
    "mismatches, hinge": (
        {"loss": "hinge", "conditional": "projected", "mismatched_labels": 0.1},
        "mismatched_labels",
        "cross-entropy: 0, or loss non-saturating or minimax",
    ),
    "mismatches without classes": (
        {"mismatched_labels": 0.1},
        "mismatched_labels",
        "told no class.* two classes or more",
    ),
    "mismatches of one class": (
        {"conditional": "projected", "classes": "3", "mismatched_labels": 0.1},
        "mismatched_labels",
        "told no class",
    ),
    "vae, mismatches": (VAE | {"mismatched_labels": 0.1}, "mismatched_labels", "no discriminator"),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_what_is_possible_one_by_one_but_not_together(name: str) -> None:
    values, field, words = TOGETHER[name]
    with pytest.raises(ConfigError, match=words) as caught:
        TrainConfig(**values)
    assert caught.value.field_name == field
    value = values.get(field, getattr(TrainConfig(), field))
    assert f"{field} = {value!r} is not" in str(caught.value)


@pytest.mark.parametrize(
    "values",
    [
        VAE,
        VAE | {"discriminator_normalization": "spectral", "divergence_weight": 0.0},
        GP | {"loss": "wasserstein"},
        {"loss": "wasserstein", "discriminator_normalization": "spectral"},
        GP | {"loss": "hinge", "discriminator_normalization": "spectral"},
        {"r1_penalty": 1.0, "discriminator_normalization": "none", "label_smoothing": 0.1},
        {"loss": "minimax", "label_smoothing": 0.5, "conditional": "projected"},
        {"conditional": "hidden", "latent_dim": 2, "classes": "3,8"},
        {"conditional": "found", "groups": 20, "latent_dim": 20, "classes": "3,8"},
    ],
    ids=str,
)
def test_what_goes_together(values: dict[str, object]) -> None:
    config = TrainConfig(**values)
    assert (config.family is VARIATIONAL) == ("architecture" in values)
    assert config.is_conditional == (values.get("conditional") == "projected")
    assert config.uses_classes == ("conditional" in values)
    assert config.uses_labels == (config.uses_classes and values["conditional"] != "found")
    assert config.hides_classes == (values.get("conditional") in ("hidden", "found"))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("all", tuple(range(10))),
        ("7", (7,)),
        ("3,8", (3, 8)),
        (" 8, 3 ,8,", None),
        (" 8, 3 ,8", (3, 8)),
        ("0,1,2,3,4,5,6,7,8,9", tuple(range(10))),
        ("", None),
        ("10", None),
        ("-1,3", None),
        ("3;8", None),
        ("three", None),
        (38, None),
    ],
)
def test_classes_are_read(text: object, chosen: tuple[int, ...] | None) -> None:
    if chosen is None:
        with pytest.raises(ConfigError, match="all, or classes from 0 to 9 such as 3,8") as caught:
            TrainConfig(classes=text)
        assert caught.value.field_name == "classes"
    else:
        assert TrainConfig(classes=text).chosen_classes == chosen


def test_a_run_needs_a_budget() -> None:
    with pytest.raises(ConfigError, match="max_steps or max_seconds"):
        TrainConfig(max_steps=None, max_seconds=None)
    with pytest.raises(ConfigError, match="max_steps or max_seconds"):
        TrainConfig(max_seconds=None, target_distance=5.0)  # they may never be as good
    for target in (0.0, -1.0, 1001.0, float("nan"), True):
        with pytest.raises(ConfigError, match="target_distance"):
            TrainConfig(target_distance=target)


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
        ("target_distance", "2.5", 2.5),
        ("target_distance", "none", None),
    ],
)
def test_fields_are_read_from_text(name: str, text: str, value: object) -> None:
    assert parse_field(name, text) == value


def test_text_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(ConfigError, match="a whole number from 2"):
        parse_field("batch_size", "many")


def test_every_field_explains_itself() -> None:
    assert set(LIMITS) == set(FIELD_TYPES) - {"data", "classes"}
    assert all(limits.help.endswith(".") for limits in LIMITS.values())


def test_presets_are_found_by_name() -> None:
    assert next(iter(presets())) == "quick"
    assert preset("conditional").is_conditional
    assert not preset("unconditional").uses_labels
    assert not preset("plain").uses_classes
    assert preset("article-mnist").batch_size == 16  # as the article prints it
    with pytest.raises(ConfigError, match="one of quick"):
        preset("nope")


def test_a_run_follows_the_clock_if_its_rates_fall_with_its_seconds() -> None:
    falling = {"learning_rate_schedule": "cosine"}
    assert not TrainConfig().follows_the_clock
    assert TrainConfig(**falling).follows_the_clock
    assert not TrainConfig(**falling, max_seconds=None, max_steps=100).follows_the_clock
