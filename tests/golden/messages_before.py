"""One message of each kind that the app sent before its redraw, for `make_before_redraw`."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from gan.events import Event, Failed, Part, Preparing, Snapshot, StopReason

from gan import errands, events
from gan.model import training
from gan.runs import endings
from gan.runs.errors import StoreError

STORED = (*(kind for kind in get_args(Event) if kind is not Snapshot), events.Job)
"""What stores, exported ZIPs and recordings hold; all else only travels."""
PICTURES = np.arange(2 * 784, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)
FLOATS = np.array([0.0, -1.5, 3.25], np.float32)
BYTES = np.arange(5, dtype=np.uint8)
KEPT = "What was saved before is kept."
PREPARING = [
    *(Preparing("Loading the digits"), Preparing("Building the networks")),
    Preparing("Loading /data of mine/digits.npz"),
]
FAILED = [
    training._failure(30),
    endings.not_there(FileNotFoundError(2, "No such file or directory")),
    endings.broken_off("it was killed by signal 9"),
    endings.never_begun("it ended with exit code 1", 3),
    endings.mishap(ValueError("something odd")),
    endings.not_recorded(StoreError("The disk is full.")),
    endings.not_recorded(ValueError("something odd")),
    Failed("batch_size cannot be 7000: 2 to 1024.", "Change the settings and start again."),
    Failed("Out of memory: bad allocation", "Choose a smaller batch or a smaller network."),
    Failed(
        "The training code stopped unexpectedly: ValueError: something odd",
        f"{KEPT} Start again; if it happens again, report it.",
    ),
]
"""As `gan.model.training`, `gan.runs.endings` and `gan.runs.worker` write them."""
QUALITY: dict[str, Any] = {
    "coverage_spread": 0.25, "precision": 0.5, "recall": 0.125, "nearest_distance": 20.5,
    "real_coverage": (0.1,) * 10, "real_coverage_spread": 0.0625, "real_confidence": 0.96875,
    "real_precision": 0.875, "real_recall": 0.75, "real_nearest_distance": 19.5,
    "frechet_low": -1.0, "frechet_high": 14.0, "floor_low": 1.0, "floor_high": 1.5,
}  # fmt: skip
TRACE = events.Trace(
    *(9, Part.BOTH, 1.25, float("inf")),
    noise=np.ones((2, 4), np.float32),
    real=PICTURES,
    fake=PICTURES[::-1],
    pixel_gradients=np.full((2, 28, 28), 0.5, np.float32),
    real_logits=FLOATS,
    fake_logits=FLOATS,
    fake_logits_after_d=FLOATS,
    fake_logits_after_g=FLOATS,
    layers=("generator/dense/kernel", "discriminator/dense/kernel"),
    weight_norms=FLOATS,
    gradient_norms=FLOATS,
    update_norms=FLOATS,
)
MESSAGES: list[Any] = [
    events.Job('{"batch_size": 8, "latent_dim": 4}'),
    events.Job("{}", BYTES, is_paused=True),
    events.Imported(),
    *PREPARING,
    events.Started("CPU", 46209, 10161, 5000),
    events.Progress(32, 256, 1.5, 1.25, 0.75, 0.5, 0.25, 170.5),
    events.VaeProgress(32, 256, 1.5, 180.25, 12.5, 170.5),
    events.Samples(32, PICTURES),
    events.Quality(32, 1.5, 100, 12.5, 1.25, (0.1,) * 10, 0.75),
    events.Quality(32, 1.5, 100, 12.5, 1.25, (0.1,) * 10, 0.75, **QUALITY),
    events.Snapshot(32, BYTES, BYTES, 32, BYTES),
    *(events.Saved(32, 32), events.Saved(64, 48, (8, 16)), events.Saved(96)),
    TRACE,
    events.Continued(32, 16),
    events.Adjusted(32, {"loss": "hinge", "max_steps": 12, "max_seconds": None}),
    *(events.Paused(32), events.Parked(32), events.Recalled(32), events.Resumed(32)),
    *(events.Stepped(33, part) for part in Part),
    *(events.Paced(33, 2.5), events.Paced(33, None)),
    *(events.Finished(64, reason) for reason in StopReason),
    *FAILED,
    *(events.Stop(), events.Pause(), events.Park(), events.Resume(), events.Step(Part.GENERATOR)),
    *(events.Pace(2.5), events.Adjust({"loss": "hinge"}), events.Ready("CPU", 4711)),
    errands.FindDirections(BYTES),
    errands.FindNearest("{}", PICTURES[0], 8),
    errands.FitEncoder(BYTES),
    errands.Working("Looking for directions", 0.5),
    errands.Directions(np.ones((2, 4), np.float32), FLOATS, np.ones((2, 4), np.float32), FLOATS),
    errands.Neighbours(PICTURES, np.array([3, 8], np.uint8), FLOATS, 100, True, "", 12.5),
    errands.Encoder(BYTES),
    *(errands.Refused("What happened.", "What to do."), errands.Cancelled()),
]
