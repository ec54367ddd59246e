"""The adversarial family: D learns to tell real digits from G's, G to be taken for real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import keras
import numpy as np
import tensorflow as tf

from gan import latent
from gan.data.datasets import Digits
from gan.latent.hidden_classes import head_starts
from gan.messages.events import Progress
from gan.messages.status import Part
from gan.model import augmentation, discriminator_export, losses, networks
from gan.model.optimizers import Adam, adam
from gan.model.trainer import Draw, Stream, Trainer
from gan.settings.config import TrainConfig
from gan.settings.losses import LOSSES

LONGEST_TICK: Final = 3
"""Times the usual one."""
Labelled = tuple[tf.Tensor, tf.Tensor]
"""Pictures [n, 28, 28, 1] and the classes [n] that they are of, or should be."""


class AdversarialTrainer(Trainer):
    """A generator and a discriminator, one Adam each."""

    report = Progress

    def __init__(
        self, config: TrainConfig, digits: Digits, devices: Iterable[str] | None = None
    ) -> None:
        """As any training; hidden classes get the shares that they have among `digits`.

        Without labels, as where weights from elsewhere are only looked at, they get equal ones.
        """
        if config.hides_classes:
            told = list(config.told_classes)
            labels = digits.labels if digits.labels is not None else told
            self.head_starts = head_starts(np.bincount(labels, minlength=config.class_count)[told])
        super().__init__(config, digits, devices)

    def build_counterpart(self) -> keras.Model:
        """The discriminator."""
        return networks.discriminator(self.config)

    def build_optimizers(self) -> Mapping[str, Adam]:
        """One for each network."""
        networks = {"generator": self.generator, "discriminator": self.counterpart}
        return {
            f"{name}_optimizer": adam(self.config, network.trainable_variables, self.course)
            for name, network in networks.items()
        }

    def learning_rates(self) -> Mapping[str, float]:
        """Each network's own."""
        return {
            "generator_optimizer": self.config.generator_learning_rate,
            "discriminator_optimizer": self.config.discriminator_learning_rate,
        }

    @property
    def steps_per_tick(self) -> int:
        """As of any training, but so that each tick has its share of what comes now and then.

        Where that would take several times as long, ticks differ instead: people wait for them.
        """
        steps = super().steps_per_tick
        interval = self.config.r1_interval if self.config.r1_penalty else 1
        whole = -(-steps // interval) * interval
        return whole if whole <= LONGEST_TICK * steps else steps

    def exported_discriminator(self) -> bytes:
        """The discriminator, among the digits that samples show."""
        config, noise = self.config, self.display_noise
        classes = latent.even_classes(len(noise), config.told_classes)
        pictures = self.draw(noise, classes)
        starts = None
        if config.hides_classes:
            classes, starts = self._hidden_classes(tf.constant(noise)).numpy(), self.head_starts
        return discriminator_export.export_discriminator(
            self.counterpart, config, pictures, classes, starts
        )

    def train_step(self, images: tf.Tensor, labels: tf.Tensor, part: Part) -> list[tf.Tensor]:
        """`discriminator_steps` updates of D, one of G; or those of one of them alone.

        G is updated on the digits that D saw last, so that they are generated only once.
        """
        last = self.config.discriminator_steps - 1
        moves_discriminator = part is not Part.GENERATOR
        for update in range(last if moves_discriminator else 0):
            real = self.real_batch(images, labels, update)
            self._update_discriminator(real, self.digits(update, real[1]), update)
        real = self.real_batch(images, labels, last)
        with tf.GradientTape() as tape:
            fake = self.digits(last, real[1])
            with tape.stop_recording():
                measures = self._update_discriminator(real, fake, last, moves_discriminator)
            g_loss, _ = self.generator_loss(real, fake, last)
            share = self.share(g_loss)
        if part is not Part.DISCRIMINATOR:
            variables = self.generator.trainable_variables
            self.minimise(self.optimizers["generator_optimizer"], tape, share, variables)
        return [measures[0], g_loss, *measures[1:]]

    @property
    def loss(self) -> losses.Loss:
        """What D and G minimise."""
        return losses.REGISTRY[self.config.loss]

    def generator_loss(
        self, real: Labelled, fake: Labelled, update: int
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What G minimises on the digits that it drew, and D's logits for them.

        D is asked about `real` again only for a loss that looks at it: that costs time.
        """
        seen_fake = self._seen(fake[0], Draw.LAST_INSTANCE_NOISE, update)
        fake_logits = self._logits(seen_fake, fake[1])
        if not LOSSES[self.config.loss].generator_sees_real:
            return self.loss.generator(fake_logits), fake_logits
        seen = self._seen(real[0], Draw.REAL_INSTANCE_NOISE, update)
        return self.loss.generator(self._logits(seen, real[1]), fake_logits), fake_logits

    def discriminator_loss(
        self, real: Labelled, fake: Labelled, update: int
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """What D minimises, and its logits for `real` and for `fake`."""
        seen = self._seen(real[0], Draw.REAL_INSTANCE_NOISE, update)
        seen_fake = self._seen(fake[0], Draw.FAKE_INSTANCE_NOISE, update)
        real_logits = self._logits(seen, real[1])
        fake_logits = self._logits(seen_fake, fake[1])
        loss = self.loss.discriminator(real_logits, fake_logits)
        loss += self._regularisers(seen, seen_fake, real[1], real_logits, update)
        return loss, real_logits, fake_logits

    def _update_discriminator(
        self, real: Labelled, fake: Labelled, update: int, moves: bool = True
    ) -> list[tf.Tensor]:
        """One step of D; its loss, and its mean scores on `real` and on `fake` before the step.

        If it does not move, it only looks.
        """
        with tf.GradientTape() as tape:
            loss, real_logits, fake_logits = self.discriminator_loss(real, fake, update)
            share = self.share(loss)
        if moves:
            variables = self.counterpart.trainable_variables
            self.minimise(self.optimizers["discriminator_optimizer"], tape, share, variables)
        return [
            loss,
            *(
                tf.reduce_mean(losses.score(self.config.loss, logits))
                for logits in (real_logits, fake_logits)
            ),
        ]

    def _regularisers(
        self,
        real: tf.Tensor,
        fake: tf.Tensor,
        classes: tf.Tensor,
        real_logits: tf.Tensor,
        update: int,
    ) -> tf.Tensor | float:
        """What the options add to D's loss."""
        config, added = self.config, 0.0

        def logits(pictures: tf.Tensor) -> tf.Tensor:
            return self._logits(pictures, classes)

        if config.label_smoothing:
            added += losses.smoothing_term(real_logits, config.label_smoothing)
        if config.mismatched_labels:
            mismatched = self._logits(real, self._other_classes(classes, update))
            added += config.mismatched_labels * losses.mismatch_term(mismatched)
        if config.gradient_penalty:
            weights = self.uniform([1, 1, 1], Draw.INTERPOLATION, update)
            added += config.gradient_penalty * losses.gradient_penalty(logits, real, fake, weights)
        if config.r1_penalty:
            added += config.r1_penalty * self._now_and_then(
                config.r1_interval, lambda: losses.r1_penalty(logits, real)
            )
        return added

    def _other_classes(self, classes: tf.Tensor, update: int) -> tf.Tensor:
        """For each of `classes` [n] another one that D is told of, any with equal chance."""
        told = tf.constant(self.config.told_classes)
        others = len(self.config.told_classes) - 1
        uniform = self.uniform([], Draw.BATCH, update, Stream.MISMATCHES)
        further = 1 + tf.cast(uniform * others, tf.int32)
        return tf.gather(told, (tf.searchsorted(told, classes) + further) % (others + 1))

    def _now_and_then(self, interval: int, penalty: Callable[[], tf.Tensor]) -> tf.Tensor:
        """A penalty in every `interval`-th step, for all of them; in the others, 0.

        Lazy regularisation: Karras et al. 2020 ("Analyzing and Improving the Image Quality of
        StyleGAN"), section 3.1.
        """
        if interval == 1:
            return penalty()
        is_due = self.step % interval == 0
        return tf.cond(is_due, lambda: interval * penalty(), lambda: tf.zeros([]))

    def digits(self, update: int, classes: tf.Tensor) -> Labelled:
        """Generated digits, and the classes that they should be of.

        A conditional G is asked for `classes`, those of the real digits beside which D sees its
        own; a hidden class is in the noise already.
        """
        noise = self.noise(update)
        if self.config.hides_classes:
            classes = self._hidden_classes(noise)
        inputs = [noise, classes] if self.config.is_conditional else noise
        return self.generator(inputs, training=True), classes

    def _hidden_classes(self, noise: tf.Tensor) -> tf.Tensor:
        """The classes [n] that `noise` leans to: the largest of its first numbers.

        So that there are as many of each as among the real digits, each has a head start.
        """
        told = self.config.told_classes
        leaning = tf.argmax(noise[:, : len(told)] + self.head_starts, axis=1)
        return tf.gather(tf.constant(told), leaning)

    def _logits(self, pictures: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        inputs = [pictures, classes] if self.config.uses_classes else pictures
        return self.counterpart(inputs, training=True)

    def _seen(self, pictures: tf.Tensor, draw: Draw, update: int) -> tf.Tensor:
        """What D sees of `pictures`."""
        config = self.config
        if config.augmentation:
            uniform = self.uniform([augmentation.NUMBERS], draw, update, Stream.AUGMENTATION)
            pictures = augmentation.augmented(pictures, uniform, config.augmentation)
        if config.instance_noise:
            noise = self.normal(list(networks.IMAGE_SHAPE), draw, update)
            pictures += config.instance_noise * noise
        return pictures
