"""How a judgement reads: every measure beside what real digits score, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

from gan.config import BUILTIN_DATA, MNIST_DATA
from gan.events import Quality

SEEN_SHARE = 0.01
"""A class that comes more rarely than that does not count as drawn."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of generated digits, in words and with its unit."""

    name: str
    generated: str
    real: str
    """What real digits score against other real digits; empty if that was not measured."""
    better: str
    meaning: str


def measures(quality: Quality) -> tuple[Measure, ...]:
    """All that was measured, the most telling first; older runs have less."""
    rows = [
        _measure(
            "Frechet distance",
            quality.frechet_distance,
            quality.floor,
            "{:.2f}",
            "lower is better",
            "How far the crowd of generated digits is from the crowd of real ones (not FID, which "
            "is for photographs).",
        ),
        _measure(
            "Precision",
            quality.precision,
            quality.real_precision,
            "{:.1%}",
            "higher is better",
            "Generated digits that lie among real ones: can what is drawn be believed?",
        ),
        _measure(
            "Recall",
            quality.recall,
            quality.real_recall,
            "{:.1%}",
            "higher is better",
            "Real digits that lie among generated ones: is all drawn that there is?",
        ),
        _measure(
            "Coverage spread",
            quality.coverage_spread,
            quality.real_coverage_spread,
            "{:.1%}",
            "lower is better",
            "Digits that would have to be of another class for the classes to come as often as "
            "real ones do; about 90% if one of ten is all there is.",
        ),
        _measure(
            "Confidence",
            quality.confidence,
            quality.real_confidence,
            "{:.1%}",
            "higher is better",
            "How sure the classifier is, on average, of the class that it reads: scribbles and "
            "mixtures make it doubt.",
        ),
        _measure(
            "Nearest training picture, in grey levels",
            quality.nearest_distance,
            quality.real_nearest_distance,
            "{:.1f}",
            "good as far as real digits or further",
            "Root-mean-square difference of a digit's pixels, 0 to 255, from the training picture "
            "most like it (the median): near 0, the generator copies what it was shown.",
        ),
    ]
    return tuple(row for row in rows if row)


def _measure(
    name: str, generated: float | None, real: float | None, form: str, better: str, meaning: str
) -> Measure | None:
    if generated is None:
        return None
    return Measure(
        name, form.format(generated), "" if real is None else form.format(real), better, meaning
    )


def classes_seen(quality: Quality) -> str:
    """How many of the classes that real digits have appear, such as ``9 of 10``."""
    real = quality.real_coverage or (1.0,) * len(quality.coverage)
    there = [own for own, share in zip(quality.coverage, real, strict=True) if share >= SEEN_SHARE]
    return f"{sum(share >= SEEN_SHARE for share in there)} of {len(there)}"


def doubt(data: str) -> str:
    """What keeps the classifier from judging data of this name well; empty if nothing does."""
    if data in (BUILTIN_DATA, MNIST_DATA):
        return ""
    return (
        "The classifier that judges has only ever seen handwritten digits. On other pictures its "
        "classes and its confidence have no meaning, and the Frechet distance, precision and "
        "recall say less: compare them only with what real pictures of the same data score. The "
        "distance to the nearest training picture is as good as ever."
    )
