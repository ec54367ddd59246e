"""Is it any good? Generated digits, judged by a small digit classifier of this project's own.

All but one measure look at that classifier's features. The Frechet distance is between Gaussians
fitted to them; it is not FID, which uses Inception features of natural photographs. Each measure's
scale is this classifier's own: it is always given beside what real digits score, measured by the
same code. The distance is read as of infinitely many digits (`gan.model.frechet`), with an interval
for what the chance of the draw may do; all others depend on the sample size, and real digits are
measured at the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan import latent
from gan.data.datasets import Digits, from_network, to_network
from gan.messages.events import Quality
from gan.model import bundle, classifier
from gan.model.frechet import MIN_CROWD, Estimate, Gaussian, Reference, mean_of
from gan.model.nearest import TrainingPictures
from gan.model.reference import reference

EVALUATION_SAMPLES: Final = 5000
FOLDS: Final = 5
"""Parts of real digits, each compared with all the others where there are no better ones."""
NEIGHBOURS: Final = 3
"""The k of precision and recall, as in Kynkaanniemi et al. 2019, section 3.1."""
NEAREST_SAMPLES: Final = 100
"""How many digits' nearest training pictures are looked up: the dearest of the measures."""
MAX_SEARCHED: Final = 100_000
"""Of more training pictures than that, as many chosen by chance are searched, and compared with."""
_ROWS: Final = 1000
_SEEN: Final = 5000


def precision_recall(
    real: NDArray[np.floating], fake: NDArray[np.floating], k: int = NEIGHBOURS
) -> tuple[float, float]:
    """Share of `fake` among `real`, and of `real` among `fake` (Kynkaanniemi et al. 2019, eq. 2).

    Both are features [N, D]. A point lies among others if it is no further from one of them than
    that one's k-th nearest neighbour among its own is.
    """
    centre = real.mean(axis=0)  # short vectors, so that float32 loses nothing that matters
    real, fake = (np.asarray(points - centre, np.float32) for points in (real, fake))
    real_reach, fake_reach = _reach(real, k), _reach(fake, k)
    believable, found = 0, np.zeros(len(real), bool)
    for i in range(0, len(fake), _ROWS):
        distances = _squared_distances(fake[i : i + _ROWS], real)
        believable += np.count_nonzero((distances <= real_reach).any(axis=1))
        found |= (distances <= fake_reach[i : i + _ROWS, None]).any(axis=0)
    return float(believable / len(fake)), float(found.mean())


