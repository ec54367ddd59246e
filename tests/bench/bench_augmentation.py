"""Whether what augmentation does to the digits that D sees shows in those that G draws.

    python tests/bench/bench_augmentation.py [--data builtin] [--preset quick] [--shares 0 0.3 0.6]
                                             [--seconds 60] [--seeds 1] [--judged-by mnist.npz]

Real digits are centred, and none is mirrored. Of the digits that each run ends with: how far the
centre of mass of their mean picture lies from that of real ones, and how far their own centres are
spread, in pixels (digits that are shifted as D's are would be spread by 0.8 pixels at a share of
0.3); and how many of them a classifier, taught on real digits and their mirror images, takes for
mirrored, beside how many of the real test digits. Augmentation never mirrors: what is taken for
mirrored more often than real digits are is badly drawn.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import bench_quality
import numpy as np
from numpy.typing import NDArray

from gan import latent
from gan.data import datasets
from gan.settings import presets

AXIS = np.arange(28)


def centres(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The centre of mass of each picture [N, 28, 28], in pixels, [N, 2]."""
    ink = images.astype(np.float64) + 1e-9
    mass = ink.sum(axis=(1, 2))
    return np.stack([ink.sum(axis=2) @ AXIS, ink.sum(axis=1) @ AXIS], axis=1) / mass[:, None]


def told(images: NDArray[np.uint8], reference: NDArray[np.uint8]) -> str:
    """How the centres of `images` lie beside those of `reference`, in words."""
    means = [centres(each.mean(axis=0, keepdims=True))[0] for each in (images, reference)]
    spread = centres(images).std(axis=0).mean()
    return f"mean picture off by {np.linalg.norm(means[0] - means[1]):.2f}, spread {spread:.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="builtin")
    parser.add_argument("--preset", default="quick", choices=presets.presets())
    parser.add_argument("--shares", type=float, nargs="+", default=[0.0, 0.3, 0.6])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--judged-by", metavar="DATA", default="mnist")
    options = parser.parse_args()
    digits, real = datasets.load(options.data), datasets.load(options.judged_by).images
    test = datasets.load_test(options.judged_by).images
    mirrored = np.concatenate([real, real[:, :, ::-1]])
    is_mirrored = np.arange(len(mirrored)) >= len(real)
    order = np.random.default_rng(7).permutation(len(mirrored))
    judge = bench_quality.reader(mirrored[order], is_mirrored[order], epochs=3)

    def share_mirrored(images: NDArray[np.uint8]) -> float:
        _, logits = judge.predict(datasets.to_network(images), batch_size=500, verbose=0)
        return float((logits.argmax(axis=1) == 1).mean())

    print(f"real test digits  {told(test, real)}  mirrored {share_mirrored(test):.1%}")
    settings = replace(
        presets.preset(options.preset), data=options.data, max_seconds=options.seconds
    )
    for share in options.shares:
        for seed in options.seeds:
            config = replace(settings, augmentation=share, seed=seed)
            trainer, steps = bench_quality.trained(config, digits)
            noise = latent.sample(bench_quality.SAMPLES, config.latent_dim, seed=99)
            images = trainer.generate(noise)
            print(
                f"augmentation {share:<4g} seed {seed}  {told(images, real)}  mirrored "
                f"{share_mirrored(images):.1%}  steps {steps}",
                flush=True,
            )


if __name__ == "__main__":
    main()
