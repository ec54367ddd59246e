"""The classes that D is told of, where nobody labelled any: groups of the pictures of a run."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan.data import groups, kept_groups
from gan.data.digits import Digits
from gan.data.groups import Groups
from gan.messages.commands import Command, Stop
from gan.messages.events import MOST_GROUPED, Event, Finished, Grouped, Preparing
from gan.model.bundle import GROUPED, GROUPS, Bundle, BundleError
from gan.runs.store import default_home
from gan.settings.config import TrainConfig

EXAMPLES: Final = 8
"""Pictures of each group that people are shown, if there are not too many groups."""
_SAME: Final = "it goes on with the pictures that it began with, or not at all."


def told(
    config: TrainConfig,
    digits: Digits,
    commands: SimpleQueue[Command],
    start: Bundle | None = None,
) -> Generator[Event, None, Digits | None]:
    """`digits` with the classes that D is told: their groups, if `config` wants that.

    Groups come from the snapshot `start`, else from where earlier runs kept them, or they are
    found. None, after a `Finished`, if somebody stops the run meanwhile. Raises `BundleError` for a
    snapshot of other pictures, and `DataError` if there are no groups.
    """
    if not config.finds_groups:
        return digits
    if start is not None:
        return Digits(digits.images, of_snapshot(start, digits.images))
    yield Preparing("finding_groups")
    sorted_: Digits | None = None
    for so_far in found(config, digits):
        sorted_ = so_far
        if stop := _stop_among(commands):
            yield Finished(0, stop.reason)
            return None
    assert sorted_ is not None, "they come last"
    yield _shown(config, digits, sorted_.labels)
    return sorted_


def found(config: TrainConfig, digits: Digits) -> Iterator[Digits | None]:
    """`digits` with the classes that D is told, at the end; None between two parts of the work.

    Groups are taken from where earlier runs kept them, or are found and kept for later ones.
    """
    if not config.finds_groups:
        yield digits
        return
    home, about = default_home(), (digits.images, config.groups, config.seed)
    sorted_ = kept_groups.read(home, *about)
    if sorted_ is None:
        for so_far in groups.find(*about):
            sorted_ = so_far
            yield None
        assert sorted_ is not None, "they come last"
        kept_groups.write(home, *about, sorted_)
    yield Digits(digits.images, sorted_)


def named(digits: Digits) -> dict[str, NDArray[np.generic]]:
    """What a snapshot says of the groups of `digits`, if they have any."""
    if digits.labels is None:
        return {}
    return {GROUPS: digits.labels, GROUPED: kept_groups.seal(digits.images)}


def of_snapshot(saved: Bundle, images: NDArray[np.uint8] | None = None) -> Groups:
    """The groups of the pictures that a run learned from: of `images`, if those are at hand.

    Raises `BundleError` if there are none, or none of these pictures.
    """
    sorted_, seal = saved.weights.get(GROUPS), saved.weights.get(GROUPED)
    if sorted_ is None or not kept_groups.are_groups(sorted_, sorted_.size, saved.config.groups):
        raise BundleError("The snapshot does not say which groups of pictures were found.")
    if images is None:
        return sorted_
    if len(images) != len(sorted_):
        raise BundleError(
            f"The run sorted {len(sorted_):,} pictures into groups, and now there are "
            f"{len(images):,}: {_SAME}"
        )
    if seal is not None and not np.array_equal(seal, kept_groups.seal(images)):
        raise BundleError(f"The run sorted other pictures than these into groups: {_SAME}")
    return sorted_


def _stop_among(commands: SimpleQueue[Command]) -> Stop | None:
    """The command to stop, if it has come; all others wait for the training to begin."""
    waiting = [commands.get() for _ in range(commands.qsize())]
    for command in waiting:
        commands.put(command)
    return next((command for command in waiting if isinstance(command, Stop)), None)


def _shown(config: TrainConfig, digits: Digits, sorted_: Groups) -> Grouped:
    each = min(EXAMPLES, MOST_GROUPED // config.groups)
    return Grouped(
        images=groups.examples(digits.images, sorted_, config.groups, each),
        shares=tuple(groups.shares(sorted_, config.groups).tolist()),
        purity=None if digits.labels is None else groups.purity(sorted_, digits.labels),
    )