def _reach(points: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """Squared distance [N] of each point from its k-th nearest other point."""
    k = min(k, len(points) - 1)  # the nearest of all is the point itself
    parts = [
        np.partition(_squared_distances(points[i : i + _ROWS], points), k, axis=1)[:, k]
        for i in range(0, len(points), _ROWS)
    ]
    return np.concatenate(parts)


def _squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each row of `a` [N, D] from each of `b` [M, D]: [N, M]."""
    distances = a @ (-2 * b.T)
    distances += np.square(a).sum(axis=1)[:, None]
    distances += np.square(b).sum(axis=1)
    return distances


@dataclass(frozen=True, slots=True)
class Scores:
    """What a crowd of digits scores beside real digits of a run; the fields are of `Quality`."""

    coverage_spread: float
    precision: float
    recall: float
    nearest_distance: float


class Judge:
    """Compares generated digits with real ones.

    The Frechet distance is that from MNIST's test digits of `classes`; without any, from all of
    `digits`, which a run learns from. The other measures compare with `samples` of `digits`, cut to
    half of them, because two halves are compared for what real digits score. Classes are what the
    classifier reads, on both sides: labels are not used.
    """

    def __init__(
        self, digits: Digits, samples: int, classes: tuple[int, ...] = (), seed: int = 0
    ) -> None:
        self.samples = min(samples, len(digits) // 2)
        order = np.random.default_rng(seed).permutation(len(digits))
        self._images, self._classes = digits.images, classes
        self._searched = np.sort(order[:MAX_SEARCHED])
        self._order = order
        self._chosen, self._others = np.split(order[: 2 * self.samples], 2)

    @cached_property
    def floor(self) -> Estimate:
        """Frechet distance that real digits reach: those that the run learns from.

        They are compared with the test digits; where there are none, a part of them with all the
        others, for each of `FOLDS` parts, so that no digit is compared with itself.
        """
        if self._classes:
            return reference(self._classes).extrapolated(self._real.features)
        count = len(self._features)
        parts = np.array_split(np.arange(count), min(FOLDS, count // MIN_CROWD))
        return mean_of(
            [
                Reference(Gaussian.fit(np.delete(self._features, part, axis=0))).extrapolated(
                    self._features[part]
                )
                for part in parts
            ]
        )

    @cached_property
    def real(self) -> Scores:
        """What real digits score beside other real digits. Asking for it prepares the rest."""
        themselves = np.searchsorted(self._searched, self._others[:NEAREST_SAMPLES])
        others = self._images[self._others]
        return self._scores(others, _Crowd.of(others), themselves)

    def prepare(self) -> None:
        """Measure all that is measured once, so that it takes no time later."""
        _ = self.floor, self.real, self._measured_from

    def quality(self, images: NDArray[np.uint8], step: int, seconds: float) -> Quality:
        """Judge generated `images` uint8 [N, 28, 28], drawn after `step` steps.

        Of all of them come the Frechet distance, the coverage and the confidence; what depends on
        the sample size is measured of the first `samples`, if there are that many.
        """
        crowd, floor = _Crowd.of(images), self.floor
        estimate = self._measured_from.extrapolated(crowd.features)
        quality = Quality(
            step=step,
            seconds=seconds,
            samples=len(images),
            frechet_distance=estimate.distance,
            frechet_low=estimate.low,
            frechet_high=estimate.high,
            floor=floor.distance,
            floor_low=floor.low,
            floor_high=floor.high,
            coverage=crowd.coverage,
            confidence=crowd.confidence,
            real_coverage=self._real.coverage,
            real_confidence=self._real.confidence,
        )
        if len(images) < self.samples:
            return quality
        scores = self._scores(images[: self.samples], crowd.first(self.samples))
        return replace(
            quality,
            coverage_spread=scores.coverage_spread,
            precision=scores.precision,
            recall=scores.recall,
            nearest_distance=scores.nearest_distance,
            real_coverage_spread=self.real.coverage_spread,
            real_precision=self.real.precision,
            real_recall=self.real.recall,
            real_nearest_distance=self.real.nearest_distance,
        )

    @cached_property
    def _measured_from(self) -> Reference:
        """What the Frechet distance is measured from."""
        if self._classes:
            return reference(self._classes)
        return Reference(Gaussian.fit(self._features))

    @cached_property
    def _features(self) -> NDArray[np.float32]:
        """Of the digits that a run learns from, in an order by chance: files go class by class."""
        return _Crowd.of(self._images[self._order[:MAX_SEARCHED]]).features

    @cached_property
    def _real(self) -> _Crowd:
        """Real digits that the run learns from, as many as tell what all of them are like."""
        count = max(EVALUATION_SAMPLES, self.samples)
        return _Crowd.of(self._images[self._order[:count]])

    @cached_property
    def _beside(self) -> _Crowd:
        """The real digits that others are compared with, at the sample size."""
        return _Crowd.of(self._images[self._chosen])

    @cached_property
    def _pictures(self) -> TrainingPictures:
        whole = len(self._searched) == len(self._images)
        return TrainingPictures(self._images if whole else self._images[self._searched])

    def _scores(
        self,
        images: NDArray[np.uint8],
        crowd: _Crowd,
        themselves: NDArray[np.integer] | None = None,
    ) -> Scores:
        precision, recall = precision_recall(self._beside.features, crowd.features)
        apart = np.abs(np.subtract(crowd.coverage, self._real.coverage)).sum() / 2
        nearest = self._pictures.distances(images[:NEAREST_SAMPLES], themselves)
        return Scores(float(apart), precision, recall, float(np.median(nearest)))


@dataclass(frozen=True, slots=True, eq=False)
class _Crowd:
    """Digits as the classifier sees them."""

    features: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    @classmethod
    def of(cls, images: NDArray[np.uint8]) -> _Crowd:
        """All of `images`, of which only some at a time are in memory as networks see them."""
        parts = (images[i : i + _SEEN] for i in range(0, len(images), _SEEN))
        seen = (classifier.judge(to_network(part)) for part in parts)
        features, probabilities = zip(*seen, strict=True)
        return cls(np.concatenate(features), np.concatenate(probabilities))

    def first(self, count: int) -> _Crowd:
        """`count` of them."""
        return _Crowd(self.features[:count], self.probabilities[:count])

    @property
    def coverage(self) -> tuple[float, ...]:
        """The share of each class, as it is read."""
        counts = np.bincount(self.probabilities.argmax(axis=1), minlength=10)
        return tuple((counts / len(self.features)).tolist())

    @property
    def confidence(self) -> float:
        """The mean probability of the class that is read."""
        return float(self.probabilities.max(axis=1).mean())


@lru_cache(maxsize=2)
def judge_of(digits: Digits, samples: int, classes: tuple[int, ...]) -> Judge:
    """A `Judge` that remembers what it measured of `digits`, for one run after the other."""
    return Judge(digits, samples, classes)


def evaluation(
    network: bundle.Bundle,
    digits: Digits,
    classes: tuple[int, ...],
    seed: int,
    seconds: float = 0.0,
) -> Quality:
    """The figure to publish: `EVALUATION_SAMPLES` digits of `network`, judged as in `Judge`."""
    judge, config = Judge(digits, EVALUATION_SAMPLES, classes), network.config
    noise = latent.sample(EVALUATION_SAMPLES, config.latent_dim, seed)
    labels = latent.even_classes(len(noise), config.chosen_classes)
    images = from_network(bundle.compiled(network.generator())(noise, labels))
    return judge.quality(images, network.step, seconds)
