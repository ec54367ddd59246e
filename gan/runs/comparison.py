"""The families of methods side by side: runs of the same data and the same seconds.

Which runs those are; `gan.runs.comparison_words` says what their judgements tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final

from gan.messages.events import Quality
from gan.messages.status import RunStatus
from gan.runs.recordings import PREFIX
from gan.runs.state import RunState
from gan.settings.config import ALL_CLASSES, DEFAULT_DATA, TrainConfig
from gan.settings.families import FAMILIES
from gan.settings.presets import preset

COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "adversarial": ("quick", "unconditional", "plain", "conditional"),
    "variational": ("vae",),
    "diffusion": ("ddpm",),
}
"""The presets that stand for each family, the usual one first."""
USUAL_SECONDS: Final = 60.0
_ANY: Final[Mapping[str, Any]] = {
    name: getattr(TrainConfig(), name)
    for name in ("data", "classes", "data_fraction", "seed", "max_seconds", "max_steps")
}
"""What runs of the same preset may differ in."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A run that stands for its family, as it was when it ended."""

    state: RunState
    preset: str

    @property
    def quality(self) -> Quality:
        """How good its digits were then."""
        return self.state.quality[-1]

    @property
    def family(self) -> str:
        """The name of its family."""
        return self.state.config.family.name

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.state.config.family.title} ({self.preset})"

    @property
    def network_calls(self) -> int:
        """How often the network is asked for one digit."""
        config = self.state.config
        return config.sampling_steps if config.family.draws_in_steps else 1

    @property
    def seconds(self) -> float:
        """How long it had trained then; judging takes no part of that."""
        return self.state.seconds_at(self.quality.step)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the runs of a comparison have in common."""

    data: str = DEFAULT_DATA
    classes: str = ALL_CLASSES
    data_fraction: float = 1.0
    seconds: float = USUAL_SECONDS


@dataclass(frozen=True, slots=True)
class Comparison:
    """One run a family, as far as there are any."""

    setting: Setting
    contestants: tuple[Contestant, ...]
    """In the order of `FAMILIES`."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The families of which there is no run, by their names."""
        there = {one.family for one in self.contestants}
        return tuple(name for name in FAMILIES if name not in there)


@cache
def _usual() -> Mapping[TrainConfig, str]:
    """The presets among `COMPARED` by what they are beside data, seed and budget."""
    names = [name for names in COMPARED.values() for name in names]
    return {_apart_from_setting(preset(name)): name for name in names}


@lru_cache(maxsize=1024)
def preset_of(config: TrainConfig) -> str | None:
    """The preset among `COMPARED` that `config` is, but for its data, its seed and its budget."""
    return _usual().get(_apart_from_setting(config))


def _apart_from_setting(config: TrainConfig) -> TrainConfig:
    """`config` with the usual data, seed and budget."""
    return replace(config, **_ANY)


def recordings_of(shipped: Iterable[str]) -> list[str]:
    """The recordings among what ships that can stand for a family, by their ids."""
    wanted = {PREFIX + name for names in COMPARED.values() for name in names}
    return [name for name in shipped if name in wanted]


def comparison(states: Iterable[RunState], recordings: Iterable[RunState] = ()) -> Comparison:
    """The newest runs of all families that have their data and their seconds in common.

    `states` are those that were trained here, the newest first. Where they are of no use, those of
    `recordings` that stand for a family stand beside each other, as many as had the same seconds: a
    longer one is not looked at before its end, where its steps have become small. A family that has
    no such recording is filled in by a run of here that fits.
    """
    found: dict[Setting, dict[str, Contestant]] = {}
    for state in states:
        if (name := _preset_of_run(state)) and (setting := _setting(state)):
            one = Contestant(state, name)
            found.setdefault(setting, {}).setdefault(one.family, one)
    whole = [setting for setting, ones in found.items() if len(ones) == len(FAMILIES)]
    if whole:
        newest = max(whole, key=lambda each: min(_created(found[each])))
        return Comparison(newest, _ordered(found[newest]))
    setting, recorded = _of_recordings(recordings)
    return Comparison(setting, _ordered(found.get(setting, {}) | recorded))


def _preset_of_run(state: RunState) -> str | None:
    """The preset that a run followed from its beginning to its end, on this machine."""
    is_whole = state.status is RunStatus.FINISHED and bool(state.quality)
    is_plain = not (state.is_imported or state.parent or state.begun)
    return preset_of(state.config) if is_whole and is_plain else None


def _setting(state: RunState) -> Setting | None:
    config = state.config
    if config.max_seconds is None or config.max_steps is not None:
        return None
    return Setting(config.data, config.classes, config.data_fraction, config.max_seconds)


def _created(ones: Mapping[str, Contestant]) -> Iterable[float]:
    return [one.state.created for one in ones.values()]


def _ordered(ones: Mapping[str, Contestant]) -> tuple[Contestant, ...]:
    return tuple(ones[name] for name in FAMILIES if name in ones)


def _of_recordings(states: Iterable[RunState]) -> tuple[Setting, dict[str, Contestant]]:
    """As many families as there are recordings of the same seconds, by their usual presets."""
    by_preset = {state.name: state for state in states if state.quality}
    lengths: dict[float, dict[str, Contestant]] = {}
    for family, names in COMPARED.items():
        for name in names:
            if (state := by_preset.get(name)) and (seconds := state.config.max_seconds):
                ones = lengths.setdefault(seconds, {})
                ones.setdefault(family, Contestant(state, name))
    if not lengths:
        return Setting(), {}
    seconds = max(lengths, key=lambda each: (len(lengths[each]), -each))
    return Setting(seconds=seconds), lengths[seconds]
