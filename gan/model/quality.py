"""Is it any good? Generated digits, judged by a small digit classifier of this project's own.

All but one measure look at that classifier's features. The Frechet distance is between Gaussians
fitted to them; it is not FID, which uses Inception features of natural photographs. Each measure's
scale is this classifier's own, and depends on the sample size: it is always given beside what real
digits score against other real digits, measured by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan import latent
from gan.data import Digits, from_network, to_network
from gan.events import Quality
from gan.model import bundle, classifier

EVALUATION_SAMPLES: Final = 5000
NEIGHBOURS: Final = 3
"""The k of precision and recall, as in Kynkaanniemi et al. 2019, section 3.1."""
NEAREST_SAMPLES: Final = 200
"""How many digits' nearest training pictures are looked up: the dearest of the measures."""
MAX_SEARCHED: Final = 100_000
"""Of more training pictures than that, as many chosen by chance are searched."""
_ROWS: Final = 1000
_BLOCKS: Final = 64

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """Mean [D] and covariance [D, D] of features [N, D]."""

    mean: Features
    covariance: Features

    @classmethod
    def fit(cls, features: NDArray[np.floating]) -> Gaussian:
        """The Gaussian with the mean and covariance of `features` [N, D]."""
        wide = features.astype(np.float64)
        return cls(wide.mean(axis=0), np.cov(wide, rowvar=False))


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """|mean_a - mean_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)) (Dowson and Landau 1982, eq. 3).

    The trace of the root is the sum of the roots of the eigenvalues of A^(1/2) C_b A^(1/2) with
    A = C_a, which is symmetric, so that no complex number ever appears.
    """
    values, vectors = np.linalg.eigh(a.covariance)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    product = np.clip(np.linalg.eigvalsh(root @ b.covariance @ root), 0, None)
    difference = a.mean - b.mean
    distance = difference @ difference + np.trace(a.covariance) + np.trace(b.covariance)
    return float(distance - 2 * np.sqrt(product).sum())


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


class TrainingPictures:
    """Finds the training picture that is most like a given one.

    Searched at half the resolution first, which takes 784 bytes a picture: of each 64th of the
    pictures, the nearest there is then compared in full. A copy is always found; of real digits,
    2 (of 60,000 pictures) to 7 in 100 (of 5,000) are given one that is only nearly the nearest,
    by 6 grey levels at most, which moves the median by less than 1%.
    """

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self._pictures = pictures
        self._small = _half_size(pictures)
        self._squares = np.square(self._small).sum(axis=1)

    def distances(
        self, images: NDArray[np.uint8], themselves: NDArray[np.integer] | None = None
    ) -> NDArray[np.float32]:
        """Root-mean-square pixel difference [N], 0 to 255, of `images` from the nearest picture.

        If the images are training pictures, `themselves` [N] says which, and they are left out.
        """
        small = _half_size(images) * -2
        rows, best = np.arange(len(images)), np.full(len(images), np.inf, np.float32)
        for block in np.array_split(np.arange(len(self._pictures)), _BLOCKS):
            if not len(block):
                break
            first, end = block[0], block[-1] + 1
            rough = small @ self._small[first:end].T
            rough += self._squares[first:end]
            if themselves is not None:
                here = (first <= themselves) & (themselves < end)
                rough[rows[here], themselves[here] - first] = np.inf
            nearest = rough.argmin(axis=1)
            differences = images.astype(np.int16) - self._pictures[first + nearest]
            squares = np.square(differences.astype(np.float32)).mean(axis=(1, 2))
            squares[np.isinf(rough[rows, nearest])] = np.inf
            best = np.minimum(best, squares)
        return np.sqrt(best)


