"""A thorough judgement of a network: every measure with its floor, and each of these with a spread.

It is what the stored job ``judge`` comes to. Digits are drawn and judged several times over, each
time with other noise and other real digits; what real digits score by the same code, as many of
them, is the floor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from gan.data import registry
from gan.messages.events import Quality
from gan.runs import measures
from gan.settings.config import CLASSES
from gan.words.text import is_text

JUDGE: Final = "judge"
"""The kind of such a job."""
TIMES: Final = 5
"""How often digits are drawn and judged: what the spread is the spread of."""
DISTANCE: Final = "frechet_distance"
SHARES: Final = ("precision", "recall", "coverage_spread", "confidence")
NEAREST: Final = "nearest_distance"
MEASURES: Final = (DISTANCE, "precision", "recall", "coverage_spread", "confidence", NEAREST)
"""In the order in which `gan.runs.measures` tells them."""
_MAX_COUNT: Final = 10**12
_MAX_NUMBER: Final = 1e9
_MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure of generated or of real digits: the mean over all times, and how far one may be.

    Of the Frechet distance `spread` is half of the 95% interval of one time, for the chance of
    which digits were drawn; of all others the standard deviation over the times.
    """

    value: float
    spread: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of judging the network that a run had after `step` steps."""

    step: int
    samples: int
    """Generated digits each time."""
    compared: int
    """Digits on either side for what depends on their number: half of the real ones at most."""
    times: int
    real_digits: str
    """The name of the data that they were compared with, without a place on this machine."""
    generated: Mapping[str, Spread]
    """By the names of `MEASURES`."""
    real: Mapping[str, Spread]
    coverage: tuple[float, ...]
    """Share of each class 0 to 9 among the generated digits; sums to 1."""
    real_coverage: tuple[float, ...]

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Self:
        """The judgement that `result` makes one of. Raises `ValueError` if that is none."""
        try:
            judgement = cls(
                **{
                    **result,
                    **{side: _spreads(result[side]) for side in ("generated", "real")},
                    **{side: tuple(result[side]) for side in ("coverage", "real_coverage")},
                }
            )
            judgement._check()
        except (TypeError, KeyError, AttributeError, OverflowError) as error:
            raise ValueError(f"it is no judgement ({error})") from None
        return judgement

    def result(self) -> dict[str, Any]:
        """What JSON can hold, and `of` reads."""
        return asdict(self)

    @property
    def quality(self) -> Quality:
        """The means as a quality check reports them, its seconds left out."""
        values: dict[str, Any] = {name: self.generated[name].value for name in MEASURES}
        values |= {f"real_{name}": self.real[name].value for name in MEASURES[1:]}
        own, floor = self.generated[DISTANCE], self.real[DISTANCE]
        return Quality(
            step=self.step,
            seconds=0.0,
            samples=self.samples,
            frechet_low=own.value - own.spread,
            frechet_high=own.value + own.spread,
            floor=floor.value,
            floor_low=floor.value - floor.spread,
            floor_high=floor.value + floor.spread,
            coverage=self.coverage,
            real_coverage=self.real_coverage,
            **values,
        )

    def _check(self) -> None:
        for count in (self.step, self.samples, self.compared, self.times):
            if type(count) is not int or not 0 <= count <= _MAX_COUNT:
                raise ValueError(f"a count of it cannot be {count!r:.40}")
        if not (self.samples and self.compared and self.times):
            raise ValueError("it is one of nothing")
        if not isinstance(self.real_digits, str) or not is_text(self.real_digits, _MAX_TEXT):
            raise ValueError(f"its real digits cannot be {self.real_digits!r:.40}")
        for shares in (self.coverage, self.real_coverage):
            if len(shares) != CLASSES or not all(map(_is_share, shares)):
                raise ValueError("its classes are not ten shares")
        if any(not _is_share(side[name].value) for side in self._sides for name in SHARES):
            raise ValueError("one of its shares is none")

    @property
    def _sides(self) -> tuple[Mapping[str, Spread], ...]:
        return self.generated, self.real


def rows(judgement: Judgement) -> list[measures.Measure]:
    """Every measure in words, with its unit and its spread, beside what real digits score."""
    told = measures.measures(judgement.quality)
    return [
        measures.Measure(
            row.name,
            _with_spread(name, row.generated, judgement.generated[name]),
            _with_spread(name, row.real, judgement.real[name]),
            row.better,
            row.meaning,
            row.step,
        )
        for name, row in zip(MEASURES, told, strict=True)
    ]


def about(judgement: Judgement) -> str:
    """How the numbers came about, in sentences."""
    told = (
        f"The network of step {judgement.step:,} drew {judgement.samples:,} digits in each of "
        f"{judgement.times} rounds, from other noise each time and beside other real digits. Each "
        "number is the mean of the rounds. Behind ± stands the standard deviation between them; "
        "in brackets, of the Frechet distance, the 95% interval of one round."
    )
    if judgement.compared == judgement.samples:
        return told
    return f"{told} " + (
        "Precision, recall, coverage spread and the nearest picture depend on how many digits are "
        f"compared. As there are not more real ones, {judgement.compared:,} generated digits were "
        f"compared with {judgement.compared:,} real ones."
    )


def real_digits(judgement: Judgement) -> str:
    """With which real digits the network's were compared, as people call them."""
    named = registry.DATA_SETS.get(judgement.real_digits)
    return named.title if named else judgement.real_digits


