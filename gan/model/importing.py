"""Weights from anybody, held against the networks that their config describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan import network_file
from gan.data.digits import SIDE, Digits
from gan.messages.events import Snapshot
from gan.model import bundle, families, grouping, networks
from gan.model.bundle import Bundle, BundleError
from gan.network_file import NetworkFileError

TOLERANCE: Final = 1e-4
"""How far a weight may lie from what folding it gives on another machine."""


def snapshot(saved: Bundle, generator: bytes, can_go_on: bool) -> Snapshot:
    """`saved` as a snapshot of this app, with the browser's networks made anew from its weights.

    `generator`, a file of `gan.network_file`, is what `saved` came with: it has to draw the same.
    A run that cannot go on has only the weights that draw. Raises `BundleError` unless names,
    shapes and types are those of the networks of its config, and all numbers finite.
    """
    if can_go_on:
        learner = families.trainer(saved.config, _blank(saved.config.batch_size))
        _check(_without_groups(saved), learner.weights())
        learner.restore(saved)
        network = learner.averaged
        discriminator = learner.exported_discriminator()
    else:
        network = networks.generator(saved.config)
        _check(saved.weights, bundle.named_weights(bundle.AVERAGED, network.variables))
        saved.restore(bundle.AVERAGED, network.variables)
        discriminator = b""
    browser = bundle.export_generator(network)
    _check_agreement(browser, generator)
    return Snapshot(
        saved.step,
        np.frombuffer(bundle.dump(saved), np.uint8),
        np.frombuffer(browser, np.uint8),
        reported_step=saved.reported_step,
        discriminator=np.frombuffer(discriminator, np.uint8),
    )


def _without_groups(saved: Bundle) -> Mapping[str, NDArray[Any]]:
    """The weights of the networks; those of the groups that go with them are held to be some."""
    if not saved.config.finds_groups:
        return saved.weights
    grouping.of_snapshot(saved)
    of_groups = (bundle.GROUPS, bundle.GROUPED)
    return {name: array for name, array in saved.weights.items() if name not in of_groups}


def _blank(count: int) -> Digits:
    """Data to build a trainer on, which are never looked at."""
    return Digits(np.zeros((count, SIDE, SIDE), np.uint8), None)


def _check(given: Mapping[str, NDArray[Any]], own: Mapping[str, NDArray[Any]]) -> None:
    for name in sorted(given.keys() ^ own.keys()):
        what = "is missing" if name in own else "belongs to no network"
        raise BundleError(f"The weights do not fit the config: {name:.60} {what}.")
    for name, array in own.items():
        found = given[name]
        if (found.shape, found.dtype) != (array.shape, array.dtype):
            raise BundleError(
                f"The weights do not fit the config: {name} is {found.dtype} {list(found.shape)} "
                f"instead of {array.dtype} {list(array.shape)}."
            )
        if not np.isfinite(found).all():
            raise BundleError(f"The weights cannot be used: {name} is not all finite numbers.")


def _check_agreement(own: bytes, given: bytes) -> None:
    """Raise `BundleError` unless two generators are the same, but for rounding, and all numbers."""
    try:
        (about, layers), (given_about, given_layers) = map(network_file.read, (own, given))
    except NetworkFileError as error:
        raise BundleError(str(error)) from None
    told, given_told = ([layer.header for layer in each] for each in (layers, given_layers))
    arrays, given_arrays = (
        [array for layer in each for array in (layer.kernel, layer.bias)]
        for each in (layers, given_layers)
    )
    if (about, told) != (given_about, given_told) or not all(
        np.allclose(own, given, rtol=TOLERANCE, atol=TOLERANCE)
        for own, given in zip(arrays, given_arrays, strict=True)
    ):
        raise BundleError(
            "The weights do not agree: the generator is not the one that the snapshot makes."
        )
