"""The optimiser, with the arithmetic of Keras's on a quicker kernel, and its learning rate."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from gan.settings.config import TrainConfig


def adam(config: TrainConfig, variables: list[Any], step: tf.Variable) -> Adam:
    """The optimiser of `config`, built for `variables`; `Trainer` gives it its learning rate."""
    half_life = config.learning_rate_half_life
    rate = HalvingRate(half_life, step) if half_life else 0.0
    optimizer = Adam(rate, beta_1=config.adam_beta_1, beta_2=config.adam_beta_2)
    optimizer.build(variables)
    return optimizer


class HalvingRate(keras.optimizers.schedules.LearningRateSchedule):
    """Falls to half in `half_life` training steps; `initial` can be changed under way."""

    def __init__(self, half_life: int, step: tf.Variable) -> None:
        self.initial = tf.Variable(0.0)
        self._half_life, self._step = half_life, step

    def __call__(self, iterations: tf.Tensor) -> tf.Tensor:
        """The rate at the trainer's step, whatever number of updates that took."""
        return self.initial * 0.5 ** (tf.cast(self._step, tf.float32) / self._half_life)


class Adam(keras.optimizers.Adam):
    """Keras's, with one fused update a weight."""

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: Any) -> None:
        """Move `variable` against `gradient` (Kingma and Ba 2015, algorithm 1)."""
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            super().update_step(gradient, variable, learning_rate)
            return
        step = tf.cast(self.iterations.value + 1, tf.float32)
        index = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.pow(self.beta_1, step),
            beta2_power=tf.pow(self.beta_2, step),
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
