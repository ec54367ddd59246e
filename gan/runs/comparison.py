"""The families of methods side by side: runs of the same data and the same seconds.

Which runs those are; `gan.runs.comparison_words` says what their judgements tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from gan.messages.events import Quality
from gan.messages.status import RunStatus
from gan.runs.recordings import PREFIX
from gan.runs.state import RunState
from gan.settings.config import ALL_CLASSES, DEFAULT_DATA, TrainConfig
from gan.settings.families import FAMILIES
from gan.settings.presets import preset

COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "adversarial": ("quick", "unconditional"),
    "variational": ("vae",),
    "diffusion": ("ddpm",),
}
"""The presets that stand for each family, the usual one first."""
USUAL_SECONDS: Final = 60.0
_LATE: Final = 1.05
"""Times the seconds that all had, which a run may have trained longer: it ends after a step."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A run that stands for its family, as it was after the seconds that all had."""

    state: RunState
    preset: str
    quality: Quality
    """The last judgement within these seconds."""

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

    @property
    def is_cut(self) -> bool:
        """Whether the run went on after that."""
        return self.state.step > self.quality.step


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


@lru_cache(maxsize=1024)
def preset_of(config: TrainConfig) -> str | None:
    """The preset among `COMPARED` that `config` is, but for its data, its seed and its budget."""
    for names in COMPARED.values():
        for name in names:
            usual = preset(name)
            if usual == replace(
                config,
                data=usual.data,
                classes=usual.classes,
                data_fraction=usual.data_fraction,
                seed=usual.seed,
                max_seconds=usual.max_seconds,
                max_steps=usual.max_steps,
            ):
                return name
    return None


def recordings_of(shipped: Iterable[str]) -> list[str]:
    """The recordings among what ships that can stand for a family, by their ids."""
    wanted = {PREFIX + name for names in COMPARED.values() for name in names}
    return [name for name in shipped if name in wanted]


def comparison(states: Iterable[RunState], recordings: Iterable[RunState] = ()) -> Comparison:
    """The newest runs of all families that have their data and their seconds in common.

    `states` are those that were trained here, the newest first. Where they are of no use, those of
    `recordings` that stand for a family stand beside each other, all as they were when the shortest
    of them ended; a family that has no recording is filled in by a run of here that fits.
    """
    found: dict[Setting, dict[str, Contestant]] = {}
    for state in states:
        if (name := _preset_of_run(state)) and (setting := _setting(state)):
            one = Contestant(state, name, state.quality[-1])
            found.setdefault(setting, {}).setdefault(one.family, one)
    whole = [setting for setting, ones in found.items() if len(ones) == len(FAMILIES)]
    if whole:
        newest = max(whole, key=lambda each: min(_created(found[each])))
        return Comparison(newest, _ordered(found[newest]))
    recorded = _of_recordings(recordings)
    setting = _common(recorded.values())
    shipped = {name: _after(one, setting.seconds) for name, one in recorded.items()}
    there = {name: one for name, one in shipped.items() if one}
    return Comparison(setting, _ordered(found.get(setting, {}) | there))


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


def _of_recordings(states: Iterable[RunState]) -> dict[str, RunState]:
    """The recording that stands for each family: of the first of its presets that has one."""
    by_preset = {state.name: state for state in states if state.quality}
    found = {}
    for family, names in COMPARED.items():
        if there := [by_preset[name] for name in names if name in by_preset]:
            found[family] = there[0]
    return found


def _common(recorded: Iterable[RunState]) -> Setting:
    """The usual setting, and as many seconds as the shortest recording has."""
    seconds = [state.config.max_seconds or state.seconds for state in recorded]
    return Setting(seconds=min(seconds, default=USUAL_SECONDS))


def _after(state: RunState, seconds: float) -> Contestant | None:
    """A recording as it was after `seconds`."""
    checks = [q for q in state.quality if state.seconds_at(q.step) <= _LATE * seconds]
    return Contestant(state, state.name, checks[-1]) if checks else None
