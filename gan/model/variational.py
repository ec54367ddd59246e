"""The variational family: an autoencoder whose codes are kept close to the normal distribution."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import tensorflow as tf

from gan.messages.events import VaeProgress
from gan.messages.status import Part
from gan.model import losses, networks
from gan.model.optimizers import Adam, adam
from gan.model.trainer import Trainer


class VariationalTrainer(Trainer):
    """A generator used as decoder, and an encoder; one Adam for both (Kingma and Welling 2014)."""

    report = VaeProgress

    def build_counterpart(self) -> keras.Model:
        """The encoder."""
        return networks.encoder(self.config)

    def build_optimizers(self) -> Mapping[str, Adam]:
        """One for both networks."""
        return {"generator_optimizer": adam(self.config, self._variables(), self.course)}

    def learning_rates(self) -> Mapping[str, float]:
        """The generator's, for both."""
        return {"generator_optimizer": self.config.generator_learning_rate}

    def train_step(self, images: tf.Tensor, labels: tf.Tensor, part: Part) -> list[tf.Tensor]:
        """One update of both networks, which have one loss: there are no parts.

        Picture to code, code and noise back to picture.
        """
        digits, _ = self.real_batch(images, labels)
        with tf.GradientTape() as tape:
            mean, log_variance = tf.split(self.counterpart(digits, training=True), 2, axis=1)
            code = mean + tf.exp(log_variance / 2.0) * self.noise()
            reconstruction = losses.reconstruction(digits, self.generator(code, training=True))
            divergence = losses.divergence(mean, log_variance)
            share = self.share(reconstruction + self.config.divergence_weight * divergence)
        self.minimise(self.optimizers["generator_optimizer"], tape, share, self._variables())
        return [reconstruction, divergence]

    def _variables(self) -> list[keras.Variable]:
        return [*self.counterpart.trainable_variables, *self.generator.trainable_variables]
