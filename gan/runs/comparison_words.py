"""What a comparison of the families says: which of them is better here, its figures alone tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gan.data import registry
from gan.runs import measures
from gan.runs.comparison import Comparison, Contestant, Setting
from gan.settings.config import ALL_CLASSES
from gan.words.text import legible

_CHANCE: Final = 1.96 * 0.5**0.5
"""By how much two shares of n digits may differ by chance, at most, times the root of n."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared, in words."""

    name: str
    cells: tuple[str, ...]
    """Of each contestant."""
    real: str = ""
    """Of real digits, where it means something there."""
    meaning: str = ""


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
        Row("Training", tuple(f"{one.seconds:.0f} s, {one.quality.step:,} steps" for one in ones)),
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
    believed, complete = _highest(ones, "precision"), _highest(ones, "recall")
    match believed, complete:
        case None, None:
            return []
        case _, None:
            found = f"Precision is highest for {believed}."
        case None, _:
            found = f"Recall is highest for {complete}."
        case _ if believed == complete:
            found = f"Precision and recall are both highest for {believed}."
        case _:
            found = f"Precision is highest for {believed}, recall for {complete}."
    fewest = min(one.quality.samples for one in ones if one.quality.precision is not None)
    return [
        found,
        f"With {fewest:,} digits judged, differences in precision or recall of up to "
        f"{100 * _CHANCE / fewest**0.5:.0f} percentage points may be chance.",
    ]


def _highest(ones: Sequence[Contestant], measure: str) -> str | None:
    """Whose share is the highest, as it is shown; None if several have it, or nobody does."""
    shares = [(getattr(one.quality, measure), one.title) for one in ones]
    known = sorted(((round(share, 3), title) for share, title in shares if share is not None))
    if len(known) < 2 or known[-1][0] == known[-2][0]:
        return None
    return known[-1][1]


def data_words(setting: Setting) -> str:
    """The real digits that all learned from, as people call them."""
    named = registry.DATA_SETS.get(setting.data)
    text = named.title if named else legible(Path(setting.data).name)
    if setting.classes != ALL_CLASSES:
        text += f", of class {setting.classes} only"
    return text if setting.data_fraction == 1 else f"{text}, {setting.data_fraction:.0%} of them"


def told_classes(found: Comparison) -> list[str]:
    """Of each network that learned with classes, a sentence that says so, and whose they were."""
    told = []
    for one in found.contestants:
        if one.state.config.uses_labels:
            told.append(f"{one.title} was told which class each real digit is of while it learned.")
        elif one.state.config.finds_groups:
            told.append(
                f"{one.title} was told no classes: it sorted the real digits into groups by itself "
                "before it began, and learned with those."
            )
    return told
