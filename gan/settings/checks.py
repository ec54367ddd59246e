"""What a config refuses: values out of their range, and values that do not go together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from gan.settings.derived import ConfigFields
from gan.settings.fields import FIELD_TYPES, LIMITS, OPTIONAL
from gan.settings.limits import ConfigError
from gan.settings.losses import LOSSES

_CLASSES_HIDDEN: Final = "a hidden class takes one number of noise for each class: {least} or more"
_GROUPS_HIDDEN: Final = "each group that is found takes one number of noise: {least} or more"


def check_field(name: str, value: object) -> None:
    """Refuse a value that the field `name` cannot have, whatever the others are."""
    limits = LIMITS[name]
    if value is None and name in OPTIONAL:
        return
    if limits.choices is not None:
        if value not in limits.choices:
            raise ConfigError(name, value, limits.allowed)
        return
    number = int if FIELD_TYPES[name] is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, number):
        kind = "a whole number" if FIELD_TYPES[name] is int else "a number"
        raise ConfigError(name, value, f"{kind} {limits.allowed}")
    if not limits.minimum <= value <= limits.maximum:  # also refuses NaN
        raise ConfigError(name, value, limits.allowed)


def check_together(config: ConfigFields) -> None:
    """Refuse values that are possible one by one but not together."""
    if config.loss not in config.family.losses:
        choices = ", ".join(config.family.losses)
        _refuse(config, "loss", f"with the architecture {config.architecture}, one of {choices}")
    for name, value in config.family.fixed.items():
        if getattr(config, name) != value:
            _refuse(config, name, f"with the architecture {config.architecture}, {value}")
    _OF_FAMILY[config.family.name](config)


def _refuse(config: ConfigFields, name: str, why: str) -> NoReturn:
    raise ConfigError(name, getattr(config, name), why)


def _check_variational(config: ConfigFields) -> None:
    """It has neither a discriminator nor classes."""
    _check_no_discriminator(config, "a variational autoencoder")
    _check_noise(config)
    if config.uses_classes:
        _refuse(config, "conditional", "the variational autoencoder here takes no class: no")


def _check_diffusion(config: ConfigFields) -> None:
    """It has no discriminator, and only one way to be told classes."""
    _check_no_discriminator(config, "a diffusion model")
    known = config.family.choices["conditional"]
    if config.conditional not in known:
        _refuse(config, "conditional", "with a diffusion model, one of " + ", ".join(known))


def _check_no_discriminator(config: ConfigFields, what: str) -> None:
    for name in (
        "gradient_penalty",
        "r1_penalty",
        "mismatched_labels",
        "label_smoothing",
        "instance_noise",
        "augmentation",
        "discriminator_hidden_units",
    ):
        if getattr(config, name):
            _refuse(config, name, f"{what} has no discriminator to apply it to: 0")
    if config.discriminator_steps > 1:
        _refuse(config, "discriminator_steps", f"{what} has no discriminator: 1")


def _check_noise(config: ConfigFields) -> None:
    """As many numbers as a generator that begins with a dense layer takes."""
    most = config.family.most["latent_dim"]
    if config.latent_dim > most:
        _refuse(config, "latent_dim", f"this network takes up to {most} numbers of noise")


def _check_adversarial(config: ConfigFields) -> None:
    _check_noise(config)
    _check_hidden_class(config)
    _check_mismatches(config)
    _check_penalties(config)
    _check_loss(config)


def _check_hidden_class(config: ConfigFields) -> None:
    if not config.hides_classes:
        return
    told = len(config.told_classes)
    if config.latent_dim < told:
        why = _GROUPS_HIDDEN if config.finds_groups else _CLASSES_HIDDEN
        _refuse(config, "latent_dim", why.format(least=told))
    if config.gradient_penalty:
        _refuse(
            config,
            "gradient_penalty",
            "it mixes a real and a generated digit of one class, which a hidden class does not "
            "pair: 0, or conditional projected or concatenated",
        )


def _check_mismatches(config: ConfigFields) -> None:
    """Real digits beside other classes need classes, and more than one."""
    if config.mismatched_labels and not (config.uses_classes and len(config.told_classes) > 1):
        _refuse(
            config,
            "mismatched_labels",
            "D is told no class that a digit could be shown beside in place of its own: 0, or "
            "conditional and two classes or more",
        )


def _check_penalties(config: ConfigFields) -> None:
    """Both are taken of D's slope at single examples."""
    if config.gradient_penalty and config.r1_penalty:
        _refuse(
            config,
            "r1_penalty",
            "it asks D for slope 0 where gradient_penalty asks for 1: one of them",
        )
    for name in ("gradient_penalty", "r1_penalty"):
        if getattr(config, name) and config.discriminator_normalization == "batch":
            _refuse(
                config,
                name,
                "it takes D's slope at each example, which batch normalisation mixes with the "
                "others: 0, or discriminator_normalization none or spectral",
            )


def _check_loss(config: ConfigFields) -> None:
    """What a loss asks of the other fields."""
    loss = LOSSES[config.loss]
    has_bounded_slopes = config.gradient_penalty or config.discriminator_normalization == "spectral"
    if loss.needs_bounded_slopes and not has_bounded_slopes:
        _refuse(
            config,
            "loss",
            f"a critic without bounded slopes runs away: {loss.name} needs a gradient_penalty "
            "(10 is usual) or discriminator_normalization spectral",
        )
    cross_entropies = " or ".join(one.name for one in LOSSES.values() if one.is_cross_entropy)
    for name, why in (
        ("label_smoothing", "it lowers the target of a cross-entropy"),
        ("mismatched_labels", "it adds pairs to a cross-entropy"),
    ):
        if getattr(config, name) and not loss.is_cross_entropy:
            _refuse(config, name, f"{why}: 0, or loss {cross_entropies}")


_OF_FAMILY: Final[Mapping[str, Callable[[ConfigFields], None]]] = {
    "adversarial": _check_adversarial,
    "variational": _check_variational,
    "diffusion": _check_diffusion,
}
"""By the names of `gan.settings.families`."""