def in_a_line(result: Mapping[str, Any]) -> str:
    """The result of a job of the kind ``judge``, in a line."""
    try:
        judgement = Judgement.of(result)
    except ValueError:
        return "This judgement cannot be read."
    quality = judgement.quality
    return (
        f"Step {judgement.step:,}, {judgement.samples:,} digits: "
        f"{measures.distance_words(quality)}. {measures.verdict(quality)}".rstrip()
    )


def mean(checks: Sequence[Quality], compared: int, real_digits: str) -> Judgement:
    """What several checks of the same network come to together."""
    own, floor = (
        {name: _over_times(checks, prefix, name) for name in MEASURES} for prefix in ("", "real_")
    )
    classes = zip(*(check.coverage for check in checks), strict=True)
    real_classes = zip(*(check.real_coverage for check in checks), strict=True)
    return Judgement(
        step=checks[0].step,
        samples=checks[0].samples,
        compared=compared,
        times=len(checks),
        real_digits=real_digits,
        generated=own,
        real=floor,
        coverage=tuple(sum(shares) / len(checks) for shares in classes),
        real_coverage=tuple(sum(shares) / len(checks) for shares in real_classes),
    )


def _over_times(checks: Sequence[Quality], prefix: str, name: str) -> Spread:
    if name == DISTANCE:
        fields = ("floor", "floor_high") if prefix else (DISTANCE, "frechet_high")
        values, highs = ([getattr(check, field) for check in checks] for field in fields)
        middle = sum(values) / len(values)
        return Spread(middle, sum(highs) / len(highs) - middle)
    values = [getattr(check, prefix + name) for check in checks]
    middle = sum(values) / len(values)
    squares = sum((value - middle) ** 2 for value in values)
    return Spread(middle, math.sqrt(squares / max(1, len(values) - 1)))


def _with_spread(name: str, words: str, measured: Spread) -> str:
    """A number as people read it, with how far it may be off."""
    if name == DISTANCE:
        return words  # with its interval
    spread = measured.spread if name == NEAREST else 100 * measured.spread
    return f"{words} ± {spread:.1f}"


def _spreads(values: Mapping[str, Any]) -> dict[str, Spread]:
    found = {name: Spread(**values[name]) for name in MEASURES}
    if len(values) != len(found) or not all(map(_is_number, found.values())):
        raise ValueError("one of its measures is no number")
    return found


def _is_number(measured: Spread) -> bool:
    numbers = (measured.value, measured.spread)
    if not all(type(each) is float and math.isfinite(each) for each in numbers):
        return False
    return abs(measured.value) <= _MAX_NUMBER and 0 <= measured.spread <= _MAX_NUMBER


def _is_share(value: object) -> bool:
    return type(value) is float and 0 <= value <= 1.001  # rounded