def _half_size(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images [N, 28, 28] as [N, 196]: half the sums of two by two pixels, as far apart or less."""
    pairs = images[:, ::2].astype(np.uint16) + images[:, 1::2]
    fours = pairs[:, :, ::2] + pairs[:, :, 1::2]
    return fours.reshape(len(images), -1).astype(np.float32) / 2


@dataclass(frozen=True, slots=True)
class Scores:
    """What a crowd of digits scores against real digits; the fields are those of `Quality`."""

    frechet_distance: float
    coverage: tuple[float, ...]
    coverage_spread: float
    confidence: float
    precision: float
    recall: float
    nearest_distance: float


class Judge:
    """Compares generated digits with one set of real digits, at one sample size.

    `samples` is cut to half the real digits, because two halves of them are compared for what
    real digits score. Classes are what the classifier reads, on both sides: labels are not used.
    """

    def __init__(self, digits: Digits, samples: int, seed: int = 0) -> None:
        self.samples = min(samples, len(digits) // 2)
        order = np.random.default_rng(seed).permutation(len(digits))
        self._images = digits.images
        self._searched = np.sort(order[:MAX_SEARCHED])
        self._chosen, self._others = np.split(order[: 2 * self.samples], 2)

    @property
    def floor(self) -> float:
        """Frechet distance of real digits from other real digits."""
        return self.real.frechet_distance

    @cached_property
    def real(self) -> Scores:
        """What real digits score against other real digits. Asking for it prepares the rest."""
        themselves = np.searchsorted(self._searched, self._others[:NEAREST_SAMPLES])
        return self._scores(self._images[self._others], themselves)

    def quality(self, images: NDArray[np.uint8], step: int, seconds: float) -> Quality:
        """Judge generated `images` uint8 [samples, 28, 28], drawn after `step` steps."""
        scores, real = self._scores(images), self.real
        return Quality(
            step=step,
            seconds=seconds,
            samples=len(images),
            frechet_distance=scores.frechet_distance,
            floor=real.frechet_distance,
            coverage=scores.coverage,
            confidence=scores.confidence,
            coverage_spread=scores.coverage_spread,
            precision=scores.precision,
            recall=scores.recall,
            nearest_distance=scores.nearest_distance,
            real_coverage=self._reference.coverage,
            real_coverage_spread=real.coverage_spread,
            real_confidence=real.confidence,
            real_precision=real.precision,
            real_recall=real.recall,
            real_nearest_distance=real.nearest_distance,
        )

    @cached_property
    def _reference(self) -> _Crowd:
        """The real digits that others are compared with."""
        return _Crowd.of(self._images[self._chosen])

    @cached_property
    def _pictures(self) -> TrainingPictures:
        whole = len(self._searched) == len(self._images)
        return TrainingPictures(self._images if whole else self._images[self._searched])

    def _scores(
        self, images: NDArray[np.uint8], themselves: NDArray[np.integer] | None = None
    ) -> Scores:
        crowd, reference = _Crowd.of(images), self._reference
        precision, recall = precision_recall(reference.features, crowd.features)
        apart = np.abs(np.subtract(crowd.coverage, reference.coverage)).sum() / 2
        nearest = self._pictures.distances(images[:NEAREST_SAMPLES], themselves)
        return Scores(
            frechet_distance=frechet_distance(crowd.gaussian, reference.gaussian),
            coverage=crowd.coverage,
            coverage_spread=float(apart),
            confidence=crowd.confidence,
            precision=precision,
            recall=recall,
            nearest_distance=float(np.median(nearest)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Crowd:
    """Digits as the classifier sees them."""

    features: NDArray[np.float32]
    gaussian: Gaussian
    coverage: tuple[float, ...]
    confidence: float

    @classmethod
    def of(cls, images: NDArray[np.uint8]) -> _Crowd:
        features, probabilities = classifier.judge(to_network(images))
        classes = np.bincount(probabilities.argmax(axis=1), minlength=10) / len(images)
        return cls(
            features,
            Gaussian.fit(features),
            tuple(classes.tolist()),
            float(probabilities.max(axis=1).mean()),
        )


@lru_cache(maxsize=2)
def judge_of(digits: Digits, samples: int) -> Judge:
    """A `Judge` that remembers what it measured of `digits`, for one run after the other."""
    return Judge(digits, samples)


def evaluation(network: bundle.Bundle, digits: Digits, seed: int, seconds: float = 0.0) -> Quality:
    """The figure to publish: `EVALUATION_SAMPLES` digits of `network` judged beside `digits`."""
    judge, config = Judge(digits, EVALUATION_SAMPLES), network.config
    noise = latent.sample(judge.samples, config.latent_dim, seed)
    labels = latent.even_classes(judge.samples, config.chosen_classes)
    images = from_network(bundle.compiled(network.generator())(noise, labels))
    return judge.quality(images, network.step, seconds)
