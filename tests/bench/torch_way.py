"""`lean-dcgan` as people usually write it in eager PyTorch, with the data resident in memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from gan.data import datasets
from gan.settings.config import CLASSES, TrainConfig

EMBEDDING = 16
"""Numbers that stand for a class in front of the generator."""
FEATURES = 32 * 7 * 7


class Generator(nn.Module):
    """Noise, and perhaps the embedding of a class beside it, to a picture."""

    def __init__(self, settings: TrainConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CLASSES, EMBEDDING) if settings.is_conditional else None
        told = settings.latent_dim + (EMBEDDING if settings.is_conditional else 0)
        self.stack = nn.Sequential(
            nn.Linear(told, 7 * 7 * 64, bias=False),
            nn.Unflatten(1, (64, 7, 7)),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        """[N, latent_dim] and [N] to [N, 1, 28, 28]."""
        if self.embedding is not None:
            noise = torch.cat([noise, self.embedding(classes)], dim=1)
        return self.stack(noise)


class Discriminator(nn.Module):
    """A picture to a logit; told a class, it adds that one's projection of the features."""

    def __init__(self, settings: TrainConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CLASSES, FEATURES) if settings.is_conditional else None
        self.stack = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(16, 32, 4, 2, 1, bias=False),
            nn.BatchNorm2d(32),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.logit = nn.Linear(FEATURES, 1)

    def forward(self, pictures: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        """[N, 1, 28, 28] and [N] to [N, 1]."""
        features = self.stack(pictures)
        logits = self.logit(features)
        if self.embedding is not None:
            logits = logits + (features * self.embedding(classes)).sum(dim=1, keepdim=True)
        return logits


def training(
    settings: TrainConfig, memory_format: torch.memory_format
) -> tuple[Callable[[], None], list[int]]:
    """A step of each network on one batch, and how many weights G and D have to train."""
    generator = Generator(settings).to(memory_format=memory_format)
    discriminator = Discriminator(settings).to(memory_format=memory_format)
    betas = settings.adam_beta_1, settings.adam_beta_2
    g_optimizer, d_optimizer = (
        torch.optim.Adam(network.parameters(), rate, betas)
        for network, rate in (
            (generator, settings.generator_learning_rate),
            (discriminator, settings.discriminator_learning_rate),
        )
    )
    cross_entropy = nn.BCEWithLogitsLoss()
    data = datasets.load(settings.data)
    images = torch.from_numpy(np.ascontiguousarray(data.images))[:, None]
    labels = torch.from_numpy(data.labels.astype(np.int64))
    ones, zeros = (make(settings.batch_size, 1) for make in (torch.ones, torch.zeros))

    def step() -> None:
        chosen = torch.randint(len(images), (settings.batch_size,))
        classes = labels[chosen]
        real = (images[chosen].float() / 127.5 - 1).contiguous(memory_format=memory_format)
        fake = generator(torch.randn(settings.batch_size, settings.latent_dim), classes)
        d_optimizer.zero_grad()
        d_loss = cross_entropy(discriminator(real, classes), ones)
        d_loss = d_loss + cross_entropy(discriminator(fake.detach(), classes), zeros)
        d_loss.backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        cross_entropy(discriminator(fake, classes), ones).backward()
        g_optimizer.step()

    networks = generator, discriminator
    return step, [sum(weight.numel() for weight in each.parameters()) for each in networks]
