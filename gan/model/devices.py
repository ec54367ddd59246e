"""What TensorFlow computes on: one device, or several that share each batch."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, Final

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan.data.datasets import Digits
from gan.model.networks import IMAGE_SHAPE

HOST: Final = "CPU:0"
"""Where numbers are kept that the device is told with each operation."""


def device() -> str:
    """What TensorFlow computes on, as people call it."""
    count = len(gpus())
    return f"{count} GPU" if count else "CPU"


def gpus() -> list[str]:
    """The GPUs that TensorFlow may use, each taking memory as it needs it."""
    found = tf.config.list_physical_devices("GPU")
    for device in found:
        try:
            tf.config.experimental.set_memory_growth(device, True)
        except RuntimeError:
            pass  # TensorFlow computed something before: it has taken what it wants
    return [f"GPU:{index}" for index in range(len(found))]


def strategy_over(devices: list[str], batch_size: int) -> tf.distribute.Strategy:
    """Mirrored over as many of `devices` as divide the batch; nothing special for one."""
    count = max((n for n in range(1, len(devices) + 1) if batch_size % n == 0), default=0)
    if count < 2:
        return tf.distribute.get_strategy()
    return _mirrored(tuple(devices[:count]))


@cache
def _mirrored(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    """One for all runs of the process: TensorFlow takes the sums of two for each other's."""
    return tf.distribute.MirroredStrategy(list(devices))


def resident(digits: Digits, strategy: tf.distribute.Strategy) -> tuple[Any, Any]:
    """Images for `unpacked`, and classes int64 [N], a copy on each device.

    On a GPU, TensorFlow has no kernel that gathers uint8, and keeps int32 in the host's memory:
    each step would send all images there and back.
    """
    labels = np.zeros(len(digits), np.int64) if digits.labels is None else digits.labels
    packed = np.ascontiguousarray(digits.images).reshape(len(digits), -1).view(np.int64)
    arrays = packed, labels.astype(np.int64)
    if strategy.num_replicas_in_sync == 1:
        return tuple(map(tf.constant, arrays))
    devices = strategy.extended.worker_devices

    def copy(array: NDArray[np.generic], context: tf.distribute.ValueContext) -> tf.Tensor:
        with tf.device(devices[context.replica_id_in_sync_group]):
            return tf.constant(array)

    distribute = strategy.experimental_distribute_values_from_function
    return tuple(distribute(partial(copy, array)) for array in arrays)


def unpacked(rows: tf.Tensor) -> tf.Tensor:
    """Images uint8 [n, 28, 28, 1], which are packed eight pixels in an int64: [n, 98]."""
    return tf.reshape(tf.bitcast(rows, tf.uint8), [-1, *IMAGE_SHAPE])
