"""How a judgement reads: every measure beside what real digits score, and what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gan.data import registry
from gan.messages.events import Quality
from gan.runs.state import RunState

SEEN_SHARE = 0.01
"""A class that comes more rarely than that does not count as drawn."""
LEAST_DRAWN = 0.1
"""The distance at the lower end of a logarithmic axis: of digits that nothing tells from real."""
LOWER = "lower is better"
INTERVAL = (
    "In brackets the 95% interval: how far the chance of which digits are drawn can move the "
    "number, even a little below 0."
)

TARGETS = (
    "Noise is some 400 away, digits that can just be read some 30, those of quick after a minute "
    "some 2, and those of the pretrained network digits some 0.3, where real ones are 0.3 to 0.8."
)
"""What distances look like, for those who have to choose one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of generated digits, in words and with its unit."""

    name: str
    generated: str
    real: str
    """What real digits score against other real digits; empty if that was not measured."""
    better: str
    meaning: str
    step: int
    """When that was: the last judgement may have been of too few digits for some measures."""


def measures(*checks: Quality) -> tuple[Measure, ...]:
    """All that was measured in `checks`, the newest last, as of late as can be.

    The most telling come first; older runs have less.
    """
    return tuple(
        row
        for rows in zip(*map(_rows, checks), strict=True)
        if (row := next((row for row in reversed(rows) if row), None))
    )


def _rows(quality: Quality) -> tuple[Measure | None, ...]:
    """All measures of one judgement; None for one that was not taken."""
    return (
        _distance(quality),
        _measure(
            quality,
            "precision",
            "Precision",
            "{:.1%}",
            "higher is better",
            "Generated digits that lie among real ones: can what is drawn be believed?",
        ),
        _measure(
            quality,
            "recall",
            "Recall",
            "{:.1%}",
            "higher is better",
            "Real digits that lie among generated ones: is all drawn that there is?",
        ),
        _measure(
            quality,
            "coverage_spread",
            "Coverage spread",
            "{:.1%}",
            LOWER,
            "Digits that would have to be of another class for the classes to come as often as "
            "real ones do; about 90% if one of ten is all there is. Chance alone makes some of it, "
            "the more the fewer digits are judged.",
        ),
        _measure(
            quality,
            "confidence",
            "Confidence",
            "{:.1%}",
            "higher is better",
            "How sure the classifier is, on average, of the class that it reads: scribbles and "
            "mixtures make it doubt.",
        ),
        _measure(
            quality,
            "nearest_distance",
            "Nearest training picture, in grey levels",
            "{:.1f}",
            "good as far as real digits or further",
            "Root-mean-square difference of a digit's pixels, 0 to 255, from the training picture "
            "most like it (the median): near 0, the generator copies what it was shown.",
        ),
    )


def _distance(quality: Quality) -> Measure:
    meaning = (
        "How far the crowd of generated digits is from the crowd of real ones (not FID, which is "
        "for photographs)."
    )
    if quality.is_extrapolated:
        name, meaning = "Frechet distance", f"{meaning} {INTERVAL}"
    else:
        name = f"Frechet distance of {quality.samples:,} digits"
        meaning += (
            " Judged by an earlier version, whose number falls the more digits are judged: compare "
            "it with no other number."
        )
    generated, real = generated_distance(quality), real_distance(quality)
    return Measure(name, generated, real, LOWER, meaning, quality.step)


def generated_distance(quality: Quality) -> str:
    """The distance of generated digits, with its interval if that is known."""
    return _between(quality.frechet_distance, quality.frechet_low, quality.frechet_high)


def real_distance(quality: Quality) -> str:
    """The distance that real digits reach, with its interval if that is known."""
    return _between(quality.floor, quality.floor_low, quality.floor_high)


def _between(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return number_words(value)
    return f"{number_words(value)} ({number_words(low)} to {number_words(high)})"


def number_words(value: float) -> str:
    """One decimal, of large numbers none; never a negative zero."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
    return "0.0" if text == "-0.0" else text


def distance_words(quality: Quality) -> str:
    """The distance of generated and of real digits, and what kind of number it is."""
    generated, real = generated_distance(quality), real_distance(quality)
    if quality.is_extrapolated:
        return f"Frechet distance {generated}, real digits {real}"
    return (
        f"Frechet distance {generated}, real digits {real} (by an earlier version: it depends on "
        f"the number of digits, {quality.samples:,} here)"
    )


