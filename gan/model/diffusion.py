"""The diffusion family: one network learns what noise there is in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import tensorflow as tf

from gan.messages.events import DiffusionProgress
from gan.messages.status import Part
from gan.model import bundle, denoiser, denoising, networks
from gan.model.optimizers import Adam, adam
from gan.model.trainer import Draw, Trainer
from gan.settings.config import TrainConfig

TICK_IMAGES: Final = 256
"""Training images in one tick: about 100 ms of work on two CPU cores."""
_THIRDS: Final = 3


class DiffusionTrainer(Trainer):
    """A denoiser, and its Adam (Ho et al. 2020, algorithm 1)."""

    report = DiffusionProgress

    def build_counterpart(self) -> None:
        """There is none: it plays with nobody."""

    def build_optimizers(self) -> Mapping[str, Adam]:
        """One."""
        variables = self.generator.trainable_variables
        return {"generator_optimizer": adam(self.config, variables, self.course)}

    def learning_rates(self) -> Mapping[str, float]:
        """The only one."""
        return {"generator_optimizer": self.config.generator_learning_rate}

    @property
    def tick_images(self) -> int:
        """Real digits that about a tenth of a second on two cores shows."""
        return TICK_IMAGES

    @property
    def calls_per_digit(self) -> int:
        """How often the network is asked for one digit."""
        return self.config.sampling_steps

    def adjust(self, config: TrainConfig) -> None:
        """Go on as `config` says; from now on it draws so, too."""
        super().adjust(config)
        self.averaged.sampling = denoiser.sampling(config)
        self.draw = bundle.compiled(self.averaged)

    def train_step(self, images: tf.Tensor, labels: tf.Tensor, part: Part) -> list[tf.Tensor]:
        """One update of the network: there are no parts.

        Its measures are the loss, and what it is with little, middle and much noise: of these, the
        loss is the mean. All times count alike in them; what is minimised is weighted.
        """
        digits, classes = self.real_batch(images, labels)
        noise = self.normal(list(networks.IMAGE_SHAPE), Draw.NOISE, 0)
        times = self._times()
        asked = [denoising.noisy(digits, noise, times), times]
        target = denoising.wanted(self.config.prediction, digits, noise, times)
        weights = denoising.weights(self.config.prediction, times)
        with tf.GradientTape() as tape:
            inputs = [*asked, classes] if self.config.is_conditional else asked
            errors = (self.generator(inputs, training=True) - target) ** 2
            by_picture = tf.reduce_mean(errors, axis=[1, 2, 3])
            share = self.share(tf.reduce_mean(weights * by_picture))
        variables = self.generator.trainable_variables
        self.minimise(self.optimizers["generator_optimizer"], tape, share, variables)
        loss = tf.reduce_mean(by_picture)
        return [loss, *(_of_third(by_picture, times, third) for third in range(_THIRDS))]

    def _times(self) -> tf.Tensor:
        """How much noise each picture of this step gets: evenly spread over all times."""
        start = tf.random.stateless_uniform([], self._key(Draw.TIME, 0))
        return self._part(denoising.spread_times(start, self.config.batch_size))


def _of_third(by_picture: tf.Tensor, times: tf.Tensor, third: int) -> tf.Tensor:
    """The mean of losses [n] at times in this third of all; there are nearly as many in each."""
    is_here = tf.cast(tf.cast(times * _THIRDS, tf.int32) == third, tf.float32)
    return tf.reduce_mean(_THIRDS * is_here * by_picture)
