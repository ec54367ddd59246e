"""What a run reports and what it can be told. Both travel in the form of `gan.messages.codec`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan.messages.reports import REPORTS, DiffusionProgress, Progress, Report, VaeProgress
from gan.messages.status import Part, StopReason

__all__ = [  # where all the others know them from
    "REPORTS",
    "DiffusionProgress",
    "Progress",
    "Report",
    "VaeProgress",
]

TRACED: Final = 16
"""Pictures of a batch that a `Trace` shows."""
MOST_GROUPED: Final = 256
"""Pictures that a `Grouped` shows, at most."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """What a run is doing before its first step."""

    code: str
    """Of `gan.words.progress`."""
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    """What its sentence speaks of."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What follows was reported elsewhere, and came here in a package."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The groups of pictures that look alike, which a run found to tell D in place of labels."""

    images: NDArray[np.uint8]
    """Some of each group, as many of one as of another, uint8 [N, 28, 28], ink = 255: those of the
    first group first. At most `MOST_GROUPED`."""
    shares: tuple[float, ...]
    """How much of the pictures each group has, in order; they add up to 1."""
    purity: float | None = None
    """The share of pictures whose label is the commonest of their group; None without labels,
    which are looked at for nothing else."""


@dataclass(frozen=True, slots=True)
class Started:
    """The networks are built and training begins."""

    device: str
    generator_parameters: int
    discriminator_parameters: int
    training_images: int


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Digits from the run's fixed noise."""

    step: int
    images: NDArray[np.uint8]
    """uint8 [N, 28, 28], ink = 255."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the generated digits are, judged by the project's digit classifier.

    `real_...` and `floor` are what real digits score by the same code; of what depends on the
    sample size, at the same one. Measures with a default are absent from runs that were judged
    before there were such measures; some also from judgements of too few digits.
    """

    step: int
    seconds: float
    samples: int
    """How many generated digits were judged."""
    frechet_distance: float
    """Distance of generated from real digits in the classifier's features. Not FID. As of
    infinitely many digits if it `is_extrapolated`, else that of `samples` digits from as many."""
    floor: float
    """The same distance of the real digits that the run learns from: from others."""
    coverage: tuple[float, ...]
    """Share of each class 0 to 9 among the generated digits; sums to 1."""
    confidence: float
    """The classifier's mean probability for the class that it names, 0 to 1."""
    coverage_spread: float | None = None
    """Total variation distance of `coverage` from `real_coverage`: the share of digits that would
    have to change class for the classes to come as real ones do. 0 to 1."""
    precision: float | None = None
    """Share of generated digits that lie among the real ones in feature space, 0 to 1."""
    recall: float | None = None
    """Share of real digits that lie among the generated ones in feature space, 0 to 1."""
    nearest_distance: float | None = None
    """Root-mean-square pixel difference, 0 to 255, of a generated digit from the training picture
    most like it: the median. Near 0, the generator copies."""
    real_coverage: tuple[float, ...] = ()
    real_coverage_spread: float | None = None
    real_confidence: float | None = None
    real_precision: float | None = None
    real_recall: float | None = None
    real_nearest_distance: float | None = None
    """Of real digits from the training picture most like them, themselves left out."""
    frechet_low: float | None = None
    frechet_high: float | None = None
    """The 95% interval of `frechet_distance`, for the chance of which digits were drawn. Like the
    distance it may begin below 0."""
    floor_low: float | None = None
    floor_high: float | None = None
    """The same of `floor`."""

    @property
    def is_extrapolated(self) -> bool:
        """Whether the distance hangs on the digits alone, and not on how many were judged."""
        return self.frechet_high is not None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything to go on from: weights, optimiser state, step; and the browser's networks."""

    step: int
    bundle: NDArray[np.uint8]
    """The bytes of `gan.model.bundle.dump`."""
    generator: NDArray[np.uint8]
    """The bytes of `gan.model.bundle.export_generator`."""
    reported_step: int = 0
    """The last step of the last report before it."""
    discriminator: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    """The bytes of `gan.model.discriminator_export.export_discriminator`, or none."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A snapshot was written to the run's folder, and those of `dropped` made room for it."""

    step: int
    reported_step: int | None = None
    """As in `Snapshot`; None of one that draws, but was not saved to go on from."""
    dropped: tuple[int, ...] = ()

    @property
    def can_go_on(self) -> bool:
        """Whether it holds all that it takes to go on training."""
        return self.reported_step is not None


@dataclass(frozen=True, slots=True)
class Continued:
    """A run that was over goes on from its snapshot of `step`: what came later is rolled back."""

    step: int
    reported_step: int
    """The last report that counts; the next one reaches back to it."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Fields of the config that have other values from the step after `step` on."""

    step: int
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paused:
    """Time stands still after `step`."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """Time goes on after a pause."""

    step: int


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step was taken by hand: `step`, in which `part` was updated."""

    step: int
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One step of a game, taken by hand and opened up.

    Pictures and logits are of the digits on which G is updated, the last that D saw; a batch of N,
    of which at most `TRACED` pictures are shown. Logits are D's, before anything is made of them.
    """

    step: int
    """The step, once taken."""
    part: Part
    d_loss: float
    g_loss: float
    noise: NDArray[np.float32]
    """[N, latent_dim]."""
    real: NDArray[np.uint8]
    """[TRACED, 28, 28], ink = 255."""
    fake: NDArray[np.uint8]
    """[TRACED, 28, 28], drawn from the first rows of `noise`."""
    pixel_gradients: NDArray[np.float32]
    """[TRACED, 28, 28]: of G's loss, by each pixel of `fake` in [-1, 1]."""
    real_logits: NDArray[np.float32]
    """[N], before the step; as are `fake_logits`."""
    fake_logits: NDArray[np.float32]
    fake_logits_after_d: NDArray[np.float32]
    """[N], for the same digits once D was updated."""
    fake_logits_after_g: NDArray[np.float32]
    """[N], for the digits that G draws from the same noise once it was updated too."""
    layers: tuple[str, ...]
    """Names of the L weights that are learned, such as ``generator/dense/kernel``."""
    weight_norms: NDArray[np.float32]
    """[L], Euclidean, before the step; as are the gradients'."""
    gradient_norms: NDArray[np.float32]
    """[L], of each network's loss by its own weights."""
    update_norms: NDArray[np.float32]
    """[L], of how far the step moved them: 0 where `part` left them alone."""


@dataclass(frozen=True, slots=True)
class Paced:
    """From `step` on at most so many steps are taken in a second; None for as many as can be."""

    step: int
    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A paused run gave its worker to others: it goes on from its snapshot of `step`."""

    step: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """A parked run was told to go on after `step`, and waits for a worker."""

    step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a run that did not fail."""

    step: int
    reason: StopReason


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a run or of another job that did: why."""

    code: str
    """Of `gan.words.failures`."""
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    """What its sentences speak of."""


Control = Continued | Adjusted | Paused | Parked | Recalled | Resumed | Stepped | Paced
Event = (
    Imported
    | Preparing
    | Grouped
    | Started
    | Report
    | Samples
    | Quality
    | Snapshot
    | Saved
    | Trace
    | Control
    | Finished
    | Failed
)
