"""The families of methods side by side: runs of the same data and the same seconds.

Which runs those are, and what their judgements say: which family is better here, the figures alone
tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from gan.data import registry
from gan.messages.events import Quality
from gan.messages.status import RunStatus
from gan.runs import measures
from gan.runs.state import RunState
from gan.settings.config import ALL_CLASSES, DEFAULT_DATA, TrainConfig
from gan.settings.families import FAMILIES
from gan.settings.presets import preset
from gan.words.text import legible

COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "adversarial": ("quick", "unconditional"),
    "variational": ("vae",),
    "diffusion": ("ddpm",),
}
"""The presets that stand for each family, the usual one first."""
USUAL_SECONDS: Final = 60.0
_LATE: Final = 1.05
"""Times its seconds until which a run's judgement counts: the last one comes after its end."""
_CHANCE: Final = 1.96 * 0.5**0.5
"""By how much two shares of n digits may differ by chance, at most, times the root of n."""


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
    def is_cut(self) -> bool:
        """Whether the run went on after that."""
        return self.state.seconds > _LATE * self.quality.seconds


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


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared, in words."""

    name: str
    cells: tuple[str, ...]
    """Of each contestant."""
    real: str = ""
    """Of real digits, where it means something there."""
    meaning: str = ""


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
    checks = [check for check in state.quality if check.seconds <= _LATE * seconds]
    return Contestant(state, state.name, checks[-1]) if checks else None


def rows(found: Comparison, kilobytes: Sequence[int | None]) -> list[Row]:
    """What is compared, in the order in which it is read; `kilobytes` are the networks' sizes."""
    ones = found.contestants
    checks = [one.quality for one in ones]
    if not checks:
        return []
    real = checks[0]
    return [
        Row(
            "Frechet distance",
            tuple(map(measures.generated_distance, checks)),
            measures.real_distance(real),
            f"how far the generated digits are from real ones; {measures.LOWER}",
        ),
        Row(
            "Precision",
            tuple(_share(check.precision) for check in checks),
            _share(real.real_precision),
            "generated digits that lie among real ones: can they be believed?",
        ),
        Row(
            "Recall",
            tuple(_share(check.recall) for check in checks),
            _share(real.real_recall),
            "real digits that lie among generated ones: is all drawn that there is?",
        ),
        Row("Training", tuple(f"{check.seconds:.0f} s, {check.step:,} steps" for check in checks)),
        Row(
            "Network calls for one digit",
            tuple(f"{one.network_calls:,}" for one in ones),
            meaning="how often the network is asked while one digit is drawn",
        ),
        Row(
            "Network that draws",
            tuple("not kept" if size is None else f"{size:,} kB" for size in kilobytes),
            meaning="the size of its file, which the browser loads",
        ),
    ]


def _share(share: float | None) -> str:
    return "not measured" if share is None else f"{share:.1%}"


def findings(found: Comparison) -> list[str]:
    """What the figures say of who is better here, in sentences."""
    ones = found.contestants
    if len(ones) < 2:
        return []
    if len({one.quality.is_extrapolated for one in ones}) > 1:
        return [
            "Their distances cannot be compared: some of these runs were judged by an earlier "
            "version, whose numbers are others."
        ]
    return [_nearest(ones), *_shares(ones)]


def _nearest(ones: Sequence[Contestant]) -> str:
    """Whose digits are nearest to real ones, if the intervals of their distances say so."""
    first, *others = sorted(ones, key=lambda one: one.quality.frechet_distance)
    high = first.quality.frechet_high
    lows = [one.quality.frechet_low for one in others]
    if high is None or any(low is None for low in lows):
        return f"The lowest distance here is that of {first.title}."
    near = [one for one, low in zip(others, lows, strict=True) if low is not None and low <= high]
    if not near:
        return (
            f"The lowest distance here is that of {first.title}, and by more than the chance of "
            "which digits were drawn."
        )
    return (
        f"The lowest distance here is that of {first.title}, but its interval overlaps that of "
        f"{near[0].title}: these two cannot be told apart by it."
    )


def _shares(ones: Sequence[Contestant]) -> list[str]:
    """Who has the highest precision and recall, and what that is worth."""
    measured = [
        (one, one.quality.precision, one.quality.recall)
        for one in ones
        if one.quality.precision is not None and one.quality.recall is not None
    ]
    if len(measured) < 2:
        return []
    believed = max(measured, key=lambda each: each[1])[0].title
    complete = max(measured, key=lambda each: each[2])[0].title
    fewest = min(one.quality.samples for one in ones)
    return [
        f"Precision and recall are both highest for {believed}."
        if believed == complete
        else f"Precision is highest for {believed}, recall for {complete}.",
        f"With {fewest:,} digits judged, differences in precision or recall of up to "
        f"{100 * _CHANCE / fewest**0.5:.0f} percentage points may be chance.",
    ]


def data_words(setting: Setting) -> str:
    """The real digits that all learned from, as people call them."""
    named = registry.DATA_SETS.get(setting.data)
    text = named.title if named else legible(Path(setting.data).name)
    if setting.classes != ALL_CLASSES:
        text += f", of class {setting.classes} only"
    return text if setting.data_fraction == 1 else f"{text}, {setting.data_fraction:.0%} of them"


def told_classes(found: Comparison) -> list[str]:
    """Of each network that was told classes while it learned, a sentence that says so."""
    return [
        f"{one.title} was told which class each real digit is of while it learned."
        for one in found.contestants
        if one.state.config.uses_labels
    ]
