"""Groups of pictures that look alike, found by themselves: classes that nobody labelled.

As in self-conditioned GANs (Liu et al. 2020), but found once, before training. The groups are cuts
through a graph that ties each picture to those nearest to it (spectral clustering, von Luxburg
2007): two that look unlike can be of one group if a chain of like ones leads from one to the other.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan.data import outlines
from gan.data.digits import DataError

LANDMARKS: Final = 5000
"""Of more pictures than these, as many are cut into groups, and the others follow the nearest."""
NEIGHBOURS: Final = 10
"""To how many others a picture is tied."""
VOTES: Final = 5
"""How many landmarks decide on the group of a picture."""
LEAST: Final = 10
"""Pictures that there must be for each group that is asked for."""
METHOD: Final = "1"
"""Raise it with any change of what `find` gives, so that nothing kept before is taken for it."""

Groups = NDArray[np.uint8]
"""Of each picture the number of its group, from 0; the largest groups come first."""


def find(images: NDArray[np.uint8], count: int, seed: int) -> Iterator[Groups | None]:
    """The `count` groups of `images` uint8 [N, 28, 28], uint8 [N], at the end of what it yields.

    None between two parts of the work, which may take a few seconds each: who does not want the
    groups any more stops asking. The same images, count and seed give the same groups. Raises
    `DataError` if the pictures cannot be told apart so far.
    """
    # It takes a second and a hundred megabytes, and most runs never need it.
    from sklearn.cluster import SpectralClustering
    from sklearn.neighbors import KNeighborsClassifier, kneighbors_graph

    yield None
    seen = outlines.features(images)
    yield None
    order = np.random.default_rng(seed).permutation(len(images))
    chosen = np.sort(order[:LANDMARKS])
    landmarks = seen[chosen]
    ties = kneighbors_graph(landmarks, min(NEIGHBOURS, len(landmarks) - 1))
    cut = SpectralClustering(count, affinity="precomputed", random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a graph in pieces has groups all the more
        found = cut.fit_predict((ties + ties.T) / 2)
    if len(np.unique(found)) < count:
        raise DataError(
            f"No {count} groups can be told apart in these pictures: set groups to fewer, or "
            "conditional to no."
        )
    yield None
    if len(chosen) < len(images):
        vote = KNeighborsClassifier(VOTES, algorithm="brute").fit(landmarks, found)
        found = np.concatenate([vote.predict(part) for part in np.array_split(seen, 4)])
    yield _largest_first(found, count)


def shares(groups: Groups, count: int) -> NDArray[np.float64]:
    """The share of the pictures that each group has, [count]."""
    return np.bincount(groups, minlength=count) / len(groups)


def purity(groups: Groups, labels: NDArray[np.integer]) -> float:
    """The share of pictures whose label is the commonest of their group: 1 if no group is mixed."""
    table = np.zeros((int(groups.max()) + 1, int(labels.max()) + 1), np.intp)
    np.add.at(table, (groups, labels), 1)
    return float(table.max(axis=1).sum() / len(groups))


def examples(images: NDArray[np.uint8], groups: Groups, count: int, each: int) -> NDArray[np.uint8]:
    """`each` pictures of every group, uint8 [count * each, 28, 28]; blank where it has fewer.

    They lie evenly in the order of the data, neither its first nor its last: where those go class
    by class, the ends of a group are its strays.
    """
    shown = np.zeros((count, each, *images.shape[1:]), np.uint8)
    for group, row in enumerate(shown):
        places = np.flatnonzero(groups == group)
        shared = min(each, len(places))
        chosen = (2 * np.arange(shared) + 1) * len(places) // (2 * max(shared, 1))
        row[: len(chosen)] = images[places[chosen]]
    return shown.reshape(-1, *images.shape[1:])


def _largest_first(found: NDArray[np.integer], count: int) -> Groups:
    """`found`, numbered by size; of groups of one size, the one that comes first comes first."""
    sizes = np.bincount(found, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    numbers = np.empty(count, np.uint8)
    numbers[order] = np.arange(count)
    renumbered: Groups = numbers[found]
    return renumbered