def quality_words(state: RunState) -> str:
    """What the last judgement of a run says of the distance."""
    return distance_words(state.quality[-1]) if state.quality else "Not judged yet"


def result_words(state: RunState) -> str:
    """What came of a run that was judged, in sentences."""
    last, target = state.quality[-1], state.config.target_distance
    text = (
        f"{distance_words(last)}."
        if doubt(state.config.data)
        else f"{distance_words(last)}; {classes_seen(last)} digits appear."
    )
    text = f"{text} {verdict(last)}".rstrip()
    if state.is_as_good_as_asked and target is not None:
        text += f" The run ended there because that is as good as asked: {target:g} or less."
    return text


def verdict(quality: Quality) -> str:
    """Whether these digits can be told from real ones by their distance, in a sentence.

    Empty for a judgement that has no interval.
    """
    low, high, real = quality.frechet_low, quality.frechet_high, quality.floor_high
    if low is None or high is None or real is None or not math.isfinite(low + high + real):
        return ""
    if low > real:
        return "The generated ones are further off than real ones."
    if high <= real:
        return "By their distance the generated ones cannot be told from real ones."
    return (
        f"Of {quality.samples:,} generated digits one cannot say yet whether they are further off "
        "than real ones."
    )


def judged_words(state: RunState) -> str:
    """Which digits the last judgement looked at, and how old it is."""
    last = state.quality[-1]
    is_from_test = last.is_extrapolated and not doubt(state.config.data)
    sentences = (
        _judged_when(state, last),
        "The distance is that from MNIST's test digits, which no run learns from."
        if is_from_test
        else "",
        "Beside each measure stands what real digits score by the same code: nothing better can be "
        "asked of a generator.",
    )
    return " ".join(filter(None, sentences))


def distance_caption(quality: Quality) -> str:
    """What the curve of the distance shows."""
    bands = (
        " The bands are 95% intervals, the wider the fewer digits were judged: only where all of "
        "the violet one lies within or below the green one are the digits as good as real ones."
        if quality.is_extrapolated
        else ""
    )
    return (
        "**How far from real?** The Frechet distance between the crowd of generated digits and the "
        f"crowd of real ones: lower is better, and green is what real digits reach.{bands}"
    )


def _judged_when(state: RunState, quality: Quality) -> str:
    """Which digits were judged, and in a run under way, how long ago."""
    steps, seconds = state.step - quality.step, state.seconds - quality.seconds
    if not state.status.is_live or state.recording or steps <= 0:
        return (
            f"Step {quality.step:,}: {quality.samples:,} generated digits, as a small digit "
            "classifier sees them."
        )
    return (
        f"Step {quality.step:,}, {steps:,} steps and {max(seconds, 0):.0f} s of training ago: "
        f"{quality.samples:,} generated digits, as a small digit classifier sees them."
    )


def comparable(checks: Sequence[Quality]) -> tuple[Quality, ...]:
    """Those whose distance is of the same kind as the last one's: others have another scale."""
    return tuple(check for check in checks if check.is_extrapolated is checks[-1].is_extrapolated)


def on_log_axis(distance: float) -> float:
    """Where a distance is drawn on a logarithmic axis, which has no place for 0 and less."""
    return LEAST_DRAWN if distance < LEAST_DRAWN else distance


def _measure(
    quality: Quality, field: str, name: str, form: str, better: str, meaning: str
) -> Measure | None:
    generated, real = getattr(quality, field), getattr(quality, f"real_{field}")
    if generated is None:
        return None
    beside = "" if real is None else form.format(real)
    return Measure(name, form.format(generated), beside, better, meaning, quality.step)


def classes_seen(quality: Quality) -> str:
    """How many of the classes that real digits have appear, such as ``9 of 10``."""
    real = quality.real_coverage or (1.0,) * len(quality.coverage)
    there = [own for own, share in zip(quality.coverage, real, strict=True) if share >= SEEN_SHARE]
    return f"{sum(share >= SEEN_SHARE for share in there)} of {len(there)}"


def doubt(data: str) -> str:
    """What keeps the classifier from judging data of this name well; empty if nothing does."""
    if registry.has_digits(data):
        return ""
    return (
        "The classifier that judges has only ever seen handwritten digits. On other pictures its "
        "classes and its confidence have no meaning, and the Frechet distance, precision and "
        "recall say less: compare them only with what real pictures of the same data score. The "
        "distance to the nearest training picture is as good as ever."
    )
