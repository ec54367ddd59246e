"""A step of each kind of training against the same step in plain Keras, run line by line.

The networks are ours, and so is what is drawn by chance; losses, penalties, optimisers and averages
are Keras's or written out. What an option does is the difference that leaving it out here makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from support import TINY

from gan.data.datasets import Digits
from gan.model import networks, training
from gan.model.trainer import Draw, Stream, Trainer
from gan.settings.config import TrainConfig
from gan.settings.families import ADVERSARIAL

pytestmark = pytest.mark.tensorflow

STEPS = 2
BASE = replace(TINY, batch_size=4, generator_learning_rate=1e-3, discriminator_learning_rate=1e-3)
RECIPES: dict[str, dict[str, object]] = {
    "quick": {
        "architecture": "fine-dcgan",
        "conditional": "projected",
        "label_smoothing": 0.2,
        "mismatched_labels": 0.5,
        "instance_noise": 0.3,
        "adam_beta_1": 0.7,
        "adam_beta_2": 0.3,
        "learning_rate_half_life": 1,
    },
    "least squares": {
        "loss": "least-squares",
        "conditional": "concatenated",
        "discriminator_steps": 2,
    },
    "critic": {
        "loss": "wasserstein",
        "gradient_penalty": 10.0,
        "discriminator_normalization": "none",
        "generator_learning_rate": 2e-3,
    },
    "calm": {
        "loss": "hinge",
        "conditional": "hidden",
        "classes": "3,5,8",
        "discriminator_normalization": "spectral",
        "r1_penalty": 3.0,
        "r1_interval": 2,
        "discriminator_learning_rate": 2e-3,
    },
    "vae": {"architecture": "vae", "loss": "elbo", "divergence_weight": 2.5, "ema_decay": 0.01},
}
TESTED_ELSEWHERE = (
    "architecture",
    "augmentation",
    "classes",
    "conditional",
    "discriminator_hidden_units",
    "discriminator_normalization",
    "generator_hidden_units",
    "learning_rate_schedule",
    "loss",
)
"""What other networks, losses and data come from, and what goes by a whole run."""

Settings = TrainConfig | SimpleNamespace
_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
_square = keras.losses.MeanSquaredError()
_hinge = keras.losses.Hinge()


def d_loss(config: Settings, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    ones = tf.ones_like(real)
    match config.loss:
        case "non-saturating" | "minimax":
            target = ones * (1 - config.label_smoothing)
            return _entropy(target, real) + _entropy(0 * ones, fake)
        case "least-squares":
            return (_square(ones, real) + _square(0 * ones, fake)) / 2
        case "hinge":
            return _hinge(ones, real) + _hinge(-ones, fake)
        case "wasserstein":
            return tf.reduce_mean(fake - real)


def g_loss(config: Settings, fake: tf.Tensor) -> tf.Tensor:
    ones = tf.ones_like(fake)
    match config.loss:
        case "non-saturating":
            return _entropy(ones, fake)
        case "minimax":
            return -_entropy(0 * ones, fake)
        case "least-squares":
            return _square(ones, fake) / 2
        case _:
            return -tf.reduce_mean(fake)


@dataclass
class Plain:
    """A copy of a trainer's networks before their first step, and their training by `config`."""

    config: Settings
    trainer: Trainer
    """Draws the batches and the noise."""

    def __post_init__(self) -> None:
        config = self.trainer.config
        self.is_game = config.family is ADVERSARIAL
        self.generator, self.averaged = (networks.generator(config) for _ in range(2))
        self.counterpart = (networks.discriminator if self.is_game else networks.encoder)(config)
        for name in ("generator", "counterpart", "averaged"):
            getattr(self, name).set_weights(getattr(self.trainer, name).get_weights())
        betas = {"beta_1": self.config.adam_beta_1, "beta_2": self.config.adam_beta_2}
        self.g_adam = keras.optimizers.Adam(self.config.generator_learning_rate, **betas)
        self.d_adam = keras.optimizers.Adam(self.config.discriminator_learning_rate, **betas)

    def run(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """The measures of `STEPS` steps, summed, and all weights after them."""
        measures = 0.0
        for step in range(STEPS):
            self.trainer.step.assign(step)
            measures += np.array(
                [float(x) for x in (self._game() if self.is_game else self._code())]
            )
            self._average(step + 1)
            if self.config.learning_rate_half_life:
                for adam in (self.g_adam, self.d_adam):
                    adam.learning_rate *= 0.5 ** (1 / self.config.learning_rate_half_life)
        self.trainer.step.assign(0)
        return measures, weights_of(self)

    def _game(self) -> list[tf.Tensor]:
        config, shape = self.config, [28, 28, 1]
        for update in range(config.discriminator_steps):
            real, classes = self.trainer.real_batch(*self.trainer.data, update)
            noise = self.trainer.noise(update)
            asked = self._asked(noise, classes)
            fake = self._generate(noise, asked)
            shaken = [
                pictures + config.instance_noise * self.trainer.normal(shape, draw, update)
                for pictures, draw in (
                    (real, Draw.REAL_INSTANCE_NOISE),
                    (fake, Draw.FAKE_INSTANCE_NOISE),
                )
            ]
            with tf.GradientTape() as tape:
                real_logits = self._judge(shaken[0], classes)
                fake_logits = self._judge(shaken[1], asked)
                loss = d_loss(config, real_logits, fake_logits)
                if config.mismatched_labels:
                    wrong = self._judge(shaken[0], self._wrong(classes, update))
                    loss += config.mismatched_labels * _entropy(tf.zeros_like(wrong), wrong)
                if config.gradient_penalty:
                    share = self.trainer.uniform([1, 1, 1], Draw.INTERPOLATION, update)
                    between = share * shaken[0] + (1 - share) * shaken[1]
                    misses = [(length - 1) ** 2 for length in self._slopes(between, classes)]
                    loss += config.gradient_penalty * sum(misses) / len(misses)
                if config.r1_penalty and int(self.trainer.step) % config.r1_interval == 0:
                    squares = [length**2 for length in self._slopes(shaken[0], classes)]
                    weight = config.r1_interval * config.r1_penalty / 2
                    loss += weight * sum(squares) / len(squares)
            self._move(self.d_adam, tape, loss, self.counterpart.trainable_variables)
        with tf.GradientTape() as tape:
            fake = self._generate_again(noise, asked)
            shaking = self.trainer.normal(shape, Draw.LAST_INSTANCE_NOISE, update)
            logits = self._judge(fake + config.instance_noise * shaking, asked)
            to_fool = g_loss(config, logits)
        self._move(self.g_adam, tape, to_fool, self.generator.trainable_variables)
        is_probability = config.loss in ("non-saturating", "minimax")
        scores = [
            np.mean(1 / (1 + np.exp(-logits)) if is_probability else logits)
            for logits in (real_logits.numpy(), fake_logits.numpy())
        ]
        return [loss, to_fool, *scores]

    def _asked(self, noise: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        """What G is to draw: the classes beside it, or those that its noise leans to."""
        if self.config.conditional != "hidden":
            return classes
        chosen = [int(text) for text in self.config.classes.split(",")]
        assert np.ptp(self.trainer.head_starts) > 0.01, "a case that tells"
        rows = noise.numpy()[:, : len(chosen)] + self.trainer.head_starts
        return tf.constant([chosen[max(range(len(chosen)), key=row.__getitem__)] for row in rows])

    def _wrong(self, classes: tf.Tensor, update: int) -> tf.Tensor:
        """The next, the next but one... of the ten digits, whichever a draw says."""
        drawn = self.trainer.uniform([], Draw.BATCH, update, Stream.MISMATCHES).numpy()
        return tf.constant((classes.numpy() + 1 + (9 * drawn).astype(np.int32)) % 10)

    def _generate(self, noise: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        is_told = len(self.generator.inputs) == 2
        return self.generator([noise, classes] if is_told else noise, training=True)

    def _generate_again(self, noise: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        """The same, but batch normalisation has taken note of these digits already."""
        noted = [weight.numpy() for weight in self.generator.non_trainable_variables]
        digits = self._generate(noise, classes)
        for weight, value in zip(self.generator.non_trainable_variables, noted, strict=True):
            weight.assign(value)
        return digits

    def _judge(self, pictures: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        is_told = len(self.counterpart.inputs) == 2
        return self.counterpart([pictures, classes] if is_told else pictures, training=True)

    def _slopes(self, pictures: tf.Tensor, classes: tf.Tensor) -> list[tf.Tensor]:
        """How steep D is at each picture: the gradient of that one's logit."""
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(pictures)
            logits = tf.unstack(self._judge(pictures, classes)[:, 0])
        return [
            tf.norm(tape.gradient(logit, pictures)[index]) for index, logit in enumerate(logits)
        ]

    def _code(self) -> list[tf.Tensor]:
        digits, _ = self.trainer.real_batch(*self.trainer.data)
        variables = [*self.counterpart.trainable_variables, *self.generator.trainable_variables]
        with tf.GradientTape() as tape:
            codes = self.counterpart(digits, training=True)
            mean, log_variance = codes[:, : TINY.latent_dim], codes[:, TINY.latent_dim :]
            code = mean + tf.sqrt(tf.exp(log_variance)) * self.trainer.noise()
            ink, drawn = (
                (pictures + 1) / 2 for pictures in (digits, self.generator(code, training=True))
            )
            drawn = tf.clip_by_value(drawn, 1e-7, 1 - 1e-7)
            wrong = -(ink * tf.math.log(drawn) + (1 - ink) * tf.math.log(1 - drawn))
            reconstruction = tf.reduce_sum(wrong) / len(digits)
            spread = tf.exp(log_variance) + mean**2 - log_variance - 1
            divergence = tf.reduce_sum(spread) / 2 / len(digits)
            loss = reconstruction + self.config.divergence_weight * divergence
        self._move(self.g_adam, tape, loss, variables)
        return [reconstruction, divergence]

    def _move(
        self, adam: keras.optimizers.Adam, tape: tf.GradientTape, loss: tf.Tensor, variables: list
    ) -> None:
        gradients = tape.gradient(loss, variables)
        adam.apply([tf.convert_to_tensor(gradient) for gradient in gradients], variables)

    def _average(self, step: int) -> None:
        decay = min(self.config.ema_decay, (1 + step) / (10 + step))
        for average, current in zip(self.averaged.weights, self.generator.weights, strict=True):
            average.assign(decay * average + (1 - decay) * current)


def weights_of(holder: Trainer | Plain) -> list[np.ndarray]:
    return [
        *holder.generator.get_weights(),
        *holder.counterpart.get_weights(),
        *holder.averaged.get_weights(),
    ]


def furthest(found: Iterable[np.ndarray], wanted: Iterable[np.ndarray]) -> float:
    """The largest distance of two arrays of the same place, as a share of their lengths."""
    return max(
        float(np.linalg.norm(a - b) / (np.linalg.norm(b) + 1e-12))
        for a, b in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("recipe", RECIPES)
def test_steps_against_plain_keras(recipe: str, few_digits: Digits) -> None:
    config = replace(BASE, **RECIPES[recipe])
    uneven = Digits(few_digits.images[:198], few_digits.labels[:198])  # an 8 less than of others
    trainer = training.trainer(config, uneven)
    measures, weights = Plain(config, trainer).run()
    without = {}
    for option in set(RECIPES[recipe]) - set(TESTED_ELSEWHERE):
        values = asdict(config) | {option: getattr(BASE, option)}
        without[option] = Plain(SimpleNamespace(**values), trainer).run()[1]
    trainer.tick(STEPS)
    totals, failed_step = trainer.read_totals()
    assert failed_step == -1
    np.testing.assert_allclose(totals, measures, rtol=1e-4, atol=1e-4)
    assert furthest(weights_of(trainer), weights) < 0.01
    for option, others in without.items():
        assert furthest(others, weights) > 0.03, f"a case that tells for {option}"


@pytest.mark.parametrize(("penalty", "batch", "steps"), [(0.0, 8, 32), (1.0, 8, 35), (1.0, 128, 2)])
def test_each_tick_has_its_share_of_a_penalty_now_and_then_or_does_not_take_long(
    penalty: float, batch: int, steps: int, few_digits: Digits
) -> None:
    config = replace(
        TINY,
        batch_size=batch,
        discriminator_normalization="none",
        r1_penalty=penalty,
        r1_interval=7,
    )
    assert training.trainer(config, few_digits).steps_per_tick == steps
