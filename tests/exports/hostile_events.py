"""Events that no run reports. Each with what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from exports.hostile_builds import (
    BARE,
    GOOD,
    Build,
    _failed,
    cut,
    instead,
    packed,
    raw,
    shown,
    then,
    told,
)
from untrained import (
    QUALITY,
    TRACE,
    encoded,
    report,
    samples,
    snapshot,
)

from gan.messages import events
from gan.messages.commands import Stop
from gan.messages.events import (
    Adjusted,
    Continued,
    Finished,
    Grouped,
    Saved,
    Stepped,
    VaeProgress,
)
from gan.messages.jobs import Ready, Train
from gan.messages.status import Part, StopReason

REPORTS: dict[str, tuple[Build, str]] = {
    # What it reports
    "no events at all": (packed(events__bin=b""), "do not begin with its config"),
    "nothing reported": (told(), "it holds no events"),
    "no beginning": (packed(events__bin=encoded(GOOD)), "do not begin with its config"),
    "a job with a snapshot": (
        told(*GOOD, job=Train(BARE.to_json(), np.zeros(3, np.uint8))),
        "do not begin with its config",
    ),
    "a job of nonsense": (told(*GOOD, job=Train("{")), "do not begin with its config"),
    "torn events": (cut("events.bin", 40), "event 19 cannot be read"),
    "torn samples": (shown("|u1", [64, 28, 28], b"x" * 784), "ends in the middle of an array"),
    "a job among them": (then(Train(BARE.to_json())), "a message Train, which no run records"),
    "a command": (then(Stop(StopReason.STOPPED)), "a message Stop, which no run records"),
    "a greeting": (then(Ready("CPU")), "a message Ready, which no run records"),
    "a snapshot among them": (then(snapshot(10, 9)), "a message Snapshot, which no run records"),
    "a kind that is none": (raw({"kind": "Run", "values": {}, "arrays": []}), "cannot be read"),
    "a field too many": (
        raw({"kind": "Paused", "values": {"step": 1, "then": 2}, "arrays": []}),
        "event 3 cannot be read",
    ),
    "a field too few": (raw({"kind": "Paused", "values": {}, "arrays": []}), "cannot be read"),
    "values in a row": (raw({"kind": "Paused", "values": [], "arrays": []}), "cannot be read"),
    "events nested without end": (raw(b"[" * 100_000), "event 3 cannot be read"),
    "a header without end": (raw(b" " * (2 << 20)), "event 3 cannot be read"),
    "half a step": (instead(events.Stepped, Stepped(1.5, Part.BOTH)), "the step of a Stepped"),  # type: ignore[arg-type]
    "a step in words": (then(events.Paused("9")), "the step of a Paused cannot be '9'"),  # type: ignore[arg-type]
    "a step that is true": (then(events.Paused(True)), "the step of a Paused cannot be True"),
    "a step before all": (then(events.Paused(-1)), "the step of a Paused cannot be -1"),
    "a step beyond all": (then(events.Paused(10**19)), "the step of a Paused cannot be 1000"),
    "a loss that is whole": (then(replace(report(11), d_loss=1)), "the d_loss of a Progress"),
    "a speed of no number": (
        then(replace(report(11), images_per_second=float("nan"))),
        "the images_per_second of a Progress cannot be nan",
    ),
    "time before all": (then(replace(report(11), seconds=-1.0)), "the seconds of a Progress"),
    "a part that is none": (
        raw({"kind": "Stepped", "values": {"step": 1, "part": "all"}, "arrays": []}),
        "'all' is not a valid Part",
    ),
    "samples of floats": (
        then(replace(samples(10), images=np.zeros((64, 28, 28), "f4"))),
        "the images of a Samples cannot be float32",
    ),
    "samples of objects": (shown("|O", [1], bytes(8)), "arrays of objects are not read"),
    "samples of records": (shown("u1,u1", [1, 28, 28], bytes(1568)), "cannot be [('f0'"),
    "samples of no type": (shown("?!", [1]), "event 3 cannot be read"),
    "samples of negative size": (shown("|u1", [-1, 28, 28], bytes(784)), "cannot be read"),
    "samples without end": (shown("|u1", [2**40, 28, 28]), "ends in the middle of an array"),
    "samples that overflow": (shown("|u1", [2**62, 4, 4]), "event 3 cannot be read"),
    "samples beyond numbers": (shown("|u1", [10**30]), "event 3 cannot be read"),
    "samples of no size": (shown("|u1", ["a"]), "event 3 cannot be read"),
    "too many samples": (shown("|u1", [257, 28, 28], bytes(257 * 784)), "uint8 [257, 28, 28]"),
    "groups of another size": (
        then(Grouped(np.zeros((5, 28, 28), np.uint8), (0.5, 0.5))),
        "the images of a Grouped are not as many of each group",
    ),
    "no groups": (
        then(Grouped(np.zeros((4, 28, 28), np.uint8), ())),
        "the images of a Grouped are not as many of each group",
    ),
    "a group of more than all": (
        then(Grouped(np.zeros((4, 28, 28), np.uint8), (1.5, 0.5))),
        "the shares of a Grouped cannot be",
    ),
    "groups purer than pure": (
        then(Grouped(np.zeros((4, 28, 28), np.uint8), (0.5, 0.5), 2.0)),
        "the purity of a Grouped cannot be 2.0",
    ),
    "no samples": (shown("|u1", [0, 28, 28]), "uint8 [0, 28, 28]"),
    "flat samples": (shown("|u1", [1, 784], bytes(784)), "uint8 [1, 784]"),
    "samples in JSON": (
        raw({"kind": "Samples", "values": {"step": 0, "images": [0]}, "arrays": []}),
        "the images of a Samples cannot be [0]",
    ),
    "a step in an array": (
        raw({"kind": "Paused", "values": {}, "arrays": [["step", "<i8", []]]}, bytes(8)),
        "the step of a Paused cannot be int64 []",
    ),
    "other samples": (then(replace(samples(10), images=samples(10).images[:8])), "not always as"),
    "nine classes": (
        then(replace(QUALITY, step=10, coverage=(0.1,) * 9)),
        "the coverage of a Quality cannot be (0.1",
    ),
    "more than all of a class": (
        then(replace(QUALITY, step=10, coverage=(2.0,) * 10)),
        "the coverage of a Quality",
    ),
    "classes in words": (
        then(replace(QUALITY, step=10, coverage="0123456789")),  # type: ignore[arg-type]
        "the coverage of a Quality",
    ),
    "a distance of no number": (
        then(replace(QUALITY, step=10, frechet_distance=float("nan"))),
        "the frechet_distance of a Quality cannot be nan",
    ),
    "a trace of two minds": (
        then(replace(TRACE, step=10, real_logits=np.zeros(9, "f4"))),
        "the real_logits of a Trace is float32 [9]",
    ),
    "a trace of other layers": (
        then(replace(TRACE, step=10, layers=("a", "b", "c"))),
        "the weight_norms of a Trace is float32 [2]",
    ),
    "a name of a layer that is none": (
        then(replace(TRACE, step=10, layers=("a", 5))),  # type: ignore[arg-type]
        "the layers of a Trace cannot be ('a', 5)",
    ),
    "a novel": (told(*GOOD[:-1], _failed("x" * 2001, "")), "the values of a Failed cannot be {"),
    "a failure that is a link": (
        told(*GOOD[:-1], _failed("See", "[this](http://a.b)")),
        "the values of a Failed",
    ),
    "a failure that is a picture": (
        told(*GOOD[:-1], _failed("![x][y]\n\n[y]: http://a.b/c.png", "")),
        "the values of a Failed",
    ),
    "an escape": (told(*GOOD[:-1], _failed("a\x1b[2J", "")), "the values of a Failed"),
    "steps backwards": (then(events.Paused(9)), "step 9 comes after step 10"),
    "time backwards": (then(replace(report(11), seconds=0.5)), "run backwards at step 11"),
    "the same report twice": (then(report(10)), "run backwards at step 10"),
    "a report of another family": (
        then(VaeProgress(11, 88, 3.0, 1.0, 1.0, 1.0)),
        "a VaeProgress does not go with its config",
    ),
    "two ends": (told(*GOOD, GOOD[-1]), "it goes on after its end"),
    "a hundred lives": (
        told(*GOOD, *[Continued(10, 9), GOOD[-1]] * 100),
        "more than 100 continuations",
    ),
    "a restless hand": (then(*[Adjusted(10, {})] * 200), "more than 200 changes of settings"),
    "a nervous hand": (then(*[events.Paused(10)] * 5000), "more than 5,000 interventions"),
    "a severe judge": (then(*[replace(QUALITY, step=10)] * 5000), "more than 5,000 judgements"),
    "life after the end": (told(*GOOD, report(11)), "it goes on after its end"),
    "back to the future": (told(*GOOD, Continued(11, 9)), "goes back to step 11"),
    "back to a report after it": (told(*GOOD, Continued(9, 10)), "goes back to step 9"),
    "no snapshot reported": (
        told(*(event for event in GOOD if not isinstance(event, Saved))),
        "do not have the snapshot",
    ),
    "two snapshots reported": (then(Saved(10, 9)), "do not have the snapshot"),
    "snapshots that made room": (
        instead(Saved, Saved(10, 9, dropped=(3,))),
        "do not have the snapshot",
    ),
    "a snapshot that was rolled back": (
        told(*GOOD, Continued(5, 4), Finished(5, StopReason.STOPPED)),
        "do not lead to what it says",
    ),
    "a network changed under way": (
        then(Adjusted(10, {"latent_dim": 9})),
        "latent_dim = 9 is not possible",
    ),
    "a change to nonsense": (then(Adjusted(10, {"loss": []})), "changed in a way that cannot be"),
    "changes in a row": (
        then(Adjusted(10, ["loss"])),  # type: ignore[arg-type]
        "the changes of a Adjusted cannot be ['loss']",
    ),
    "a change that it does not tell": (then(Adjusted(10, {"loss": "minimax"})), "do not lead to"),
}
