"""What a run is: a frozen, validated description that survives a trip through JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

ARCHITECTURES: Final[Mapping[str, str]] = {
    "lean-dcgan": "Small convolutional pair: ten digit classes within seconds on a CPU.",
    "dcgan-tutorial": "The widely taught DCGAN (256, 128 and 64 channels): slow on a CPU.",
    "article-dense": "The article's section 3.4: dense layers only. As printed, it tends to "
    "collapse to one pattern.",
    "article-mnist": "The article's section 5.2: dense generator, one convolution as critic. "
    "As printed, it tends to collapse to one pattern.",
}
LOSSES: Final[Mapping[str, str]] = {
    "non-saturating": "G maximises log D(G(z)): strong gradients while D is winning. The usual "
    "choice.",
    "minimax": "G minimises log(1 - D(G(z))), the original game: G's gradient fades when D is "
    "sure.",
}
BUILTIN_DATA: Final = "builtin"
MNIST_DATA: Final = "mnist"


class ConfigError(ValueError):
    """A value that a run cannot have. Names the field, the value and what is allowed."""

    def __init__(self, field_name: str, value: object, allowed: str) -> None:
        super().__init__(f"{field_name} = {value!r} is not possible: {allowed}.")
        self.field_name = field_name
        self.value = value
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Limits:
    """What one field means and may be: the form, the command line and validation read it."""

    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    step: float = 1
    unit: str = ""
    choices: Mapping[str, str] | None = None

    @property
    def allowed(self) -> str:
        """The valid range as people read it, such as ``from 1 to 1024``."""
        if self.choices is not None:
            return "one of " + ", ".join(self.choices)
        unit = f" {self.unit}" if self.unit else ""
        return f"from {self.minimum:g} to {self.maximum:g}{unit}"


def _limited(default: Any, **limits: Any) -> Any:
    return field(default=default, metadata={"limits": Limits(**limits)})


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One training run. Raises `ConfigError` for a value out of its range.

    A run ends at `max_steps` or `max_seconds`, whichever comes first; at least one is set.
    """

    architecture: str = _limited(
        "lean-dcgan",
        help="The pair of networks that play against each other.",
        choices=ARCHITECTURES,
    )
    loss: str = _limited(
        "non-saturating",
        help="What G is asked to minimise; D's loss is the same for both.",
        choices=LOSSES,
    )
    latent_dim: int = _limited(
        32,
        help="How many numbers of noise make one digit.",
        minimum=2,
        maximum=512,
    )
    batch_size: int = _limited(
        32,
        help="Digits seen in one training step: larger is smoother and slower.",
        minimum=2,
        maximum=1024,
        unit="digits",
    )
    generator_learning_rate: float = _limited(
        4e-3,
        help="How far G moves in one step. Up to twice D's helps G to keep up.",
        minimum=1e-6,
        maximum=1.0,
        step=1e-4,
    )
    discriminator_learning_rate: float = _limited(
        2e-3,
        help="How far D moves in one step. Far above G's, D wins and G learns nothing.",
        minimum=1e-6,
        maximum=1.0,
        step=1e-4,
    )
    adam_beta_1: float = _limited(
        0.5,
        help="Adam's momentum: GANs prefer 0.5 to the usual 0.9.",
        minimum=0.0,
        maximum=0.999,
        step=0.05,
    )
    adam_beta_2: float = _limited(
        0.999,
        help="Adam's memory for the size of gradients.",
        minimum=0.0,
        maximum=0.99999,
        step=0.001,
    )
    discriminator_steps: int = _limited(
        1,
        help="Updates of D for each update of G.",
        minimum=1,
        maximum=10,
    )
    ema_decay: float = _limited(
        0.999,
        help="Averaging of G's weights over time, for display: 0 shows the raw network.",
        minimum=0.0,
        maximum=0.9999,
        step=0.001,
    )
    data: str = field(default=BUILTIN_DATA)
    seed: int = _limited(
        1,
        help="Start of all randomness: the same seed gives the same run on one machine.",
        minimum=0,
        maximum=2**31 - 1,
    )
    max_steps: int | None = _limited(
        None,
        help="Stop after so many steps.",
        minimum=1,
        maximum=10_000_000,
        unit="steps",
    )
    max_seconds: float | None = _limited(
        60.0,
        help="Stop after so much training time.",
        minimum=1.0,
        maximum=86_400.0,
        unit="seconds",
    )

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            _check(name, getattr(self, name), limits)
        if not isinstance(self.data, str) or not self.data.strip():
            raise ConfigError("data", self.data, "builtin, mnist or the path of an .npz file")
        if self.max_steps is None and self.max_seconds is None:
            raise ConfigError("max_seconds", None, "a run needs max_steps or max_seconds")

    def to_json(self) -> str:
        """The config as one line of JSON that `from_json` reads back unchanged."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> TrainConfig:
        """Read what `to_json` wrote. Raises `ConfigError` for an unknown field or bad value."""
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError("config", text[:40], f"not JSON ({error})") from None
        if not isinstance(values, dict):
            raise ConfigError("config", text[:40], "a JSON object of fields")
        return cls().with_values(values)

    def with_values(self, values: Mapping[str, Any]) -> TrainConfig:
        """A copy with some fields changed. Raises `ConfigError` for an unknown field."""
        for name in values:
            if name not in FIELD_TYPES:
                raise ConfigError(
                    name, values[name], "no such field; there are " + ", ".join(FIELD_TYPES)
                )
        return replace(self, **values)


LIMITS: Final[Mapping[str, Limits]] = {
    item.name: item.metadata["limits"] for item in fields(TrainConfig) if item.metadata
}
FIELD_TYPES: Final[Mapping[str, type]] = {
    item.name: next(kind for kind in (str, int, float) if kind.__name__ in str(item.type))
    for item in fields(TrainConfig)
}
_OPTIONAL: Final = frozenset({"max_steps", "max_seconds"})


def _check(name: str, value: object, limits: Limits) -> None:
    if value is None and name in _OPTIONAL:
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


def parse_field(name: str, text: str) -> Any:
    """The value of field `name` written as `text`, as ``--set NAME=TEXT`` gives it.

    Raises `ConfigError` for an unknown field or a text that is not of the field's type.
    """
    if name not in FIELD_TYPES:
        raise ConfigError(name, text, "no such field; there are " + ", ".join(FIELD_TYPES))
    if name in _OPTIONAL and text.lower() == "none":
        return None
    kind = FIELD_TYPES[name]
    try:
        return kind(text)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise ConfigError(name, text, f"{wanted} {LIMITS[name].allowed}") from None


@dataclass(frozen=True, slots=True)
class Preset:
    """A named config, with a sentence on what to expect from it."""

    config: TrainConfig
    expect: str


def presets() -> Mapping[str, Preset]:
    """The presets by name, the default first."""
    article = TrainConfig(
        latent_dim=100,
        batch_size=16,
        generator_learning_rate=1e-4,
        discriminator_learning_rate=1e-4,
        adam_beta_1=0.9,
        max_seconds=120.0,
    )
    return {
        "quick": Preset(
            TrainConfig(),
            "All ten digits appear within seconds; a minute makes most of them readable.",
        ),
        "dcgan-tutorial": Preset(
            replace(article, architecture="dcgan-tutorial", batch_size=256, max_seconds=600.0),
            "Many times the weights of quick: on a CPU, shapes take many minutes to appear.",
        ),
        "article-dense": Preset(
            replace(article, architecture="article-dense"),
            "The article's dense networks, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
        ),
        "article-mnist": Preset(
            replace(article, architecture="article-mnist"),
            "The article's MNIST project, losses corrected, the rest as printed: when tried, "
            "every noise vector ended in nearly the same picture.",
        ),
    }


def preset(name: str) -> TrainConfig:
    """The config of preset `name`. Raises `ConfigError` if there is none."""
    known = presets()
    if name not in known:
        raise ConfigError("preset", name, "one of " + ", ".join(known))
    return known[name].config


PRETRAINED: Final[Mapping[str, TrainConfig]] = {
    "digits": TrainConfig(
        data=MNIST_DATA,
        batch_size=64,
        generator_learning_rate=2e-3,
        discriminator_learning_rate=1e-3,
        max_seconds=None,
        max_steps=16_000,
    ),
}
"""The recipes of the networks in ``assets/pretrained``; ``python -m gan make-pretrained`` cooks."""
