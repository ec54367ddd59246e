"""The optimiser, with the arithmetic of Keras's on a quicker kernel, and its learning rate."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

from gan.model.devices import HOST
from gan.settings.config import TrainConfig


def adam(config: TrainConfig, variables: list[Any], course: Course) -> Adam:
    """The optimiser of `config`, built for `variables`; `Trainer` gives it its learning rate."""
    is_scheduled = config.learning_rate_half_life or config.learning_rate_schedule != "constant"
    rate = ScheduledRate(config, course) if is_scheduled else 0.0
    optimizer = Adam(rate, beta_1=config.adam_beta_1, beta_2=config.adam_beta_2)
    optimizer.build(variables)
    return optimizer


class Course:
    """How far a training has come: what schedules go by. A budget can be changed under way."""

    def __init__(self, config: TrainConfig) -> None:
        with tf.device(HOST):  # a seed comes from there, also for what is drawn on a GPU
            self.step = tf.Variable(0, dtype=tf.int64)
        self._max_steps, self._share_of_time = tf.Variable(math.inf), tf.Variable(0.0)
        self.budget(config)

    def budget(self, config: TrainConfig) -> None:
        """Go by the budget of `config` from now on."""
        self._max_steps.assign(config.max_steps or math.inf)
        self._max_seconds = config.max_seconds or math.inf

    def clock(self, seconds: float) -> None:
        """Tell how much training time is spent: only the host knows."""
        self._share_of_time.assign(min(seconds / self._max_seconds, 1.0))

    def spent(self) -> tf.Tensor:
        """The share of the budget that is spent before this step, 0 to 1."""
        share_of_steps = tf.cast(self.step, tf.float32) / self._max_steps
        return tf.minimum(tf.maximum(share_of_steps, self._share_of_time), 1.0)


class ScheduledRate(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that starts at `initial`, which can be changed under way."""

    def __init__(self, config: TrainConfig, course: Course) -> None:
        self.initial = tf.Variable(0.0)
        self._half_life, self._schedule = (
            config.learning_rate_half_life,
            config.learning_rate_schedule,
        )
        self._course = course

    def __call__(self, iterations: tf.Tensor) -> tf.Tensor:
        """The rate at the trainer's step, whatever number of updates that took."""
        rate = tf.convert_to_tensor(self.initial)
        if self._half_life:
            rate *= 0.5 ** (tf.cast(self._course.step, tf.float32) / self._half_life)
        if self._schedule == "cosine":  # Loshchilov and Hutter 2017, eq. 5, without restarts
            rate *= (1.0 + tf.cos(math.pi * self._course.spent())) / 2.0
        return rate


class Adam(keras.optimizers.Adam):
    """Keras's, with one fused update a weight."""

    def begin_at(self, rate: float) -> None:
        """Learn at `rate`, or as a schedule makes of it."""
        if isinstance(self._learning_rate, ScheduledRate):
            self._learning_rate.initial.assign(rate)
        else:
            self.learning_rate = rate

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
